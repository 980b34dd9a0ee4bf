"""All text models together: which one reads a text, and what they make of a batch."""

import logging
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from bot.domain.data import dataclass
from bot.domain.understanding import Need, Understanding
from bot.nlu.batches import Asked
from bot.nlu.encoder import Encoders, attempt, open_encoders
from bot.nlu.examples import IntentExamples
from bot.nlu.heads import Array, find_data, read_head
from bot.nlu.intent_files import cached_file, load_heads, save_heads
from bot.nlu.intent_fit import fit_intents
from bot.nlu.intents import Guess, IntentHeads
from bot.nlu.sentiment import EnglishTone, ManyTone, sentiment_of
from bot.nlu.tone_text import plain_tone

logger = logging.getLogger("alexia.models")
ENGLISH_HEAD = "heads/sentiment-en.safetensors"
MANY_HEAD = "heads/sentiment-many.safetensors"
MOST_OUTSIDE = 200  # generic texts that are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What lies behind the reading of one text."""

    tone: Array | None = None  # probabilities of LABELS
    guess: Guess | None = None


class TextModels:
    """Encoders, tone heads and intents, as many of them as could be loaded."""

    def __init__(
        self, folder: Path, *, default: str = "en", encoders: Encoders | None = None
    ) -> None:
        self.encoders = encoders or open_encoders()
        self.folder = folder
        self.default = default
        self.intents: IntentHeads | None = None
        many = attempt("tone", lambda: ManyTone(read_head(find_data(folder, MANY_HEAD))))
        self.many_tone = many if self.encoders.many else None
        self.english_tone: EnglishTone | None = None
        if (english := self.encoders.english) is not None:
            file = find_data(folder, ENGLISH_HEAD)
            self.english_tone = attempt("tone", lambda: EnglishTone(english, read_head(file)))

    def read(self, batch: Sequence[Asked]) -> list[Understanding]:
        """Return what is asked of each text; a part that is missing leaves its field empty."""
        return [
            Understanding(
                intents=self.intents.scores(found.guess) if self.intents and found.guess else (),
                sentiment=None if found.tone is None else sentiment_of(found.tone),
            )
            for found in self.look(batch)
        ]

    def look(self, batch: Sequence[Asked]) -> list[Look]:
        """Return the probabilities behind the readings."""
        found: list[Look] = [Look()] * len(batch)
        english = [one.language == "en" and self.encoders.english is not None for one in batch]
        for is_english, look in ((True, self._english), (False, self._others)):
            rows = [at for at in range(len(batch)) if english[at] is is_english]
            if rows:
                some = [batch[at] for at in rows]
                for at, one in zip(rows, look(some, _wanted(some)), strict=True):
                    found[at] = one
        return found

    def train(self, intents: Sequence[IntentExamples], *, keep: bool = True) -> None:
        """Learn the intents anew; until that is done the old ones serve.

        Where the new ones tell held-out examples of the same intents apart clearly worse, the old
        ones stay.

        Args:
            keep: Whether the cache may serve them, and is to hold them for the next start.
        """
        encoders, outside = self.encoders.by_name(), read_out_of_scope(self.folder)
        file = cached_file(intents, encoders, outside, self.default)
        fresh = load_heads(file) if keep else None
        if fresh is None:
            fresh = fit_intents(intents, encoders, outside, self.default)
            if fresh is not None and keep:
                save_heads(fresh, file)
        if self.intents is not None and fresh is not None and fresh.worse_than(self.intents):
            logger.error("models: the new examples tell intents apart worse; the old ones stay")
            return
        self.intents = fresh

    def _english(self, batch: Sequence[Asked], needs: AbstractSet[Need]) -> list[Look]:
        import torch

        lm = self.encoders.english
        assert lm is not None
        texts = [plain_tone(one.text) for one in batch]
        tones: Sequence[Array | None] = [None] * len(batch)
        guesses: Sequence[Guess | None] = [None] * len(batch)
        with torch.inference_mode():
            ids, mask = lm.batch(texts)
            hidden, above = lm.shared(ids, mask)
            if self.english_tone is not None and Need.SENTIMENT in needs:
                tones = list(self.english_tone.probabilities(hidden, above, mask))
            if self.intents is not None and Need.INTENT in needs:
                vectors = {"english": lm.embed(hidden, above, mask)}
                if self.encoders.many is not None:
                    vectors["many"] = self.encoders.many.encode(texts)
                guesses = self.intents.guess(vectors, len(texts))
        return [Look(tone=a, guess=b) for a, b in zip(tones, guesses, strict=True)]

    def _others(self, batch: Sequence[Asked], needs: AbstractSet[Need]) -> list[Look]:
        texts = [plain_tone(one.text) for one in batch]
        tones: Sequence[Array | None] = [None] * len(batch)
        guesses: Sequence[Guess | None] = [None] * len(batch)
        vectors: dict[str, Array] = {}
        if self.encoders.many is not None:
            vectors["many"] = self.encoders.many.encode(texts)
            if self.many_tone is not None and Need.SENTIMENT in needs:
                tones = list(self.many_tone.probabilities(texts, vectors["many"]))
        else:
            vectors["grams"] = self.encoders.grams.encode(texts)
        if self.intents is not None and Need.INTENT in needs:
            guesses = self.intents.guess(vectors, len(texts))
        return [Look(tone=a, guess=b) for a, b in zip(tones, guesses, strict=True)]


def _wanted(batch: Sequence[Asked]) -> frozenset[Need]:
    return frozenset().union(*(one.needs for one in batch))


def read_out_of_scope(folder: Path) -> tuple[str, ...]:
    """Return generic texts that no intent is meant for."""
    import yaml

    file = find_data(folder, "out_of_scope.yaml")
    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
        return tuple(str(text) for text in tree["texts"])[:MOST_OUTSIDE]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as reason:
        logger.warning("models: without %s (%s)", file.name, reason)
        return ()
