"""Segments: saved audiences, people told apart by what is known of them."""

from collections.abc import Iterator

from bot.domain.data import dataclass
from bot.language import conditions as c
from bot.language.places import NOWHERE, Place

ABOUT_PEOPLE = (
    c.Holds, c.All, c.Any, c.Not, c.HasTag, c.LeadIs, c.InFlow, c.LanguageIs, c.ConsentIs,
    c.ContactIs, c.InSegment,
)  # fmt: skip
"""Conditions that hold of a person, whether or not a message is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """People of whom all conditions hold."""

    name: str
    conditions: tuple[c.Condition, ...] = ()
    place: Place = NOWHERE


def every_part(condition: c.Condition) -> Iterator[c.Condition]:
    """Yield a condition and all that it is made of; a segment is not looked into."""
    yield condition
    match condition:
        case c.All(parts=parts) | c.Any(parts=parts):
            for part in parts:
                yield from every_part(part)
        case c.Not(part=part):
            yield from every_part(part)
        case _:
            pass


def named_in(segment: Segment) -> list[str]:
    """Return the names of the segments that a segment is made of."""
    return [
        name
        for condition in segment.conditions
        for part in every_part(condition)
        if isinstance(part, c.InSegment)
        for name in part.names
    ]
