"""Patterns that fit every message, since all their words are optional."""

from bot.language import triggers as t
from bot.language.flows import Flow
from bot.language.parts import Choice, Gap, Part, Sequence
from bot.language.patterns import Pattern
from bot.language.rules import Rule
from bot.language.sections import Gathered
from bot.language.source import Teller


def tell_fitting_all(gathered: Gathered, teller: Teller) -> None:
    """Tell W318. Who writes `*` alone, or a condition beside, means every message."""
    whats: tuple[Rule | Flow, ...] = (*gathered.rules, *gathered.flows.values())
    for what in whats:
        for trigger in () if what.conditions else what.triggers:
            for pattern in trigger.patterns if isinstance(trigger, t.PatternTrigger) else ():
                if fits_all(pattern):
                    teller.tell(
                        pattern.place, "W318", "it fits every message: all its words are optional",
                        "let one be needed:  (book|get) {service}",
                    )  # fmt: skip


def fits_all(pattern: Pattern) -> bool:
    """Tell whether a pattern names words and needs none of them."""
    return bool(pattern.words()) and _openness(pattern.compiled) == OPEN


NEEDS, SHORT, OPEN = 0, 1, 2
"""It needs a word that is written out; no more than a few words fit; any words do."""


def _openness(sequence: Sequence) -> int:
    parts = [_of_part(part) for part in sequence]
    return NEEDS if NEEDS in parts else max(parts, default=SHORT)


def _of_part(part: Part) -> int:
    match part:
        case Gap(most=None):
            return OPEN
        case Gap():
            return SHORT
        case Choice(options=options):
            return max(map(_openness, options))
        case _:
            return NEEDS
