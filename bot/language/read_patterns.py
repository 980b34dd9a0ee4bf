"""Reads a sentence pattern as it is written into its parts."""

import itertools
import re
from collections.abc import Mapping

from bot.language.folding import fold, spellings
from bot.language.parts import (
    Choice,
    Gap,
    Item,
    Number,
    Part,
    Sequence,
    Touching,
    Word,
    Words,
)
from bot.language.patterns import NAME, Pattern, PatternBroken
from bot.language.places import NOWHERE, Place
from bot.language.touching import touch
from bot.language.wordings import joined, wordings


def parse_pattern(
    source: str,
    lists: Mapping[str, Mapping[str, tuple[str, ...]]],
    phrases: Mapping[str, str],
    place: Place = NOWHERE,
) -> Pattern:
    """Return a pattern ready to match. Raises PatternBroken."""
    parser = _Parser(source, lists, phrases)
    sequence = parser.parse()
    return Pattern(
        source=source,
        captures=tuple(dict.fromkeys(parser.captures)),
        has_wildcard=parser.wild,
        has_number=parser.counts,
        literals=_literals(sequence),
        place=place,
        compiled=sequence,
    )


def spoken_forms(source: str, phrases: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the wordings of a synonym such as ``[the] big one``. Raises PatternBroken."""
    sequence = _Parser(source, {}, phrases or {}).parse()
    forms = tuple(dict.fromkeys(" ".join(words) for words in wordings(sequence)))
    return tuple(form for form in forms if form)


def _literals(sequence: Sequence) -> int:
    count = 0
    for part in sequence:
        match part:
            case Word() | Item():
                count += 1
            case Choice(options):
                count += min(_literals(option) for option in options)
            case Touching(pieces=pieces):
                count += sum(map(_literals, pieces))
            case Gap() | Number():
                pass
    return count


_TOKEN = re.compile(r"\{[^{}]*\}|<[^<>]*>|[\[\]()|*;]|(?:\\[\[\](){}<>|*;\\]|[^\s\[\]()|*{}<>;])+")
_MAYBE_BLANK = re.compile(r"\[\s+\]")
_BLANK = "\0"  # stands for a blank that may be missing; no file can hold it
_ESCAPED = re.compile(r"\\([\[\](){}<>|*;\\])")
MOST_FORMS = 64  # of one word with optional pieces inside
MOST_JOINED = 20_000  # words that a list makes together with what touches it
MOST_IN_ANY_ORDER = 5  # parts of (a;b;c); they have 120 orders

OTHER_KINDS: Mapping[str, str] = {
    "digits": "number", "digit": "number", "int": "number", "integer": "number",
    "float": "number", "num": "number", "text": "word", "string": "word", "str": "word",
}  # fmt: skip
"""Kinds of captures that people write from habit, and ours that do the same."""
Written = tuple[str, ...] | None
"""The words that a piece may stand for, when it is a piece of one word; None when it is more."""
Piece = tuple[Sequence, Written]


class _Alternatives:
    """Gathers what stands within one pair of brackets, between the marks ``|`` and ``;``."""

    def __init__(self) -> None:
        self.options: list[Sequence] = []
        self.written: list[str] | None = []  # the pieces of one word; None when they are more
        self._parts: list[Piece] = []
        self._touching: set[int] = set()  # numbers of parts that touch the one before
        self._unordered: list[Sequence] = []

    def add(self, piece: Piece, glued: bool, apart: bool = False) -> None:
        sequence, written = piece
        if apart and written is not None:
            piece = sequence, (*(f" {form}" for form in written), *written)
        glued = glued and bool(self._parts)
        one = _joined(self._parts[-1], piece) if glued else None
        if one is not None:
            self._parts[-1] = one
            return
        last = len(self._parts) - 1
        if glued and touch(self._parts[last][0], piece[0], within=last in self._touching):
            self._touching.add(last + 1)
        self._parts.append(piece)

    def leave_order_open(self) -> None:
        self._unordered.append(self._taken())

    def close(self) -> None:
        forms: Written = None
        if not self._unordered and len(self._parts) < 2:
            forms = self._parts[0][1] if self._parts else ("",)
        self.options.extend(_orders((*self._unordered, self._taken())))
        known = self.written is not None and forms is not None
        self.written = [*(self.written or ()), *(forms or ())] if known else None
        self._unordered.clear()

    def _taken(self) -> Sequence:
        """Return what was added, as one sequence; begin anew."""
        runs: list[list[Sequence]] = []
        for number, (sequence, _) in enumerate(self._parts):
            if number in self._touching:
                runs[-1].append(sequence)
            else:
                runs.append([sequence])
        self._parts.clear()
        self._touching.clear()
        return tuple(part for run in runs for part in _together(run))


class _Parser:
    """Reads one pattern."""

    def __init__(
        self,
        source: str,
        lists: Mapping[str, Mapping[str, tuple[str, ...]]],
        phrases: Mapping[str, str],
        depth: int = 0,
    ) -> None:
        self._tokens, self._glued, self._apart = _tokens(_MAYBE_BLANK.sub(_BLANK, source))
        self._at = 0
        self._lists = lists
        self._phrases = phrases
        self._depth = depth
        self.captures: list[str] = []
        self.wild = False
        self.counts = False

    def parse(self) -> Sequence:
        return self.read()[0]

    def read(self) -> Piece:
        options, written = self._options("")
        if self._at < len(self._tokens):
            raise PatternBroken(f"{self._tokens[self._at]!r} closes nothing")
        return options[0] if len(options) == 1 else (Choice(tuple(options)),), written

    def _options(self, closing: str) -> tuple[list[Sequence], Written]:
        """Return the alternatives up to a closing mark, and the pieces of a word that they are."""
        found = _Alternatives()
        while self._at < len(self._tokens) and self._tokens[self._at] not in ("]", ")"):
            token = self._tokens[self._at]
            self._at += 1
            match token:
                case "|":
                    found.close()
                case ";":  # outside ( ) it is punctuation, and dropped as in messages
                    if closing == ")":
                        found.leave_order_open()
                case _:
                    glued, apart = self._glued[self._at - 1], self._apart[self._at - 1]
                    found.add(self._part(token), glued, apart)
        found.close()
        if closing:
            if self._at >= len(self._tokens) or self._tokens[self._at] != closing:
                raise PatternBroken(f"a {closing!r} is missing")
            self._at += 1
        return found.options, None if found.written is None else tuple(found.written)

    def _part(self, token: str) -> Piece:
        match token:
            case "[":
                return self._optional()
            case "(":
                options, written = self._options(")")
                return (Choice(tuple(options)),), written
            case "*":
                self.wild = True
                return (Gap(1, None),), None
            case _ if token.startswith("{"):
                return (self._slot(token[1:-1].strip()),), None
            case _ if token.startswith("<"):
                return self._phrase(token[1:-1].strip())
            case _:
                forms = _with_and_without_blanks(_ESCAPED.sub(r"\1", token))
                return _either(forms), forms

    def _optional(self) -> Piece:
        if self._tokens[self._at : self._at + 2] == ["*", "]"]:
            self._at += 2
            self.wild = True
            return (Gap(0, None),), None
        options, written = self._options("]")
        return (Choice((*options, ())),), None if written is None else (*written, "")

    def _slot(self, inside: str) -> Part:
        first, colon, second = (piece.strip() for piece in inside.partition(":"))
        if not colon:
            self._name(first)
            self.wild = True
            return Gap(1, None, first)
        if second == "word":
            if first != "_":
                self._name(first)
            self.wild = True
            return Gap(1, 1, first)
        if second == "number" or re.fullmatch(r"-?\d+\s*-\s*-?\d+", second):
            return self._number(first, second)
        return self._item(first, second)

    def _number(self, name: str, kind: str) -> Number:
        self.counts = True
        if name != "_":
            self._name(name)
        if kind == "number":
            return Number(name)
        bounds = re.fullmatch(r"(-?\d+)\s*-\s*(-?\d+)", kind)
        assert bounds is not None
        return Number(name, float(bounds[1]), float(bounds[2]))

    def _item(self, list_name: str, name: str) -> Item:
        if list_name not in self._lists and name in OTHER_KINDS:
            raise PatternBroken(f"there is no {{{list_name}:{name}}}; write {{{list_name}:"
                                f"{OTHER_KINDS[name]}}}")  # fmt: skip
        if list_name not in self._lists:
            raise PatternBroken(f"there is no list {list_name!r}")
        if name != "_":
            self._name(name)
        items = self._lists[list_name].items()
        spoken = [
            (fold(form), value) for value, synonyms in items for one in (value, *synonyms)
            for form in spellings(one)
        ]  # fmt: skip
        options = [(folded.words, value) for folded, value in spoken]
        options.sort(key=lambda option: -len(option[0]))
        exact = {folded.words: folded.exact for folded, _ in spoken}
        kept = tuple(option for option in options if option[0])
        return Item("" if name == "_" else name, kept, exact)

    def _phrase(self, name: str) -> Piece:
        if name not in self._phrases:
            raise PatternBroken(f"there is no phrase {name!r}")
        if self._depth > 10:
            raise PatternBroken(f"the phrase {name!r} holds itself")
        inner = _Parser(self._phrases[name], self._lists, self._phrases, self._depth + 1)
        options, written = inner.read()
        self.captures += inner.captures
        self.wild = self.wild or inner.wild
        self.counts = self.counts or inner.counts
        return (Choice((options,)),), written

    def _name(self, name: str) -> None:
        if not re.fullmatch(NAME, name):
            raise PatternBroken(f"{name!r} is not a name")
        self.captures.append(name)


def _orders(sequences: tuple[Sequence, ...]) -> list[Sequence]:
    """Return the sequences one behind the other, in every order."""
    if len(sequences) > MOST_IN_ANY_ORDER:
        raise PatternBroken(f"more than {MOST_IN_ANY_ORDER} parts in any order; split it")
    return [tuple(itertools.chain(*order)) for order in itertools.permutations(sequences)]


def _together(run: list[Sequence]) -> Sequence:
    """Return pieces that touch: words of their own, or where that does not fit, in one word."""
    apart = tuple(part for sequence in run for part in sequence)
    return apart if len(run) == 1 else (Choice((apart, (Touching(tuple(run)),))),)


def _opens_apart(source: str, at: int) -> bool:
    """Tell whether a bracket at ``at`` holds a blank first, as in ``turn on[ the] light``."""
    return source[at] in "[(" and source[at + 1 : at + 2].isspace()


def _closes_apart(source: str, end: int) -> bool:
    return source[end - 1] in "])" and source[end - 2 : end - 1].isspace()


def _tokens(source: str) -> tuple[list[str], list[bool], list[bool]]:
    """Return a pattern's tokens; which touch the one before; which may stand apart in a word.

    The latter stand behind ``[ ]`` or are the second of ``word(s| beside)``.
    """
    tokens: list[str] = []
    glued: list[bool] = []
    apart: list[bool] = []
    end, blank = 0, False
    for found in _TOKEN.finditer(source):
        token, start = found[0], found.start()
        if token == _BLANK and start == end:
            end, blank = found.end(), True
            continue
        touches = (
            start == end and not _opens_apart(source, start) and not _closes_apart(source, end)
        )
        second = bool(tokens) and tokens[-1] == "|" and start > end
        tokens.append(token)
        glued.append(len(tokens) > 1 and touches)
        apart.append(second or (blank and touches))
        end, blank = found.end(), False
    left = _TOKEN.sub("", source).strip()
    if left:
        raise PatternBroken(f"{left[0]!r} has no partner")
    return tokens, glued, apart


def _with_and_without_blanks(told: str) -> tuple[str, ...]:
    """Return the forms of ``per[ ]cent``, that is ``percent`` and ``per cent``."""
    first, *rest = told.split(_BLANK)
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


def _joined(first: Piece, second: Piece) -> Piece | None:
    """Return two pieces that touch as the forms of one word; None when they are no such pieces.

    A list that touches one is a list of the words that they make together: ``{room}licht``.
    """
    (before, one), (behind, two) = first, second
    match before, one, behind, two:
        case [Item() as item], None, _, tuple() as forms:
            return _joined_item(item, forms, at_end=True)
        case _, tuple() as forms, [Item() as item], None:
            return _joined_item(item, forms, at_end=False)
        case _:
            pass
    if one is None or two is None or len(one) * len(two) > MOST_FORMS:
        return None
    forms = tuple(dict.fromkeys(start + end for start in one for end in two))
    return _either(forms), forms


def _joined_item(item: Item, forms: tuple[str, ...], *, at_end: bool) -> Piece | None:
    """Return a list whose items stand together with one of these pieces of a word, or beside it."""
    pieces = [fold(form) for form in forms]
    if len(item.options) * len(pieces) > MOST_JOINED:
        return None
    options: dict[Words, str] = {}
    exact: dict[Words, Words] = {}
    for words, value in item.options:
        written = item.exact.get(words, words)
        for piece in pieces:
            for together in (True, False):
                made = joined(words, piece.words, at_end=at_end, together=together)
                options.setdefault(made, value)
                exact[made] = joined(written, piece.exact, at_end=at_end, together=together)
    longest_first = sorted(options.items(), key=lambda option: -len(option[0]))
    return (Item(item.name, tuple(longest_first), exact),), None
