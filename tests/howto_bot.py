"""A bot for the pages of docs/howto: its WhatsApp is a double, everything else of it is real."""

import asyncio
import base64
import re
import shlex
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click
import httpx2
from click.testing import CliRunner

from bot.cli import main
from bot.config import load_config
from bot.daemon import clock
from bot.daemon.run import run_daemon
from bot.domain.messages import ChatId
from bot.domain.receipts import Receipt
from tests.daemon.stage import WITHIN, FakePhone
from tests.groups_double import MemoryGroups
from tests.make import message

PAGES = Path(__file__).parent.parent / "docs" / "howto"
BLOCK = re.compile(r"(?:^`([\w./-]+)`:\n\n)?^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(alexia [^`\n]+)`")
BASE = "pacing: off\nmodels: {enabled: false}\naccept_risk: true\nlanguage: en\n"
PARTS_OF_CURL = {"-H": "header", "-d": "body", "-F": "field"}


PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Erk"
    "Jggg=="
)  # one dot


REFUSED = {"alexia campaign retry": "there is no message of which nobody can tell"}
"""Commands that find nothing to do here, and say so."""


@dataclass(frozen=True)
class Block:
    """A block of a page: the file that it is, if any, its language, and its text."""

    file: str
    kind: str
    text: str

    @property
    def commands(self):
        """Return what is typed: whole lines, comments aside."""
        if self.kind not in ("", "sh"):
            return []
        lines = self.text.replace("\\\n", " ").splitlines()
        joined = "\n".join(lines).replace('",\n', '", ').splitlines()
        return [line.partition("  #")[0].strip() for line in joined]


def blocks_of(page):
    return [Block(*found) for found in BLOCK.findall((PAGES / page).read_text("utf-8"))]


def said_inline(page):
    """Return the whole commands that a page names within its sentences."""
    prose = BLOCK.sub("", (PAGES / page).read_text("utf-8"))
    return [line for line in dict.fromkeys(INLINE.findall(prose)) if _is_whole(line)]


def _is_whole(line):
    """Tell whether a command can be run as it stands there: no group alone, nothing left out."""
    command, words = main, shlex.split(line)[1:]
    while isinstance(command, click.Group) and words:
        command, *words = command.get_command(None, words[0]), *words[1:]
    needed = [one for one in command.params if isinstance(one, click.Argument) and one.required]
    is_group = isinstance(command, click.Group) and not command.invoke_without_command
    given = [word for word in words if not word.startswith("-")]
    chosen = {"IDS"} & {one.human_readable_name for one in command.params}
    return not is_group and len(given) >= len(needed) + len(chosen)


class TellingGroups(MemoryGroups):
    """Tells of a group that is made, as WhatsApp does."""

    on_changed = None

    async def create(self, subject, members):
        made = await super().create(subject, members)
        await self.on_changed(made.id)
        return made


class Phone(FakePhone):
    """Sends whatever it is given, at once acknowledged; knows everybody."""

    async def send_text(self, chat, text, message_id, quoted=None, mentions=()):
        await self._sent(chat, message_id)

    async def send_body(self, chat, body, message_id, *_, **__):
        await self._sent(chat, message_id)

    async def _sent(self, chat, message_id):
        receipt = Receipt(account=self.account, chat=chat, id=message_id, ack=1, at=clock.now())
        await self.inlet.take_receipts([receipt])

    def __init__(self, settings, inlet, clock):
        super().__init__(settings, inlet, clock)
        self.groups = TellingGroups()

    def want_code(self):
        """Nobody needs one: it is logged in."""

    async def read_medium(self, wanted):
        yield PICTURE

    async def nothing(self, *_, **__):
        """Show that somebody types, is online or has read; find nothing; change a message."""

    show_typing = show_recording = show_online = mark_read = find = amend = nothing


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def write_files(folder, blocks, config=""):
    """Write what a page shows: its configuration, its rules, its files, its Python."""
    own = "".join(block.text for block in blocks if block.kind == "yml")
    write(folder / "config.yaml", BASE + config + own)
    for name in ("rules", "flows", "tests"):
        (folder / name).mkdir(exist_ok=True)
    for number, block in enumerate(blocks):
        if block.file:
            write(folder / block.file, block.text)
        elif block.kind == "python":
            write(folder / block.text.split('"""')[1], block.text)
        elif block.kind == "yaml" and "\ntests:" not in block.text and "# conf" not in block.text:
            write(folder / f"rules/n{number}.yaml", block.text)


