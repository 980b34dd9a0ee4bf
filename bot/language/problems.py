"""What is wrong with a file: the place, the fact, and what to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein


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
        """Return ``error`` (the file cannot be used) or ``warning``."""
        return "warning" if self.code.startswith("W") else "error"

    def __str__(self) -> str:
        told = f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}"
        if self.help:
            told += f"\n    = help: {self.help}"
        if self.source_line.strip():
            told += f"\n    | {self.source_line}\n    | {' ' * (self.column - 1)}^"
        return told


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant, "" when none is near."""
    found = process.extractOne(
        word, list(known), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.6
    )
    return "" if found is None else str(found[0])


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems by file, line and column, each once."""
    return tuple(sorted(set(problems), key=lambda one: (one.file, one.line, one.column, one.code)))


def has_errors(problems: Sequence[Problem]) -> bool:
    """Tell whether any of them keeps the files from being used."""
    return any(problem.severity == "error" for problem in problems)
