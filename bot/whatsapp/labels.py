"""Labels of a business account, through the page."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.errors import ChatRefused
from bot.domain.labels import Label, LabelChange, Labelled
from bot.domain.messages import AccountId, ChatId
from bot.whatsapp.wire import address_in, text_in

Ask = Callable[[dict[str, Any], float], Awaitable[dict[str, Any]]]

WITHIN = 30.0  # seconds
LONGEST = 100  # characters of a label


class PageLabels:
    """Implements `ports.Labels` over the driver's way of asking the page."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def list_labelled(self) -> frozenset[Labelled]:
        """Return which chats wear which labels."""
        raws = await self._value("labels")
        return frozenset(
            Labelled(chat=ChatId(address_in(raw.get("chat"))), label=text_in(raw.get("label")))
            for raw in raws
            if address_in(raw.get("chat")) and text_in(raw.get("label"))
        )

    async def list_labels(self) -> tuple[Label, ...]:
        """Return the labels that there are."""
        return tuple(map(_label, await self._value("label_list")))

    async def create(self, label: str) -> Label:
        """Make a label; one that there is already is returned."""
        return _label(await self._value("label_new", label=label[:LONGEST]))

    async def edit(self, label: str, name: str, place: int | None = None) -> Label:
        """Give a label, by its id, another name and colour (its place in the palette)."""
        changes = {"label": label, "name": name[:LONGEST], "place": place}
        return _label(await self._value("label_edit", **changes))

    async def remove(self, label: str) -> None:
        """Remove a label, by its id, from the account and all chats."""
        await self._value("label_gone", label=label)

    async def put(self, chat: ChatId, label: str, on: bool) -> None:
        """Put a label on a chat or take it off; one that there is not is made first."""
        await self._value("label", chat=chat, label=label[:LONGEST], on=on)

    async def _value(self, do: str, **command: object) -> Any:  # noqa: ANN401 - JSON
        answer = await self._ask({"do": do, **command}, WITHIN)
        if not answer["ok"]:
            raise ChatRefused(str(answer["code"]), str(answer["said"])[:120])
        return answer["value"]


def _label(raw: Mapping[str, Any]) -> Label:
    place = raw.get("place")
    return Label(
        id=text_in(raw.get("id")), name=text_in(raw.get("name")), colour=text_in(raw.get("colour")),
        place=int(place) if isinstance(place, int | float) else 0,
    )  # fmt: skip


def read_label(raw: Mapping[str, Any], account: AccountId) -> list[LabelChange]:
    """Return what somebody did with labels; nothing when it cannot be read."""
    chat, added = address_in(raw.get("chat")), raw.get("added") is True
    names = raw.get("labels")
    if not chat or not isinstance(names, list):
        return []
    return [
        LabelChange(account=account, chat=ChatId(chat), label=name, added=added)
        for name in map(text_in, names)
        if name
    ]
