"""The one module that users' Python imports: what an action is, is told and may return.

    from bot.sdk import Reply, Turn, action

    @action("crm.push")
    async def push(turn: Turn, *, pipeline: str, value: int = 0):
        return [Reply(f"{turn.contact.first_name}, you are in {pipeline}")]

An action returns a value, which goes to the step's `save`, or effects, which are carried out as
if a rule had asked for them. It runs at least once: `turn.key` stays the same when it runs again.

May import: domain.
Tests: tests/extensions.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from bot.domain.acting import (
    ActionEffect,
    Emit,
    Notify,
    Reply,
    ScoreLead,
    SetField,
    SetVariable,
    Tag,
    Untag,
)
from bot.domain.acting import ActionTurn as Turn
from bot.domain.data import dataclass
from bot.domain.values import Value

__all__ = (
    "Effect", "Emit", "Notify", "Reply", "ScoreLead", "SetField", "SetVariable", "Tag", "Turn",
    "Untag", "Value", "action",
)  # fmt: skip

Effect = ActionEffect
Marked = TypeVar("Marked", bound=Callable[..., Any])

MARK = "__alexia_action__"
TIMEOUT = 10.0  # seconds that an action may take unless it says otherwise


@dataclass(frozen=True, slots=True)
class Mark:
    """What the decorator leaves on a function. ``timeout`` in seconds."""

    name: str
    timeout: float


def action(name: str, *, timeout: float = TIMEOUT) -> Callable[[Marked], Marked]:
    """Mark a function as the action that rules call by ``run: NAME``; nothing is registered.

    Args:
        timeout: Seconds after which a run has failed.
    """

    def mark(function: Marked) -> Marked:
        setattr(function, MARK, Mark(name, timeout))
        return function

    return mark
