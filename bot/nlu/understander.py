"""Implements `ports.Understander`: one thread, a deadline, and nothing ever raised."""

import asyncio
import logging
import threading
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.domain.understanding import IntentScore, Need, Understanding
from bot.nlu.intents import IntentClassifier, read_examples
from bot.nlu.language import LanguageReader

logger = logging.getLogger("alexia.models")

DEADLINE = 1.5  # seconds for one text
LOAD_WITHIN = 20.0  # seconds that a text waits for the models to be loaded


class BackgroundUnderstander:
    """Reads texts in a thread of its own; what cannot be told in time stays empty."""

    def __init__(self, folder: Path, languages: tuple[str, ...]) -> None:
        self._folder = folder
        self._languages = languages
        self._reader: LanguageReader | None = None
        self._classifier = IntentClassifier({})
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="alexia-models")
        self._loaded = threading.Event()
        self._started = False

    def start(self) -> None:
        """Load in the background."""
        self._started = True
        self._thread.submit(self._load)

    def reload(self, folder: Path) -> None:
        """Train anew from changed examples, in the background; the old ones serve meanwhile."""
        self._folder = folder
        self._thread.submit(self._train)

    def intents(self) -> Mapping[str, int]:
        """Return the known intents with their number of examples."""
        return self._classifier.counts

    def close(self) -> None:
        """Let go of the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def understand(
        self, text: str, needs: AbstractSet[Need], hint: str | None = None
    ) -> Understanding:
        """Read one text. ``hint``: the conversation's language so far."""
        del hint  # a text too short to tell leaves the conversation's language as it is
        if not self._started:
            return Understanding(failed="switched off")
        patience = DEADLINE if self._loaded.is_set() else LOAD_WITHIN
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(patience):
                return await loop.run_in_executor(self._thread, self._read, text, needs)
        except TimeoutError:
            return Understanding(failed="deadline")
        except RuntimeError:
            return Understanding(failed="closed")

    def _load(self) -> None:
        self._reader = LanguageReader(self._languages)
        self._train()
        self._loaded.set()

    def _train(self) -> None:
        examples, problems = read_examples(self._folder)
        for problem in problems:
            logger.error("%s", problem)
        if examples or not problems:
            self._classifier = IntentClassifier(examples)
        logger.info("models: %d intents", len(self._classifier.counts))

    def _read(self, text: str, needs: AbstractSet[Need]) -> Understanding:
        language = None
        if self._reader is not None and Need.LANGUAGE in needs:
            language = self._reader.language_of(text)
        intents: tuple[IntentScore, ...] = ()
        if Need.INTENT in needs:
            intents = self._classifier.rank(text)
        return Understanding(language=language, intents=intents)


def open_understander(folder: Path, languages: tuple[str, ...]) -> BackgroundUnderstander:
    """Return an understander that loads nothing until it is started."""
    return BackgroundUnderstander(folder, languages)
