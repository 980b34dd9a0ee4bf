"""The rulebook in force: loaded, checked, swapped whole; the last good one kept."""

import asyncio
import gc
import logging
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import crash
from bot.config import Config
from bot.domain.turns import TurnSettings
from bot.inbound.book import Book, make_book
from bot.language.flows import Flow
from bot.language.problems import Problem
from bot.language.reading import Memory
from bot.language.rulebook import EMPTY, Rulebook
from bot.language.rules import Rule
from bot.rulebook_files import Loaded, describe_change, load_rulebook

logger = logging.getLogger("alexia.rules")

MOST_BOOKS = 20  # rulebooks that are kept for conversations under way


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """What became of a reload."""

    ok: bool
    said: str
    problems: tuple[Problem, ...] = ()


class BookShelf:
    """Holds the rulebook in force and the versions that live conversations still run."""

    def __init__(
        self,
        config: Config,
        *,
        clock: Callable[[], datetime],
        known_intents: Callable[[], frozenset[str] | None],
    ) -> None:
        self._config = config
        self._clock = clock
        self._known_intents = known_intents
        self._lock = asyncio.Lock()
        self.rulebook: Rulebook = EMPTY
        self.rejected: tuple[Problem, ...] = ()
        self.loaded_at: datetime = clock()
        self._memory = Memory()
        self._older: dict[str, Flow | Rule] = {}
        self.book = self._bind(EMPTY)

    def open(self, *, last_good: bool) -> Reloaded:
        """Load the files for the first time; broken ones give way to the last good, if allowed."""
        loaded = self._load(self._config.folder)
        if loaded.rulebook is not None:
            self._take(loaded.rulebook)
            return self._accepted(loaded, "loaded")
        self.rejected = _errors(loaded)
        kept = self._kept_folder
        if last_good and kept.exists():
            again = self._load(kept)
            if again.rulebook is not None:
                self._take(again.rulebook)
                return Reloaded(ok=True, said="the files are broken; the last good ones run",
                                problems=self.rejected)  # fmt: skip
        return Reloaded(ok=False, said="the files are broken", problems=loaded.problems)

    def recall(self, wanted: Collection[str]) -> None:
        """Find the versions again that live conversations run, in the rulebooks of before.

        Args:
            wanted: Content hashes of flows and rules.
        """
        missing = set(wanted) - self.book.compiled.versions.keys() - self._older.keys()
        for folder in self._kept_books():
            if not missing:
                break
            rulebook = load_rulebook(folder, env_names=self._config.env).rulebook
            if rulebook is None:
                continue
            versions: list[Flow | Rule] = [*rulebook.rules, *rulebook.flows.values()]
            found = {one.hash: one for one in versions if one.hash in missing}
            self._older.update(found)
            missing -= found.keys()
        if missing:
            logger.warning("%d live conversations run rules that nobody kept", len(missing))
        self.book = self._bind(self.rulebook)

    async def reload(self) -> Reloaded:
        """Load all files and swap the rulebook if they are whole; else keep the one in force."""
        async with self._lock:
            loaded = await asyncio.to_thread(self._load, self._config.folder)
            if loaded.rulebook is None:
                self.rejected = _errors(loaded)
                return Reloaded(
                    ok=False, said="the last good rules stay in force", problems=loaded.problems
                )
            before = self.rulebook
            crash.here("reload")
            self._take(loaded.rulebook)
            return self._accepted(loaded, describe_change(before, loaded.rulebook))

    def _load(self, folder: Path) -> Loaded:
        return load_rulebook(
            folder,
            env_names=self._config.env,
            known_intents=self._known_intents(),
            languages=self._config.languages,
            memory=self._memory,
        )

    def _accepted(self, loaded: Loaded, said: str) -> Reloaded:
        self.rejected = ()
        self._keep_files()
        return Reloaded(ok=True, said=said, problems=loaded.problems)

    def _take(self, rulebook: Rulebook) -> None:
        """Put a rulebook in force: one reference, swapped between turns."""
        self._older.update(self.book.compiled.versions)
        self.rulebook = rulebook
        self.loaded_at = self._clock()
        self.book = self._bind(rulebook)
        gc.freeze()  # a rulebook stays: looking through it for garbage again and again costs turns

    def _bind(self, rulebook: Rulebook) -> Book:
        return make_book(rulebook, turn_settings(self._config), self._older)

    @property
    def _kept_folder(self) -> Path:
        return self._config.data_folder / "last_good"

    @property
    def _books(self) -> Path:
        return self._config.data_folder / "books"

    def _kept_books(self) -> list[Path]:
        """Return the folders of the rulebooks that were in force, the newest first."""
        kept = [one for one in self._books.glob("*") if one.is_dir() and one.suffix != ".new"]
        return sorted(kept, key=lambda one: one.stat().st_mtime, reverse=True)

    def _keep_files(self) -> None:
        """Copy the files that work: for `run --last-good`, and for conversations under way."""
        self._copy_to(self._kept_folder)
        self._copy_to(self._books / self.rulebook.hash)
        for old in self._kept_books()[MOST_BOOKS:]:
            shutil.rmtree(old, ignore_errors=True)

    def _copy_to(self, folder: Path) -> None:
        fresh = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        for name in ("rules", "flows"):
            source = self._config.folder / name
            if source.is_dir():
                shutil.copytree(source, fresh / name)
        if fresh.exists():
            fresh.chmod(0o700)
            shutil.rmtree(folder, ignore_errors=True)
            fresh.rename(folder)
            folder.touch()


def turn_settings(config: Config) -> TurnSettings:
    """Return what of the configuration decisions depend on."""
    return TurnSettings(
        timezone=config.timezone,
        language=config.language,
        languages=config.languages,
        currency=config.currency,
        env=config.env_values,
        takeover=config.takeover.mute,
        takeover_ignore=config.takeover.ignore,
        disclosure=config.disclosure,
        missed_notice=config.missed_notice,
        stack=config.limits.stack,
        steps=config.limits.steps,
        sends=config.limits.sends,
    )


def _errors(loaded: Loaded) -> tuple[Problem, ...]:
    return tuple(problem for problem in loaded.problems if problem.severity == "error")
