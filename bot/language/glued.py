"""What stands between two brackets of a pattern: alternatives, and pieces that touch."""

import itertools
from dataclasses import replace

from bot.domain.data import dataclass
from bot.language.contractions import contracted
from bot.language.folding import fold, spellings
from bot.language.parts import Choice, Item, Sequence, Touching, Word, Words
from bot.language.patterns import PatternBroken
from bot.language.tokens import BLANK, Token
from bot.language.touching import touch
from bot.language.wordings import joined

MOST_FORMS = 64  # of one word with optional pieces inside
MOST_JOINED = 20_000  # words that a list makes together with what touches it
MOST_IN_ANY_ORDER = 5  # parts of (a;b;c); they have 120 orders

Written = tuple[str, ...] | None
"""The texts that a piece may stand for, when it holds words only; None when it is more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a mark or a pair of brackets of a pattern.

    Attributes:
        forms: With a blank at an end where the piece stands apart from what touches it there.
        opens_apart: The brackets hold a blank first, as in ``turn on[ the] light``.
        closes_apart: They hold a blank last, as in ``[the ]light``.
    """

    parts: Sequence
    forms: Written = None
    opens_apart: bool = False
    closes_apart: bool = False


class Alternatives:
    """Gathers what stands within one pair of brackets, between the marks ``|`` and ``;``."""

    def __init__(self) -> None:
        self._options: list[Sequence] = []
        self._written: list[tuple[Written, bool, bool]] = []  # with: blank before, blank behind
        self._parts: list[Piece] = []
        self._touching: set[int] = set()  # numbers of parts that touch the one before
        self._beside: set[int] = set()  # of parts that would, but for a blank in their brackets
        self._unordered: list[Sequence] = []
        self._is_apart = False

    def add(self, piece: Piece, token: Token) -> None:
        """Add a piece that begins with a token."""
        if token.may_stand_apart and piece.forms is not None:
            either = (*(f" {form}" for form in piece.forms), *piece.forms)
            piece = replace(piece, forms=either)
        if not self._parts:
            self._is_apart = not token.touches
        if self._parts and token.touches:
            if self._joins(piece):
                return
            self._note(len(self._parts), self._parts[-1], piece)
        self._parts.append(piece)

    def _joins(self, piece: Piece) -> bool:
        """Make one piece of the last one and this one, when they are forms of one word."""
        one = _as_one(self._parts[-1], piece)
        if one is None:
            return False
        last = len(self._parts) - 1
        self._parts[last] = one
        if last in self._beside and any(form and form[0] != " " for form in one.forms or ()):
            self._note(last, self._parts[last - 1], replace(one, opens_apart=False))
        return True

    def _note(self, number: int, before: Piece, piece: Piece) -> None:
        if before.closes_apart or piece.opens_apart:
            self._beside.add(number)
        elif touch(before.parts, piece.parts, within=number - 1 in self._touching):
            self._touching.add(number)

    def leave_order_open(self) -> None:
        """Close one of the parts that may stand in any order."""
        self._unordered.append(self._taken())

    def close(self, closing: Token | None = None) -> None:
        """Close one alternative, before a token. Raises PatternBroken."""
        trails = closing is not None and not closing.touches
        forms = None if self._unordered or self._touching else _one_behind_other(self._parts)
        self._written.append((forms, self._is_apart, trails))
        self._options.extend(_orders((*self._unordered, self._taken())))
        self._unordered.clear()
        self._is_apart = False

    def piece(self, *, may_be_missing: bool = False) -> Piece:
        """Return what was gathered."""
        options = (*self._options, ()) if may_be_missing else tuple(self._options)
        forms = self._forms()
        if forms is not None and may_be_missing:
            forms = (*forms, "")
        opens, closes = self._written[0][1], self._written[-1][2]
        return Piece((Choice(options),), forms, opens, closes)

    def sequence(self) -> Sequence:
        """Return what was gathered outside any brackets."""
        return self._options[0] if len(self._options) == 1 else (Choice(tuple(self._options)),)

    def outside(self) -> Piece:
        """Return it as a piece of what holds it, for a phrase."""
        return Piece(self.sequence(), self._forms())

    def _forms(self) -> Written:
        found: list[str] = []
        opens, closes = self._written[0][1], self._written[-1][2]
        for forms, leads, trails in self._written:
            if forms is None:
                return None
            before, behind = _blanks(leads, opens), _blanks(trails, closes)
            for form in forms:
                ways = [a + form + b for a in before for b in behind] if form else [form]
                found += ways
        return tuple(found)

    def _taken(self) -> Sequence:
        """Return what was added, as one sequence; begin anew."""
        runs: list[list[Sequence]] = []
        for number, piece in enumerate(self._parts):
            if number in self._touching:
                runs[-1].append(piece.parts)
            else:
                runs.append([piece.parts])
        self._parts.clear()
        self._touching.clear()
        self._beside.clear()
        return contracted(tuple(part for run in runs for part in _together(run)))


