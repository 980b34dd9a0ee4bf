"""How the account keeps its chats, through the page."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.chats import ChatKept
from bot.domain.errors import ChatRefused
from bot.domain.messages import AccountId, ChatId, Message, MessageId, Origin
from bot.whatsapp.wire import address_in, bare_id, read_message, text_in

Ask = Callable[[dict[str, Any], float], Awaitable[dict[str, Any]]]

WITHIN = 20.0  # seconds
HISTORY_WITHIN = 120.0  # seconds in which a page reads back
FOR_GOOD = datetime(9999, 1, 1, tzinfo=UTC)


class PageChats:
    """Implements `ports.Chats` over the driver's way of asking the page."""

    def __init__(self, ask: Ask, account: Callable[[], AccountId | None]) -> None:
        self._ask = ask
        self._account = account

    async def list_chats(self) -> tuple[ChatKept, ...]:
        """Return all chats, the latest first."""
        return tuple(map(read_chat, await self._value("chats", HISTORY_WITHIN)))

    async def archive(self, chat: ChatId, on: bool) -> None:
        """Put a chat into the archive, or take it out."""
        await self._value("chat_archive", chat=chat, on=on)

    async def pin(self, chat: ChatId, on: bool) -> None:
        """Pin a chat to the top, or let it go."""
        await self._value("chat_pin", chat=chat, on=on)

    async def mute(self, chat: ChatId, until: datetime | None) -> None:
        """Let the phone be quiet about a chat until then; None: no longer."""
        moment = 0 if until is None else int(until.timestamp())
        await self._value("chat_mute", chat=chat, until=moment)

    async def mark_unread(self, chat: ChatId) -> None:
        """Mark a chat as unread."""
        await self._value("chat_unread", chat=chat)

    async def older(
        self, chat: ChatId, before: datetime, most: int, known: Collection[MessageId] = ()
    ) -> tuple[Message, ...]:
        """Return up to so many messages of a chat up to a moment that are not known, as history."""
        account = self._account()
        raws = await self._value(
            "chat_older", HISTORY_WITHIN, chat=chat, before=before.timestamp(), most=most,
            known=[*known],
        )  # fmt: skip
        read = [read_message(raw, account or AccountId(""), Origin.HISTORY) for raw in raws]
        return tuple(message for message in read if message is not None)

    async def forward(
        self, chat: ChatId, message_id: MessageId, to: ChatId,
        keep: Callable[[Sequence[MessageId]], Awaitable[None]],
    ) -> None:  # fmt: skip
        """Forward a message; ``keep`` is awaited with the new ids before they are told as ours."""
        ids = await self._value("chat_forward", chat=to, of=chat, id=message_id)
        try:
            await keep([MessageId(bare_id(text_in(one))) for one in ids])
        finally:
            await self._value("chat_forwarded", chat=to)

    async def _value(self, do: str, within: float = WITHIN, **command: object) -> Any:  # noqa: ANN401 - JSON
        answer = await self._ask({"do": do, **command}, within)
        if not answer["ok"]:
            raise ChatRefused(str(answer["code"]), str(answer["said"])[:120])
        return answer["value"]


def read_chat(raw: Mapping[str, Any]) -> ChatKept:
    """Return a chat of the page in our words."""
    muted, expires, last = (_number(raw.get(name)) for name in ("muted", "expires", "t"))
    return ChatKept(
        id=ChatId(address_in(raw.get("id"))),
        name=text_in(raw.get("name"))[:200],
        unread=int(_number(raw.get("unread"))),
        is_archived=raw.get("archived") is True,
        is_pinned=raw.get("pinned") is True,
        muted_until=FOR_GOOD if muted < 0 else _moment(muted),
        disappearing=timedelta(seconds=expires) if 0 < expires < 2**32 else None,
        last_message_at=_moment(last),
        labels=tuple(filter(None, map(text_in, raw.get("labels") or ()))),
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < 2**40 else 0.0


def _moment(value: float) -> datetime | None:
    return datetime.fromtimestamp(value, UTC) if 0 < value < 2**33 else None
