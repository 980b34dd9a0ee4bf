"""What is wrong with a file: the place, the fact, and what to do about it."""

import re
from collections.abc import Iterable, Sequence

from bot.domain.data import dataclass

WIDEST = 160  # characters of a source line that are shown
LONGEST_WORD = 60  # that anything near is looked for
SEVERITIES = {"E": "error", "W": "warning", "A": "advice"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong, or doubtful, in a file. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    code: str
    message: str
    help: str = ""
    source_line: str = ""

    @property
    def severity(self) -> str:
        """Return ``error`` (the file cannot be used), ``warning`` or ``advice``."""
        return SEVERITIES[self.code[0]]

    def __str__(self) -> str:
        told = f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}"
        if self.help:
            told += f"\n    = help: {self.help}"
        if self.source_line.strip():
            told += f"\n    | {self._excerpt}\n    | {self._indent}^"
        return told

    @property
    def _excerpt(self) -> str:
        start = self._cut
        return self.source_line[start : start + WIDEST]

    @property
    def _indent(self) -> str:
        """Return what stands before the caret: as wide as the line up to the column."""
        return re.sub(r"[^\t]", " ", self.source_line[self._cut : self.column - 1])

    @property
    def _cut(self) -> int:
        """Return where the excerpt of a very long line begins."""
        if len(self.source_line) <= WIDEST or self.column < WIDEST:
            return 0
        return self.column - WIDEST // 2


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant, "" when none is near."""
    if len(word) > LONGEST_WORD:
        return ""
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    found = process.extractOne(
        word, list(known), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.6
    )
    return "" if found is None else str(found[0])


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems by file, line and column, each once."""
    return tuple(
        sorted(
            set(problems),
            key=lambda one: (one.file, one.line, one.column, one.code, one.message),
        )
    )


def has_errors(problems: Sequence[Problem]) -> bool:
    """Tell whether any of them keeps the files from being used."""
    return any(problem.severity == "error" for problem in problems)


def clipped(text: str) -> str:
    """Return a value as messages show it: on one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_WORD else f"{line[:LONGEST_WORD]}…"
