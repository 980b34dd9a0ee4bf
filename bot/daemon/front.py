"""What of the daemon is seen over HTTP, from its first moment to its last."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bot.config import Config
from bot.console.desk import Counts, Health
from bot.console.keys import KeyFile
from bot.daemon.accounts import Accounts
from bot.daemon.reloads import reload_answers
from bot.daemon.seat import Seat
from bot.daemon.status import condition, status
from bot.ports import LinkState
from bot.telemetry import account_name

if TYPE_CHECKING:
    import socket

    from bot.console.server import HttpServer

logger = logging.getLogger("alexia.http")


class Front:
    """Implements `console.desk.Bot` over the accounts, whether they run yet or not."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._begun = time.monotonic()
        self.counts = Counts()

    @property
    def sessions(self) -> Mapping[str, Seat]:
        """The sessions by name."""
        return {name: Seat(keeper) for name, keeper in self._accounts.keepers.items()}

    def counts_of(self, name: str) -> Counts:
        """Return the counts of an account; of none, when none has that name."""
        keeper = self._accounts.keepers.get(name)
        return self.counts if keeper is None else keeper.visible.counts

    def health(self, session: str = "") -> Health:
        """Return how the bot is; looks at nothing that could hang."""
        accounts = self._accounts
        keepers = [accounts.find(session)] if session else tuple(accounts.keepers.values())
        if accounts.stopping.is_set():
            stopped = {one.name: LinkState.STOPPED for one in keepers}
            return Health(ready=False, sessions=stopped, reasons=("the bot is stopping",))
        states = {one.name: one.visible.link.state for one in keepers}
        if all(one.account is None and not one.was_opened for one in keepers):
            return Health(ready=False, sessions=states, reasons=("the bot is starting",))
        ready, reasons = condition(keepers)
        return Health(ready=ready, sessions=states, reasons=tuple(reasons))

    async def status(self) -> dict[str, Any]:
        """Return what `alexia status --json` tells."""
        keepers = tuple(self._accounts.keepers.values())
        told = await status(keepers, time.monotonic() - self._begun)
        return {**told, "resources": self._accounts.resources()}

    async def reload(self, session: str = "") -> dict[str, Any]:
        """Load the rule files again."""
        return reload_answers(await self._accounts.reload(session))

    async def start(self, session: str) -> None:
        """Start a session."""
        await self._accounts.start(session)

    async def stop(self, session: str) -> None:
        """Stop a session."""
        await self._accounts.stop(session)

    async def add(self, session: str) -> None:
        """Make another session."""
        await self._accounts.add(session)

    async def remove(self, session: str) -> None:
        """End a session, and take it out of config.yaml; its data stay."""
        await self._accounts.remove(session)

    async def report(self, session: str, asked: Mapping[str, str]) -> str:
        """Return the report of a session, "" for each of them."""
        from bot.daemon.reporting import written  # large: loaded when somebody asks

        config = self._accounts.config
        return await written(config, (session,) if session else config.names, asked)

    async def rename(self, session: str, name: str) -> None:
        """Give a session another name."""
        await self._accounts.rename(session, name)


@asynccontextmanager
async def open_front(config: Config, accounts: Accounts) -> AsyncIterator[Front]:
    """Listen on the console's port and answer, until the block ends.

    Raises:
        PortInUse: Somebody else listens there.
        KeysRefused: The file of the keys cannot be read.
    """
    front = Front(accounts)
    if not config.console.port:
        yield front
        return
    from bot.console.server import listen_on

    with listen_on(config.console.host, config.console.port) as listening:
        server = _server(front, config, listening)
        counting = _ErrorCount(front)
        logging.getLogger("alexia").addHandler(counting)
        serving = asyncio.create_task(server.run())
        logger.info("listening on %s port %d", config.console.host, config.console.port)
        try:
            yield front
        finally:
            logging.getLogger("alexia").removeHandler(counting)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


def _server(front: Front, config: Config, listening: "socket.socket") -> "HttpServer":
    """Return the server over what is seen of the daemon."""
    from bot.console.app import make_app
    from bot.console.server import HttpServer

    keys = KeyFile(config.data_folder)
    keys.ensure()
    cert, key = config.console.tls_cert, config.console.tls_key
    certificate = (config.folder / cert, config.folder / key) if cert and key else None
    app = make_app(front, keys, config.console)
    return HttpServer(app, listening, certificate=certificate)


class _ErrorCount(logging.Handler):
    """Counts the errors that are logged, each with the account whose task tells it."""

    def __init__(self, front: Front) -> None:
        super().__init__(logging.ERROR)
        self._front = front

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - logging's signature
        """Count one."""
        self._front.counts_of(account_name.get()).errors += 1
