"""Chatwoot: each private chat is a conversation of an API inbox, with all that is said in it.

Nothing is made twice: contact and conversation are looked for before they are made, and a message
that may have been posted already is looked for by the id that we give it.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.config.crm import Chatwoot
from bot.crm.line import Asks, Line, Unavailable, id_of, rows, table
from bot.crm.spoken import Said, file_in, said_in
from bot.domain.crm import CrmJob, CrmLink, JobKind, Target
from bot.domain.numbers import variants
from bot.domain.values import Value
from bot.store import contacts, crm_jobs, crm_links
from bot.store.contacts import number_of
from bot.store.database import Database
from bot.store.media_files import MediaFiles
from bot.store.times import seconds
from bot.webhook import Upload

OURS = "alexia:"  # before the id of a message that we posted
OPEN, PENDING, RESOLVED = "open", "pending", "resolved"
LARGEST = 40 * 1024 * 1024  # bytes of a file, as Chatwoot takes them unless it is set up otherwise
NO_LABEL = re.compile(r"[^\w-]+")


class ChatwootSystem:
    """Implements `carrier.Tells`.

    Args:
        inbox: Number of the account's API inbox.
    """

    target = Target.CHATWOOT

    def __init__(
        self, database: Database, files: MediaFiles, http: Asks, settings: Chatwoot, inbox: int,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._database = database
        self._files = files
        self._settings = settings
        self._inbox = inbox
        self._clock = clock
        url = f"{settings.url.rstrip('/')}/api/v1/accounts/{settings.account}"
        self._line = Line(http, url, {"api_access_token": settings.token.value})

    async def tell(self, job: CrmJob) -> None:
        """Post a message, or bring labels or status up to date."""
        match job.kind:
            case JobKind.HEARD | JobKind.SENT:
                await self._post(job)
            case JobKind.FILE:
                await self._post_file(job)
            case JobKind.LABELS:
                await self._label(await self._conversation(job.lane))
            case JobKind.STATUS:
                await self._hand_over(await self._conversation(job.lane))
            case JobKind.LEAD:
                pass  # told to systems of another kind

    async def look(self) -> list[str]:
        """Return what is wrong with the inbox."""
        found = table(await self._line.ask("GET", f"/inboxes/{self._inbox}"))
        kind = found.get("channel_type")
        return [] if kind == "Channel::Api" else [f"inbox {self._inbox} is no API inbox: {kind}"]

    async def set_up(self) -> list[str]:
        """Make nothing: inbox and webhook are made by a person."""
        return []

    async def _post(self, job: CrmJob) -> None:
        said = await self._database.read(lambda db: said_in(db, job))
        if said is None:
            return  # erased, or nothing that can be shown
        link = await self._conversation(job.lane, said)
        key = f"{OURS}{said.id}"
        if job.tries > 1 and await self._is_posted(link, key):
            return
        await self._line.ask(
            "POST", f"/conversations/{link.remote}/messages",
            {
                "content": said.text, "private": False,
                "message_type": "incoming" if said.is_incoming else "outgoing",
                "source_id": key, "content_attributes": {"alexia": key},
            },
        )  # fmt: skip
        if said.is_incoming and link.data.get("status") == RESOLVED:
            await self._database.write(lambda db: _reopened(db, link))

    async def _post_file(self, job: CrmJob) -> None:
        """Post a file behind the words of its message; one too large for Chatwoot stays here."""
        said = await self._database.read(lambda db: file_in(db, job.row))
        path = None if said is None else self._files.path_of(said.sha256)
        if said is None or path is None or said.size > LARGEST:
            return
        link, key = await self._conversation(job.lane), f"{OURS}{said.id}:file"
        if job.tries > 1 and await self._is_posted(link, key):
            return
        fields = {
            "content": "", "private": "false", "source_id": key,
            "message_type": "incoming" if said.is_incoming else "outgoing",
            "content_attributes[alexia]": key,
        }  # fmt: skip
        part = Upload(
            field="attachments[]", path=path, name=said.name, mimetype=said.mimetype
        )  # fmt: skip
        await self._line.upload(f"/conversations/{link.remote}/messages", fields, part)

    async def _is_posted(self, link: CrmLink, key: str) -> bool:
        """Tell whether a message is among the latest of its conversation."""
        answer = table(await self._line.ask("GET", f"/conversations/{link.remote}/messages"))
        return any(
            key in (one.get("source_id"), table(one.get("content_attributes")).get("alexia"))
            for one in rows(answer.get("payload"))
        )

    async def _label(self, link: CrmLink) -> None:
        """Put the person's tags on the conversation; labels of others stay."""
        tags = await self._database.read(lambda db: _tags(db, link.lane))
        ours = {label for one in tags if (label := label_of(one))}
        where = f"/conversations/{link.remote}/labels"
        held = table(await self._line.ask("GET", where)).get("payload")
        there = {str(one) for one in held} if isinstance(held, list) else set[str]()
        before = set(filter(None, link.data.get("labels", "").split(",")))
        wanted = (there - before) | ours
        if wanted != there:
            labels: list[Value] = [*sorted(wanted)]
            await self._line.ask("POST", where, {"labels": labels})
        told = ",".join(sorted(ours))
        await self._database.write(lambda db: crm_links.learn(db, link, labels=told))

    async def _hand_over(self, link: CrmLink) -> None:
        """Open the conversation while a person has the chat; the bot's own are pending."""
        now = self._clock()
        team = await self._database.read(lambda db: _handed_to(db, link.lane, now))
        status, known = PENDING if team is None else OPEN, link.data.get("status")
        if known == status or (known == RESOLVED and status == PENDING):
            return
        where = f"/conversations/{link.remote}"
        await self._line.ask("POST", f"{where}/toggle_status", {"status": status})
        if team in self._settings.teams:
            number = self._settings.teams[team or ""]
            await self._line.ask("POST", f"{where}/assignments", {"team_id": number})
        await self._database.write(lambda db: crm_links.learn(db, link, status=status))

    async def _conversation(self, lane: str, said: Said | None = None) -> CrmLink:
        """Return the link of a chat's conversation, found or made."""
        link = await self._database.read(
            lambda db: crm_links.find(db, self.target, lane, "conversation")
        )
        if link is not None:
            return link
        contact, source = await self._contact(lane, said)
        answer = table(await self._line.ask("GET", f"/contacts/{contact}/conversations"))
        held = [
            one for one in rows(answer.get("payload")) if id_of(one, "inbox_id") == str(self._inbox)
        ]
        found: Mapping[str, Value] = max(held, key=lambda one: int(id_of(one)), default={})
        if not found:
            body: Value = {
                "source_id": source, "inbox_id": self._inbox, "contact_id": int(contact),
                "status": PENDING,
            }  # fmt: skip
            found = {
                "status": PENDING,
                **table(await self._line.ask("POST", "/conversations", body)),
            }
        link = CrmLink(
            target=self.target, lane=lane, kind="conversation", remote=_whole(found),
            data={"contact": contact, "status": str(found.get("status"))},
        )  # fmt: skip
        await self._database.write(lambda db: _linked(db, link))
        return link

    async def _contact(self, lane: str, said: Said | None) -> tuple[str, str]:
        """Return the id of a chat's contact, and the source id that leads to it in our inbox."""
        name, number = await self._database.read(lambda db: _who(db, lane, said))
        found = await self._find(lane, number)
        if not found:
            body: dict[str, Value] = {"inbox_id": self._inbox, "name": name, "identifier": lane}
            if number:
                body["phone_number"] = number
            made = table(table(await self._line.ask("POST", "/contacts", body)).get("payload"))
            found = table(made.get("contact")) or made
        contact = _whole(found)
        for one in rows(found.get("contact_inboxes")):
            if id_of(table(one.get("inbox"))) == str(self._inbox):
                return contact, id_of(one, "source_id")
        answer = await self._line.ask(
            "POST", f"/contacts/{contact}/contact_inboxes",
            {"inbox_id": self._inbox, "source_id": lane},
        )  # fmt: skip
        return contact, id_of(table(answer), "source_id") or lane

    async def _find(self, lane: str, number: str) -> Mapping[str, Value]:
        """Return the contact with this number or address, an empty one for none."""
        for one in variants(number) if number else (lane,):
            answer = table(await self._line.ask("GET", "/contacts/search", query={"q": one}))
            for held in rows(answer.get("payload")):
                if held.get("phone_number") == one or held.get("identifier") == lane:
                    return held
        return {}


