"""How-tos: each command of a page is run, in order, over the files that it shows."""

import asyncio
import shlex
import socket
from contextlib import asynccontextmanager

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.config import load_config
from bot.domain.messages import Media, MessageKind
from tests.crm.chatwoot_stub import ChatwootStub
from tests.crm.hubspot_stub import HubSpotStub
from tests.crm.wire import Wire
from tests.howto_bot import PAGES, PICTURE, Bot, Phone, blocks_of, said_inline, write, write_files

SECRETS = ("HOOK_KEY", "HUBSPOT_TOKEN", "CHATWOOT_TOKEN", "CHATWOOT_WEBHOOK_SECRET")
KNOWN = """\
phone,name,tags,stage,score,consent,consent_source,consent_wording
+5511987654321,Ana Souza,"vip,buyer,newsletter,customer",new,20,yes,shop,May we write?
+5531987654321,Eva Prado,,,,,,
+5511900000001,Rui Lima,buyer,new,20,yes,shop,May we write?
"""
OWN = """\
version: 1
fields: {points: {type: integer}, plan: {type: choice, choices: [gold]}}
flows: {pizza_order: {when: {keyword: pizza}, steps: [{reply: A pizza.}]}}
"""
HELLO = "version: 1\nrules: [{id: own, when: {keyword: hey}, do: {reply: Hey!}}]\n"
ANYBODY = {
    "CHAT": "5511987654321",
    "CONTACT": '"Ana Souza"', "TEXT": "hello", "NUMBER": "5511987654321", "LINK": "code0",
    "NAME": "spring", "FLOW": "pizza_order", "[PATHS]": "", "FILE": "out.json",
}  # fmt: skip
ALONE = [  # no daemon is needed, and what they say stands on the page
    "canned.md",
    "consent.md",
    "importing.md",
    "segments.md",
]
ELSEWHERE = (
    "alexia login",
    "alexia logout",
    "alexia doctor --live",
    "alexia test --e2e",
    "alexia demo",
)  # a phone or a browser is needed


