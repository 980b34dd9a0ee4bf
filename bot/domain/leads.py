"""Leads: people with a stage and a score."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from bot.domain.data import dataclass
from bot.domain.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What the business hopes for from one contact; at most one open lead a contact.

    Attributes:
        sensitive: Names of fields that are shown to nobody.
    """

    contact_id: int
    stage: str = "new"
    score: int = 0
    owner: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    created_at: datetime | None = None
    sensitive: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a lead stands."""

    stage: str = ""  # "": there was no lead
    score: int = 0
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadChange:
    """What one step made of a lead: why it has its stage, score and owner.

    Attributes:
        by: The rule or flow, ``command:USER`` of a person.
        cause: What it happened in: the key of a message, a timer, a call.
        note: The step's own remark.
        id: Its number in the store, 0 before it has one.
        undone: It was taken back.
    """

    when: datetime
    by: str
    cause: str
    before: Standing
    after: Standing
    note: str = ""
    id: int = 0
    undone: bool = False

    @property
    def points(self) -> int:
        """What it added to the score."""
        return self.after.score - self.before.score


def standing_of(lead: Lead | None) -> Standing:
    """Return where a lead stands."""
    if lead is None:
        return Standing()
    return Standing(stage=lead.stage, score=lead.score, owner=lead.owner)
