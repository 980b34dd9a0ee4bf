"""Runs the daemon: the order in which parts are built, started, and stopped."""

import asyncio
import logging
import signal
import sqlite3
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.config import Config
from bot.console.desk import Counts
from bot.control import SOCKET_NAME, ControlServer, hold_folder
from bot.daemon.bookshelf import BookShelf, Reloaded
from bot.daemon.clock import chance, now
from bot.daemon.commands import Commands
from bot.daemon.front import Front, feed_of, hooks_of, open_front, told_reload, told_state
from bot.daemon.link import Link
from bot.daemon.pace import pacing_of
from bot.delivery.courier import Courier
from bot.delivery.errands import Errands
from bot.delivery.pacing import due_at
from bot.domain.messages import AccountId
from bot.engine.moving import told_moves
from bot.extensions.running import PythonActions
from bot.inbound.ingest import Ingest
from bot.inbound.lanes import WIDTH, Lane, Lanes
from bot.inbound.media import WIDTH as MEDIA_WIDTH
from bot.inbound.media import MediaFetcher
from bot.inbound.next_event import Intake
from bot.inbound.pipeline import Handled, Pipeline
from bot.inbound.timers import Alarm
from bot.nlu.understander import open_understander
from bot.ports import LinkState
from bot.rulebook_files import watch_rulebook
from bot.store import accounts, calls, events, inbox, lives, outbox
from bot.store.conversations import open_frames
from bot.store.database import Database
from bot.store.media_files import MediaFiles
from bot.webhook import HttpWebhook
from bot.whatsapp.supervisor import WhatsAppSession, WhatsAppSettings

logger = logging.getLogger("alexia.daemon")

Work = Callable[[], Coroutine[object, object, None]]

BEGIN_AGAIN = 1.0  # seconds before a failed part begins again
DEATHS_TO_SAFE_MODE = 3  # lives in a row that ended before they were ready
SAFE_MODE = 5.0  # seconds that WhatsApp must be ready before safe mode ends
LOOK_AT_RECEIPTS = 5.0  # seconds
TIDY = 600.0  # seconds between two looks for versions that nobody runs any more
NOTE_SWEPT = 30.0  # seconds between two notes of how far the chats are known
RECONCILED = timedelta(minutes=2)  # within which the session compares the page with what we heard


class BrokenRules(Exception):
    """The daemon does not start under broken files."""

    def __init__(self, reloaded: Reloaded) -> None:
        super().__init__(reloaded.said)
        self.reloaded = reloaded


