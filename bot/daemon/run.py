"""Runs the daemon: what is held, opened, started and ended, in which order."""

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping

from bot.config import Config
from bot.control import SOCKET_NAME, ControlServer, hold_folder
from bot.daemon.accounts import Accounts
from bot.daemon.bookshelf import Reloaded
from bot.daemon.commands import Commands
from bot.daemon.front import open_front
from bot.daemon.keeper import BrokenRules
from bot.daemon.renaming import settle_names
from bot.daemon.resources import raise_limits

__all__ = ["BrokenRules", "run_daemon"]

logger = logging.getLogger("alexia.daemon")


async def run_daemon(
    config: Config,
    *,
    last_good: bool = True,
    on_ready: Callable[[], None] | None = None,
) -> bool:
    """Run the bot until it is told to stop; True when it wants to be started anew.

    Args:
        on_ready: Called each time an account became ready.

    Raises:
        DataFolderHeld: Another daemon works on the folder, or on the profile of every account.
        DatabaseRefused: No account's database can be used.
        BrokenRules: No account's rule files are whole, and no earlier rules may go on or are there.
        PortInUse: Somebody else listens on the console's port.
    """
    raise_limits()
    with hold_folder(config.data_folder):
        settle_names(config)
        accounts = Accounts(config, last_good=last_good, on_ready=on_ready or _unheard)
        async with open_front(config, accounts):
            try:
                await accounts.open()
                _listen_to_signals(accounts)
                await _serve(config, accounts)
            finally:
                await accounts.close()
    return accounts.recycler.again


async def _serve(config: Config, accounts: Accounts) -> None:
    commands = Commands(accounts)
    socket = config.data_folder / SOCKET_NAME
    async with ControlServer(socket, commands.verbs(), {"login": commands.login}):
        if config.models.enabled:
            accounts.understander.start()
        await accounts.run()


def _listen_to_signals(accounts: Accounts) -> None:
    loop = asyncio.get_running_loop()
    reloads: set[asyncio.Task[Mapping[str, Reloaded]]] = set()

    def reload() -> None:
        task = loop.create_task(accounts.reload())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, accounts.stopping.set)
    loop.add_signal_handler(signal.SIGHUP, reload)


def _unheard() -> None:
    """Stand in where nobody waits for an account to be ready."""
