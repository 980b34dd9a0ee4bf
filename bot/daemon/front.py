"""What of the daemon is seen over HTTP, from its first moment to its last."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bot.config import Config
from bot.console.desk import Counts, Health, NotYet
from bot.console.feed import Feed
from bot.console.health import STATES
from bot.console.hooks import Hooks
from bot.console.keys import KeyFile
from bot.daemon.bookshelf import Reloaded
from bot.daemon.clock import chance, now
from bot.daemon.commands import reload_answer, send_text, status_of
from bot.daemon.status import reasons_of
from bot.domain.messages import AccountId, ChatId, MessageId
from bot.domain.turns import EventRaised
from bot.domain.values import Value
from bot.language.triggers import WebhookTrigger
from bot.ports import LinkState, Transport
from bot.store import accounts, events
from bot.store.database import Database

if TYPE_CHECKING:
    import socket

    from bot.console.server import HttpServer
    from bot.daemon.run import Daemon

logger = logging.getLogger("alexia.http")


class Front:
    """Implements `console.desk.Bot`: nothing but `health` while ``daemon`` is still being built."""

    def __init__(self, config: Config) -> None:
        self.daemon: Daemon | None = None
        self.session = config.sessions[0].name
        self._early = Counts()

    @property
    def counts(self) -> Counts:
        """What happened since the start."""
        return self._early if self.daemon is None else self.daemon.counts

    @property
    def account(self) -> AccountId | None:
        """The account that is logged in."""
        return None if self.daemon is None else self.daemon.link.account

    @property
    def code(self) -> str:
        """The login code to scan."""
        return "" if self.daemon is None else self.daemon.link.code

    @property
    def database(self) -> Database:
        """Where everything lies."""
        return self._built.database

    @property
    def feed(self) -> Feed:
        """What tells what happens."""
        return self._built.feed

    @property
    def transport(self) -> Transport:
        """What shows typing, reads and reacts."""
        return self._built.session.transport

    @property
    def lanes(self) -> tuple[int, int]:
        """How many chats wait for a turn, and how many have one."""
        return (0, 0) if self.daemon is None else self.daemon.lanes.depth

    @property
    def _built(self) -> "Daemon":
        if self.daemon is None:
            raise NotYet("the bot is starting; ask again in a moment")
        return self.daemon

    def health(self) -> Health:
        """Return how the bot is; looks at nothing that could hang."""
        daemon = self.daemon
        if daemon is None:
            sessions = {self.session: LinkState.STARTING}
            return Health(ready=False, sessions=sessions, reasons=("the bot is starting",))
        if daemon.stopping.is_set():
            sessions = {self.session: LinkState.STOPPED}
            return Health(ready=False, sessions=sessions, reasons=("the bot is stopping",))
        ready, reasons = reasons_of(daemon.database, daemon.shelf, daemon.link, daemon.session)
        sessions = {self.session: daemon.link.state}
        return Health(ready=ready, sessions=sessions, reasons=tuple(reasons))

    async def status(self) -> dict[str, Any]:
        """Return what `alexia status --json` tells."""
        return await status_of(self._built)

    async def reload(self) -> dict[str, Any]:
        """Load the rule files again."""
        return reload_answer(await self._built.reload())

    async def send(
        self, chat: ChatId, text: str, key: str, quoted: MessageId | None = None
    ) -> MessageId:
        """Put a person's text into the outbox, once a key; return its reserved id."""
        sent = await send_text(self._built, chat, text, f"api|{key}", "command:api", quoted)
        if sent is None:
            raise NotYet("no account was ever logged in; scan the code of /api/default/auth/qr")
        return sent

    async def call_in(self, chat: ChatId, name: str, data: Mapping[str, Value], key: str) -> bool:
        """Raise the event of a webhook in a chat, once a key; False when no rule listens to it."""
        daemon = self._built
        if name not in _webhooks(daemon):
            return False
        account = daemon.link.account or await daemon.database.read(accounts.latest)
        if account is None:
            raise NotYet("no account was ever logged in; scan the code of /api/default/auth/qr")
        event, cause = EventRaised(name=f"webhook.{name}", data=dict(data)), f"webhook|{key}"
        await daemon.database.write(
            lambda db: events.queue_once(db, account, chat, event, now(), cause)
        )
        daemon.lanes.wake((account, chat))
        return True


@asynccontextmanager
async def open_front(config: Config) -> AsyncIterator[Front]:
    """Listen on the console's port and answer, until the block ends.

    Raises:
        PortInUse: Somebody else listens there.
        KeysRefused: The file of the keys cannot be read.
    """
    front = Front(config)
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
    app = make_app(front, lambda: front.feed, keys, config.console)
    return HttpServer(app, listening, certificate=certificate)


class _ErrorCount(logging.Handler):
    """Counts the errors that are logged."""

    def __init__(self, front: Front) -> None:
        super().__init__(logging.ERROR)
        self._front = front

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - logging's signature
        """Count one."""
        self._front.counts.errors += 1


def feed_of(config: Config, daemon: "Daemon") -> Feed:
    """Return what tells outside what happens in a daemon."""
    return Feed(
        daemon.database,
        config.webhooks,
        session=config.sessions[0].name,
        account=lambda: daemon.link.account,
        clock=now,
    )


def hooks_of(config: Config, daemon: "Daemon") -> Hooks:
    """Return what delivers to the webhooks of a daemon."""
    return Hooks(daemon.database, daemon.webhook, config.webhooks, clock=now, chance=chance)


def told_state(config: Config, state: LinkState, detail: str) -> dict[str, Any]:
    """Return the payload of ``session.status``."""
    return {"name": config.sessions[0].name, "status": STATES[state], "detail": detail}


def told_reload(reloaded: Reloaded) -> tuple[str, dict[str, Any]]:
    """Return the event of a reload, and its payload."""
    event = "config.reloaded" if reloaded.ok else "config.rejected"
    return event, {key: value for key, value in reload_answer(reloaded).items() if key != "printed"}


def _webhooks(daemon: "Daemon") -> set[str]:
    """Return the names of webhooks that start some rule or flow."""
    book = daemon.shelf.rulebook
    triggers = [one for rule in book.rules for one in rule.triggers]
    triggers += [one for flow in book.flows.values() for one in flow.triggers]
    return {one.name for one in triggers if isinstance(one, WebhookTrigger)}