class Daemon:
    """All parts of one running bot."""

    def __init__(self, config: Config, database: Database) -> None:
        self.config = config
        self.database = database
        self.link = Link()
        self.stopping = asyncio.Event()
        self.begun = time.monotonic()
        self.understander = open_understander(
            config.models_folder,
            config.languages,
            default=config.language,
            deadline=config.models.deadline.total_seconds(),
        )
        self.shelf = BookShelf(config, database, clock=now, known_intents=self._known_intents)
        pacing = pacing_of(config.pacing)
        self.pipeline = Pipeline(
            database,
            self.understander,
            self.shelf.book,
            clock=now,
            due_at=lambda why, text, start: due_at(why, text, pacing, chance(), start),
            intake=Intake(
                burst=config.burst,
                max_reply_age=config.max_reply_age,
                loop_guard=config.loop_guard,
            ),
        )
        self.lanes = Lanes(self.pipeline.step)
        self.ingest = Ingest(
            database,
            self.lanes,
            now,
            on_state=self._link_moved,
            on_code=self._code_shown,
            on_settled=lambda: self.courier.wake(),
        )
        self.session = WhatsAppSession(_settings(config), self.ingest, now)
        self.courier = Courier(database, self.session.transport, pacing, now)
        self.courier.folder, self.courier.data = config.folder, config.data_folder
        self.files = MediaFiles(config.data_folder)
        self.media = MediaFetcher(
            database,
            self.session.media,
            self.files,
            now,
            keep=config.retention.media,
            quota=config.retention.media_mb * 1_000_000,
        )
        self.webhook = HttpWebhook(allow_local=config.http.allow_local)
        self.actions = PythonActions(lambda: self.shelf.actions)
        self.errands = Errands(database, self.webhook, self.actions, now, on_answer=self.lanes.wake)
        self.alarm = Alarm(database, self.lanes, now)
        self.pipeline.on_handled = self._handled
        self.pipeline.on_wait = self._wake_later
        self.trusted = asyncio.Event()
        self.counts = Counts()
        self.feed = feed_of(config, self)
        self.hooks = hooks_of(config, self)
        self.feed.on_posted = self.hooks.wake
        self.pipeline.on_decided = self.feed.decided
        self._recovering = asyncio.Event()
        self._on_ready: Callable[[], None] | None = None

    async def run(self, on_ready: Callable[[], None] | None = None) -> None:
        """Work until `stop` is asked for; then end everything in order."""
        self._on_ready = on_ready
        commands = Commands(self)
        socket = self.config.data_folder / SOCKET_NAME
        async with ControlServer(socket, commands.verbs(), {"login": commands.login}):
            await self.feed.start()
            try:
                async with asyncio.TaskGroup() as tasks:
                    await self._begin_life()
                    running = [tasks.create_task(_steadfast(work)) for work in self._works()]
                    await self._wake_the_waiting()
                    if self.config.models.enabled:
                        self.understander.start()
                    await self.stopping.wait()
                    logger.info("stopping")
                    for task in running:
                        task.cancel()
            finally:
                await self.webhook.close()
                await asyncio.to_thread(self.understander.close)

    def stop(self) -> None:
        """Ask for a clean stop."""
        self.stopping.set()

    async def reload(self, *, back: bool = False) -> Reloaded:
        """Load all rule files again; the one path of watcher, signal and command.

        Args:
            back: Put the rulebook of before in force instead.
        """
        reloaded = await (self.shelf.roll_back() if back else self.shelf.reload())
        if reloaded.ok:
            frames = await self.database.read(open_frames)
            moves = told_moves(frames, self.shelf.book.compiled)
            reloaded = replace(reloaded, said="\n".join((reloaded.said, *moves)))
        self.feed.tell(*told_reload(reloaded))
        if reloaded.ok:
            self.pipeline.book = self.shelf.book
            logger.info("rules reloaded: %s", reloaded.said)
        else:
            logger.error("rules not reloaded, %s", reloaded.said)
        for problem in reloaded.problems:
            log = logger.error if problem.severity == "error" else logger.warning
            log("%s", problem)
        return reloaded

    def _works(self) -> list[Work]:
        return [
            self.session.run,
            self._recover_on_ready,
            self._note_how_far,
            self._tidy,
            self._watch_receipts,
            self._watch,
            self.media.tidy,
            *(self.media.work for _ in range(MEDIA_WIDTH)),
            self.feed.run,
            self.hooks.run,
            *map(self._once_trusted, (self.courier.run, self.errands.run, self.alarm.run)),
            *(self._once_trusted(self.lanes.work) for _ in range(WIDTH)),
        ]

    def _once_trusted(self, work: Work) -> Work:
        """Return work that waits while the daemon is in safe mode."""

        async def waits() -> None:
            await self.trusted.wait()
            await work()

        return waits

    async def _begin_life(self) -> None:
        """Choose safe mode when the last lives ended before they were ready.

        In safe mode all is received and stored, nothing decided or sent, until WhatsApp has been
        ready for a while. What then kills the daemon is a message, which is set aside.
        """
        failed = await self.database.write(partial(lives.begin, now=now()))
        if failed < DEATHS_TO_SAFE_MODE:
            self.trusted.set()
        else:
            self.link.safe_mode = True
            logger.error("safe mode: %d lives ended before they were ready", failed)

    async def _trust(self) -> None:
        """Leave safe mode once WhatsApp has been ready for a while."""
        await self.database.write(lives.became_ready)
        if not self.trusted.is_set():
            await asyncio.sleep(SAFE_MODE)
            logger.info("safe mode ends: WhatsApp is ready")
            self.trusted.set()
            self.link.safe_mode = False

    async def _wake_the_waiting(self) -> None:
        """Wake every chat that the last life left something in."""

        def waiting(db: sqlite3.Connection) -> list[Lane]:
            return [
                *inbox.chats_waiting(db), *calls.chats_answered(db), *events.chats_waiting(db)
            ]  # fmt: skip

        for lane in await self.database.read(waiting):
            self.lanes.wake(lane)

    async def _watch(self) -> None:
        async for changed in watch_rulebook(self.config.folder, self.stopping):
            if any(name.startswith("models/") for name in changed):
                self.understander.reload(self.config.models_folder)
            logger.info("changed: %s", ", ".join(sorted(changed)))
            await self.reload()

    async def _recover_on_ready(self) -> None:
        """Each time a page became ready, find out what the one before left in doubt."""
        while True:
            await self._recovering.wait()
            self._recovering.clear()
            await self._trust()
            await self.courier.recover()
            if self._on_ready is not None:
                self._on_ready()

    async def _tidy(self) -> None:
        """Now and then, forget what only conversations that are over needed."""
        while True:
            await asyncio.sleep(TIDY)
            await self.shelf.tidy()
            self.pipeline.book = self.shelf.book

    async def _note_how_far(self) -> None:
        """While messages come in, move up the point from which a later sweep must look."""
        while True:
            await asyncio.sleep(NOTE_SWEPT)
            if self.link.state is LinkState.READY and self.link.account is not None:
                note = partial(
                    accounts.note_swept, account=self.link.account, begun=now() - RECONCILED
                )
                await self.database.write(note)

    async def _watch_receipts(self) -> None:
        """Tell the session when what it sends is not acknowledged any more."""
        while True:
            await asyncio.sleep(LOOK_AT_RECEIPTS)
            account, since = self.link.account, self.link.ready_since
            if account is None or since is None:
                continue
            missing = partial(outbox.receipts_missing, account=account, since=since, now=now())
            self.session.note_receipts(await self.database.read(missing))

    def _link_moved(self, state: LinkState, account: AccountId | None, detail: str) -> None:
        self.link.moved(state, account, detail, now())
        self.counts.note_state(state)
        self.feed.tell("session.status", told_state(self.config, state, detail))
        if state is LinkState.READY:
            self._recovering.set()

    def _code_shown(self, code: str) -> None:
        self.link.shows(code)
        if code:
            logger.info("scan the login code with the phone: `alexia login` shows it")

    def _wake_later(self, lane: Lane, pause: timedelta) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(pause.total_seconds(), self.lanes.wake, lane)

    def _handled(self, handled: Handled) -> None:
        if handled.sends:
            self.courier.wake()
        self.errands.wake()
        self.media.wake()
        self.counts.note_turn(handled.sends)
        _log_turn(handled)

    def _known_intents(self) -> frozenset[str] | None:
        return frozenset(self.understander.intents()) or None


