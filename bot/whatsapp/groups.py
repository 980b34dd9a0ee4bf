"""Groups through the page."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain.errors import GroupRefused
from bot.domain.groups import (
    Group,
    GroupCreated,
    GroupMoved,
    Member,
    MemberChange,
    MemberResult,
    Move,
    Outcome,
)
from bot.domain.messages import AccountId, ChatId
from bot.whatsapp.wire import address_in, text_in

Ask = Callable[[dict[str, Any], float], Awaitable[dict[str, Any]]]

WITHIN = 20.0  # seconds for one change
LIST_WITHIN = 60.0  # seconds for all groups: WhatsApp may have to be asked about each

OUTCOMES = {
    "200": Outcome.DONE, "409": Outcome.ALREADY, "403": Outcome.INVITE,
    "404": Outcome.NOT_ON_WHATSAPP, "421": Outcome.WAITS,
}  # fmt: skip
"""WhatsApp's own codes; 404 is given by us, before WhatsApp is asked."""

MOVES = {
    "join": Move.JOINED, "add": Move.ADDED, "leave": Move.LEFT, "remove": Move.REMOVED,
    "promote": Move.PROMOTED, "demote": Move.DEMOTED, "changed": Move.CHANGED,
}  # fmt: skip


class PageGroups:
    """Implements `ports.Groups` over the driver's way of asking the page.

    Attributes:
        on_changed: Awaited after each change of a group, before the caller goes on.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.on_changed: Callable[[ChatId], Awaitable[None]] = _unheard

    async def list_groups(self) -> tuple[Group, ...]:
        """Return all groups, also those that the account left and still shows."""
        return tuple(map(read_group, await self._value("groups", LIST_WITHIN)))

    async def look_at(self, chat: ChatId) -> Group:
        """Return one group as it is now."""
        return read_group(await self._value("group", chat=chat))

    async def create(self, subject: str, members: Sequence[str]) -> GroupCreated:
        """Make a group; at least one member must be on WhatsApp."""
        made = await self._value("group_create", subject=subject, members=list(members))
        created = ChatId(address_in(made["id"]))
        await self.on_changed(created)
        return GroupCreated(id=created, results=_results(made["results"]))

    async def change_members(
        self, chat: ChatId, change: MemberChange, members: Sequence[str]
    ) -> tuple[MemberResult, ...]:
        """Add, remove, promote or demote; each member has a result of its own."""
        told = await self._value(f"group_{change.value}", chat=chat, members=list(members))
        await self.on_changed(chat)
        return _results(told)

    async def rename(self, chat: ChatId, subject: str) -> None:
        """Give a group another subject."""
        await self._value("group_subject", chat=chat, text=subject)
        await self.on_changed(chat)

    async def describe(self, chat: ChatId, description: str) -> None:
        """Give a group another description; "" takes it away."""
        await self._value("group_description", chat=chat, text=description)
        await self.on_changed(chat)

    async def invite_code(self, chat: ChatId, *, renew: bool = False) -> str:
        """Return the code of the invite link; with ``renew`` the old link dies first."""
        return text_in(await self._value("group_invite", chat=chat, renew=renew))

    async def join(self, code: str) -> ChatId:
        """Enter a group by the code of its invite link."""
        joined = ChatId(address_in(await self._value("group_join", code=code)))
        await self.on_changed(joined)
        return joined

    async def leave(self, chat: ChatId) -> None:
        """Go out of a group."""
        await self._value("group_leave", chat=chat)
        await self.on_changed(chat)

    async def _value(self, do: str, within: float = WITHIN, **command: object) -> Any:  # noqa: ANN401 - JSON
        answer = await self._ask({"do": do, **command}, within)
        if not answer["ok"]:
            raise GroupRefused(str(answer["code"]), str(answer["said"])[:120])
        return answer["value"]


def read_group(raw: Mapping[str, Any]) -> Group:
    """Return a group of the page in our words."""
    created = raw.get("created")
    return Group(
        id=ChatId(address_in(raw.get("id"))),
        subject=text_in(raw.get("subject"))[:200],
        description=text_in(raw.get("description"))[:4096],
        owner=address_in(raw.get("owner")),
        created_at=datetime.fromtimestamp(created, UTC)
        if isinstance(created, int | float) and 0 < created < 2**32
        else None,
        members=tuple(
            Member(
                address=address_in(one.get("id")), is_admin=bool(one.get("admin")),
                is_owner=bool(one.get("owner")),
            )
            for one in raw.get("members", ())
            if address_in(one.get("id"))
        ),
        is_member=bool(raw.get("isMember")),
        is_admin=bool(raw.get("isAdmin")),
    )  # fmt: skip


def read_move(raw: Mapping[str, Any], account: AccountId, now: datetime) -> GroupMoved | None:
    """Return what happened in a group, None when it is nothing for us."""
    chat, move = address_in(raw.get("chat")), MOVES.get(text_in(raw.get("action")))
    members = tuple(filter(None, map(address_in, raw.get("members") or ())))
    if not chat or move is None or not (members or move is Move.CHANGED):
        return None
    return GroupMoved(
        account=account, chat=ChatId(chat), move=move, by=address_in(raw.get("by")),
        members=members, at=_when(raw.get("t"), now),
    )  # fmt: skip


def _when(told: object, now: datetime) -> datetime:
    """Return the page's time of an event (ms), the same when it is told again; else ``now``."""
    if isinstance(told, int | float) and 0 < told < 2**42:
        return datetime.fromtimestamp(told / 1000, UTC)
    return now


def _results(raw: Sequence[Mapping[str, Any]]) -> tuple[MemberResult, ...]:
    return tuple(
        MemberResult(
            address=address_in(one.get("id")),
            outcome=OUTCOMES.get(str(one.get("code")), Outcome.REFUSED),
            invite=text_in(one.get("invite")),
        )
        for one in raw
    )


async def _unheard(chat: ChatId) -> None:
    """Stand in where nobody keeps groups."""
