"""What can fit a text, told apart by when it speaks."""

from collections.abc import Collection, Iterable

from bot.domain.data import dataclass
from bot.language.flows import Flow
from bot.language.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """What can fit a text, each kind in the order of the rulebook.

    Attributes:
        rules: Those that speak.
        greeting: Of them those that leave the turn to the others.
        speaking: And those that do not.
        urgent: And of these those that come before an open question.
    """

    all: tuple[Rule | Flow, ...] = ()
    rules: tuple[Rule, ...] = ()
    greeting: tuple[Rule, ...] = ()
    speaking: tuple[Rule, ...] = ()
    urgent: tuple[Rule, ...] = ()
    silent: tuple[Rule, ...] = ()
    flows: tuple[Flow, ...] = ()


NOTHING = Possible()


def told_apart(whats: Iterable[Rule | Flow], quiet: Collection[str]) -> Possible:
    """Return what can fit by its kind.

    Args:
        quiet: Ids of the rules that never speak.
    """
    found = tuple(whats)
    every = [what for what in found if isinstance(what, Rule)]
    rules = [rule for rule in every if rule.id not in quiet]
    speaking = [rule for rule in rules if not rule.goes_on]
    return Possible(
        all=found,
        rules=tuple(rules),
        greeting=tuple([rule for rule in rules if rule.goes_on]),
        speaking=tuple(speaking),
        urgent=tuple([rule for rule in speaking if rule.during_flow == "interrupt"]),
        silent=tuple([rule for rule in every if rule.id in quiet]),
        flows=tuple([what for what in found if isinstance(what, Flow)]),
    )