class Bot:
    """Runs commands as a page gives them, beside a running daemon.

    Attributes:
        meant: What stands on the page for something of the reader's, and what it is here.
        said: What the last command said.
    """

    def __init__(self, folder):
        self.folder = folder
        self.meant = {}
        self.said = ""
        self._running = None

    async def start(self):
        ready = asyncio.Event()
        config = load_config(self.folder / "config.yaml")
        self._running = asyncio.ensure_future(run_daemon(config, on_ready=ready.set))
        waiting = asyncio.ensure_future(ready.wait())
        async with asyncio.timeout(WITHIN):
            await asyncio.wait({self._running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    async def stop(self):
        if self._running is not None and not self._running.done():
            await self._alexia("alexia stop")
        if self._running is not None:
            await self._running
        self._running = None

    async def type(self, line):
        """Do a line of a page."""
        for written, here in self.meant.items():
            line = line.replace(written, str(here))
        match line.split():
            case ["alexia", "run", *_]:
                await self.run_anyway()
            case ["alexia", "stop"]:
                await self.stop()
            case ["curl", *_]:
                await self._curl(line)
            case ["alexia", *_]:
                await self._before(line)
                await self._alexia(line)
                await self._behind(line)

    async def run_anyway(self):
        """Start it where it does not run."""
        if self._running is None:
            await self.start()

    async def _before(self, line):
        """Do what a page says in words: stop the bot, or choose one of two ways."""
        match line.split():
            case ["alexia", "restore", _]:
                await self.stop()
                (self.folder / "state").rename(self.folder / "of_the_old_machine")
            case ["alexia", "rekey" | "restore", *_] | ["alexia", "backup", "--login"]:
                await self.stop()
            case ["alexia", "campaign", "start", name, "--yes"]:
                await self._alexia(f"alexia campaign stop {name}")

    async def _behind(self, line):
        """Wait as a person would, and read what is said."""
        match line.split():
            case ["alexia", "campaign", "preview", *_]:
                self.meant["TOKEN"] = self.said.split()[-1]
            case ["alexia", "sessions", "start" | "rename", *_, name]:
                async with asyncio.timeout(WITHIN):
                    while not (name in Phone.opened and Phone.opened[name].ready):
                        await asyncio.sleep(0)

    async def _alexia(self, line):
        """Run a command, whose questions are answered with yes."""
        words = shlex.split(line)[1:]
        done = await asyncio.to_thread(CliRunner().invoke, main, words, input="y\ny\n")
        is_told = any(line.startswith(one) and told in done.output for one, told in REFUSED.items())
        assert done.exit_code == 0 or is_told, f"{line}\n{done.output}\n{done.exception!r}"
        self.said = done.output

    async def _curl(self, line):
        await self._alexia("alexia tokens show admin")
        words = shlex.split(line.replace("$(alexia tokens show admin)", self.said.strip()))[1:]
        given = {"header": [], "body": [], "field": []}
        url = words.pop(0)
        for option, value in zip(words[::2], words[1::2], strict=True):
            given[PARTS_OF_CURL[option]].append(value)
        fields = dict(one.split("=", 1) for one in given["field"])
        files = {name: (value[1:], (self.folder / value[1:]).read_bytes())
                 for name, value in fields.items() if value.startswith("@")}  # fmt: skip
        more = {"files": files, "data": {k: v for k, v in fields.items() if k not in files}} \
            if fields else {"content": given["body"][0]}  # fmt: skip
        headers = dict(one.split(": ", 1) for one in given["header"])
        async with httpx2.AsyncClient() as client:
            answer = await client.post(url, headers=headers, **more)
        assert answer.is_success, f"{line}\n{answer.status_code} {answer.text}"

    async def hear(self, text="", number="5511987654321", id="A1", account="default", **more):
        """Let a customer write, and wait until that is decided."""
        phone = Phone.opened[account]
        told = message(text, id=id, chat=ChatId(f"{number}@c.us"), account=phone.account,
                       sent_at=clock.now(), **more)  # fmt: skip
        await phone.inlet.take_messages([told])
        await self.until("SELECT count(*) = 0 FROM inbox WHERE state = 'waiting'", account)

    async def until(self, query, account="default"):
        """Wait until what the database is asked is so."""
        async with asyncio.timeout(WITHIN):
            while not self.ask(query, account)[0]:
                await asyncio.sleep(0)

    def ask(self, query, account="default"):
        """Return the first row that the database of an account gives."""
        folder = self.folder / "state"
        file = folder / "alexia.db" if account == "default" else folder / "sessions" / account
        with closing(sqlite3.connect(file)) as db, db:
            return db.execute(query).fetchone()
