"""All text models together: which one reads a text, and what they make of a batch."""

import logging
from collections.abc import Sequence
from pathlib import Path

from bot.domain.understanding import IntentScore, Need, Sentiment, Understanding
from bot.nlu.batches import Asked
from bot.nlu.encoder import Encoders, attempt, open_encoders
from bot.nlu.examples import IntentExamples
from bot.nlu.heads import Array, find_data, read_head
from bot.nlu.intent_fit import fit_intents
from bot.nlu.intents import IntentHeads
from bot.nlu.sentiment import EnglishTone, ManyTone, sentiment_of
from bot.nlu.tone_text import plain_tone

logger = logging.getLogger("alexia.models")
ENGLISH_HEAD = "heads/sentiment-en.safetensors"
MANY_HEAD = "heads/sentiment-many.safetensors"
MOST_OUTSIDE = 200  # generic texts that are read


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
        found: list[Understanding] = [Understanding()] * len(batch)
        english = [one.language == "en" and self.encoders.english is not None for one in batch]
        for is_english, read in ((True, self._english), (False, self._others)):
            rows = [at for at in range(len(batch)) if english[at] is is_english]
            if rows:
                for at, understood in zip(rows, read([batch[at] for at in rows]), strict=True):
                    found[at] = understood
        return found

    def train(self, intents: Sequence[IntentExamples]) -> None:
        """Learn the intents anew; until that is done the old ones serve."""
        self.intents = fit_intents(
            intents, self.encoders.by_name(), read_out_of_scope(self.folder), self.default
        )

    def _english(self, batch: Sequence[Asked]) -> list[Understanding]:
        import torch

        lm = self.encoders.english
        assert lm is not None
        texts = [plain_tone(one.text) for one in batch]
        tone = self.english_tone if _wanted(batch, Need.SENTIMENT) else None
        intents = self.intents if _wanted(batch, Need.INTENT) else None
        tones: list[Sentiment | None] = [None] * len(batch)
        ranked: Sequence[tuple[IntentScore, ...]] = [()] * len(batch)
        with torch.inference_mode():
            ids, mask = lm.batch(texts)
            hidden, above = lm.shared(ids, mask)
            if tone is not None:
                found = tone.probabilities(hidden, above, mask)
                tones = [sentiment_of(row, tone.head.labels) for row in found]
            if intents is not None:
                vectors = {"english": lm.embed(hidden, above, mask)}
                if self.encoders.many is not None:
                    vectors["many"] = self.encoders.many.encode(texts)
                ranked = intents.rank(vectors, len(texts))
        return [Understanding(intents=a, sentiment=b) for a, b in zip(ranked, tones, strict=True)]

    def _others(self, batch: Sequence[Asked]) -> list[Understanding]:
        texts = [plain_tone(one.text) for one in batch]
        tone = self.many_tone if _wanted(batch, Need.SENTIMENT) else None
        intents = self.intents if _wanted(batch, Need.INTENT) else None
        tones: list[Sentiment | None] = [None] * len(batch)
        ranked: Sequence[tuple[IntentScore, ...]] = [()] * len(batch)
        many = self.encoders.many
        vectors = many.encode(texts) if many is not None else None
        if tone is not None and vectors is not None:
            found = tone.probabilities(texts, vectors)
            tones = [sentiment_of(row, tone.head.labels) for row in found]
        if intents is not None:
            by_name: dict[str, Array] = {}
            if vectors is not None:
                by_name["many"] = vectors
            else:
                by_name["grams"] = self.encoders.grams.encode(texts)
            ranked = intents.rank(by_name, len(texts))
        return [Understanding(intents=a, sentiment=b) for a, b in zip(ranked, tones, strict=True)]


def _wanted(batch: Sequence[Asked], need: Need) -> bool:
    return any(need in one.needs for one in batch)


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
