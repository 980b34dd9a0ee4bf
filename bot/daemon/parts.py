"""The parts of one account, built and wired to one another."""

from zoneinfo import ZoneInfo

from bot.config import Config
from bot.console.feed import Feed
from bot.console.hooks import Hooks
from bot.daemon.bookshelf import BookShelf
from bot.daemon.clock import chance, now
from bot.daemon.library import Library
from bot.daemon.pace import pacing_of
from bot.daemon.visible import Visible
from bot.delivery.courier import Courier
from bot.delivery.errands import Errands
from bot.delivery.governor import Governor
from bot.delivery.pacing import due_at
from bot.domain.data import dataclass
from bot.extensions.running import PythonActions
from bot.inbound.ingest import Ingest
from bot.inbound.lanes import Lanes
from bot.inbound.media import MediaFetcher
from bot.inbound.next_event import Intake
from bot.inbound.pipeline import Pipeline
from bot.inbound.timers import Alarm
from bot.inbound.voice import VoiceNotes
from bot.nlu.hearing import hearing_of
from bot.nlu.understander import BackgroundUnderstander
from bot.store.database import Database
from bot.store.media_files import MediaFiles
from bot.webhook import HttpWebhook
from bot.whatsapp.settings import WhatsAppSettings
from bot.whatsapp.supervisor import WhatsAppSession


@dataclass(frozen=True, slots=True)
class Shared:
    """What all accounts have together: it costs memory, and knows nothing of any of them."""

    understander: BackgroundUnderstander
    library: Library


class Parts:
    """What belongs to one WhatsApp number alone. `Account` sets desks over it."""

    def __init__(
        self, config: Config, database: Database, shared: Shared, visible: Visible
    ) -> None:
        """Wire the parts. ``config`` knows this account only (`Config.alone`)."""
        self.config = config
        self.database = database
        self.name = config.sessions[0].name
        self.link, self.counts, self.late = visible.link, visible.counts, visible.late
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
        self.ingest = Ingest(database, self.lanes, now, on_settled=lambda: self.courier.wake())
        self.session = WhatsAppSession(_settings(config), self.ingest, now)
        self.courier = Courier(
            database, self.session.transport, Governor(pacing, ZoneInfo(config.timezone)), now
        )
        self.courier.folder, self.courier.data = config.folder, config.home
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
