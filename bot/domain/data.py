"""Frozen data, as the standard library makes it, but made and filled in a fraction of the time.

The library writes six methods for each class, which for our hundreds of classes was a third of a
command's start. Here only ``__init__`` is written, when the class is first filled, and it sets the
slots straight; everything else is shared. What is not ``frozen=True, slots=True``, asks for more,
or stands below one of the library's is left to it; `dataclasses.fields` and `dataclasses.replace`
know both kinds, and `replace` of here does the same for ours in a tenth of the time.

An object of several fields is filled as one of a twin, a class of the same slots that is not
frozen: there Python sets a slot in a fifth of the time. Filled, it becomes one of its own class.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

Made = type[Any]
Values = Callable[[object], tuple[object, ...]]
KNOWN = frozenset(("frozen", "slots", "kw_only"))
SEVERAL = 4  # fields, from which on a twin saves more than it costs

OURS: set[Made] = set()
"""The classes whose ``__init__`` is written here."""
COPIES: dict[Made, Callable[[Any, Mapping[str, object]], Any]] = {}
"""What copies an object of a class with some fields changed; made when it is first asked for."""


def make(cls: Made | None = None, /, **wishes: bool) -> Any:  # noqa: ANN401 - as the library's
    """Do as `dataclasses.dataclass` does."""
    if cls is None:
        return lambda cls: make(cls, **wishes)
    plain = wishes.keys() <= KNOWN and wishes.get("frozen") and wishes.get("slots")
    above = [base for base in cls.__mro__[1:] if dataclasses.is_dataclass(base)]
    alike = all(base.__setattr__ is _refuse for base in above)
    if plain and alike and not hasattr(cls, "__post_init__"):
        return _made(cls, kw_only=wishes.get("kw_only", False))
    return dataclasses.dataclass(**wishes)(cls)


def copy_with(one: Any, /, **changes: object) -> Any:  # noqa: ANN401 - as the library's
    """Do as `dataclasses.replace` does."""
    cls = one.__class__
    copy = COPIES.get(cls)
    if copy is None:
        if cls not in OURS:
            return dataclasses.replace(one, **changes)
        copy = COPIES[cls] = _written_copy(cls)
    return copy(one, changes)


if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:
    dataclass, replace = make, copy_with

__all__ = ("copy_with", "dataclass", "make", "replace")


def _made(cls: Made, *, kw_only: bool) -> Made:
    # the library finds the fields and gives the class its slots
    find = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)
    made: Made = find(cls)
    fields = dataclasses.fields(made)
    compared = _comparing(_values([one for one in fields if one.compare]))
    if "__init__" not in cls.__dict__:
        OURS.add(made)
    for name, method in {**SHARED, **compared, "__init__": _first_init(made)}.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    return made


def _values(fields: Sequence[dataclasses.Field[Any]]) -> Values:
    """Return what gives the values of these fields of an object."""
    names = [one.name for one in fields]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple([getattr(one, name) for name in names])


def _first_init(made: Made) -> Callable[..., None]:
    """Return an ``__init__`` that writes the class's own when it is first called."""

    def first(self: Any, /, *given: object, **named: object) -> None:  # noqa: ANN401 - any of them
        if made.__dict__["__init__"] is first:
            setattr(made, "__init__", _written_init(made))  # noqa: B010 - a method is no attribute
        made.__dict__["__init__"](self, *given, **named)

    return first


def _written_init(made: Made) -> Any:  # noqa: ANN401 - a method of any class
    known: dict[str, Any] = {"_new": object()}
    head: list[str] = []
    values: dict[str, str] = {}
    for one in dataclasses.fields(made):
        name = one.name
        if one.kw_only and "*" not in head:
            head.append("*")
        values[name] = name
        known[f"_set_{name}"] = getattr(made, name).__set__
        if one.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = one.default
            head.append(f"{name}=_default_{name}")
        elif one.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"] = one.default_factory
            values[name] = f"_make_{name}() if {name} is _new else {name}"
            head.append(f"{name}=_new")
        else:
            head.append(name)
    lines = [f"def __init__(self, {', '.join(head)}):"]
    if (twin := _twin(made)) is not None:
        known |= {"_made": made, "_twin": twin, "_put_class": _put_class}
        lines += [
            "    if self.__class__ is _made:",  # and none below it, of another shape
            "        _put_class(self, _twin)",
            *(f"        self.{name} = {value}" for name, value in values.items()),
            "        self.__class__ = _made",
            "        return",
        ]
    lines += [f"    _set_{name}(self, {value})" for name, value in values.items()] or ["    pass"]
    exec("\n".join(lines), known)  # noqa: S102 - names of fields, out of our own files
    return known["__init__"]


def _written_copy(made: Made) -> Callable[[Any, Mapping[str, object]], Any]:
    """Return what sets all fields straight, and then those anew that change."""
    names = [one.name for one in dataclasses.fields(made)]
    twin = _twin(made)
    known: dict[str, Any] = {f"_set_{name}": getattr(made, name).__set__ for name in names}
    known |= {"_made": made, "_filled": twin or made, "_blank": object.__new__}
    known |= {"_names": frozenset(names), "_put": setattr if twin else object.__setattr__}
    lines = [
        "def copy(self, changes):",
        "    new = _blank(_filled)",
        *(f"    new.{name} = self.{name}" if twin else f"    _set_{name}(new, self.{name})"
          for name in names),
        "    for name in changes:",
        "        if name not in _names:",
        "            raise TypeError(f'{_made.__name__} has no field {name!r}')",
        "        _put(new, name, changes[name])",
        "    new.__class__ = _made" if twin else "",
        "    return new",
    ]  # fmt: skip
    exec("\n".join(lines), known)  # noqa: S102 - names of fields, out of our own files
    copy: Callable[[Any, Mapping[str, object]], Any] = known["copy"]
    return copy


_put_class = object.__dict__["__class__"].__set__  # what is frozen does not refuse this


def _twin(made: Made) -> Made | None:
    """Return a class of the same shape that is not frozen; None where it would save nothing."""
    bases = [base for base in made.__bases__ if base is not object]
    is_ours = type(made) is type and OURS.issuperset(bases)
    if len(dataclasses.fields(made)) < SEVERAL or not is_ours:
        return None
    shape = {"__slots__": made.__dict__["__slots__"], "__setattr__": object.__setattr__}
    return type(made.__name__, made.__bases__, shape)


def _comparing(values: Values) -> dict[str, Callable[..., Any]]:
    def equal(self: object, other: object) -> Any:  # noqa: ANN401 - a claim, or NotImplemented
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    def hashed(self: object) -> int:
        return hash(values(self))

    return {"__eq__": equal, "__hash__": hashed}


def _refuse(self: object, name: str, *_: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change {name!r} of {type(self).__name__}")


def _shown(self: Any) -> str:  # noqa: ANN401 - any of them
    names = [one.name for one in dataclasses.fields(self) if one.repr]
    parts = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
    return f"{self.__class__.__qualname__}({parts})"


def _state(self: Any) -> list[object]:  # noqa: ANN401 - any of them
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _restore(self: Any, state: Sequence[object]) -> None:  # noqa: ANN401 - any of them
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


SHARED: dict[str, Callable[..., Any]] = {
    "__setattr__": _refuse, "__delattr__": _refuse, "__repr__": _shown,
    "__getstate__": _state, "__setstate__": _restore,
}  # fmt: skip