async def _steadfast(work: Work) -> None:
    """Do a piece of work for ever: a failure that nobody foresaw is told, and it begins again."""
    while True:
        try:
            return await work()
        except Exception:
            logger.exception("a part of the daemon failed; it begins again")
            await asyncio.sleep(BEGIN_AGAIN)


async def run_daemon(
    config: Config,
    *,
    last_good: bool = False,
    on_ready: Callable[[], None] | None = None,
) -> None:
    """Run the bot until it is told to stop.

    Raises:
        DataFolderHeld: Another daemon works on the folder.
        DatabaseRefused: The database cannot be used.
        BrokenRules: The rule files are broken, and ``last_good`` was not asked for.
        PortInUse: Somebody else listens on the console's port.
    """
    with hold_folder(config.data_folder):
        async with open_front(config) as front:
            await _run_behind(front, config, last_good=last_good, on_ready=on_ready)


async def _run_behind(
    front: Front, config: Config, *, last_good: bool, on_ready: Callable[[], None] | None
) -> None:
    """Build the daemon and run it, while the front already tells how it is."""
    database = await asyncio.to_thread(Database, config.database)
    try:
        daemon = front.daemon = Daemon(config, database)
        opened = await daemon.shelf.open(last_good=last_good)
        if not opened.ok:
            raise BrokenRules(opened)
        daemon.pipeline.book = daemon.shelf.book
        for problem in opened.problems:
            logger.warning("%s", problem)
        _listen_to_signals(daemon)
        await daemon.run(on_ready)
    finally:
        await asyncio.to_thread(database.close)


def _listen_to_signals(daemon: Daemon) -> None:
    loop = asyncio.get_running_loop()
    reloads: set[asyncio.Task[Reloaded]] = set()

    def reload() -> None:
        task = loop.create_task(daemon.reload())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, daemon.stop)
    loop.add_signal_handler(signal.SIGHUP, reload)


def _settings(config: Config) -> WhatsAppSettings:
    whatsapp = config.whatsapp
    return WhatsAppSettings(
        name=config.sessions[0].name,
        url=config.page_url,
        browser=whatsapp.browser,
        headless=whatsapp.headless,
        no_sandbox=whatsapp.no_sandbox,
        profile=config.profile_folder,
        wa_js_path=whatsapp.wa_js.path if whatsapp.wa_js else None,
        wa_js_version=whatsapp.wa_js.version if whatsapp.wa_js else "",
        wa_js_sha256=whatsapp.wa_js.sha256 if whatsapp.wa_js else "",
    )


def _log_turn(handled: Handled) -> None:
    logger.info(
        "…%s %s: %s, %d to send, %.0f ms",
        handled.lane[1].partition("@")[0][-4:], handled.event, handled.winner or "nobody speaks",
        handled.sends, handled.total,
    )  # fmt: skip
