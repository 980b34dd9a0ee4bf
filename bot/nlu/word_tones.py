"""The tone of one word by which something is praised or blamed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from bot.nlu.heads import Array, Head
from bot.nlu.multilingual import Multilingual
from bot.nlu.predicates import Predicate, Stand, stem_of

KEPT = 10_000  # words whose tone is remembered
SURE = 3.0  # logit of a word that was learnt, above and below none
NET, WORD = 0.3, 0.65  # of a statement by one word: how much the network counts, and the word
BIAS = np.array((0, -0.25, 0.45))
DENIED = np.array(((0, 0, 1.1), (0.4, 0.2, 0), (0, 0, 0)))  # (labels, those of the word)
DENIED_BIAS = np.array((1.6, 1.9, -2.7))
DENIED_NET = 0.2  # how much the network counts beside a word that is denied
UNDONE = np.array((-1.2, 0, 1.2))  # what a lean of one adds, beyond UNSURE and up to MOST
UNSURE, MOST = 0.2, 4.0
HOTTER = 1.6  # these weights were fitted without a temperature


class WordTones:
    """Tells words by what was learnt of their stem, else by a linear head over their embedding."""

    def __init__(self, head: Head, encoder: Multilingual | None) -> None:
        tensors = head.tensors
        self._weight, self._bias = tensors.get("word.weight"), tensors.get("word.bias")
        stems = tensors.get("word.stems", np.zeros(0))
        tones = tensors.get("word.tones", np.zeros(0))
        self._known = dict(zip(map(int, stems), map(int, tones), strict=True))
        self._encoder = encoder
        self._told: dict[tuple[str, bool], Array] = {}

    def tells(self, one: Predicate) -> bool:
        """Return whether a statement is read by its word: of things only those that were learnt."""
        return not one.is_thing or self._learnt(one) is not None

    def of(self, words: Sequence[Predicate]) -> list[Array]:
        """Return the logits of each word's labels, as of a word that is said."""
        if self._weight is None or self._encoder is None:
            return []
        self._learn([one for one in words if (one.word, one.is_spanish) not in self._told])
        found = [self._told[one.word, one.is_spanish] for one in words]
        if len(self._told) > KEPT:
            self._told.clear()
        return found

    def _learn(self, words: Sequence[Predicate]) -> None:
        unknown = []
        for one in words:
            tone = self._learnt(one)
            if tone is None:
                unknown.append(one)
            else:
                sure = np.full(3, -SURE, dtype=np.float32)
                sure[tone + 1] = SURE
                self._told[one.word, one.is_spanish] = sure
        if not unknown:
            return
        assert self._encoder is not None
        assert self._weight is not None
        views = sorted({view for one in unknown for view in one.views})
        known = dict(zip(views, self._encoder.encode(views), strict=True))
        for one in unknown:
            mean = np.mean([known[view] for view in one.views], axis=0)
            self._told[one.word, one.is_spanish] = self._weight @ mean + self._bias

    def _learnt(self, one: Predicate) -> int | None:
        for is_spanish in (one.is_spanish, not one.is_spanish):
            found = self._known.get(stem_key(one.word, is_spanish=is_spanish))
            if found is not None:
                return found
        return None


def stem_key(word: str, *, is_spanish: bool) -> int:
    """Return the number by which a word's stem is kept: 24 bits, exact as a float."""
    stem = f"{'es' if is_spanish else 'pt'}:{stem_of(word)}"
    return zlib.crc32(stem.encode()) & 0xFFFFFF


def stated(stand: Stand, word: Array, net: Array) -> Array:
    """Return the logits of a statement by one word.

    Args:
        stand: How the word is meant.
        word: The word's logits.
        net: What the network over embeddings says of the statement.
    """
    found: Array
    match stand:
        case Stand.SAID:
            found = HOTTER * (NET * net + WORD * word + BIAS)
        case Stand.DENIED:
            turned = DENIED @ (word - word.mean()) + DENIED_BIAS
            found = HOTTER * (turned + DENIED_NET * net)
        case Stand.UNDONE:
            lean = word[2] - word[0]
            found = net + UNDONE * np.sign(lean) * np.clip(abs(lean) - UNSURE, 0, MOST)
    return found
