"""The same thing some lines further down, or up, in its file."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from bot.domain.data import replace
from bot.language.places import Place

Thing = TypeVar("Thing")
Move = Callable[[Any], Any]

PLACELESS = frozenset(("compiled", "program"))
"""Fields that hold much and no place."""
FIELDS: dict[type, tuple[str, ...]] = {str: (), int: (), bool: (), type(None): (), float: ()}
"""Names of the fields of a class that may hold places; filled when it is first met."""


def moved_lines(thing: Thing, start: int, by: int) -> Thing:
    """Return a thing whose places from line ``start`` on are moved; itself where none is.

    Args:
        by: How many lines down; up when it is negative.
    """
    return _mover(start, by)(thing) if by else thing


def _mover(start: int, by: int) -> Move:
    def move(one: Any) -> Any:  # noqa: ANN401 - whatever files are read into
        kind = one.__class__
        if kind is Place:
            return Place(one.file, one.line + by, one.column) if one.line >= start else one
        if kind is tuple or kind is list:
            moved = [move(part) for part in one]
            return one if all(map(_is, moved, one)) else kind(moved)
        if kind is dict:
            changed = {key: new for key, old in one.items() if (new := move(old)) is not old}
            return {**one, **changed} if changed else one
        names = FIELDS.get(kind)
        if names is None:
            names = FIELDS[kind] = _fields_of(kind)
        changed = {}
        for name in names:
            old = getattr(one, name)
            new = move(old)
            if new is not old:
                changed[name] = new
        return replace(one, **changed) if changed else one

    return move


def _is(one: object, other: object) -> bool:
    return one is other


def _fields_of(kind: type) -> tuple[str, ...]:
    if not is_dataclass(kind):
        return ()
    return tuple(one.name for one in fields(kind) if one.name not in PLACELESS)
