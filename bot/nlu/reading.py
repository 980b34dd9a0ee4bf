"""All text models together: which one reads a text, and what they make of a batch."""

import logging
from collections.abc import Sequence
from pathlib import Path

from bot.domain.data import dataclass
from bot.domain.understanding import AppealKind, Need, Understanding
from bot.nlu.appeal_head import Appeal, appeals_of, find_appeals
from bot.nlu.batches import Asked
from bot.nlu.chargrams import SPELLING
from bot.nlu.chat_words import spelt_out
from bot.nlu.choice import ModelChoice
from bot.nlu.encoder import Encoders, open_encoders
from bot.nlu.examples import IntentExamples
from bot.nlu.heads import Array
from bot.nlu.intent_files import cached_file, load_heads, save_heads
from bot.nlu.intent_fit import fit_intents
from bot.nlu.intents import Guess, IntentHeads
from bot.nlu.out_of_scope import read_outside
from bot.nlu.passes import Passes
from bot.nlu.registry import read_registry
from bot.nlu.tone_text import plain_tone
from bot.nlu.tones import Tone, Tones

logger = logging.getLogger("alexia.models")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What lies behind the reading of one text."""

    tone: Array | None = None  # probabilities of LABELS
    guess: Guess | None = None


class TextModels:
    """Encoders, readers of tone and intents, as many of them as could be loaded."""

    def __init__(
        self,
        folder: Path,
        *,
        default: str = "en",
        choice: ModelChoice | None = None,
        encoders: Encoders | None = None,
    ) -> None:
        chosen, registry = choice or ModelChoice(), read_registry(folder)
        self.encoders = encoders or open_encoders(chosen, registry)
        self.folder = folder
        self.default = default
        self.intents: IntentHeads | None = None
        self.tones = Tones(folder, chosen, self.encoders, registry)
        self.appeals = find_appeals(folder, self.encoders.many)

    def read(self, batch: Sequence[Asked]) -> list[Understanding]:
        """Return what is asked of each text; a part that is missing leaves its field empty."""
        return [
            Understanding(
                intents=self.intents.scores(found.guess) if self.intents and found.guess else (),
                sentiment=None if found.tone is None else self.tones.told(found.tone),
                appeals=appeals,
            )
            for found, appeals in zip(self.look(batch), self._appealed(batch), strict=True)
        ]

    def _appealed(self, batch: Sequence[Asked]) -> list[dict[AppealKind, float]]:
        """Return what the texts appeal for of which that is asked; without a head by patterns."""
        texts = [one.text for one in batch if Need.APPEAL in one.needs]
        read = self.appeals.read(texts) if self.appeals else [Appeal()] * len(texts)
        told = iter([appeals_of(*one) for one in zip(texts, read, strict=True)])
        return [next(told) if Need.APPEAL in one.needs else {} for one in batch]

    def look(self, batch: Sequence[Asked]) -> list[Look]:
        """Return the probabilities behind the readings."""
        groups: dict[tuple[bool, bool, Tone | None], list[int]] = {}
        own = self.intents.languages if self.intents else ()
        for at, one in enumerate(batch):
            tone = self.tones.reader(one.language)
            of_examples = one.language[:2] in own
            groups.setdefault((one.language == "en", of_examples, tone), []).append(at)
        found: list[Look] = [Look()] * len(batch)
        for (in_english, of_examples, tone), rows in groups.items():
            some = [batch[at] for at in rows]
            looks = self._look(some, tone, in_english=in_english, of_examples=of_examples)
            for at, look in zip(rows, looks, strict=True):
                found[at] = look
        return found

    def train(self, intents: Sequence[IntentExamples], *, keep: bool = True) -> None:
        """Learn the intents anew; until that is done the old ones serve.

        Where the new ones tell held-out examples of the same intents apart clearly worse, the old
        ones stay.

        Args:
            keep: Whether the cache may serve them, and is to hold them for the next start.
        """
        encoders, outside = self.encoders.by_name(), read_outside(self.folder)
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

    def _look(
        self, batch: Sequence[Asked], tone: Tone | None, *, in_english: bool, of_examples: bool
    ) -> list[Look]:
        needs = frozenset().union(*(one.needs for one in batch))
        plain = [plain_tone(one.text) for one in batch]
        full = [spelt_out(text, one.language) for text, one in zip(plain, batch, strict=True)]
        toned = tone is not None and Need.SENTIMENT in needs
        passes = Passes(self.encoders, plain if toned else full)
        tones: Sequence[Array | None] = [None] * len(batch)
        guesses: Sequence[Guess | None] = [None] * len(batch)
        if tone is not None and Need.SENTIMENT in needs:
            tones = list(tone(passes))
        if self.intents is not None and Need.INTENT in needs:
            vectors = self._of_intents(passes, full, in_english=in_english)
            if of_examples and "many" in vectors:
                vectors["spelling"] = SPELLING.encode(full)
            guesses = self.intents.guess(vectors, len(batch))
        return [Look(tone=a, guess=b) for a, b in zip(tones, guesses, strict=True)]

    def _of_intents(
        self, passes: Passes, full: Sequence[str], *, in_english: bool
    ) -> dict[str, Array]:
        """Return the embeddings of texts in full words; most are the tone's texts as they are."""
        found = passes.of_intents(in_english=in_english)
        other = [at for at, text in enumerate(full) if text != passes.texts[at]]
        if not other:
            return found
        again = Passes(self.encoders, [full[at] for at in other])
        for name, rows in again.of_intents(in_english=in_english).items():
            found[name] = found[name].copy()
            found[name][other] = rows
        return found
