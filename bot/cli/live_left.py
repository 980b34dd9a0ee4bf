"""Lines of a test that cannot be played through the browser, and what goes with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.language.places import Place
from bot.testing.lines import BotLine, ExpectLine, Line, UserLine


class Reach(Enum):
    """How far a line that cannot be played takes others with it."""

    LINE = "line"  # the talk goes on as if it had been played
    OTHERS = "others"  # somebody else's turn: it and what is said of it
    REST = "rest"  # the talk would be another one from here on


class CannotPlay(Exception):
    """A line needs a fake clock, a hand inside, or somebody else; the text says what."""

    def __init__(self, why: str, reach: Reach = Reach.REST) -> None:
        super().__init__(why)
        self.reach = reach


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A line that was not played, with those that go with it.

    Attributes:
        file: As it is shown.
        follow: How many lines behind it were left out because of it.
    """

    file: str
    place: Place
    why: str
    follow: int = 0

    @property
    def lines(self) -> int:
        """How many lines were left out, that one among them."""
        return 1 + self.follow

    def __str__(self) -> str:
        more = f" (and {self.follow} lines that follow from it)" if self.follow > 1 else (
            " (and the line that follows from it)" if self.follow else ""
        )  # fmt: skip
        return f"{self.file}:{self.place.line} not playable through the browser: {self.why}{more}"


def goes_on_at(lines: Sequence[Line], behind: int, reach: Reach) -> int:
    """Return the place of the next line that can be played.

    Args:
        behind: The place behind the line that cannot.
    """
    match reach:
        case Reach.LINE:
            return behind
        case Reach.REST:
            return len(lines)
        case Reach.OTHERS:
            while behind < len(lines) and _is_of_the_turn(lines[behind]):
                behind += 1
            return behind


def is_of_another(line: UserLine) -> bool:
    """Tell whether somebody else writes, or in another chat."""
    return bool(line.sender or line.group)


def _is_of_the_turn(line: Line) -> bool:
    """Tell whether a line tells what came of the turn before it."""
    return isinstance(line, BotLine | ExpectLine)
