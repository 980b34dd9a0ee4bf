"""A bot that is not there: the console's desk over stores in memory."""

from datetime import UTC, datetime

import httpx2

from bot.config import Console
from bot.console.app import make_app
from bot.console.desk import Counts, Health, NotYet
from bot.console.feed import Audience, Feed
from bot.console.keys import Key, KeyFile, Role
from bot.daemon import changing, consenting
from bot.daemon.chat_desk import ChatDesk
from bot.daemon.people_desk import PeopleDesk
from bot.domain.errors import AddRefused, MediumLost, RemoveRefused, RenameRefused
from bot.domain.messages import AccountId
from bot.domain.outgoing import Why
from bot.domain.turns import EventRaised
from bot.language.flows import Slot
from bot.language.reading import read_rulebook
from bot.ports import LinkState
from bot.store import drafts, events
from bot.store.media_files import MediaFiles
from bot.testing.memory import MemoryDatabase
from tests.chats_double import MemoryChats
from tests.groups_double import MemoryGroups
from tests.labels_double import MemoryLabels
from tests.make import ACCOUNT, NOW
from tests.people_double import MemoryPeople

BASE = "http://127.0.0.1:8765"
SECRETS = {role: role.name.lower()[0] * 64 for role in Role}


CANNED = "version: 1\ncanned: {thanks: {lang: {en: Thank you!, es: ¡Gracias!}}, bye: Goodbye!}\n"


class StillTransport:
    account = ACCOUNT
    ready = True

    def __init__(self):
        self.done = []
        self.failure = None

    async def show_typing(self, chat, typing):
        self._do("typing", chat, typing)

    async def show_online(self, online):
        self._do("online", online)

    async def show_recording(self, chat):
        self._do("recording", chat)

    async def mark_read(self, chat):
        self._do("read", chat)

    async def amend(self, chat, amendment):
        name = type(amendment).__name__.lower().removesuffix("ion")
        said = getattr(amendment, "emoji", getattr(amendment, "text", ""))
        self._do(name, chat, amendment.target, said)

    def _do(self, *what):
        if self.failure:
            raise self.failure
        self.done.append(what)


class StageDesk:
    """Implements `desk.Desk`."""

    def __init__(self, name, targets=()):
        self.name = name
        self.counts = Counts(turns=3, sends=2)
        self.account = ACCOUNT
        self.code = ""
        self.state = LinkState.READY
        self.store = MemoryDatabase()
        self.transport = StillTransport()
        self.groups = MemoryGroups()
        self.source = MemoryChats()
        self.people_known = MemoryPeople()
        self.labels = MemoryLabels()
        self.on_whatsapp = set()
        self.lanes = (0, 1)
        self.is_restricted = False
        self.is_built = True
        self.hooks_known = {"paid"}
        self.files = None
        self.chatwoot = None
        self.web = {}
        self.audience = Audience()
        self.feed = Feed(
            self.store,
            targets,
            session=name,
            audience=self.audience,
            account=lambda: self.account,
            clock=lambda: NOW,
        )

    @property
    def chats(self):
        return ChatDesk(self.store, self.source, self.transport, lambda: NOW)

    @property
    def people(self):
        return PeopleDesk(
            self.store, self.people_known, ask=self._find, ready=lambda: self.transport.ready,
            account=self._account,
        )  # fmt: skip

    async def _find(self, addresses):
        return next((one for one in addresses if one in self.on_whatsapp), None)

    async def _account(self):
        return self.account

    @property
    def database(self):
        if not self.is_built:
            raise NotYet("the bot is starting")
        return self.store

    async def fetch(self, url, write, within):
        if url not in self.web:
            raise MediumLost("status 404", for_good=True)
        content, kind = self.web[url]
        await write(content)
        return kind

    async def link_code(self, phone):
        return {"5511900000001": "ABCD1234"}[phone]

    async def logout(self):
        self.state, self.account = LinkState.LOGGED_OUT, None

    async def send(self, chat, text, key, quoted=None, body=None):
        draft = drafts.Draft(
            account=self.account,
            chat=chat,
            text=text,
            why=Why.PERSON,
            by="api",
            due_at=NOW,
            quoted=quoted,
            body=body,
        )
        db = self.store.db
        drafts.reserve(db, self.store.secret, f"api|{key}", [draft], NOW)
        return drafts.reserve_id(self.store.secret, f"api|{key}", 0)

    async def note_consent(self, who, say):
        return consenting.note(self.store.db, who, say(NOW), NOW).answer

    async def change(self, who, said):
        fields = {"points": Slot(name="points", type="integer")}
        return changing.change(self.store.db, who, said, fields, "UTC")

    @property
    def rulebook(self):
        book, _ = read_rulebook({"rules/a.yaml": CANNED})
        return book

    async def say(self, chat, name, key):
        if name not in self.rulebook.canned:
            return f"there is no canned reply {name!r}"
        event = EventRaised(name="command.say", data={"argument": name})
        events.queue_once(self.store.db, AccountId(ACCOUNT), chat, event, NOW, f"say|{key}")
        return ""

    async def call_in(self, chat, name, data, key):
        if name not in self.hooks_known:
            return False
        event = EventRaised(name=f"webhook.{name}", data=data)
        events.queue_once(self.store.db, AccountId(ACCOUNT), chat, event, NOW, f"webhook|{key}")
        return True


class StageBot:
    """Implements `desk.Bot`; ``desk`` is its first session."""

    def __init__(self, targets=(), names=("default",)):
        self.sessions = {name: StageDesk(name, targets) for name in names}
        self.desk = self.sessions[names[0]]
        self.counts = Counts(errors=1)
        self.reasons = ()
        self.asked = []
        self.failure = None

    def health(self, session=""):
        states = {name: one.state for name, one in self.sessions.items() if session in ("", name)}
        return Health(
            ready=all(state is LinkState.READY for state in states.values()),
            sessions=states,
            reasons=self.reasons,
        )

    async def status(self):
        return {"version": "0", "ready": True}

    async def reload(self, session=""):
        self.asked.append(("reload", session))
        return {"reloaded": False, "problems": []}

    async def start(self, session):
        self.sessions[session].state = LinkState.STARTING

    async def stop(self, session):
        self.sessions[session].state = LinkState.STOPPED

    async def add(self, session):
        if session in self.sessions:
            raise AddRefused(session, "there is one already")
        self.sessions[session] = StageDesk(session)

    async def remove(self, session):
        if len(self.sessions) == 1:
            raise RemoveRefused(session, "it is the only one")
        del self.sessions[session]

    async def report(self, session, asked):
        if self.failure:
            raise self.failure
        self.asked.append(("report", session, asked))
        return '{"report": true}'

    async def rename(self, session, name):
        if name in self.sessions:
            raise RenameRefused(session, "there is one already")
        desk = self.sessions.pop(session)
        desk.name, self.sessions[name] = name, desk

    def close(self):
        for one in self.sessions.values():
            one.store.close()


def make_keys(folder):
    keys = KeyFile(folder)
    keys.write(tuple(Key(name=role.name.lower(), role=role, secret=SECRETS[role]) for role in Role))
    return keys


def client(app, role=Role.ADMIN, **headers):
    given = {"X-Api-Key": SECRETS[role]} if role else {}
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url=BASE, headers={**given, **headers}
    )


def app_of(bot, folder, **settings):
    for name, desk in bot.sessions.items():
        desk.files = desk.files or MediaFiles(folder / name)
    return make_app(bot, make_keys(folder), Console(**settings))


def at(seconds):
    return datetime.fromtimestamp(NOW.timestamp() + seconds, UTC)
