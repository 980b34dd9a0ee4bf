"""What `alexia chats` and `alexia messages` ask of a running daemon."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.daemon.addresses import AddressOf
from bot.daemon.clock import now
from bot.domain.bodies import Revoke
from bot.domain.chats import ChatKept
from bot.domain.messages import AccountId, ChatId, MessageId
from bot.domain.outgoing import Why
from bot.ports import Chats, Transport
from bot.store import drafts, inbox
from bot.store.database import Database

if TYPE_CHECKING:
    from bot.daemon.account import Account

Request = dict[str, Any]  # parsed JSON from the control socket

PAGE = 500  # messages read back at once
FOR_GOOD = 9998  # years up to which a muted chat has an end


class ChatDesk:
    """Does to chats what a person asks."""

    def __init__(
        self, database: Database, source: Chats, transport: Transport,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._database = database
        self._source = source
        self._transport = transport
        self._clock = clock

    async def list_chats(self) -> list[Request]:
        """Return all chats as programs read them, the latest first."""
        return [plain(chat) for chat in await self._source.list_chats()]

    async def keep(self, chat: ChatId, action: str, length: timedelta | None = None) -> bool:
        """Archive, pin, mute or mark a chat; False when nothing is called so.

        Args:
            length: For how long a chat is muted.
        """
        source = self._source
        match action:
            case "archive" | "unarchive":
                await source.archive(chat, action == "archive")
            case "pin" | "unpin":
                await source.pin(chat, action == "pin")
            case "mute":
                await source.mute(chat, self._clock() + (length or timedelta(hours=8)))
            case "unmute":
                await source.mute(chat, None)
            case "unread":
                await source.mark_unread(chat)
            case "read":
                await self._transport.mark_read(chat)
            case _:
                return False
        return True

    async def older(self, chat: ChatId, more: int) -> int:
        """Store up to so many older messages of a chat; return how many there were."""
        account, stored = self._account(), 0
        while stored < more:
            now, most = self._clock(), min(PAGE, more - stored)
            before, known = await self._database.read(
                lambda db: inbox.oldest(db, account, chat) or (now, ())  # noqa: B023 - awaited here
            )
            found = await self._source.older(chat, before, most, known)
            fresh = await self._database.write(
                lambda db: inbox.record_history(db, found, now)  # noqa: B023 - awaited here
            )
            stored += fresh
            if not fresh:
                break
        return stored

    async def forward(self, chat: ChatId, message: MessageId, to: ChatId, key: str) -> list[str]:
        """Forward a message to another chat; return the new ids."""
        account, found = self._account(), list[MessageId]()

        async def keep(ids: Sequence[MessageId]) -> None:
            now = self._clock()
            draft = drafts.Draft(
                account=account, chat=to, text="", why=Why.PERSON, by="command:forward", due_at=now
            )
            await self._database.write(
                lambda db: drafts.adopt(db, draft, f"forward|{key}", ids, now)
            )
            found.extend(ids)

        await self._source.forward(chat, message, to, keep)
        return [*found]

    async def revoke(self, chat: ChatId, message: MessageId) -> None:
        """Take a message of ours back for everyone."""
        await self._transport.amend(chat, Revoke(target=message))

    async def chat_of(self, message: MessageId) -> ChatId | None:
        """Return the chat in which a message stands, None when it is unknown."""
        return await self._database.read(lambda db: inbox.chat_of(db, message))

    def _account(self) -> AccountId:
        return self._transport.account or AccountId("")


def chat_desk(account: "Account") -> ChatDesk:
    """Return the desk of an account."""
    return ChatDesk(account.database, account.session.chats, account.session.transport, now)


def plain(chat: ChatKept) -> Request:
    """Return a chat as programs read it."""
    muted, last, disappearing = chat.muted_until, chat.last_message_at, chat.disappearing
    return {
        "id": chat.id,
        "name": chat.name,
        "unread": chat.unread,
        "archived": chat.is_archived,
        "pinned": chat.is_pinned,
        "muted": muted is not None,
        "muted_until": muted.isoformat() if muted and muted.year < FOR_GOOD else None,
        "disappearing_s": int(disappearing.total_seconds()) if disappearing else None,
        "labels": list(chat.labels),
        "last_message_at": last.isoformat() if last else None,
    }


class ChatVerbs:
    """The verbs of the control socket."""

    def __init__(self, desk: ChatDesk, address_of: AddressOf) -> None:
        self._desk = desk
        self._address_of = address_of

    async def chats(self, request: Request) -> Request:
        """List chats, or change how one is kept."""
        action = str(request.get("action"))
        if action == "list":
            return {"chats": await self._desk.list_chats()}
        chat = await self._address_of(str(request["chat"]))
        seconds = request.get("seconds")
        length = timedelta(seconds=float(seconds)) if seconds else None
        done = await self._desk.keep(chat, action, length)
        return {"done": done, "chat": chat, "reason": "" if done else f"no {action!r} is known"}

    async def history(self, request: Request) -> Request:
        """Read a chat back."""
        chat = await self._address_of(str(request["chat"]))
        return {"chat": chat, "stored": await self._desk.older(chat, int(request["more"]))}

    async def forward(self, request: Request) -> Request:
        """Forward a stored message."""
        bare, to = MessageId(str(request["message"])), await self._address_of(str(request["to"]))
        chat = await self._desk.chat_of(bare)
        if chat is None:
            return {"done": False, "reason": _no_message(bare)}
        return {"ids": await self._desk.forward(chat, bare, to, str(request["key"]))}

    async def revoke(self, request: Request) -> Request:
        """Take a message of ours back for everyone."""
        bare = MessageId(str(request["message"]))
        chat = await self._desk.chat_of(bare)
        if chat is None:
            return {"done": False, "reason": _no_message(bare)}
        await self._desk.revoke(chat, bare)
        return {"chat": chat}


def _no_message(bare: str) -> str:
    return f"no stored message is {bare!r}; `alexia messages search --json` tells their ids"
