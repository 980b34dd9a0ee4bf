"""What agents do in Chatwoot reaches the customer, and ends or begins a handoff here."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bot.config.crm import Chatwoot
from bot.console.desk import NotYet
from bot.crm.chatwoot import RESOLVED
from bot.crm.chatwoot_hook import AgentWrote, StatusMoved, is_signed, read
from bot.daemon.clock import now
from bot.daemon.sending import account_of
from bot.domain.bodies import Attachment
from bot.domain.crm import CrmLink, Target
from bot.domain.errors import MediumLost
from bot.domain.messages import AccountId, ChatId, MessageKind
from bot.domain.numbers import chat_of, normalise
from bot.domain.outgoing import Why
from bot.domain.turns import EventRaised
from bot.domain.values import Value
from bot.inbound.next_event import COMMAND
from bot.store import crm_links, drafts, events, outbox, waits
from bot.store.media_files import LARGEST, safe_mimetype, safe_name
from bot.store.times import seconds

if TYPE_CHECKING:
    from bot.daemon.account import Account
    from bot.daemon.keeper import Keeper

BY = "chatwoot"
CAUSE = "api|chatwoot-"
"""Begins the cause of what agents write: Chatwoot is not told of it again."""
FETCH_WITHIN = 4.0  # seconds for the files of a message: Chatwoot waits for five
HOPS = 3  # redirects on the way to a file: Chatwoot leads to where it really lies
KINDS: Mapping[str, MessageKind] = {
    "image": MessageKind.IMAGE,
    "audio": MessageKind.AUDIO,
    "video": MessageKind.VIDEO,
}


class ChatwootHearing:
    """Implements `console.desk.Hears` for one account."""

    def __init__(self, keeper: "Keeper", settings: Chatwoot, inbox: int) -> None:
        self._keeper = keeper
        self._settings = settings
        self._inbox = inbox

    def is_signed(self, body: bytes, signature: str, at: str) -> bool:
        """Tell whether Chatwoot said this, a short while ago."""
        return is_signed(self._settings.webhook_secret.value, body, signature, at, now())

    async def take(self, told: Mapping[str, Value]) -> bool:
        """Do what is told, once; False when it does not concern this account.

        Raises:
            SessionDown: The account does not run.
            NotYet: Nobody was ever logged in.
        """
        found = read(told)
        if found is None or found.inbox != self._inbox:
            return False
        own = self._keeper.running
        account = await account_of(own)
        if account is None:
            raise NotYet("no account was ever logged in")
        match found:
            case AgentWrote():
                return await _written(own, account, found)
            case StatusMoved():
                return await _moved(own, account, found)


async def _written(own: "Account", account: AccountId, told: AgentWrote) -> bool:
    """Send what an agent wrote; from then on a person has the chat."""
    database, moment = own.database, now()
    is_known = await database.read(lambda db: _is_known(db, told))
    files = [] if is_known else await _fetched(own, told)

    def take(db: sqlite3.Connection) -> ChatId | None:
        chat = _chat(db, told)
        if chat is None or _is_known(db, told):
            return chat
        outbox.cancel_pending(db, account, chat, "a person answered", moment)
        for number, draft in enumerate(_drafts(account, chat, told.text, files, moment)):
            cause = f"{CAUSE}{told.id}-{number}"
            drafts.reserve(db, database.secret, cause, [draft], moment)
        if waits.is_open(db, account, chat):
            _command(db, account, chat, "answered", moment, f"answered|{CAUSE}{told.id}")
        if not _is_muted(db, account, chat, moment):
            _command(db, account, chat, "handoff", moment, f"chatwoot|{told.id}")
        return chat

    chat = await database.write(take)
    if chat is None:
        return False
    own.courier.wake()
    own.lanes.wake((account, chat))
    return True


async def _moved(own: "Account", account: AccountId, told: StatusMoved) -> bool:
    """Note a conversation's status; one that an agent resolved is the bot's again."""
    moment = now()

    def take(db: sqlite3.Connection) -> ChatId | None:
        lane = crm_links.lane_of(db, Target.CHATWOOT, "conversation", told.conversation)
        link = crm_links.find(db, Target.CHATWOOT, lane or "", "conversation")
        if link is None:
            return None
        chat, before = ChatId(link.lane), link.data.get("status")
        crm_links.learn(db, link, status=told.status)
        ends = told.status == RESOLVED and before != RESOLVED
        if ends and _is_muted(db, account, chat, moment):
            cause = f"chatwoot|{told.conversation}|{moment.timestamp():.6f}"
            _command(db, account, chat, "resume", moment, cause)
        return chat

    chat = await own.database.write(take)
    if chat is not None:
        own.lanes.wake((account, chat))
    return chat is not None


def _chat(db: sqlite3.Connection, told: AgentWrote) -> ChatId | None:
    """Return the chat of a conversation; one that an agent began is linked by the number."""
    lane = crm_links.lane_of(db, Target.CHATWOOT, "conversation", told.conversation)
    number = normalise(told.number)
    if lane is not None or not number:
        return None if lane is None else ChatId(lane)
    chat = chat_of(number)
    if crm_links.find(db, Target.CHATWOOT, chat, "conversation") is None:
        link = CrmLink(
            target=Target.CHATWOOT, lane=chat, kind="conversation", remote=told.conversation,
            data={},
        )  # fmt: skip
        crm_links.keep(db, link)
    return chat


def _is_known(db: sqlite3.Connection, told: AgentWrote) -> bool:
    row = db.execute("SELECT 1 FROM outbox WHERE cause = ?", (f"{CAUSE}{told.id}-0",)).fetchone()
    return row is not None


async def _fetched(own: "Account", told: AgentWrote) -> list[Attachment]:
    """Return the files of a message, kept here. Raises NotYet: Chatwoot shows it as failed."""
    found = []
    try:
        async with asyncio.timeout(FETCH_WITHIN):
            for kind, url in told.files:
                found.append(await _kept(own, KINDS.get(kind, MessageKind.DOCUMENT), url))
    except MediumLost as lost:
        raise NotYet(f"a file cannot be had: {lost.reason}") from lost
    except TimeoutError:
        raise NotYet(f"the files did not come within {FETCH_WITHIN:.0f} s") from None
    return found


async def _kept(own: "Account", kind: MessageKind, url: str) -> Attachment:
    incoming = await asyncio.to_thread(own.files.incoming)
    with incoming:

        async def write(part: bytes) -> None:
            await asyncio.to_thread(incoming.write, part)

        fetched = own.webhook.fetch(url, write, within=FETCH_WITHIN, most=LARGEST, hops=HOPS)
        mimetype = safe_mimetype(await fetched)
        name = unquote(urlsplit(url).path).rpartition("/")[2]
        kept = await asyncio.to_thread(incoming.keep)
    return Attachment(kind=kind, name=safe_name(name, mimetype, kind.value), kept=kept)


def _drafts(
    account: AccountId, chat: ChatId, text: str, files: Sequence[Attachment], moment: datetime
) -> list[drafts.Draft]:  # fmt: skip
    """Return what is sent: the text, with the first file or alone, then the other files."""
    bodies: list[Attachment | None] = [*files]
    if not bodies and text.strip():
        bodies = [None]
    return [
        drafts.Draft(
            account=account, chat=chat, text=text if number == 0 else "", why=Why.PERSON,
            by=f"command:{BY}", due_at=moment, body=body,
        )
        for number, body in enumerate(bodies)
    ]  # fmt: skip


def _is_muted(db: sqlite3.Connection, account: AccountId, chat: ChatId, moment: datetime) -> bool:
    row = db.execute(
        "SELECT 1 FROM conversations WHERE account = ? AND chat = ? AND muted_until > ?",
        (account, chat, seconds(moment)),
    ).fetchone()
    return row is not None


def _command(
    db: sqlite3.Connection, account: AccountId, chat: ChatId, command: str, moment: datetime,
    cause: str,
) -> None:  # fmt: skip
    event = EventRaised(name=COMMAND + command, data={"argument": BY})
    events.queue_once(db, account, chat, event, moment, cause)
