"""What a message appeals for, told by what it means: a person, help in danger, or an end to this.

The patterns of `appeals` are sure but few; this head reads the rest, clause by clause, in any
language of the multilingual encoder.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.domain.data import dataclass
from bot.domain.errors import WeightsMissing
from bot.domain.understanding import AppealKind
from bot.nlu.appeals import asks_for_person, threatens
from bot.nlu.encoder import Encoder
from bot.nlu.heads import Head, find_data, read_head, softmax

KINDS = ("danger", "furious", "ordinary", "person", "stuck", "threat", "wronged")
FILE = "heads/appeals.safetensors"
FEWEST = 3  # words of a clause that is read by itself
MOST = 8  # clauses of a message that are read
JOINING = r"(?:but|so|and|pero|mas|porém|y|e)\s+"
CLAUSE = re.compile(rf"(?<=[.!?;,…])\s+(?:{JOINING})?|\n+|\s+{JOINING}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """How likely a message is each kind of appeal, 0..1; its clauses are read by themselves too."""

    danger: float = 0.0  # for health, safety, money
    furious: float = 0.0
    person: float = 0.0  # a person is wished for
    stuck: float = 0.0  # the bot does not understand, or not help
    threat: float = 0.0  # of law, bank, public, leaving
    wronged: float = 0.0  # something went wrong, told in plain words

    @property
    def trouble(self) -> float:
        """The likeliest sign that something is wrong."""
        return max(self.danger, self.furious, self.stuck, self.threat, self.wronged)

    def told(self) -> dict[AppealKind, float]:
        """Return the likelihoods by kind."""
        return {
            AppealKind.PERSON: self.person, AppealKind.THREAT: self.threat,
            AppealKind.DANGER: self.danger, AppealKind.WRONGED: self.wronged,
            AppealKind.STUCK: self.stuck, AppealKind.FURIOUS: self.furious,
        }  # fmt: skip


def appeals_of(text: str, read: Appeal) -> dict[AppealKind, float]:
    """Return what a text appeals for: as ``read``, and for sure where a pattern says so."""
    told = {kind: round(likely, 4) for kind, likely in read.told().items()}
    if asks_for_person(text):
        told[AppealKind.PERSON] = 1.0
    if threatens(text):
        told[AppealKind.THREAT] = 1.0
    return told


class AppealHead:
    """One linear layer over the multilingual encoder."""

    def __init__(self, head: Head, encoder: Encoder) -> None:
        self._head = head
        self._encoder = encoder

    def read(self, texts: Sequence[str]) -> list[Appeal]:
        """Return what each text appeals for; of its clauses the strongest counts."""
        parts = [clauses(text) for text in texts]
        flat = [clause for some in parts for clause in some]
        if not flat:
            return []
        tensors = self._head.tensors
        logits = self._encoder.encode(flat) @ tensors["weights"].T + tensors["biases"]
        found, at = [], 0
        told = softmax(logits, self._head.temperature)
        for some in parts:
            best = told[at : at + len(some)].max(axis=0)
            at += len(some)
            found.append(_appeal(dict(zip(self._head.labels, best, strict=True))))
        return found


def _appeal(best: Mapping[str, np.float32]) -> Appeal:
    return Appeal(
        danger=float(best["danger"]), furious=float(best["furious"]),
        person=float(best["person"]), stuck=float(best["stuck"]), threat=float(best["threat"]),
        wronged=float(best["wronged"]),
    )  # fmt: skip


def clauses(text: str) -> list[str]:
    """Return a text in small letters, and its clauses of some words."""
    whole = text.casefold()
    parts = [part for part in CLAUSE.split(whole) if len(part.split()) >= FEWEST]
    return [whole, *(part for part in parts[:MOST] if part != whole)]


def find_appeals(folder: Path, encoder: Encoder | None) -> AppealHead | None:
    """Return the head, None where it or the encoder is not there."""
    if encoder is None:
        return None
    try:
        head = read_head(find_data(folder, FILE))
    except WeightsMissing:
        return None
    fits = set(head.labels) == set(KINDS) and "weights" in head.tensors
    return AppealHead(head, encoder) if fits else None