def word_piece(told: str) -> Piece:
    """Return a word as written, ``per[ ]cent`` in both its forms. Raises PatternBroken."""
    forms = _with_and_without_blanks(told)
    return Piece(_either(forms), forms)


def _blanks(here: bool, throughout: bool) -> tuple[str, ...]:
    """Return how an alternative stands apart: `(s| beside)` may be meant as `(s|beside)` too."""
    if not here:
        return ("",)
    return (" ",) if throughout else (" ", "")


def _one_behind_other(parts: list[Piece]) -> Written:
    """Return the texts of pieces with blanks between them; None when they are too many."""
    forms: tuple[str, ...] = ("",)
    for number, part in enumerate(parts):
        if part.forms is None or len(forms) * len(part.forms) > MOST_FORMS:
            return None
        blank = " " if number else ""  # also behind what is left out: `day[[ is] today]`
        forms = tuple(one + blank + two for one in forms for two in part.forms)
    return forms


def _orders(sequences: tuple[Sequence, ...]) -> list[Sequence]:
    """Return the sequences one behind the other, in every order."""
    if len(sequences) > MOST_IN_ANY_ORDER:
        raise PatternBroken(f"more than {MOST_IN_ANY_ORDER} parts in any order; split it")
    return [tuple(itertools.chain(*order)) for order in itertools.permutations(sequences)]


def _together(run: list[Sequence]) -> Sequence:
    """Return pieces that touch: words of their own, or where that does not fit, in one word."""
    apart = tuple(part for sequence in run for part in sequence)
    return apart if len(run) == 1 else (Choice((apart, (Touching(tuple(run)),))),)


def _with_and_without_blanks(told: str) -> tuple[str, ...]:
    first, *rest = told.split(BLANK)
    forms = [first]
    for piece in rest:
        forms = [form + blank + piece for form in forms for blank in ("", " ")]
        if len(forms) > MOST_FORMS:
            raise PatternBroken(f"more than {MOST_FORMS} wordings; split it")
    return tuple(forms)


def _either(forms: tuple[str, ...]) -> Sequence:
    if len(forms) == 1:
        return _literal(forms[0])
    return (Choice(tuple(dict.fromkeys(map(_literal, forms)))),)


def _literal(text: str) -> Sequence:
    ways = [tuple(map(Word, one.words, one.exact)) for one in map(fold, spellings(text))]
    return ways[0] if len(ways) == 1 else (Choice(tuple(ways)),)


def _as_one(first: Piece, second: Piece) -> Piece | None:
    """Return two pieces that touch as the forms of one word; None when they are no such pieces.

    A list that touches one is a list of the words that they make together: ``{room}licht``.
    """
    match first.parts, first.forms, second.parts, second.forms:
        case [Item() as item], None, _, tuple() as forms:
            return _joined_item(item, forms, at_end=True)
        case _, tuple() as forms, [Item() as item], None:
            return _joined_item(item, forms, at_end=False)
        case _:
            pass
    one, two = first.forms, second.forms
    if one is None or two is None or len(one) * len(two) > MOST_FORMS:
        return None
    forms = tuple(dict.fromkeys(start + end for start in one for end in two))
    return Piece(_either(forms), forms, first.opens_apart, second.closes_apart)


def _joined_item(item: Item, forms: tuple[str, ...], *, at_end: bool) -> Piece | None:
    """Return a list whose items stand together with one of these pieces of a word, or beside it."""
    pieces = [(fold(form), form[:1] if at_end else form[-1:]) for form in forms]
    if len(item.options) * len(pieces) > MOST_JOINED:
        return None
    options: dict[Words, str] = {}
    exact: dict[Words, Words] = {}
    for words, value in item.options:
        written = item.exact.get(words, words)
        for piece, edge in pieces:
            for together in (False,) if edge == " " else (True, False):
                made = joined(words, piece.words, at_end=at_end, together=together)
                options.setdefault(made, value)
                exact[made] = joined(written, piece.exact, at_end=at_end, together=together)
    longest_first = sorted(options.items(), key=lambda option: -len(option[0]))
    return Piece((Item(item.name, tuple(longest_first), exact),))
