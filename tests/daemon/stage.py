"""Accounts whose WhatsApp is a double; everything else of them is real."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.config import load_config
from bot.daemon import clock
from bot.daemon.accounts import Accounts
from bot.domain.errors import TransportDown
from bot.domain.messages import AccountId, ChatId
from bot.ports import LinkState
from bot.whatsapp.door import Door
from tests.chats_double import MemoryChats
from tests.groups_double import MemoryGroups
from tests.labels_double import MemoryLabels
from tests.make import message
from tests.people_double import MemoryPeople

WITHIN = 10.0  # seconds
RULES = "version: 1\nrules: [{{id: a, when: {{keyword: hi}}, do: {{reply: Hello from {name}}}}}]\n"


class FakePhone:
    """Stands for `WhatsAppSession`: logs in at once, keeps what is sent, dies when told to."""

    opened = {}  # noqa: RUF012 - by name of the account, the latest one; cleared by the fixture

    def __init__(self, settings, inlet, clock):
        self.settings = settings
        self.inlet = inlet
        self.account = None
        self.ready = False
        self.page = "the only one"
        self.sent = asyncio.Queue()
        self.dies = asyncio.Queue()
        self.ailment, self.reasons, self.browser_pid = "", [], 7
        self.door = Door()
        self.warning, self.outdated = "", False
        self.closed = False
        self.groups, self.chats, self.labels = MemoryGroups(), MemoryChats(), MemoryLabels()
        self.people = MemoryPeople()
        FakePhone.opened[settings.name] = self

    @property
    def transport(self):
        return self

    media = transport

    async def run(self):
        number = AccountId(f"55119{len(self.settings.name):08d}@c.us")
        try:
            while True:
                await self.inlet.sweep_from(number, clock.now())
                self.account, self.ready = number, True
                await self.inlet.take_state(LinkState.READY, number, "")
                raise await self.dies.get()
        finally:
            self.ready = False
            self.closed = True

    async def logout(self):
        if not self.ready:
            raise TransportDown("no page is logged in")
        self.account, self.ready = None, False
        await self.inlet.take_state(LinkState.LOGGED_OUT, None, "")

    async def hear(self, text, chat="5511987654321@c.us", id="A1", ago=timedelta(0)):
        sent_at = clock.now() - ago
        told = message(text, id=id, chat=ChatId(chat), account=self.account, sent_at=sent_at)
        await self.inlet.take_messages([told])

    async def said(self):
        async with asyncio.timeout(WITHIN):
            return await self.sent.get()

    async def send_text(self, chat, text, message_id, quoted=None, mentions=()):
        self.sent.put_nowait(text)

    async def find_number(self, addresses):
        return addresses[0]  # everybody has WhatsApp

    async def find_ack(self, chat, message_id):
        return 1

    def note_receipts(self, missing):
        pass


class Office:
    """The accounts of a folder, as the daemon has them."""

    def __init__(self, folder, names, more=""):
        self.folder = folder
        for name in names:
            self.write(name, RULES.format(name=name))
            (folder / name / "flows").mkdir()
        self.config_file = folder / "config.yaml"
        entries = "".join(
            f"  - name: {name}\n    rules: {name}/rules\n    flows: {name}/flows\n"
            for name in names
        )
        self.config_file.write_text(
            f"sessions:\n{entries}pacing: off\nmodels: {{enabled: false}}\n"
            f"console: {{port: 0}}\naccept_risk: true\n{more}"
        )

    def write(self, name, text):
        file = self.folder / name / "rules" / "a.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    @asynccontextmanager
    async def running(self):
        """Give the running accounts; the folder of the data is held by nobody else."""
        self.accounts = Accounts(load_config(self.config_file, {}))
        try:
            await self.accounts.open()
            running = asyncio.ensure_future(self.accounts.run())
            try:
                yield self.accounts
            finally:
                self.accounts.stopping.set()
                await running
        finally:
            await self.accounts.close()

    async def until(self, name, state):
        """Wait until an account is in a state; return its phone."""
        link = self.accounts.find(name).visible.link
        async with asyncio.timeout(WITHIN):
            while link.state is not state:
                await asyncio.sleep(0)
        return FakePhone.opened.get(name)

    async def phone(self, name):
        return await self.until(name, LinkState.READY)
