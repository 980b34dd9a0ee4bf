"""What `alexia` asks of a running daemon, verb by verb."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.daemon.bookshelf import Reloaded
from bot.daemon.budgets import budgets
from bot.daemon.clock import now
from bot.daemon.live import Moving
from bot.daemon.status import plain, status
from bot.domain.bodies import Attachment, Body
from bot.domain.messages import AccountId, ChatId, MessageId, MessageKind
from bot.domain.outgoing import Why
from bot.domain.turns import EventRaised
from bot.inbound.lanes import Lane
from bot.inbound.next_event import COMMAND
from bot.ports import LinkState
from bot.store import accounts, dead, events, media, outbox
from bot.store.reading import find_contact

if TYPE_CHECKING:
    from bot.daemon.run import Daemon

Request = dict[str, Any]  # parsed JSON from the control socket
Verb = Callable[[Request], Awaitable[Request]]

LOOK_AT_LINK = 0.25  # seconds between two looks of a client that follows a login


class Commands:
    """Answers the control socket."""

    def __init__(self, daemon: "Daemon") -> None:
        self._daemon = daemon

    def verbs(self) -> dict[str, Verb]:
        """Return the verbs with one answer."""
        return {
            "status": self._status,
            "reload": self._reload,
            "stop": self._stop,
            "logout": self._logout,
            "send": self._send,
            "dlq": self._dlq,
            "media": self._fetch_medium,
            "resume": self._command("resume"),
            "handoff": self._command("handoff"),
            "end": self._command("end"),
            "migrate": self._migrate,
        }

    async def login(self, _: Request) -> AsyncIterator[Request]:
        """Follow the login: each code and state as it comes, until the session is ready."""
        link = self._daemon.link
        seen = -1
        while True:
            if link.changes != seen:
                seen = link.changes
                yield {"state": link.state.value, "code": link.code, "account": link.account}
                if link.state is LinkState.READY:
                    return
            await asyncio.sleep(LOOK_AT_LINK)

    async def _status(self, _: Request) -> Request:
        return await status_of(self._daemon)

    async def _reload(self, request: Request) -> Request:
        return reload_answer(await self._daemon.reload(back=bool(request.get("rollback"))))

    async def _migrate(self, request: Request) -> Request:
        daemon, flow = self._daemon, str(request["flow"])
        force = bool(request.get("force"))
        moving = Moving(daemon.shelf.rulebook, daemon.shelf.book.compiled.version, flow)
        if moving.newest is None:
            return {"done": False, "reason": f"there is no flow {flow!r}"}
        moved = await daemon.database.write(lambda db: moving.queue(db, now(), force=force))
        for lane in moved.lanes:
            daemon.lanes.wake(lane)
        return {"live": moved.live, "moved": moved.moved, "restarted": moved.restarted,
                "left": moved.left}  # fmt: skip

    async def _stop(self, _: Request) -> Request:
        self._daemon.stop()
        return {}

    async def _logout(self, _: Request) -> Request:
        await self._daemon.session.logout()
        return {}

    async def _send(self, request: Request) -> Request:
        cause = f"command|{request.get('id') or f'{time.time_ns():x}'}"
        chat, text = chat_of(str(request["chat"])), str(request["text"])
        body = None
        if kept := str(request.get("kept", "")):
            if self._daemon.files.path_of(kept) is None:
                return {"sent": False, "reason": "the file did not reach the data folder"}
            kind, name = MessageKind(str(request["kind"])), str(request["name"])
            body = Attachment(kind=kind, name=name, kept=kept)
        sent = await send_text(self._daemon, chat, text, cause, "command:send", body=body)
        if sent is None:
            return {"sent": False, "reason": "no account was ever logged in; run `alexia login`"}
        return {"sent": True, "id": sent}

    async def _fetch_medium(self, request: Request) -> Request:
        """Fetch the file of a message that is not here."""
        daemon, named = self._daemon, str(request["id"])
        row = await daemon.database.read(lambda db: media.find_row(db, named))
        if row is None:
            return {"asked": False, "reason": f"no message with a file is {named!r}"}
        await daemon.database.write(lambda db: media.want(db, row, now()))
        daemon.media.wake()
        return {"asked": True, "id": row}

    async def _dlq(self, request: Request) -> Request:
        """List what was set aside, try it again, or drop it for good."""
        daemon, ids = self._daemon, request.get("ids")
        if request.get("action") == "retry":
            done, lanes = await daemon.database.write(lambda db: dead.retry(db, ids, now()))
            for lane in lanes:
                daemon.lanes.wake(lane)
            daemon.hooks.wake()
            return {"done": done}
        if request.get("action") == "drop":
            return {"done": await daemon.database.write(lambda db: dead.drop(db, ids, now()))}
        return {"dead": await daemon.database.read(dead.list_dead)}

    def _command(self, command: str) -> Verb:
        async def queue(request: Request) -> Request:
            database = self._daemon.database
            who, argument = str(request["contact"]), str(request.get("argument", ""))
            lane = await database.read(lambda db: _lane_of(db, who))
            if lane is None:
                return {"done": False, "reason": f"nobody known is {who!r}"}
            event = EventRaised(name=COMMAND + command, data={"argument": argument})
            await database.write(
                lambda db: events.queue(db, *lane, event, now(), f"command|{command}")
            )
            self._daemon.lanes.wake(lane)
            return {"chat": lane[1]}

        return queue


async def status_of(daemon: "Daemon") -> Request:
    """Return the state of the daemon."""
    uptime = time.monotonic() - daemon.begun
    told = await status(daemon.database, daemon.shelf, daemon.link, daemon.session, uptime)
    account, pacing = daemon.link.account, daemon.courier.pacing
    used = await daemon.database.read(lambda db: budgets(db, account, pacing, now()))
    return {**told, "budgets": used}


def reload_answer(reloaded: Reloaded) -> Request:
    """Return what became of a reload, for programs and for people."""
    return {
        "reloaded": reloaded.ok,
        "said": reloaded.said,
        "problems": [plain(problem) for problem in reloaded.problems],
        "printed": [str(problem) for problem in reloaded.problems],
    }


async def send_text(  # noqa: PLR0913 - what a message has
    daemon: "Daemon", chat: ChatId, text: str, cause: str, by: str,
    quoted: MessageId | None = None, body: Body | None = None,
) -> MessageId | None:  # fmt: skip
    """Put a person's text into the outbox and return its id; None when nobody ever logged in.

    The same ``cause`` again changes nothing and gives the same id.
    """
    database = daemon.database
    account = daemon.link.account or await database.read(accounts.latest)
    if account is None:
        return None
    moment = now()
    draft = outbox.Draft(
        account=account, chat=chat, text=text, why=Why.PERSON, by=by, due_at=moment,
        quoted=quoted, body=body,
    )  # fmt: skip
    await database.write(lambda db: outbox.reserve(db, database.secret, cause, [draft], moment))
    daemon.courier.wake()
    return outbox.reserve_id(database.secret, cause, 0)


def chat_of(address: str) -> ChatId:
    """Return the chat that a person names: a whole address, or a number in any writing."""
    if "@" in address:
        return ChatId(address)
    return ChatId("".join(letter for letter in address if letter.isdigit()) + "@c.us")


def _lane_of(db: sqlite3.Connection, who: str) -> Lane | None:
    """Return the latest private chat of the person that ``who`` names."""
    contact = find_contact(db, who)
    row = db.execute(
        "SELECT account, chat FROM conversations WHERE contact_id = ?"
        " ORDER BY chat LIKE '%@g.us', last_message_at DESC LIMIT 1",
        (contact,),
    ).fetchone()
    return None if row is None else (AccountId(row["account"]), ChatId(row["chat"]))
