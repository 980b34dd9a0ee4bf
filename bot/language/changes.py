"""Whether two versions of a flow differ in what is said only."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from bot.language.flows import Flow
from bot.language.places import Place
from bot.language.texts import Text

WORDS = frozenset(("title", "hash", "place"))
"""Fields of a flow that are no part of what it does."""


def same_but_texts(one: Flow, other: Flow) -> bool:
    """Tell whether two versions of a flow do the same and only speak in other words."""
    return all(
        _same(getattr(one, field.name), getattr(other, field.name))
        for field in fields(Flow)
        if field.name not in WORDS
    )


def _same(one: object, other: object) -> bool:
    match one, other:
        case (Text(), Text()) | (Place(), Place()):
            return True
        case Mapping(), Mapping():
            # their order counts: choices are offered by number
            return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
        case tuple(), tuple():
            return len(one) == len(other) and all(map(_same, one, other))
        case _ if is_dataclass(one) and type(one) is type(other):
            names = (field.name for field in fields(one) if field.compare)
            return all(_same(getattr(one, name), getattr(other, name)) for name in names)
        case _:
            return one == other
