"""All accounts of the daemon: found by name, started, stopped, reloaded; what they share."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.config import Config
from bot.daemon.adding import add, named_now, remove
from bot.daemon.bookshelf import Reloaded
from bot.daemon.keeper import STOPPED, BrokenRules, Keeper
from bot.daemon.library import Library
from bot.daemon.parts import Shared
from bot.daemon.recycling import DaemonRecycler
from bot.daemon.renaming import rename
from bot.daemon.resources import own_usage, resident_mb
from bot.domain.errors import BotError, ConfigBroken, RenameRefused
from bot.domain.messages import AccountId
from bot.extensions.finding import FOLDER as EXTENSIONS
from bot.nlu.understander import open_configured
from bot.rulebook_files import watch_files

logger = logging.getLogger("alexia.daemon")

CONFIG = "config.yaml"
GONE = "it does not stand in config.yaml any more, and is stopped; its data stay"


class Accounts:
    """The keepers by name, in the order of the configuration.

    Attributes:
        stopping: Set when the whole daemon is to end.
    """

    def __init__(
        self, config: Config, *, last_good: bool = True,
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self.config = config
        self.stopping = asyncio.Event()
        self.understander = open_configured(config)
        self._library = Library(lambda: frozenset(self.understander.intents()) or None)
        self._shared = Shared(self.understander, self._library)
        self._last_good, self._on_ready = last_good, on_ready
        self.keepers = {name: self._keeper(name) for name in config.names}
        self.recycler = DaemonRecycler(config.recycle, self._idle, self.stopping.set)
        self._tasks: asyncio.TaskGroup | None = None
        self._renaming = asyncio.Lock()

    def _keeper(self, name: str) -> Keeper:
        keeper = Keeper(
            self.config.alone(name), self._shared, last_good=self._last_good,
            on_ready=self._on_ready,
        )  # fmt: skip
        keeper.twin = lambda number: self._twin(keeper, number)
        return keeper

    def _twin(self, keeper: Keeper, number: AccountId) -> str:
        others = (one for one in self.keepers.values() if one is not keeper)
        return next((one.name for one in others if one.has(number, before=keeper)), "")

    def find(self, name: str = "") -> Keeper:
        """Return the keeper of an account. Without a name: the only one, or ``default``.

        Raises:
            UnknownSession: There is none of that name, or several and none was named.
        """
        return self.keepers[self.config.meant(name)]

    async def open(self) -> None:
        """Open every account that is not stopped.

        Raises:
            BrokenRules, BotError: What kept the first one from being opened, when none could be.
        """
        failures: list[BrokenRules | BotError] = []
        opened = 0
        for keeper in self.keepers.values():
            if keeper.is_stopped:
                keeper.note_stopped()
                continue
            try:
                await keeper.open()
                opened += 1
            except (BrokenRules, BotError) as failure:
                failures.append(failure)
        if failures and not opened:
            raise failures[0]

    async def run(self) -> None:
        """Run the accounts until `stopping` is set; then end each in order, all at once."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                for keeper in self.keepers.values():
                    if not keeper.is_stopped:
                        keeper.start(tasks)
                beside = [tasks.create_task(one) for one in (self._watch(), self.recycler.run())]
                await self.stopping.wait()
                logger.info("stopping")
                for task in beside:
                    task.cancel()
                for keeper in self.keepers.values():
                    tasks.create_task(keeper.stop())
        finally:
            self._tasks = None

    def _idle(self) -> float:
        """Return for how many seconds nothing has happened in any account."""
        running = [one.account for one in self.keepers.values() if one.account is not None]
        return min((account.recycler.idle for account in running), default=3600.0)

    def resources(self) -> dict[str, Any]:
        """Return what is used, and which browsers were opened anew, for `alexia status`.

        ``browser_mb`` is None until each browser that runs was looked at.
        """
        usage = own_usage()
        running = {name: one.account for name, one in self.keepers.items() if one.account}
        browsers = {name: account.recycler for name, account in running.items()}
        used = [one.used_mb for one in browsers.values()]
        return {
            "daemon_mb": usage.memory_mb, "files": usage.files, "most_files": usage.most_files,
            "threads": usage.threads, "models_mb": resident_mb(self.understander.pid),
            "browser_mb": None if None in used else round(sum(one or 0.0 for one in used), 1),
            "recycled": {name: one.done for name, one in browsers.items() if one.done},
        }  # fmt: skip

    async def close(self) -> None:
        """Close whatever is still open."""
        for keeper in self.keepers.values():
            await keeper.stop()
        await asyncio.to_thread(self.understander.close)

    async def start(self, name: str) -> Keeper:
        """Start a stopped account; one that runs or is tried again stays as it is, or is tried now.

        Raises:
            UnknownSession: There is none of that name.
        """
        keeper = self.find(name)
        async with keeper.changing:
            if keeper.is_stopped:
                await asyncio.to_thread((keeper.config.home / STOPPED).unlink, missing_ok=True)
                if self._tasks is not None:
                    keeper.start(self._tasks)
            elif keeper.account is None:
                keeper.try_again()
        return keeper

    async def stop(self, name: str) -> Keeper:
        """Stop an account until a person starts it; the others do not notice.

        Raises:
            UnknownSession: There is none of that name.
        """
        keeper = self.find(name)
        async with keeper.changing:
            await asyncio.to_thread(_mark, keeper.config.home / STOPPED)
            await keeper.stop()
            keeper.note_stopped()
        return keeper

    async def restart(self, name: str) -> Keeper:
        """Stop an account and start it again.

        Raises:
            UnknownSession: There is none of that name.
        """
        await self.stop(name)
        return await self.start(name)

    async def add(self, name: str) -> Keeper:
        """Make another account: it stands in config.yaml, and shows its login code.

        Raises:
            AddRefused: The name cannot be had, or config.yaml cannot be changed.
        """
        async with self._renaming:
            self.config = await asyncio.to_thread(add, self.config, name)
            return self._take_in(name)

    async def remove(self, name: str) -> None:
        """End an account, and take it out of config.yaml; its data stay where they are.

        Raises:
            UnknownSession: There is none of that name.
            RemoveRefused: It is the only one, or config.yaml cannot be changed; it runs on.
        """
        keeper = self.find(name)
        async with self._renaming, keeper.changing:
            name = keeper.name
            self.config = await asyncio.to_thread(remove, self.config, name)
            del self.keepers[name]
            await keeper.stop()

    def _take_in(self, name: str) -> Keeper:
        """Begin with an account that the configuration names now."""
        keeper = self.keepers[name] = self._keeper(name)
        self._start_again(keeper)
        return keeper

    async def _follow_config(self) -> dict[str, Reloaded]:
        """Begin with accounts that config.yaml names since, and end those that it names no more.

        Raises:
            ConfigBroken: It cannot be read; nothing was changed.
        """
        async with self._renaming:
            before = self.config
            self.config = await asyncio.to_thread(named_now, before)
            done: dict[str, Reloaded] = {}
            for name in set(before.names) - set(self.config.names):
                keeper = self.keepers.pop(name)
                async with keeper.changing:
                    await keeper.stop()
                done[name] = Reloaded(ok=True, said=GONE)
            for name in self.config.names:
                if name not in self.keepers:
                    self._take_in(name)
                    done[name] = Reloaded(ok=True, said="it is new; log it in")
            self.keepers = {name: self.keepers[name] for name in self.config.names}
            return done

    async def rename(self, old: str, new: str) -> Keeper:
        """Give an account another name; one that runs is stopped and started for it.

        Raises:
            UnknownSession: There is none of the old name.
            RenameRefused: The new name cannot be had; the account runs on under the old one.
        """
        keeper = self.find(old)
        async with self._renaming, keeper.changing:
            await keeper.stop()
            try:
                after = await asyncio.to_thread(rename, self.config, keeper.name, new)
            except RenameRefused as refused:
                keeper.note_stopped(str(refused))
                if not refused.cut_off:
                    self._start_again(keeper)
                raise
            self.config, keeper.config = after, after.alone(new)
            self.keepers = {one.name: one for one in self.keepers.values()}
            self._start_again(keeper)
        return keeper

    async def reload(self, name: str = "", *, back: bool = False) -> Mapping[str, Reloaded]:
        """Load the rule files of one account, or of all, and return what became of it.

        Args:
            back: Put the rulebook of before in force instead.

        Raises:
            UnknownSession: There is none of that name.
        """
        if name or back:
            done: dict[str, Reloaded] = {}
        else:
            try:
                done = await self._follow_config()
            except ConfigBroken as broken:
                logger.error("config.yaml is as it was: %s", broken)  # noqa: TRY400 - it says it all
                done = {CONFIG: Reloaded(ok=False, said=f"config.yaml is broken: {broken}")}
        keepers = [self.find(name)] if name else tuple(self.keepers.values())
        fresh = [one for one in keepers if one.name not in done]
        return {**done, **{one.name: await self._reload(one, back=back) for one in fresh}}

    def _start_again(self, keeper: Keeper) -> None:
        keeper.note_stopped()
        if self._tasks is not None and not keeper.is_stopped:
            keeper.start(self._tasks)

    async def _reload(self, keeper: Keeper, *, back: bool = False) -> Reloaded:
        if keeper.account is not None:
            return await keeper.account.reload(back=back)
        found = (await asyncio.to_thread(self._library.read, keeper.config)).loaded
        if found.rulebook is None:
            return Reloaded(ok=False, said="it does not run", problems=found.problems)
        if keeper.is_stopped:
            return Reloaded(ok=True, said="it is stopped", problems=found.problems)
        keeper.try_again()
        return Reloaded(ok=True, said="it is tried again", problems=found.problems)

    async def _watch(self) -> None:
        """Reload whom an edited file concerns."""
        folder, models = self.config.folder, self.config.models_folder / "intents"
        common = (models, folder / EXTENSIONS)
        own = [path for one in self.keepers.values() for path in one.folders]
        async for changed in watch_files([*common, *own], self.stopping):
            logger.info("changed: %s", ", ".join(sorted(path.name for path in changed)))
            if _within(changed, (models,)):
                self.understander.reload(self.config.models_folder)
            for keeper in tuple(self.keepers.values()):
                if _within(changed, (*common, *keeper.folders)) and not keeper.is_stopped:
                    await self._reload(keeper)


def _within(changed: set[Path], folders: tuple[Path, ...]) -> bool:
    """Tell whether one of the files lies in one of the folders."""
    roots = [folder.resolve() for folder in folders]
    return any(path.is_relative_to(root) for path in changed for root in roots)


def _mark(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
