"""Reads a sentence pattern as it is written into its parts."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.language.folding import fold, spellings
from bot.language.glued import Alternatives, Piece, word_piece
from bot.language.parts import Choice, Gap, Item, Number, Part, Sequence, Touching, Word
from bot.language.patterns import NAME, Pattern, PatternBroken
from bot.language.places import NOWHERE, Place
from bot.language.tokens import tokens_of
from bot.language.wordings import wordings


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


_ESCAPED = re.compile(r"\\([\[\](){}<>|*;\\])")

OTHER_KINDS: Mapping[str, str] = {
    "digits": "number", "digit": "number", "int": "number", "integer": "number",
    "float": "number", "num": "number", "text": "word", "string": "word", "str": "word",
}  # fmt: skip
"""Kinds of captures that people write from habit, and ours that do the same."""


class _Parser:
    """Reads one pattern."""

    def __init__(
        self,
        source: str,
        lists: Mapping[str, Mapping[str, tuple[str, ...]]],
        phrases: Mapping[str, str],
        depth: int = 0,
    ) -> None:
        self._tokens = tokens_of(source)
        self._at = 0
        self._lists = lists
        self._phrases = phrases
        self._depth = depth
        self.captures: list[str] = []
        self.wild = False
        self.counts = False

    def parse(self) -> Sequence:
        return self.whole().sequence()

    def whole(self) -> Alternatives:
        found = self._options("")
        if self._at < len(self._tokens):
            raise PatternBroken(f"{self._tokens[self._at].text!r} closes nothing")
        return found

    def _options(self, closing: str) -> Alternatives:
        """Return the alternatives up to a closing mark."""
        found = Alternatives()
        while self._at < len(self._tokens) and self._tokens[self._at].text not in ("]", ")"):
            token = self._tokens[self._at]
            self._at += 1
            match token.text:
                case "|":
                    found.close(token)
                case ";":  # outside ( ) it is punctuation, and dropped as in messages
                    if closing == ")":
                        found.leave_order_open()
                case _:
                    found.add(self._piece(token.text), token)
        last = self._tokens[self._at] if self._at < len(self._tokens) else None
        found.close(last)
        if closing:
            if last is None or last.text != closing:
                raise PatternBroken(f"a {closing!r} is missing")
            self._at += 1
        return found

    def _piece(self, text: str) -> Piece:
        match text:
            case "[":
                return self._optional()
            case "(":
                return self._options(")").piece()
            case "*":
                self.wild = True
                return Piece((Gap(1, None),))
            case _ if text.startswith("{"):
                return Piece((self._slot(text[1:-1].strip()),))
            case _ if text.startswith("<"):
                return self._phrase(text[1:-1].strip())
            case _:
                return word_piece(_ESCAPED.sub(r"\1", text))

    def _optional(self) -> Piece:
        if [one.text for one in self._tokens[self._at : self._at + 2]] == ["*", "]"]:
            self._at += 2
            self.wild = True
            return Piece((Gap(0, None),))
        return self._options("]").piece(may_be_missing=True)

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
        found = inner.whole().outside()
        self.captures += inner.captures
        self.wild = self.wild or inner.wild
        self.counts = self.counts or inner.counts
        return replace(found, parts=(Choice((found.parts,)),))

    def _name(self, name: str) -> None:
        if not re.fullmatch(NAME, name):
            raise PatternBroken(f"{name!r} is not a name")
        self.captures.append(name)
