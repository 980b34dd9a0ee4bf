"""Our frozen data behaves as the standard library's."""

import copy
import dataclasses
import pickle
from collections.abc import Mapping

import pytest

from bot.domain import data


@data.make(frozen=True, slots=True, kw_only=True)
class Ours:
    """Made by us."""

    name: str
    size: int = 3
    more: Mapping[str, int] = dataclasses.field(default_factory=dict)
    aside: str = dataclasses.field(default="", compare=False, repr=False)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """Made by the standard library."""

    name: str
    size: int = 3
    more: Mapping[str, int] = dataclasses.field(default_factory=dict)
    aside: str = dataclasses.field(default="", compare=False, repr=False)


@data.make(frozen=True, slots=True)
class Step:
    """What others stand below."""

    path: str


@data.make(frozen=True, slots=True)
class Wait(Step):
    """One of them."""

    seconds: float = 1.0


@data.make(frozen=True, slots=True)
class Call(Wait):
    """Several fields, of three classes."""

    url: str = ""
    tries: int = 1
    heads: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Local(Call):
    """Not made by us, with room for more."""


@data.make(frozen=True, slots=True)
class Alone:
    """One field."""

    value: object


@data.make(frozen=True, slots=True)
class Nothing:
    """No field."""


@data.make(frozen=True, slots=True, order=True)
class Ordered:
    """Asks for more than we make."""

    value: int


def test_it_is_filled_shown_and_compared_as_the_librarys():
    ours, theirs = Ours(name="a", aside="x"), Theirs(name="a", aside="x")

    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert ours == Ours(name="a", aside="y")
    assert ours != Ours(name="b")
    assert ours != theirs
    assert ours.more is not Ours(name="a").more
    assert Ours.__slots__ == Theirs.__slots__
    assert Ours.__match_args__ == Theirs.__match_args__


@pytest.mark.parametrize("given", [{}, {"name": "a", "colour": "red"}])
def test_what_is_missing_or_unknown_is_refused(given):
    with pytest.raises(TypeError):
        Ours(**given)


def test_nothing_is_changed_but_in_a_copy():
    one = Ours(name="a")

    with pytest.raises(dataclasses.FrozenInstanceError):
        one.name = "b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.name
    assert dataclasses.replace(one, size=4) == Ours(name="a", size=4)
    assert one == Ours(name="a")


def test_a_copy_has_what_changed_and_all_else_of_the_first():
    one = Ours(name="a", size=7, more={"x": 1}, aside="y")

    copied = data.replace(one, name="b")

    assert copied == Ours(name="b", size=7, more={"x": 1})
    assert (copied.more is one.more, copied.aside) == (True, "y")
    assert data.replace(Wait("0"), seconds=2.0) == Wait("0", 2.0)
    assert data.replace(Nothing()) == Nothing()
    assert data.replace(Ordered(1), value=2) == Ordered(2)
    with pytest.raises(TypeError, match="colour"):
        data.replace(one, colour="red")


def test_it_can_be_hashed_copied_and_pickled():
    one = Wait("0.1", 2.5)

    assert {one: 1}[Wait("0.1", 2.5)] == 1
    assert copy.copy(one) == pickle.loads(pickle.dumps(one)) == one


def test_one_below_another_has_the_fields_of_both():
    assert Wait("0", 2.0) == Wait(path="0", seconds=2.0)
    assert Wait("0") != Step("0")
    assert [one.name for one in dataclasses.fields(Wait)] == ["path", "seconds"]


def test_what_has_several_fields_is_as_frozen_and_as_much_of_its_class():
    one = Call("0", url="x", heads={"a": "b"})
    copied = data.replace(one, tries=3, seconds=2.0)

    assert (type(one), type(copied)) == (Call, Call)
    assert one == Call("0", 1.0, "x", 1, {"a": "b"})
    assert copied == Call("0", 2.0, "x", 3, {"a": "b"})
    assert copied.heads is one.heads
    for frozen in (one, copied):
        with pytest.raises(dataclasses.FrozenInstanceError):
            frozen.url = "y"
    with pytest.raises(TypeError, match="colour"):
        data.replace(one, colour="red")
    assert pickle.loads(pickle.dumps(copied)) == copied


def test_a_class_below_that_is_not_made_by_us_is_filled_as_well():
    one = Local("0", url="x")
    one.__dict__["more"] = 1

    assert (type(one), one.url, one.tries) == (Local, "x", 1)
    assert (type(data.replace(one, tries=2)), data.replace(one, tries=2).tries) == (Local, 2)


def test_one_field_or_none_are_enough():
    assert Alone([1]) == Alone([1])
    assert repr(Alone(1)) == "Alone(value=1)"
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())


def test_what_asks_for_more_is_made_by_the_library():
    assert Ordered(1) < Ordered(2)