def label_of(tag: str) -> str:
    """Return a tag in the form that labels have there: small letters, no blanks or commas."""
    return NO_LABEL.sub("-", tag.lower()).strip("-")


def _whole(found: Mapping[str, Value]) -> str:
    held = id_of(found)
    if not held.isdecimal():
        raise Unavailable("the answer has no id")
    return held


def _who(db: sqlite3.Connection, lane: str, said: Said | None) -> tuple[str, str]:
    """Return name and number of who a chat is with."""
    person = contacts.find(db, lane)
    number = (person.number if person else "") or number_of(lane)
    name = (person.name if person else "") or (said.name if said else "")
    return name or number or lane, number


def _tags(db: sqlite3.Connection, lane: str) -> frozenset[str]:
    person = contacts.find(db, lane)
    return frozenset() if person is None else person.tags


def _handed_to(db: sqlite3.Connection, lane: str, now: datetime) -> str | None:
    """Return the team that has a chat, None: the bot has it."""
    row = db.execute(
        "SELECT json_extract(state, '$.handoff[0]') AS team FROM conversations"
        " WHERE chat = ? AND muted_until > ? LIMIT 1",
        (lane, seconds(now)),
    ).fetchone()
    return None if row is None else str(row["team"] or "")


def _reopened(db: sqlite3.Connection, link: CrmLink) -> None:
    """Note that a message of a customer opened a conversation that was resolved."""
    crm_links.learn(db, link, status=OPEN)
    crm_jobs.note(db, link.target, link.lane, JobKind.STATUS)


def _linked(db: sqlite3.Connection, link: CrmLink) -> None:
    """Keep a new link; what the conversation should look like is told behind it."""
    crm_links.keep(db, link)
    for kind in (JobKind.LABELS, JobKind.STATUS):
        crm_jobs.note(db, link.target, link.lane, kind)
