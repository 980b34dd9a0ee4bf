"""What `alexia groups` asks of a running daemon."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.daemon.addresses import AddressOf
from bot.daemon.clock import now
from bot.daemon.parts import Parts
from bot.domain.groups import Group, MemberChange, MemberResult
from bot.domain.messages import ChatId
from bot.inbound.groups import GroupKeeper
from bot.inbound.labels import LabelKeeper, LabelMode, LabelPolicy
from bot.ports import Groups
from bot.store import groups
from bot.store.database import Database

Request = dict[str, Any]  # parsed JSON from the control socket

LINK = "https://chat.whatsapp.com/"


def group_keeper(account: Parts) -> GroupKeeper:
    """Return what keeps an account's groups current, and let it hear of them."""
    keeper = GroupKeeper(
        account.database,
        account.session.groups,
        now,
        account=lambda: account.link.account,
        on_event=account.lanes.wake,
        heard=lambda: account.pipeline.book.heard,
    )
    keeper.on_told = lambda event, payload: account.feed.tell(event, payload)
    account.ingest.on_moves = keeper.take
    account.session.groups.on_changed = keeper.changed
    return keeper


def label_keeper(account: Parts) -> LabelKeeper:
    """Return what keeps an account's labels and tags the same, and let it hear of them."""
    whatsapp = account.config.whatsapp
    keeper = LabelKeeper(
        account.database,
        account.session.labels,
        now,
        LabelPolicy(mode=LabelMode(whatsapp.labels), only=frozenset(whatsapp.label_tags)),
        account=lambda: account.link.account,
        heard=lambda: account.pipeline.book.heard,
    )
    keeper.on_event = account.lanes.wake
    keeper.on_told = lambda event, payload: account.feed.tell(event, payload)
    account.ingest.on_labels = keeper.take
    return keeper


class GroupDesk:
    """Does to groups what a person asks, named as people name them."""

    def __init__(self, database: Database, source: Groups, address_of: AddressOf) -> None:
        self._database = database
        self._source = source
        self._address_of = address_of

    async def answer(self, request: Request) -> Request:
        """Do one thing; ``done`` is false with a ``reason`` when it names no group, or several."""
        action = str(request.get("action"))
        members = [await self._address_of(str(one)) for one in request.get("members", ())]
        text = str(request.get("text", ""))
        if action == "create":
            made = await self._source.create(text, members)
            return {"id": made.id, "results": plain(made.results)}
        if action == "join":
            return {"id": await self._source.join(text.rpartition("/")[2])}
        found = await self._database.read(lambda db: groups.list_groups(db, left=True))
        meant = groups.named(found, str(request.get("group")))
        if len(meant) != 1:
            return {"done": False, "reason": _unclear(str(request.get("group")), meant)}
        return {"id": meant[0].id, **await self._change(action, meant[0].id, members, text)}

    async def _change(
        self, action: str, chat: ChatId, members: Sequence[ChatId], text: str
    ) -> Request:
        source = self._source
        if action in set(MemberChange):
            results = await source.change_members(chat, MemberChange(action), members)
            return {"results": plain(results)}
        if action in ("invite", "revoke"):
            return {"link": LINK + await source.invite_code(chat, renew=action == "revoke")}
        simple: dict[str, Callable[[], Awaitable[object]]] = {
            "subject": lambda: source.rename(chat, text),
            "description": lambda: source.describe(chat, text),
            "leave": lambda: source.leave(chat),
        }
        if action not in simple:
            return {"done": False, "reason": f"nothing is called {action!r}"}
        await simple[action]()
        return {}


def plain(results: Sequence[MemberResult]) -> list[Request]:
    """Return what became of members, for programs."""
    return [
        {
            "member": one.address, "outcome": one.outcome.value,
            "invite": LINK + one.invite if one.invite else None,
        }
        for one in results
    ]  # fmt: skip


def _unclear(wanted: str, meant: Sequence[Group]) -> str:
    if not meant:
        return f"no group is called {wanted!r}; `alexia groups list` names those there are"
    ids = ", ".join(one.id for one in meant)
    return f"several groups are called {wanted!r}; name one by its id: {ids}"
