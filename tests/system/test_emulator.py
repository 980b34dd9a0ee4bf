"""The real wa-js bundle in a real Chromium finds all that it needs on the emulator's page."""

import asyncio
import json
import os
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.emulator import Emulator

playwright_api = pytest.importorskip("playwright.async_api")

ME = "5511900000001@c.us"
ANA = "5511911111111@c.us"
BIA = "5511922222222@c.us"
BUNDLE = Path(
    os.environ.get("ALEXIA_WAJS") or Path.home() / ".cache/alexia/wa-js/4.6.0/wppconnect-wa.js"
)
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-blink-features=AutomationControlled",
]
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
CONFIG = "window.WPPConfig = {disableGoogleAnalytics: true, linkPreviewApiServers: []};"
QUIET = "{linkPreview: false, markIsRead: false, detectMentioned: false, delay: 0}"
LISTEN = """
window.heard = [];
const names = ['chat.new_message', 'chat.msg_ack_change', 'chat.msg_revoke', 'chat.msg_edited',
  'chat.new_reaction', 'chat.presence_change', 'chat.poll_response', 'group.participant_changed',
  'conn.authenticated', 'conn.logout', 'conn.auth_code_change', 'conn.stream_mode_changed',
  'conn.online', 'conn.needs_update', 'conn.logout_reason'];
(function wait() {
  if (!window.WPP) return setTimeout(wait, 1);
  for (const name of names) {
    WPP.on(name, (what) => window.heard.push({
      name, id: String(what?.id ?? what?.ids ?? ''), type: what?.type, body: what?.body,
      ack: what?.ack, state: what?.state, text: what?.reactionText,
      value: typeof what === 'object' ? null : what,
    }));
  }
})();
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not BUNDLE.exists(), reason=f"no wa-js bundle at {BUNDLE}"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH"),
]


class Lab:
    """An emulator, a browser profile, and what the page printed."""

    def __init__(self, folder: Path, emulator: Emulator, playwright) -> None:
        self.folder = folder
        self.emulator = emulator
        self.playwright = playwright
        self.printed: list[str] = []
        self.context = None
        self.page = None

    def ask(self, path: str, values: object = None) -> object:
        body = None if values is None else json.dumps(values).encode()
        call = urllib.request.Request(self.emulator.url + path, data=body)
        try:
            with urllib.request.urlopen(call, timeout=20) as answer:
                text = answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        if path.startswith(("control/ledger", "control/events")):
            return [json.loads(line) for line in text.splitlines()]
        return json.loads(text)

    async def control(self, path: str, values: object = None):
        return await asyncio.to_thread(self.ask, f"control/{path}", values)

    async def open(self, profile: str = "profile"):
        await self.close()
        self.context = await self.playwright.chromium.launch_persistent_context(
            self.folder / profile,
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            user_agent=USER_AGENT,
            service_workers="block",
        )
        await self.context.add_init_script(CONFIG)
        await self.context.add_init_script(path=BUNDLE)
        await self.context.add_init_script(LISTEN)
        self.page = self.context.pages[0]
        self.page.on("console", lambda line: self.printed.append(line.text))
        self.page.on("pageerror", lambda error: self.printed.append(str(error)))
        await self.page.goto(self.emulator.url)
        await self.until("window.WPP?.isFullReady")

    async def until(self, expression: str, patience: float = 15.0):
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            try:
                value = await self.page.evaluate(expression)
            except playwright_api.Error:  # the page is loading itself anew
                value = None
            if value:
                return value
            await asyncio.sleep(0.03)
        raise AssertionError(f"never came true: {expression}; printed: {self.printed}")

    async def pair(self):
        await self.open()
        assert await self.control("pair", {"account": ME, "push_name": "Bot"}) == {"paired": True}
        await self.until("WPP.conn.isMainLoaded()")
        await self.control(
            "contacts",
            [{"id": ANA, "name": "Ana Lima", "push_name": "Ana"}, {"id": BIA, "name": "Bia"}],
        )

    async def heard(self, name: str):
        return [one for one in await self.page.evaluate("window.heard") if one["name"] == name]

    async def hear(self, name: str, count: int = 1):
        await self.until(f"window.heard.filter((one) => one.name === '{name}').length >= {count}")
        return await self.heard(name)

    async def close(self):
        if self.context is not None:
            await self.context.close()
            self.context = None


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    async with (
        playwright_api.async_playwright() as playwright,
        Emulator(data=tmp_path / "emulator") as emulator,
    ):
        lab = Lab(tmp_path, emulator, playwright)
        try:
            yield lab
        finally:
            await lab.close()
        assert not [line for line in lab.printed if "not found" in line or "not a" in line]


async def test_a_code_is_shown_and_scanned_and_the_login_outlives_the_browser(lab):
    await lab.open()
    assert await lab.page.evaluate("WPP.isReady")
    code = await lab.page.evaluate("WPP.conn.getAuthCode()")
    assert code["fullCode"].startswith("2@")
    assert len(code["fullCode"].split(",")) == 4
    assert await lab.hear("conn.auth_code_change")

    assert await lab.control("pair", {"account": ME, "push_name": "Bot"}) == {"paired": True}
    await lab.hear("conn.authenticated")
    assert [one["value"] for one in await lab.heard("conn.stream_mode_changed")] == ["QR", "MAIN"]
    assert await lab.page.evaluate("String(WPP.conn.getMyUserId())") == ME

    await lab.open()
    await lab.until("WPP.conn.isAuthenticated()")
    assert await lab.heard("conn.authenticated") == []
    assert [event["kind"] for event in await lab.control("events")] == ["paired", "opened"]


async def test_arrivals_are_raised_once_and_ciphertexts_twice(lab):
    await lab.pair()
    plain = await lab.control("messages", {"chat": ANA, "text": "hi"})
    own = await lab.control("messages", {"chat": ANA, "text": "from my phone", "from_me": True})
    sealed = await lab.control("messages", {"chat": ANA, "text": "later", "ciphertext_first": True})

    heard = await lab.hear("chat.new_message", 4)

    assert [(one["id"], one["type"], one["body"]) for one in heard] == [
        (f"false_{ANA}_{plain['id']}", "chat", "hi"),
        (f"true_{ANA}_{own['id']}", "chat", "from my phone"),
        (f"false_{ANA}_{sealed['id']}", "ciphertext", None),
        (f"false_{ANA}_{sealed['id']}", "chat", "later"),
    ]
    assert await lab.page.evaluate(f"WPP.chat.get('{ANA}').unreadCount") == 2


async def test_a_send_keeps_its_reserved_id_and_is_acknowledged_step_by_step(lab):
    await lab.pair()
    arrived = await lab.control("messages", {"chat": ANA, "text": "how much?"})
    await lab.hear("chat.new_message")
    quoted = f"false_{ANA}_{arrived['id']}"
    sent, reserved = await lab.page.evaluate(
        f"""async () => {{
        const id = await WPP.chat.generateMessageID('{ANA}');
        const options = {{...{QUIET}, messageId: id, quotedMsg: '{quoted}'}};
        return [await WPP.chat.sendTextMessage('{ANA}', 'R$ 49', options), String(id)];
        }}"""
    )

    acks = await lab.hear("chat.msg_ack_change", 3)

    assert sent["id"] == reserved
    assert sent["sendMsgResult"]["messageSendResult"] == "OK"
    assert [(one["ack"], one["id"]) for one in acks] == [(n, reserved) for n in (1, 2, 3)]
    line = (await lab.control("ledger?after=1"))[0]
    assert (line["direction"], line["id"], line["body"]) == ("out", reserved.split("_")[2], "R$ 49")
    assert (line["quoted"], line["ack"]) == (arrived["id"], 3)
    assert await lab.page.evaluate(
        f"WPP.chat.getMessageById('{reserved}').then((one) => [one.body, one.ack])"
    ) == ["R$ 49", 3]
    assert await lab.page.evaluate(
        f"WPP.chat.getMessages('{ANA}', {{count: -1}}).then((all) => all.map((one) => one.body))"
    ) == ["how much?", "R$ 49"]


async def test_reading_and_typing_reach_the_other_side(lab):
    await lab.pair()
    await lab.control("messages", {"chat": ANA, "text": "hi"})
    await lab.hear("chat.new_message")
    await lab.page.evaluate(f"WPP.chat.markIsComposing('{ANA}')")
    await lab.page.evaluate(f"WPP.chat.markIsRead('{ANA}')")

    events = await lab.control("events?after=1")

    assert [(event["kind"], event.get("state")) for event in events] == [
        ("chatstate", "composing"),
        ("seen", None),
    ]
    await lab.control("typing", {"chat": ANA, "from": ANA, "state": "composing"})
    assert (await lab.hear("chat.presence_change"))[0]["state"] == "composing"


async def test_media_travel_both_ways(lab):
    await lab.pair()
    medium = {"mimetype": "image/png", "filename": "dot.png", "base64": "aGVsbG8="}
    arrived = await lab.control("messages", {"chat": ANA, "text": "look", "media": medium})
    await lab.hear("chat.new_message")
    size = await lab.page.evaluate(
        f"WPP.chat.downloadMedia('false_{ANA}_{arrived['id']}').then((blob) => blob.text())"
    )
    assert size == "hello"

    sent = await lab.page.evaluate(
        f"""WPP.chat.sendFileMessage('{ANA}', 'data:application/pdf;base64,aGVsbG8=', {{
        ...{QUIET}, type: 'document', filename: 'price.pdf', caption: 'prices'}})"""
    )
    line = (await lab.control("ledger?after=1"))[0]
    assert (line["type"], line["body"]) == ("document", "prices")
    assert line["id"] == sent["id"].split("_")[2]
    assert line["media_sha256"] == (await lab.control("ledger"))[0]["media_sha256"]


async def test_edits_revokes_reactions_and_votes_are_raised(lab):
    await lab.pair()
    arrived = (await lab.control("messages", {"chat": ANA, "text": "one"}))["id"]
    await lab.hear("chat.new_message")
    poll = await lab.page.evaluate(
        f"WPP.chat.sendCreatePollMessage('{ANA}', 'Which?', ['A', 'B'], {QUIET})"
    )
    await lab.control("react", {"id": arrived, "from": ANA, "emoji": "👍"})
    await lab.control("edit", {"id": arrived, "text": "two"})
    await lab.control("vote", {"id": poll["id"], "from": ANA, "options": ["B"]})
    await lab.control("revoke", {"id": arrived})

    assert (await lab.hear("chat.new_reaction"))[0]["text"] == "👍"
    await lab.hear("chat.msg_edited")
    await lab.hear("chat.poll_response")
    await lab.hear("chat.msg_revoke")
    await lab.page.evaluate(f"WPP.chat.sendReactionToMessage('{poll['id']}', '❤')")
    assert (await lab.control("events"))[-1]["kind"] == "react"


async def test_groups_name_the_sender_and_are_acknowledged_by_each_reader(lab):
    await lab.pair()
    group = "120363000000000001@g.us"
    await lab.control(
        "groups", {"id": group, "subject": "Team", "participants": [ANA, BIA, ME], "admins": [ME]}
    )
    await lab.control("messages", {"chat": group, "from": ANA, "text": "hello all"})
    heard = (await lab.hear("chat.new_message"))[0]
    assert heard["id"].endswith(f"_{ANA}")
    await lab.page.evaluate(f"WPP.chat.sendTextMessage('{group}', 'hello', {QUIET})")
    assert [one["ack"] for one in await lab.hear("chat.msg_ack_change", 5)] == [1, 2, 2, 3, 3]
    members = (
        f"WPP.group.getParticipants('{group}').then((all) => all.map((one) => String(one.id)))"
    )
    assert await lab.page.evaluate(members) == [ANA, BIA, ME]
    await lab.control("groups", {"id": group, "remove": [BIA]})
    await lab.hear("group.participant_changed")
    assert await lab.page.evaluate(members) == [ANA, ME]
    made = await lab.page.evaluate(
        f"WPP.group.create('New', ['{ANA}']).then((one) => String(one.gid))"
    )
    await lab.page.evaluate(f"WPP.group.addParticipants('{made}', ['{BIA}'])")
    await lab.page.evaluate(f"WPP.group.promoteParticipants('{made}', ['{BIA}'])")
    await lab.page.evaluate(f"WPP.group.removeParticipants('{made}', ['{BIA}'])")
    assert (
        len(await lab.page.evaluate("WPP.group.getAllGroups().then((all) => all.map(() => 1))"))
        == 2
    )
    await lab.page.evaluate(f"WPP.group.leave('{made}')")


async def test_people_have_two_addresses_and_lid_chats_use_the_hidden_one(lab):
    await lab.pair()
    entry = await lab.page.evaluate(f"WPP.contact.getPnLidEntry('{ANA}')")
    lid = entry["lid"]["_serialized"]
    assert (await lab.page.evaluate("WPP.contact.queryWidExists('5511933333333@c.us')"))["wid"]
    assert await lab.page.evaluate("WPP.contact.queryWidExists('1111111@c.us')") is None
    await lab.control("faults", {"lid_chats": True, "lid_redirect": True})
    await lab.control("messages", {"chat": ANA, "text": "hidden"})
    assert (await lab.hear("chat.new_message"))[0]["id"].startswith(f"false_{lid}_")
    await lab.page.evaluate(f"WPP.chat.sendTextMessage('{ANA}', 'seen', {QUIET})")
    first, second = await lab.control("ledger")
    assert (first["chat"], first["addr"]) == (ANA, lid)
    assert (second["chat"], second["addr"]) == (ANA, lid)
    error = await lab.page.evaluate(
        f"""WPP.chat.generateMessageID('{ANA}').then((id) => WPP.chat.sendTextMessage(
        '{ANA}', 'no', {{...{QUIET}, messageId: id}})).catch((error) => error.code)"""
    )
    assert error == "message_key_remote_id_is_not_same_of_chat"


async def test_labels_of_a_business_are_kept(lab):
    await lab.open()
    await lab.control("pair", {"account": ME, "business": True})
    await lab.until("WPP.conn.isMainLoaded()")
    await lab.control("messages", {"chat": ANA, "text": "hi"})
    await lab.hear("chat.new_message")
    label = await lab.page.evaluate("WPP.labels.addNewLabel('Lead', {labelColor: 1})")
    change = {"labelId": label["id"], "type": "add"}
    await lab.page.evaluate(f"WPP.labels.addOrRemoveLabels('{ANA}', {json.dumps(change)})")
    await lab.open()
    await lab.until(f"WPP.chat.get('{ANA}')?.labels.length === 1")
    assert (await lab.page.evaluate("WPP.labels.getAllLabels()"))[0]["count"] == 1


async def test_conflict_and_missing_modules(lab):
    await lab.pair()
    await lab.control("faults", {"missing_modules": ["sendReactionToMsg"]})
    await lab.control("session", {"do": "conflict"})
    await lab.until("WPP.conn.getStreamData().mode === 'CONFLICT'")
    await lab.page.evaluate("window.old = true")
    await lab.control("session", {"do": "reload"})
    await lab.until("window.WPP?.isFullReady && !window.old && WPP.conn.isMainLoaded()")
    assert await lab.page.evaluate("WPP.whatsapp.functions.sendReactionToMsg") is None
    assert [line for line in lab.printed if "sendReactionToMsg was not found" in line]
    lab.printed.clear()


async def test_logout_reload_and_other_changes_of_the_session(lab):
    await lab.pair()
    await lab.control("faults", {"online": False})
    await lab.hear("conn.online")
    await lab.control("faults", {"online": True, "serialized_key": "$1"})
    await lab.control("session", {"do": "needs_update"})
    await lab.hear("conn.needs_update")
    await lab.control("session", {"do": "reload"})
    await lab.until(
        "window.WPP?.isFullReady && !window.heard.some((one) => one.name === 'conn.online')"
    )
    arrived = await lab.control("messages", {"chat": ANA, "text": "renamed"})
    assert (await lab.hear("chat.new_message"))[0]["id"] == f"false_{ANA}_{arrived['id']}"
    sent = await lab.page.evaluate(f"WPP.chat.sendTextMessage('{ANA}', 'ok', {QUIET})")
    assert sent["id"].startswith(f"true_{ANA}_3EB0")
    assert await lab.page.evaluate("WPP.conn.logout()") is True
    await lab.until("window.WPP?.isFullReady && !WPP.conn.isAuthenticated()")
    assert (await lab.control("events"))[-1]["kind"] == "logout"
    await lab.until("WPP.conn.getAuthCode().then((code) => code?.fullCode)")


async def test_what_came_while_no_page_was_open_is_raised_as_new(lab):
    await lab.pair()
    await lab.close()
    for number in range(3):
        await lab.control("messages", {"chat": ANA, "text": f"late {number}"})
    await lab.open()
    heard = await lab.hear("chat.new_message", 3)
    assert [one["body"] for one in heard] == ["late 0", "late 1", "late 2"]
    await lab.close()
    await lab.control("faults", {"offline_delivery": "history"})
    await lab.control("messages", {"chat": ANA, "text": "quiet"})
    await lab.open()
    await lab.until(f"WPP.chat.get('{ANA}')?.msgs.length === 4")
    assert await lab.heard("chat.new_message") == []


async def test_a_message_in_the_clock_is_sent_again_by_the_next_page(lab):
    await lab.pair()
    await lab.control("faults", {"online": False, "drop_equal_ids": True})
    await lab.hear("conn.online")
    options = f"{{...{QUIET}, waitForAck: false}}"
    sent = await lab.page.evaluate(f"WPP.chat.sendTextMessage('{ANA}', 'clock', {options})")
    assert sent["ack"] == 0
    await lab.close()
    await lab.control("faults", {"online": True})
    await lab.open()
    await lab.until(f"WPP.chat.getMessageById('{sent['id']}').then((one) => one.ack >= 1)")
    again = f"{{...{QUIET}, messageId: '{sent['id']}'}}"
    await lab.page.evaluate(f"WPP.chat.sendTextMessage('{ANA}', 'clock', {again})")
    first, second = await lab.control("ledger")
    assert first["id"] == second["id"]
    assert (second["repeat"], second["dropped"]) == (True, True)


async def test_refused_sends_stand_in_the_state(lab):
    await lab.pair()
    await lab.control("faults", {"fail_next_sends": 1, "warning_banner": True})
    failed = await lab.page.evaluate(f"WPP.chat.sendTextMessage('{ANA}', 'lost', {QUIET})")
    assert (failed["ack"], failed["sendMsgResult"]["messageSendResult"]) == (-1, "ERROR_UNKNOWN")
    await lab.control("faults", {"restrict_new_chats": True})
    await lab.page.evaluate(f"WPP.chat.sendTextMessage('{ANA}', 'stranger', {QUIET})")
    state = await lab.control("state")
    assert [refused["code"] for refused in state["refused"]] == [500, 463]
    assert await lab.control("ledger") == []
    assert await lab.page.evaluate("!document.getElementById('banner').hidden")


async def test_the_policy_of_the_page_forbids_what_whatsapp_forbids(lab):
    await lab.open()
    with pytest.raises(playwright_api.Error):
        await lab.page.add_script_tag(content="window.sneaked = true")
    assert await lab.page.evaluate("window.sneaked") is None


async def test_many_arrivals_keep_their_order(lab):
    await lab.pair()
    many = 1000
    calls = [lab.control("messages", {"chat": ANA, "text": str(n)}) for n in range(many)]
    await asyncio.gather(*calls)
    heard = await lab.hear("chat.new_message", many)
    in_order = [line["body"] for line in await lab.control("ledger")]
    assert [one["body"] for one in heard] == in_order


async def test_what_comes_in_leaves_the_lines_to_the_servers_to_what_goes_out(lab):
    await lab.pair()
    open_calls, most = 0, 0

    def count(request, change: int) -> None:
        nonlocal open_calls, most
        open_calls += change * request.url.endswith("/page/taken")
        most = max(most, open_calls)

    lab.page.on("request", lambda request: count(request, 1))
    lab.page.on("requestfinished", lambda request: count(request, -1))
    many = 300
    calls = [lab.control("messages", {"chat": ANA, "text": str(n)}) for n in range(many)]
    await asyncio.gather(*calls)
    await lab.hear("chat.new_message", many)
    assert most == 1