@pytest.fixture(autouse=True)
def at_home(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.daemon.parts.WhatsAppSession", Phone)
    Phone.opened.clear()
    for name in SECRETS:
        monkeypatch.setenv(name, "a-secret-of-the-page-" * 2)
    monkeypatch.setenv("ALEXIA_ENV", "SHOP")


@pytest.mark.parametrize("page", ALONE)
def test_the_commands_of_the_page_do_what_it_says(page, tmp_path):
    (tmp_path / "config.yaml").touch()
    said = ""
    for block in blocks_of(page):
        if block.file:
            write(tmp_path / block.file, block.text)
        elif block.kind == "sh":
            said = "".join(_run(line) for line in block.text.splitlines())
        elif block.kind == "text":
            assert said == block.text


def _run(line):
    done = CliRunner().invoke(main, shlex.split(line)[1:])
    assert done.exit_code == 0, f"{line}\n{done.output}"
    return done.output


# ---------------------------------------------------------------------- beside a running bot


async def nothing_more(bot):
    """Leave a page's world as it is."""


async def a_picture_came(bot):
    picture = Media(kind=MessageKind.IMAGE, mimetype="image/png", size=len(PICTURE))
    await bot.hear(id="P1", kind=MessageKind.IMAGE, media=picture)
    await bot.until("SELECT state = 'ok' FROM media")
    await messages_were_said(bot)
    bot.ask("UPDATE outbox SET state = 'failed', detail = 'x' RETURNING id")
    bot.meant |= {" 12": f" {bot.ask('SELECT max(id) FROM inbox')[0]}",
                  "ID": bot.ask("SELECT message_id FROM outbox")[0]}  # fmt: skip


async def messages_were_said(bot):
    await bot.type('alexia send 5511987654321 "Hello, here we are"')
    await bot.until("SELECT count(*) > 0 FROM outbox WHERE state = 'sent'")
    (ours,) = bot.ask("SELECT message_id FROM outbox ORDER BY id DESC LIMIT 1")
    bot.meant |= {"3EB0C127D7BACC83D6A1": ours, "3AFE6525E05A35FB8DEC": "A1"}


async def somebody_has_two_telephones(bot):
    await bot.hear("hello", "5531987654321", "B1")


async def spam_came(bot):
    await bot.hear("Casino! Easy money at https://spam.example", id="S1")


async def rules_were_edited(bot):
    write(bot.folder / "rules/more.yaml", HELLO)
    await bot.type("alexia reload")


async def a_copy_was_edited(bot):
    await rules_were_edited(bot)
    write(bot.folder / "trial/rules/hello.yaml", HELLO)
    bot.meant["../trial"] = bot.folder / "trial"


async def prices_were_asked_for(bot):
    await bot.hear("what is the price?", id="A2")
    bot.meant['Souza" 2'] = 'Souza" 3'  # the second change is somebody else's


async def an_invoice_is_there(bot):
    write(bot.folder / "invoice.pdf", "%PDF-")


async def things_were_set_aside(bot):
    await messages_were_said(bot)
    await bot.type('alexia send 5511987654321 "And hello again"')
    bot.ask("UPDATE inbox SET state = 'quarantined', detail = 'x' RETURNING id")
    await bot.hear("hello again", id="A2")
    await rules_were_edited(bot)
    bot.ask("UPDATE inbox SET state = 'quarantined', detail = 'x' RETURNING id")
    bot.ask("UPDATE outbox SET state = 'failed', detail = 'x' RETURNING id")
    ours, other = bot.ask("SELECT min(message_id), max(message_id) FROM outbox")
    first, last = bot.ask("SELECT min(id), max(id) FROM inbox")
    bot.meant |= {
        "message-7": f"message-{first}", "webhook-3": f"message-{last}",
        "3EB0A1B2C3D4E5F60718AB": ours, "3EB0C127D7BACC83D6A1": other,
        "/mnt/usb/": f"{bot.folder}/", "/mnt/backups/$(date +%F)": f"{bot.folder}/night",
        " monday.tar": f" {bot.folder}/monday.tar",
    }  # fmt: skip


SCENES = {
    "api.md": an_invoice_is_there,
    "chats.md": messages_were_said,
    "edits.md": rules_were_edited,
    "labels.md": messages_were_said,
    "leads.md": prices_were_asked_for,
    "media.md": a_picture_came,
    "people.md": somebody_has_two_telephones,
    "questions.md": a_copy_was_edited,
    "spam.md": spam_came,
    "trouble.md": things_were_set_aside,
}


@asynccontextmanager
async def systems(page):
    """Give what the configuration says of the systems of other people that a page calls."""
    stub = {"hubspot.md": HubSpotStub, "chatwoot.md": ChatwootStub}.get(page)
    if stub is None:
        yield {}
        return
    made = stub()
    made.properties = {"contacts": HAS | {"firstname", "email"}, "0-3": {"dealname", "amount"}}
    async with Wire(made) as wire:
        yield {
            "https://app.chatwoot.com": wire.url, "hubspot:\n": f"hubspot:\n    url: {wire.url}\n",
        }  # fmt: skip


HAS = {"lastname", "phone", "lead_score"}  # of a contact, one of them made as the page says


def commands_of(page):
    return [line for block in blocks_of(page) for line in block.commands]


TYPED = sorted(
    page.name for page in PAGES.glob("*.md") if commands_of(page.name) and page.name not in ALONE
)
NAMED = sorted(page.name for page in PAGES.glob("*.md") if said_inline(page.name))


@asynccontextmanager
async def web():
    """Give the address of a server that takes all that is told, and has one picture."""
    server = await asyncio.start_server(_picture, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _picture(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    head = f"HTTP/1.1 200 x\r\nContent-Type: image/png\r\nContent-Length: {len(PICTURE)}"
    writer.write(f"{head}\r\nConnection: close\r\n\r\n".encode() + PICTURE)
    await writer.drain()
    writer.close()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@asynccontextmanager
async def world_of(page, folder):
    """Give a running bot with the files of a page, and with people who wrote to it."""
    async with systems(page) as moved, web() as elsewhere:
        moved |= {"https://example.com": elsewhere}
        write_files(folder, blocks_of(page), config="http: {allow_local: true}\n")
        port = free_port()
        moved |= {"language: en\n": f"language: en\nconsole: {{port: {port}}}\n"}
        config = (folder / "config.yaml").read_text("utf-8")
        for written, here in moved.items():
            config = config.replace(written, here)
        (folder / "config.yaml").write_text(config, "utf-8")
        write(folder / "rules/own.yaml", OWN)
        for name in ("default", "north"):
            write(folder / f"tests/{name}/a.test.yaml", "version: 1\ntests: []\n")
            (folder / name / "rules").mkdir(parents=True)
            (folder / name / "flows").mkdir()
        write(folder / "known.csv", KNOWN)
        bot = Bot(folder)
        await bot.start()
        try:
            await bot.type("alexia contacts import known.csv")
            await bot.hear("hello")
            await bot.hear("hello", "5511900000001", "R1")
            bot.meant |= ANYBODY | {"127.0.0.1:8765": f"127.0.0.1:{port}"}
            bot.meant |= {"https://example.com": elsewhere}
            yield bot
        finally:
            await bot.stop()


@pytest.mark.parametrize("page", TYPED)
async def test_what_a_page_says_to_type_can_be_typed(page, tmp_path):
    async with world_of(page, tmp_path) as bot:
        await SCENES.get(page, nothing_more)(bot)
        for line in commands_of(page):
            await bot.type(line)


@pytest.mark.parametrize("page", NAMED)
async def test_what_a_page_names_can_be_typed(page, tmp_path):
    async with world_of(page, tmp_path) as bot:
        await SCENES.get(page, nothing_more)(bot)
        for line in said_inline(page):
            if not line.startswith(ELSEWHERE):
                await bot.run_anyway()
                await bot.type(line)


def test_the_configuration_that_a_page_shows_can_be_read(tmp_path):
    (shown,) = [one.text for one in blocks_of("privacy.md") if "# config.yaml" in one.text]
    write(tmp_path / "config.yaml", shown)

    config = load_config(tmp_path / "config.yaml", {"ALEXIA_KEY": "0f" * 32})

    assert config.storage.key


def test_every_page_is_typed_or_shows_nothing_to_type():
    pages = {page.name for page in PAGES.glob("*.md")}
    silent = pages - {*TYPED, *NAMED, *ALONE}

    assert [page for page in silent if "alexia " in (PAGES / page).read_text("utf-8")] == []
