"""The rulebook in force: loaded, checked, swapped whole; the last good one kept."""

import asyncio
import gc
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import crash
from bot.config import Config
from bot.daemon.library import Found, Library
from bot.domain.data import dataclass
from bot.domain.turns import TurnSettings
from bot.engine.compiled import Version
from bot.extensions import Actions
from bot.inbound.book import Book, make_book
from bot.inbound.schedule import set_schedules, set_silences
from bot.language.problems import Problem
from bot.language.reading import read_rulebook
from bot.language.rulebook import EMPTY, Rulebook
from bot.rulebook_files import Loaded, describe_change, without_collector
from bot.store import ageing, versions
from bot.store.database import Database

RARELY = (10_000, 20, 5)
"""How many objects, and how often, between two searches for garbage: a turn leaves hardly any."""

STILL_BACK = "an earlier rulebook is in force until the files change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """What became of a reload."""

    ok: bool
    said: str
    problems: tuple[Problem, ...] = ()


class BookShelf:
    """Holds the rulebook in force and the versions that live conversations still run.

    Attributes:
        actions: The users' Python actions in force.
        rolled_back: An earlier rulebook is in force, not what the files say.
        loaded_at: When the rulebook in force was ready for the next turn.
    """

    def __init__(
        self,
        config: Config,
        database: Database,
        *,
        clock: Callable[[], datetime],
        library: Library,
    ) -> None:
        self._config = config
        self._database = database
        self._clock = clock
        self._library = library
        self._lock = asyncio.Lock()
        self.rulebook: Rulebook = EMPTY
        self.actions = Actions()
        self.rejected: tuple[Problem, ...] = ()
        self.rolled_back = False
        self.loaded_at: datetime = clock()
        self.book = self._bind(EMPTY, {})

    async def open(self, *, last_good: bool) -> Reloaded:
        """Load the files for the first time; broken ones give way to the last good, if allowed."""
        read = await asyncio.to_thread(self._load)
        loaded, state = read.loaded, await self._database.read(versions.in_force)
        if state.history and loaded.hash == state.rolled_back:
            kept = await self._compile(state.history[-1])
            if kept is not None:
                self.actions, self.rolled_back = read.actions, True
                await self._take(kept)
                return Reloaded(ok=True, said=STILL_BACK)
        if loaded.rulebook is not None:
            await self._keep(loaded, loaded.rulebook)
            await self._accept(read, loaded.rulebook)
            return Reloaded(ok=True, said="loaded", problems=loaded.problems)
        self.rejected = _errors(loaded)
        kept = await self._compile(state.history[-1]) if last_good and state.history else None
        if kept is None:
            return Reloaded(ok=False, said="the files are broken", problems=loaded.problems)
        self.actions = read.actions
        await self._take(kept)
        return Reloaded(
            ok=True, said="the files are broken; the last good ones run", problems=self.rejected
        )

    async def reload(self) -> Reloaded:
        """Load all files and swap the rulebook if they are whole; else keep the one in force."""
        async with self._lock:
            read = await asyncio.to_thread(self._load)
            loaded = read.loaded
            if self.rolled_back and await self._is_put_back(loaded):
                return Reloaded(ok=True, said=STILL_BACK)
            if loaded.rulebook is None:
                self.rejected = _errors(loaded)
                return Reloaded(
                    ok=False, said="the last good rules stay in force", problems=loaded.problems
                )
            said = describe_change(self.rulebook, loaded.rulebook)
            await self._keep(loaded, loaded.rulebook)
            crash.here("reload")
            await self._accept(read, loaded.rulebook)
            return Reloaded(ok=True, said=said, problems=loaded.problems)

    async def roll_back(self) -> Reloaded:
        """Put the rulebook of before in force again, until the files change."""
        async with self._lock:
            history = (await self._database.read(versions.in_force)).history
            kept = await self._compile(history[-2]) if len(history) > 1 else None
            if kept is None:
                return Reloaded(ok=False, said="there is no earlier rulebook to go back to")
            files = (await asyncio.to_thread(self._load)).loaded.hash
            said, content = describe_change(self.rulebook, kept), _contents(kept)
            await self._database.write(lambda db: versions.roll_back(db, kept.hash, content, files))
            self.rejected, self.rolled_back = (), True
            await self._take(kept)
            return Reloaded(ok=True, said=f"rolled back: {said}")

    async def tidy(self) -> None:
        """Forget the versions that nobody runs any more, here and in the database."""
        async with self._lock:
            await self._database.write(versions.drop_unused)
            used, compiled = await self._database.read(versions.in_use), self.book.compiled
            older = {one: version for one, version in compiled.older.items() if one in used}
            self.book = replace(self.book, compiled=replace(compiled, older=older))

    async def _is_put_back(self, loaded: Loaded) -> bool:
        """Tell whether the files are still those that were put out of force."""
        return (await self._database.read(versions.in_force)).rolled_back == loaded.hash

    def _load(self) -> Found:
        return self._library.read(self._config)

    async def _compile(self, rulebook: str) -> Rulebook | None:
        """Return a rulebook of before, None when it is not kept or cannot be read any more."""
        sources = await self._database.read(lambda db: versions.sources_of(db, rulebook))
        if not sources:
            return None
        found, _ = await asyncio.to_thread(read_rulebook, sources, env_names=self._config.env)
        return found

    async def _accept(self, read: Found, rulebook: Rulebook) -> None:
        """Put what the files say in force."""
        self.rejected, self.rolled_back, self.actions = (), False, read.actions
        await self._take(rulebook)

    async def _keep(self, loaded: Loaded, rulebook: Rulebook) -> None:
        """Keep what the files say before anybody runs it."""
        sources, content, now = loaded.sources, _contents(rulebook), self._clock()

        def keep(db: sqlite3.Connection) -> None:
            versions.put_in_force(db, rulebook.hash, sources, content, now)
            versions.drop_unused(db)

        await self._database.write(keep)

    async def _take(self, rulebook: Rulebook) -> None:
        """Put a rulebook in force: one reference, swapped between turns."""
        older = {**await self._in_use(rulebook), **self.book.compiled.versions}
        self.book = await asyncio.to_thread(self._bind, rulebook, older)
        self.rulebook, now = rulebook, self._clock()
        zone, compiled = ZoneInfo(self._config.timezone), self.book.compiled

        def wait(db: sqlite3.Connection) -> None:
            ageing.put_in_force(db, rulebook.leads.decay, now)
            set_schedules(db, compiled.schedules, zone, now)
            set_silences(db, compiled.silences, now)

        await self._database.write(wait)
        gc.freeze()  # a rulebook stays: looking through it for garbage again and again costs turns
        gc.set_threshold(*RARELY)
        self.loaded_at = self._clock()

    async def _in_use(self, rulebook: Rulebook) -> dict[str, Version]:
        """Return the versions that are not in a rulebook and that somebody still runs."""
        used = await self._database.read(versions.in_use) - _contents(rulebook).keys()
        known = {one: self.book.compiled.version(one) for one in used}
        found = {one: version for one, version in known.items() if version is not None}
        missing = used - found.keys()
        if not missing:
            return found
        for name in await self._database.read(lambda db: versions.rulebooks_of(db, missing)):
            kept = await self._compile(name)
            if kept is not None:
                content: dict[str, Version] = {rule.hash: rule for rule in kept.rules}
                content.update({flow.hash: flow for flow in kept.flows.values()})
                content.update(
                    {rule.hash: rule for one in kept.campaigns.values() for rule in one.rules}
                )
                found.update({one: content[one] for one in missing & content.keys()})
        return found

    def _bind(self, rulebook: Rulebook, older: Mapping[str, Version]) -> Book:
        with without_collector():
            return make_book(rulebook, turn_settings(self._config), older)


def _contents(rulebook: Rulebook) -> dict[str, str]:
    """Return the hash of each flow and rule, to its name."""
    rules = {rule.hash: f"rule:{rule.id}" for rule in rulebook.rules}
    rules.update({rule.hash: rule.id for one in rulebook.campaigns.values() for rule in one.rules})
    return {**rules, **{flow.hash: name for name, flow in rulebook.flows.items()}}


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
        spam=config.spam.rules,
    )


def _errors(loaded: Loaded) -> tuple[Problem, ...]:
    return tuple(problem for problem in loaded.problems if problem.severity == "error")
