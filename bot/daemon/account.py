"""One account: everything that belongs to one WhatsApp number, built and wired."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot.config import Config
from bot.console.feed import Feed
from bot.console.health import STATES
from bot.console.hooks import Hooks
from bot.daemon.bookshelf import BookShelf, Reloaded
from bot.daemon.campaign_desk import CampaignDesk
from bot.daemon.clock import chance, now
from bot.daemon.crm_desk import CrmDesk
from bot.daemon.group_desk import group_keeper, label_keeper
from bot.daemon.library import Library
from bot.daemon.pace import pacing_of
from bot.daemon.people_desk import profile_keeper
from bot.daemon.recycling import BrowserRecycler
from bot.daemon.standing import Standing, courier_of
from bot.daemon.status import told_reload
from bot.daemon.visible import Visible
from bot.delivery.errands import Errands
from bot.delivery.pacing import due_at
from bot.domain.data import dataclass
from bot.domain.messages import AccountId
from bot.engine.moving import told_moves
from bot.extensions.running import PythonActions
from bot.inbound.ingest import Ingest
from bot.inbound.lanes import Lane, Lanes
from bot.inbound.media import MediaFetcher
from bot.inbound.next_event import Intake
from bot.inbound.pipeline import Handled, Pipeline
from bot.inbound.timers import Alarm
from bot.inbound.voice import VoiceNotes
from bot.nlu.hearing import hearing_of
from bot.nlu.understander import BackgroundUnderstander
from bot.ports import LinkState
from bot.store import retention
from bot.store.conversations import open_frames
from bot.store.database import Database
from bot.store.erasing import Erased, erase
from bot.store.media_files import MediaFiles
from bot.store.people import find_contact
from bot.store.retention import Keep
from bot.telemetry import log_turn
from bot.webhook import HttpWebhook
from bot.whatsapp.settings import WhatsAppSettings
from bot.whatsapp.supervisor import WhatsAppSession

logger = logging.getLogger("alexia.daemon")


@dataclass(frozen=True, slots=True)
class Shared:
    """What all accounts have together: it costs memory, and knows nothing of any of them."""

    understander: BackgroundUnderstander
    library: Library


class Account:
    """The parts of one account. `Life` runs them.

    Attributes:
        recovering: Set each time a page became ready.
        trusted: Clear in safe mode.
    """

    def __init__(
        self, config: Config, database: Database, shared: Shared, visible: Visible
    ) -> None:
        """Wire the parts. ``config`` knows this account only (`Config.alone`)."""
        self.config = config
        self.database = database
        self.name = config.sessions[0].name
        self.link, self.counts = visible.link, visible.counts
        self.shelf = BookShelf(config, database, clock=now, library=shared.library)
        pacing = pacing_of(config.pacing)
        self.pipeline = Pipeline(
            database,
            shared.understander,
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
        self.standing, self.recycler = Standing(self), BrowserRecycler(self)
        self.courier = courier_of(self, pacing)
        self.files = MediaFiles(config.home)
        self.media = MediaFetcher(
            database,
            self.session.media,
            self.files,
            now,
            keep=config.retention.media,
            quota=config.retention.media_mb * 1_000_000,
        )
        self.voice = VoiceNotes(
            database, self.files.folder, hearing_of(config), account=lambda: self.link.account,
            clock=now, wake=self.lanes.wake,
        )  # fmt: skip
        self.webhook = HttpWebhook(allow_local=config.http.allow_local)
        self.courier.fetch = self.webhook.fetch
        self.actions = PythonActions(lambda: self.shelf.actions)
        self.errands = Errands(database, self.webhook, self.actions, now, on_answer=self.lanes.wake)
        self.alarm = Alarm(database, self.lanes, now)
        self.feed = Feed(
            database, config.webhooks, session=self.name, audience=visible.audience,
            account=lambda: self.link.account, clock=now,
        )  # fmt: skip
        self.hooks = Hooks(database, self.webhook, config.webhooks, clock=now, chance=chance)
        self.crm = CrmDesk(self)
        self.campaigns = CampaignDesk(self)
        self.groups, self.labels = group_keeper(self), label_keeper(self)
        self.people = profile_keeper(self)
        self.trusted = asyncio.Event()
        self.recovering = asyncio.Event()
        self._listen()

    def _listen(self) -> None:
        """Let each part hear of what concerns it."""
        self.ingest.is_guarded = lambda: self.pipeline.book.compiled.is_guarded
        self.pipeline.on_handled = self._handled
        self.pipeline.on_wait = self._wake_later
        self.pipeline.on_decided = self.feed.decided
        self.ingest.heard = lambda: self.pipeline.book.heard
        self.feed.on_posted = self.hooks.wake

    async def open(self, *, last_good: bool) -> Reloaded:
        """Put the rules in force, before anything runs."""
        opened = await self.shelf.open(last_good=last_good)
        self.pipeline.book = self.shelf.book
        return opened

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

    async def tidy(self) -> None:
        """Forget what only conversations that are over needed, and what was kept long enough."""
        await self.shelf.tidy()
        self.pipeline.book = self.shelf.book
        keep = Keep(messages=self.config.retention.messages, traces=self.config.retention.traces)
        more = True
        while more:
            more = await self.database.write(partial(retention.expire, keep=keep, now=now()))

    async def erase(self, who: str) -> Erased | None:
        """Take a person out of database and files; None when nobody known is ``who``."""
        contact = await self.database.read(lambda db: find_contact(db, who))
        if contact is None:
            return None
        erased = await self.database.write(lambda db: erase(db, contact))
        await asyncio.to_thread(self.files.remove, erased.files)
        await self.database.scrub()
        return erased

    def _link_moved(self, state: LinkState, account: AccountId | None, detail: str) -> None:
        self.link.moved(state, account, detail, now())
        self.counts.note_state(state)
        self.feed.tell("session.status", self._told_state(state, detail))
        if state is LinkState.READY:
            self.recovering.set()
            self.groups.look_at_all()
            self.labels.look_at_all()
            self.people.look_at_all()

    def _told_state(self, state: LinkState, detail: str) -> dict[str, Any]:
        return {"name": self.name, "status": STATES[state], "detail": detail}

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
        self.labels.wake()
        self.people.wake()
        self.counts.note_turn(handled.sends)
        log_turn(
            handled.lane[1], handled.event, handled.winner, handled.sends, handled.total
        )  # fmt: skip


def _settings(config: Config) -> WhatsAppSettings:
    whatsapp = config.whatsapp
    return WhatsAppSettings(
        name=config.sessions[0].name,
        url=config.page_url,
        browser=whatsapp.browser,
        headless=whatsapp.headless,
        no_sandbox=whatsapp.no_sandbox,
        profile=config.profile_folder,
        wa_js_path=config.folder / whatsapp.wa_js.path if whatsapp.wa_js else None,
        wa_js_version=whatsapp.wa_js.version if whatsapp.wa_js else "",
        wa_js_sha256=whatsapp.wa_js.sha256 if whatsapp.wa_js else "",
        page=(config.folder / whatsapp.page.path, whatsapp.page.sha256) if whatsapp.page else None,
        presence=whatsapp.presence,
    )
