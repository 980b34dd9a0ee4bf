"""Many regular expressions, or plain texts, looked for in one text at once, on RE2."""

from collections.abc import Sequence
from typing import Any

import re2

SET_SIZE = 10_000  # expressions in one set: one pass over a text costs hardly more for many
LEAST_MEMORY = 8 << 20  # bytes that a set may take
MEMORY_EACH = 16 << 10  # and so many more for each expression
MOST_WORDS = 8_192  # kept as holding nothing; people use the same words again and again
LONGEST_WORD = 32  # letters of a word that is kept


class Needles:
    """Finds whose expressions occur in a text. Add all, then close, then find.

    Attributes:
        is_any: There is something to look for.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[int]] = {}
        self._sets: list[tuple[Any, list[list[int]]]] = []
        self._always: list[int] = []  # whose expressions no set takes
        self.is_any = False

    def add(self, position: int, expression: str) -> None:
        """Note an expression and whose it is."""
        self._waiting.setdefault(expression, []).append(position)
        self.is_any = True

    def add_text(self, position: int, text: str) -> None:
        """Note a plain text and whose it is."""
        self.add(position, re2.escape(text))

    def close(self) -> None:
        """Make all that was added ready to be looked for."""
        waiting = list(self._waiting.items())
        self._waiting = {}
        for start in range(0, len(waiting), SET_SIZE):
            self._close(waiting[start : start + SET_SIZE])

    def _close(self, part: list[tuple[str, list[int]]]) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = LEAST_MEMORY + len(part) * MEMORY_EACH
        made = re2.Set.SearchSet(options)
        try:
            for expression, _ in part:
                made.Add(expression)
            made.Compile()
        except re2.error:
            self._halve(part)
        else:
            self._sets.append((made.Match, [positions for _, positions in part]))

    def _halve(self, part: list[tuple[str, list[int]]]) -> None:
        """Take as two sets what is too much for one."""
        if len(part) == 1:
            self._always.extend(part[0][1])
            return
        middle = len(part) // 2
        self._close(part[:middle])
        self._close(part[middle:])

    def found(self, text: str) -> list[int]:
        """Return whose expressions occur in a text."""
        found = list(self._always)
        raw = text.encode("utf-8", "replace")
        for match, owners in self._sets:
            for number in match(raw) or ():
                found += owners[number]
        return found


class WordNeedles:
    """Finds whose pieces, of the letters a to z, stand inside folded words.

    Attributes:
        is_any: There is something to look for.
    """

    def __init__(self) -> None:
        self._needles = Needles()
        self._shortest = 0  # letters
        self._empty: set[str] = set()
        self.is_any = False

    def add_text(self, position: int, text: str) -> None:
        """Note a piece and whose it is."""
        self._needles.add_text(position, text)
        self._shortest = min(self._shortest, len(text)) if self.is_any else len(text)
        self.is_any = True

    def close(self) -> None:
        """Make all that was added ready to be looked for."""
        self._needles.close()

    def found(self, words: Sequence[str]) -> list[int]:
        """Return whose pieces stand inside some word."""
        if self._empty.issuperset(words):
            return []
        new = [word for word in words if word not in self._empty]
        long = [word for word in new if len(word) >= self._shortest]
        found = self._needles.found(" ".join(long)) if long else []
        if not found:
            self._remember(new)
        return found

    def _remember(self, words: Sequence[str]) -> None:
        """Keep words that hold nothing, so that they are not looked through again."""
        if len(self._empty) + len(words) > MOST_WORDS:
            self._empty.clear()
        self._empty.update(word for word in words if len(word) <= LONGEST_WORD)
