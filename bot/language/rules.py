"""Keyword rules, as written."""

from datetime import timedelta

from bot.domain.data import dataclass
from bot.language.actions import Step
from bot.language.conditions import Condition
from bot.language.places import NOWHERE, Place
from bot.language.triggers import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When any trigger fits and all conditions hold, do the steps in order.

    Attributes:
        during_flow: wait, answer or interrupt.
        goes_on: ``then: continue``: speaks first and leaves the turn to the others.
        joins: ``then: join``: speaks together with others that fit and join too.
        limit: At most so many times within so long, per chat.
        until_open: Hours by name: after speaking it rests until they open next, "" for never.
        hash: Of the rule's content, for frames that rest inside its steps.
    """

    id: str
    triggers: tuple[Trigger, ...]
    conditions: tuple[Condition, ...] = ()
    steps: tuple[Step, ...] = ()
    priority: int = 100
    during_flow: str = "wait"
    during_handoff: bool = False
    goes_on: bool = False
    joins: bool = False
    cooldown: timedelta | None = None
    limit: tuple[int, timedelta] | None = None
    until_open: str = ""
    enabled: bool = True
    hash: str = ""
    place: Place = NOWHERE

    @property
    def may_rest(self) -> bool:
        """Tell whether it rests after it has spoken, so that it is to be noted when it did."""
        return self.cooldown is not None or self.limit is not None or bool(self.until_open)
