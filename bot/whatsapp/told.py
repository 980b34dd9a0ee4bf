"""A batch of what the page tells, each thing in our words; what cannot be read is left out."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from bot.domain.changes import MessageChange
from bot.domain.data import dataclass
from bot.domain.groups import GroupMoved
from bot.domain.labels import LabelChange
from bot.domain.messages import AccountId, Message, Origin
from bot.domain.presence import Seen
from bot.domain.profiles import PeopleNews
from bot.domain.receipts import Receipt
from bot.ports import Inlet
from bot.whatsapp.groups import read_move
from bot.whatsapp.labels import read_label
from bot.whatsapp.people import read_profile
from bot.whatsapp.wire import address_in, read_change, read_message, read_presence, read_receipt

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a batch holds.

    Attributes:
        unswept: Chats that the page has got since it was swept.
    """

    messages: tuple[Message, ...]
    changes: tuple[MessageChange, ...]
    receipts: tuple[Receipt, ...]
    moves: tuple[GroupMoved, ...]
    labels: tuple[LabelChange, ...]
    seen: tuple[Seen, ...]
    people: PeopleNews | None
    unswept: int = 0

    async def give(self, inlet: Inlet) -> None:
        """Give everything on, messages first: what else is told may be about them."""
        if self.messages:
            await inlet.take_messages(self.messages)
        if self.changes:
            await inlet.take_changes(self.changes)
        if self.receipts:
            await inlet.take_receipts(self.receipts)
        if self.moves:
            await inlet.take_moves(self.moves)
        if self.labels:
            await inlet.take_labels(self.labels)
        if self.seen:
            await inlet.take_presence(self.seen)
        if self.people is not None:
            await inlet.take_people(self.people)


def read_told(told: str, account: AccountId, now: datetime) -> Told:
    """Return what a batch of the page (JSON) holds."""
    kinds: dict[str, list[Any]] = {}
    batch = json.loads(told)
    for event in batch["events"]:
        kinds.setdefault(str(event["kind"]), []).append(event["raw"])

    def each(kind: str, read: Callable[[Any], T | None]) -> tuple[T, ...]:
        found = (read(raw) for raw in kinds.get(kind, ()))
        return tuple(one for one in found if one is not None)

    return Told(
        messages=each("message", lambda raw: read_message(raw, account, Origin.LIVE)),
        changes=each("change", lambda raw: read_change(raw, account, now)),
        receipts=tuple(
            one for raw in kinds.get("receipt", ()) for one in read_receipt(raw, account, now)
        ),
        moves=each("group", lambda raw: read_move(raw, account, now)),
        labels=tuple(one for raw in kinds.get("label", ()) for one in read_label(raw, account)),
        seen=each("presence", lambda raw: read_presence(raw, now)),
        people=_people(kinds),
        unswept=int(batch.get("unswept") or 0),
    )


def changes_of(raws: Sequence[Any], account: AccountId, now: datetime) -> list[MessageChange]:
    """Return what was done to the messages of a sweep while nobody listened."""
    found: list[MessageChange | None] = []
    for raw in raws:
        if raw.get("type") == "revoked":
            found.append(read_change({**raw, "revoked": True, "t": None}, account, now))
        elif raw.get("edited"):
            told = raw.get("body" if raw.get("type") == "chat" else "caption")
            found.append(read_change({**raw, "text": told, "t": raw["edited"]}, account, now))
    return [one for one in found if one is not None]


def _people(kinds: Mapping[str, list[Any]]) -> PeopleNews | None:
    """Return what is told of people, None when nothing is."""
    blocked = kinds.get("blocked")
    profiles = filter(None, map(read_profile, kinds.get("person", ())))
    portraits = (address_in(raw.get("who")) for raw in kinds.get("portrait", ()))
    news = PeopleNews(
        profiles=tuple(profiles),
        portraits=tuple(filter(None, portraits)),
        blocked=frozenset(filter(None, map(address_in, blocked[-1]["all"]))) if blocked else None,
    )
    return None if news == PeopleNews() else news
