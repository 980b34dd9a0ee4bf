"""Leads: people with a stage and a score."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from math import floor

from bot.domain.data import dataclass
from bot.domain.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What the business hopes for from one contact; at most one open lead a contact.

    Attributes:
        score: At the moment at which it was read.
        rest: What rounding left of the score, -0.5 to 0.5: decay goes on with both.
        scored_at: From when on the score decays.
        qualified_at: When it was found to be worth a person's time.
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
    rest: float = 0.0
    scored_at: datetime | None = None
    qualified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decay:
    """How scores fade: to half in each ``half_life``, or by ``points`` towards 0 each ``every``.

    It is worked out from moments whenever a score is read: nothing has to run in between, and
    whether it is worked out once or a hundred times makes no difference.
    """

    half_life: timedelta | None = None
    points: int = 0
    every: timedelta | None = None

    def after(self, score: float, spent: timedelta) -> tuple[float, timedelta]:
        """Return what is left of a score, and how much of the time counts towards the next loss.

        Args:
            spent: Since the score was true. What is negative (a clock was set back) takes nothing.
        """
        if spent <= timedelta(0):
            return score, spent
        if self.half_life:
            return score * 0.5 ** (spent / self.half_life), timedelta(0)
        if not self.every:
            return score, timedelta(0)
        periods, left = divmod(spent, self.every)
        lost = periods * self.points
        return (max(score - lost, 0.0) if score > 0 else min(score + lost, 0.0)), left


NO_DECAY = Decay()


def whole(score: float) -> int:
    """Return a score as it is shown: whole points added to it add as many."""
    return floor(score + 0.5)


def aged(lead: Lead, decay: Decay, now: datetime) -> Lead:
    """Return a lead with the score that it has now."""
    if decay == NO_DECAY or lead.scored_at is None:
        return lead
    score, left = decay.after(lead.score + lead.rest, now - lead.scored_at)
    return replace(lead, score=whole(score), rest=score - whole(score), scored_at=now - left)


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


NOWHERE = Standing()


def standing_of(lead: Lead | None) -> Standing:
    """Return where a lead stands."""
    if lead is None:
        return NOWHERE
    return Standing(stage=lead.stage, score=lead.score, owner=lead.owner)
