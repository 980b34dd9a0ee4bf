"""Implements `ports.Understander`: models in a process of their own, a deadline, nothing raised."""

import asyncio
import contextlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from bot.domain.data import replace
from bot.domain.understanding import Need, Understanding
from bot.nlu.batches import Asked, ModelThread
from bot.nlu.choice import ModelChoice, choice_of
from bot.nlu.entity_spans import entity_words
from bot.nlu.language import LanguageReader
from bot.nlu.model_process import ModelProcess, Models, ModelsLost
from bot.nlu.niceness import step_back

if TYPE_CHECKING:
    from bot.config import Config

P = ParamSpec("P")
Found = TypeVar("Found")
logger = logging.getLogger("alexia.models")

DEADLINE = 1.5  # seconds for one text
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0  # seconds before models that are gone are loaded again
LANGUAGES_WITHIN = 10.0  # seconds
STEADY = 60.0  # seconds after which a death is not taken for the next of a row
REMEMBERED = 10_000  # texts whose readings are kept
Known = OrderedDict[tuple[str, str, frozenset[Need]], Understanding]
SLOW = frozenset({Need.INTENT, Need.SENTIMENT, Need.APPEAL})  # what needs the model thread


class BackgroundUnderstander:
    """Reads texts in the background; what cannot be told in time stays empty."""

    def __init__(
        self,
        folder: Path,
        languages: tuple[str, ...],
        *,
        default: str,
        deadline: float,
        models: Models,
    ) -> None:
        self._folder = folder
        self._languages = languages
        self._default = default
        self._deadline = deadline
        self._reader: LanguageReader | None = None
        self._models = models
        self._ready = False
        self._pause = FIRST_PAUSE / 2
        self._closed = threading.Event()
        self._counts: Mapping[str, int] = {}
        self._known: Known = OrderedDict()
        self._light = ThreadPoolExecutor(1, thread_name_prefix="alexia-language")
        self._trainer = ThreadPoolExecutor(1, thread_name_prefix="alexia-training")
        self._thread = ModelThread(self._read, deadline=deadline)
        self._loaded = threading.Event()
        self._tells_languages = threading.Event()
        self._started = False

    @property
    def pid(self) -> int | None:
        """The process of the models, None where they have none."""
        return self._models.pid

    def start(self) -> None:
        """Load in the background; languages are told first."""
        self._started = True
        threading.Thread(
            target=self._load_language, name="alexia-language-load", daemon=True
        ).start()
        self._thread.start()
        self._trainer.submit(self._load)

    def wait(self, within: float) -> bool:
        """Block until all is loaded, each part at most so many seconds; tell whether it is."""
        return self._tells_languages.wait(within) and self._loaded.wait(within)

    def reload(self, folder: Path) -> None:
        """Train anew from changed examples, in the background; the old ones serve meanwhile."""
        self._folder = folder
        self._trainer.submit(self._retrain)

    def intents(self) -> Mapping[str, int]:
        """Return the known intents with their number of examples."""
        return self._counts

    def close(self) -> None:
        """Let go of the threads."""
        self._closed.set()
        self._thread.close()
        self._models.close()
        for threads in (self._light, self._trainer):
            threads.shutdown(wait=False, cancel_futures=True)

    async def understand(
        self, text: str, needs: AbstractSet[Need], hint: str | None = None
    ) -> Understanding:
        """Read one text. ``hint``: the conversation's language so far."""
        if not self._started:
            return Understanding(failed="switched off")
        language = self._language_of(text, hint)
        told = language if Need.LANGUAGE in needs else None
        slow = SLOW & needs
        assumed = language or hint or self._default
        held = await self._entities_of(text, assumed) if Need.ENTITIES in needs else {}
        if not slow:
            return Understanding(language=told, entities=held)
        key = (" ".join(text.casefold().split()), assumed, slow)
        found = self._known.get(key)
        if found is None and not self._ready:  # told here: to ask the other thread takes longer
            return Understanding(language=told, entities=held, failed="not loaded")
        if found is None:
            known = self._known  # exchanged when intents are learnt anew
            found = await self._thread.ask(Asked(text=text, needs=slow, language=assumed))
            _remember(known, key, found)
        return replace(found, language=told, entities=held)

    def _language_of(self, text: str, before: str | None) -> str | None:
        """Tell the language here and now: 50 µs, less than it takes to ask another thread."""
        return None if self._reader is None else self._reader.language_of(text, before)

    async def _entities_of(self, text: str, language: str) -> dict[str, str]:
        return await self._lightly(entity_words, text, language) or {}

    async def _lightly(
        self, read: Callable[P, Found], *given: P.args, **_: P.kwargs
    ) -> Found | None:
        """Read what needs no encoder; None when it does not come in time."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._deadline):
                return await loop.run_in_executor(self._light, read, *given)
        except (TimeoutError, RuntimeError):
            return None

    def _load_language(self) -> None:
        step_back()
        reader = LanguageReader(self._languages)
        reader.language_of("lorem ipsum dolor")  # the first takes longer
        self._reader = reader
        self._tells_languages.set()

    def _load(self) -> None:
        self._tells_languages.wait(LANGUAGES_WITHIN)  # one after the other: less at once
        begun = time.monotonic()
        try:
            self._models.load(lambda: self._lost(begun))
            self._ready = True
            self._train()
        except Exception:
            if not self._closed.is_set():
                logger.exception("models: they cannot be loaded; rules go on without them")
        else:
            self._loaded.set()

    def _lost(self, begun: float) -> None:
        """Load them again after a while, when their process is gone."""
        self._ready = False
        if self._closed.is_set():
            return
        lived = time.monotonic() - begun
        pause = self._pause = FIRST_PAUSE if lived > STEADY else min(self._pause * 2, LONGEST_PAUSE)
        logger.error("models: their process is gone; it is started again in %.0f s", pause)

        def again() -> None:
            if not self._closed.wait(pause):
                self._load()

        with contextlib.suppress(RuntimeError):  # closed meanwhile
            self._trainer.submit(again)

    def _retrain(self) -> None:
        if not self._ready:
            self._load()
            return
        try:
            self._train()
        except Exception:
            logger.exception("models: the intents could not be learnt; the old ones stay")

    def _train(self) -> None:
        counts = self._models.train(self._folder)
        if counts is not None:
            self._counts = counts
            self._known = OrderedDict()
        logger.info("models: %d intents", len(self._counts))

    def _read(self, batch: Sequence[Asked]) -> list[Understanding]:
        if not self._ready:
            return [Understanding(failed="not loaded")] * len(batch)
        try:
            return list(self._models.read(batch))
        except ModelsLost as lost:
            logger.warning("models: %d texts are not read (%s)", len(batch), lost)
            return [Understanding(failed="broken")] * len(batch)


def _remember(known: Known, key: tuple[str, str, frozenset[Need]], found: Understanding) -> None:
    if found.failed:
        return
    known[key] = found
    if len(known) > REMEMBERED:
        known.popitem(last=False)


def open_understander(
    folder: Path,
    languages: tuple[str, ...],
    *,
    default: str | None = None,
    deadline: float = DEADLINE,
    choice: ModelChoice | None = None,
) -> BackgroundUnderstander:
    """Return an understander that loads nothing until it is started.

    Args:
        folder: Where intents and heads lie; heads that it lacks are the shipped ones.
        default: Language of a text that is too short to tell; the first one when not given.
        deadline: Seconds after which a text counts as not understood.
        choice: Models in place of the shipped ones.
    """
    first = default or (languages[0] if languages else "en")
    models = ModelProcess(folder, first, choice or ModelChoice())
    return BackgroundUnderstander(
        folder, languages, default=first, deadline=deadline, models=models
    )


def open_configured(config: "Config", *, deadline: float | None = None) -> BackgroundUnderstander:
    """Return the understander that a configuration asks for; it loads nothing until started.

    Args:
        deadline: Seconds, in place of the configuration's.
    """
    return open_understander(
        config.models_folder,
        config.languages,
        default=config.language,
        deadline=config.models.deadline.total_seconds() if deadline is None else deadline,
        choice=choice_of(config),
    )
