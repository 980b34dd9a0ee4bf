"""What WhatsApp may change under us: texts are answered all the same, or what is lost is named."""

import asyncio
import contextlib
import json
import re
import shutil
import time
import urllib.error
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.stage import Stage
from bot.cli import main
from bot.domain.bodies import Attachment, Content, Edit, Poll, Reaction, Revoke
from bot.domain.errors import NotLoaded, SendUncertain, TransportDown
from bot.domain.groups import MemberChange
from bot.domain.messages import AccountId, ChatId, ContactCard, Location, MessageId, MessageKind
from bot.emulator import Emulator
from bot.ports import WantedMedium
from bot.whatsapp.browser import find_browser, open_browser, user_agent
from bot.whatsapp.capabilities import CAPABILITIES, EVENTS, FUNCS
from bot.whatsapp.driver import Driver
from bot.whatsapp.injected import scripts
from bot.whatsapp.pinned import show_saved
from bot.whatsapp.survey import PATHS
from bot.whatsapp.wajs import SHA256, Pin, bundle_path, cache_folder, read_bundle
from bot.whatsapp.wire import bare_id

BUNDLE = bundle_path(cache_folder())
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not BUNDLE.exists(), reason=f"no wa-js bundle at {BUNDLE}"),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on the PATH"),
]

ME = "5511900000001@c.us"
ANA, BIA = (ChatId(f"55119{digit * 8}@c.us") for digit in "12")
NAMED_WITHIN = 10.0  # seconds
SPY = """
window.called = [];
const inner = (room) => new Proxy({}, {get: (_, name) => {
  window.called.push(`${room}.${name}`);
  return window.WPP[room][name];
}});
window.SPY = new Proxy({}, {get: (_, name) => {
  if (name === 'on') {
    return (event, then) => window.WPP.on(event, (...what) => {
      window.called.push(event);
      then(...what);
    });
  }
  const found = window.WPP[name];
  return found && typeof found === 'object' ? inner(name) : found;
}});
"""

TELLS = """() => {
  window.told = [];
  window.alexiaTake = async (batch) => window.told.push(batch);
}"""
LISTS_NOTHING = """(() => {
const spy = window.SPY;
const chat = new Proxy({}, {get: (_, name) => (
  name === 'list' ? () => Promise.reject(new TypeError('gone')) : spy.chat[name])});
window.SPY = new Proxy({}, {get: (_, name) => (name === 'chat' ? chat : spy[name])});
})()"""

READS_NOTHING = LISTS_NOTHING.replace("'list'", "'getMessages'")
FINDS_LATE = (
    LISTS_NOTHING.replace("name === 'list' ?", "name === 'find' && left-- > 0 ?")
    .replace("const spy", "let left = 2;\nconst spy")
    .replace("TypeError('gone')", "Error('busy')")
)
HIDES = """() => {
  const store = WPP.whatsapp.ChatStore;
  window.away = store.getModelsArray().slice();
  window.away.forEach((one) => store.remove(one.id));
}"""
HOLDS_THE_ENDS = """() => {  // of each chat; what is in between is only in its history
  const inner = ['two', 'three'];
  const ends = (models) => models.filter((msg) => !inner.includes(msg.body));
  const chats = WPP.whatsapp.ChatStore.getModelsArray();
  const stores = [WPP.whatsapp.MsgStore, ...chats.map((one) => one.msgs)];
  stores.forEach((store) => {
    const all = store.getModelsArray.bind(store);
    store.getModelsArray = () => ends(all());
  });
}"""
FILLS_IN = """async (said) => {  // a message that is there, and has its words a moment later
  const held = WPP.whatsapp.MsgStore.getModelsArray().at(-1);
  const id = WPP.whatsapp.MsgKey.fromString(String(held.id).replace(/[^_]+$/, '3EB0AFTER'));
  const empty = {id, type: 'chat', body: '', t: held.t, isNewMsg: true};
  const msg = new held.constructor({...empty, from: held.from, to: held.to});
  WPP.whatsapp.MsgStore.add(msg);
  await new Promise((done) => setTimeout(done, 100));
  msg.set({body: said});
}"""
WAVERS = """async () => {  // a busy computer looks at its clock sooner or later than it means to
  const [clock, found] = [Date.now, new Set()];
  for (const late of [0, 700, -700, 900, -900, 300]) {
    let looks = 0;
    Date.now = () => clock() + (looks++ % 2 ? late : 0);
    found.add(window.alexia.kit.seconds(9000));
    await new Promise((done) => setTimeout(done, 60));
  }
  Date.now = clock;
  return found.size;
}"""
SHOWS = "() => window.away.forEach((one) => WPP.whatsapp.ChatStore.add(one))"


class Lab:
    """A driver on a page with the real bundle, our scripts watched as they call it."""

    def __init__(self, emulator: Emulator, context, printed: list[str]) -> None:
        self.emulator = emulator
        self.context = context
        self.printed = printed
        self.driver = Driver()
        self.page = context.pages[0]

    async def control(self, path: str, values: object = None) -> dict:
        import httpx2

        async with httpx2.AsyncClient(base_url=self.emulator.url, timeout=20) as http:
            answer = await http.request(
                "GET" if values is None else "POST", f"/control/{path}", json=values
            )
            return answer.json()

    async def open(self) -> None:
        self.page.on("console", lambda line: self.printed.append(line.text))
        self.driver.attach(self.page)
        await self.page.goto(self.emulator.url)

    async def state(self, wanted) -> dict:
        return await eventually(self.driver.state, wanted)

    async def log_in(self) -> dict:
        await self.state(lambda found: found["ready"] and found["code"])
        await self.control("pair", {"account": ME})
        return await self.state(
            lambda found: found.get("mode") == "MAIN" and found["account"] == ME
        )

    async def called(self) -> set[str]:
        return set(await self.page.evaluate("window.called"))


async def eventually(ask, wanted, patience: float = 20.0):
    ends = time.monotonic() + patience
    while True:
        value = await ask()
        if wanted(value):
            return value
        assert time.monotonic() < ends, f"never came true: {value}"
        await asyncio.sleep(0.05)


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    from playwright.async_api import async_playwright

    browser = find_browser(None)
    async with async_playwright() as playwright, Emulator(data=tmp_path / "emulator") as emulator:
        context = await open_browser(
            playwright, browser, tmp_path / "profile", headless=True, no_sandbox=True,
            url=emulator.url, agent=user_agent(browser), within=60,
        )  # fmt: skip
        config, bundle, *ours = scripts(emulator.url, read_bundle(Pin(BUNDLE, SHA256)))
        await context.expose_binding("alexiaTake", lambda *_: None)
        for script in (config, bundle, SPY, *(re.sub(r"\bWPP\.", "SPY.", one) for one in ours)):
            await context.add_init_script(script)
        lab = Lab(emulator, context, [])
        try:
            await lab.open()
            yield lab
        finally:
            await context.close()


async def test_a_message_whose_id_holds_underscores_is_itself(lab):
    await lab.log_in()
    for name in ("in_1", "in_2"):
        await lab.control("messages", {"chat": ANA, "text": name, "id": name})

    async def told() -> list[str]:
        return [bare_id(raw["id"]) for raw in (await lab.driver.since(0)).raws]

    assert await eventually(told, lambda found: len(found) == 2) == ["in_1", "in_2"]


async def test_every_function_of_the_list_finds_what_it_needs(lab):
    driver = lab.driver
    await lab.state(lambda found: found["ready"] and found["code"])
    await driver.refresh()
    assert await driver.link_code("5511900000001")
    await lab.control("pair", {"account": ME, "push_name": "Bot", "business": True})
    page = await lab.state(lambda found: found.get("mode") == "MAIN" and found["account"] == ME)
    driver.open_sends(AccountId(ME), page["born"])
    await lab.control("contacts", [{"id": ANA, "name": "Ana Lima", "push_name": "Ana"}])
    assert (await driver.survey(PATHS))["missing"] == []
    assert await driver.find_number([ChatId("1111111@c.us"), ANA]) == ANA

    medium = {"mimetype": "image/png", "filename": "dot.png", "base64": "aGVsbG8="}
    arrived = await lab.control(
        "messages", {"chat": ANA, "text": "look", "media": medium, "mentions": [ME]}
    )
    await eventually(lab.called, lambda called: "chat.new_message" in called)
    await driver.mark_read(ANA)
    await driver.show_typing(ANA, typing=True)
    await driver.show_typing(ANA, typing=False)
    wanted = WantedMedium(
        chat=ANA, id=MessageId(arrived["id"]), sent_at=datetime(2020, 1, 1, tzinfo=UTC), most=99
    )
    assert [part async for part in driver.read_medium(wanted)] == [b"hello"]

    text, poll, file, place, card = (MessageId(f"3EB0ABCDEF{n:012d}") for n in range(5))
    await driver.send_text(ANA, "hello", text)
    await driver.send_body(ANA, Poll(question="Which?", options=("a", "b")), "", poll)
    body = Attachment(kind=MessageKind.DOCUMENT, file="a.pdf")
    content = Content(data=b"%PDF", name="a.pdf", mimetype="application/pdf")
    await driver.send_body(ANA, body, "prices", file, content=content)
    await driver.send_body(ANA, Location(latitude=1, longitude=2, text="here"), "", place)
    await driver.send_body(ANA, ContactCard(name="Bia", number="+5511922222222"), "", card)
    await driver.amend(ANA, Reaction(target=text, emoji="👍"))
    await driver.amend(ANA, Edit(target=text, text="hallo"))
    await lab.control("react", {"id": text, "from": ANA, "emoji": "❤"})
    await lab.control("vote", {"id": poll, "from": ANA, "options": ["b"]})
    await driver.show_recording(ANA)
    await driver.show_online(online=True)
    await driver.show_online(online=False)
    await driver.follow_presence(on=True)
    await lab.control("presence", {"id": ANA, "online": True})
    await _use_groups(lab)
    await _use_chats(lab, text)
    await _use_labels(lab)
    await _use_people(lab)
    for do, more in (("edit", {"text": "look here"}), ("revoke", {})):
        await lab.control(do, {"id": arrived["id"], **more})
    await eventually(lab.called, lambda called: set(EVENTS) <= called)
    await driver.amend(ANA, Revoke(target=card))
    assert await driver.find(ANA, text) is not None
    assert bare_id((await driver.since(0)).raws[0]["id"]) == arrived["id"]
    group = {
        "id": "120363000000000001@g.us",
        "subject": "Us",
        "participants": [ANA, ME],
        "admins": [],
    }
    await lab.control("groups", group)
    await driver.send_text(ChatId(group["id"]), "hello all", MessageId("3EB0ABCDEF000000000009"))

    done = await lab.called()
    await lab.control("faults", {"offline_delivery": "history", "history_unheld": True})
    await lab.control("messages", {"chat": BIA.replace("2", "3"), "text": "alone"})
    await lab.page.goto(lab.emulator.url)
    page = await lab.state(lambda found: found.get("mode") == "MAIN")
    driver.open_sends(AccountId(ME), page["born"])
    assert "alone" in [raw["body"] for raw in (await driver.since(0)).raws]
    done |= await lab.called()
    await driver.logout()
    assert {*FUNCS, *EVENTS} - done == {"conn.logout"}
    assert [line for line in lab.printed if "not found" in line or "not a function" in line] == []


async def _use_groups(lab):
    groups = lab.driver.groups
    await lab.control("contacts", [{"id": BIA}])
    made = (await groups.create("Team", [ANA])).id
    assert made in [one.id for one in await groups.list_groups()]
    for change in MemberChange:
        await groups.change_members(made, change, [BIA])
        if change is MemberChange.REMOVE:
            await groups.change_members(made, MemberChange.ADD, [BIA])
    await groups.rename(made, "Crew")
    await groups.describe(made, "All of us")
    code = await groups.invite_code(made)
    fresh = await groups.invite_code(made, renew=True)
    assert fresh != code
    await groups.look_at(made)
    await groups.leave(made)
    assert await groups.join(fresh) == made
    await lab.control("groups", {"id": made, "remove": [BIA], "by": ANA})


async def _use_chats(lab, text):
    chats = lab.driver.chats
    await chats.list_chats()
    for on in (True, False):
        await chats.archive(ANA, on)
        await chats.pin(ANA, on)
        await chats.mute(ANA, datetime(2100, 1, 1, tzinfo=UTC) if on else None)
    await chats.mark_unread(ANA)
    await chats.older(ANA, datetime.now(UTC), 5)

    async def keep(_):
        return None

    await chats.forward(ANA, text, BIA, keep)


async def _use_labels(lab):
    made = await lab.driver.labels.create("vip")
    assert made == await lab.driver.labels.create("vip")
    assert made in await lab.driver.labels.list_labels()
    await lab.driver.labels.put(ANA, "vip", on=True)
    assert "vip" in {one.label for one in await lab.driver.labels.list_labelled()}
    await lab.control("labels", {"chat": ANA, "add": "late"})
    spare = await lab.driver.labels.create("spare")
    renamed = await lab.driver.labels.edit(spare.id, "rest")
    assert renamed.name == "rest"
    await lab.driver.labels.remove(spare.id)
    assert renamed.id not in {one.id for one in await lab.driver.labels.list_labels()}


async def _use_people(lab):
    people = lab.driver.people
    assert "Ana Lima" in {one.saved_name for one in await people.list_profiles()}
    picture = {"mimetype": "image/png", "base64": "aGVsbG8="}
    await lab.control("contacts", [{"id": ANA, "about": "Busy", "picture": picture}])
    portrait = await eventually(
        lambda: people.portrait(ANA, ""), lambda found: found.about == "Busy"
    )
    assert portrait.picture == b"hello"
    assert (await people.portrait(ANA, portrait.tag)).picture is None
    await people.ask_presence(BIA)
    assert await people.block(BIA, on=True)
    assert await people.list_blocked() == {BIA}
    assert not await people.block(BIA, on=False)


async def test_nothing_is_sent_into_a_page_that_was_loaded_since(lab):
    page = await lab.log_in()
    lab.driver.open_sends(AccountId(ME), page["born"])
    await lab.page.goto(lab.emulator.url)
    await lab.state(lambda found: found.get("mode") == "MAIN")

    with pytest.raises(TransportDown, match="loaded anew"):
        await lab.driver.send_text(ANA, "hello", MessageId("3EB0ABCDEF000000000001"))
    assert (await lab.control("state"))["refused"] == []


async def test_ids_moments_and_choices_are_read_in_whatever_form_a_page_has_them(lab):
    await lab.state(lambda found: found["ready"] and found["code"])
    plain = "([key, more]) => window.alexia.kit.plain({id: key, type: 'chat', body: 'hi', ...more})"
    wid = {"user": ANA.partition("@")[0], "server": "c.us"}
    keys = [
        f"true_{ANA}_A1",
        {"_serialized": f"true_{ANA}_A1", "fromMe": True, "remote": ANA},
        {"fromMe": True, "remote": wid, "id": "A1"},
    ]
    for key in keys:
        read = await lab.page.evaluate(plain, [key, {"t": 1767603600}])
        assert (read["id"], read["chat"], read["fromMe"]) == (f"true_{ANA}_A1", ANA, True)
    told = [1767603600, "1767603600", 1767603600000, "2026-01-05T09:00:00Z"]
    read = [await lab.page.evaluate(plain, [keys[0], {"t": one}]) for one in told]
    assert [one["t"] for one in read] == [1767603600] * 4
    fresh = await lab.page.evaluate(plain, [keys[0], {"isNewMsg": True}])
    assert abs(fresh["t"] - time.time()) < 60
    chosen = {"type": "list_response", "body": "", "listResponse": {"title": "Large"}}
    assert (await lab.page.evaluate(plain, [keys[0], chosen]))["body"] == "Large"


async def log_in(lab):
    await lab.state(lambda found: found["ready"] and found["code"])
    await lab.control("pair", {"account": ME})
    page = await lab.state(lambda found: found.get("mode") == "MAIN" and found["account"] == ME)
    lab.driver.open_sends(AccountId(ME), page["born"])


async def test_what_was_not_raised_is_told_before_the_next_that_is(lab):
    await lab.log_in()
    await lab.page.evaluate(TELLS)
    said = ["one", "two", "three", "four", "five"]
    for text in said:
        await lab.control("faults", {"events": text not in ("two", "three")})
        await lab.control("messages", {"chat": ANA, "from": ANA, "text": text})

    async def heard():
        batches = [json.loads(one) for one in await lab.page.evaluate("told")]
        return [one["raw"]["body"] for batch in batches for one in batch["events"]]

    assert await eventually(heard, lambda found: "five" in found) == said


async def test_a_message_whose_words_are_filled_in_is_told_again_with_them(lab):
    await lab.log_in()
    await lab.control("messages", {"chat": ANA, "from": ANA, "text": "one"})
    await eventually(lab.called, lambda called: "chat.new_message" in called)
    await lab.page.evaluate(TELLS)
    await lab.page.evaluate(FILLS_IN, "two")

    async def heard():
        batches = [json.loads(one) for one in await lab.page.evaluate("told")]
        raws = [one["raw"] for batch in batches for one in batch["events"]]
        return [(bare_id(raw["id"]), raw["body"]) for raw in raws if raw["body"] != "one"]

    told = await eventually(heard, lambda found: len(found) > 1)
    assert told == [("3EB0AFTER", ""), ("3EB0AFTER", "two")]


async def test_what_came_as_history_is_told_before_the_next_that_is_raised(lab):
    await lab.control("messages", {"chat": ANA, "from": ANA, "text": "long ago", "timestamp": 9})
    await log_in(lab)
    await lab.page.evaluate(TELLS)
    await lab.driver.since(time.time() - 60)
    said = ["one", "two", "three", "four", "five"]
    for text in said:
        delivery = "history" if text in ("one", "three", "four") else "new"
        await lab.control("faults", {"live_delivery": delivery})
        await lab.control("messages", {"chat": ANA, "from": ANA, "text": text})

    async def heard():
        batches = [json.loads(one) for one in await lab.page.evaluate("told")]
        return [one["raw"]["body"] for batch in batches for one in batch["events"]]

    assert await eventually(heard, lambda found: "five" in found) == said


async def test_what_came_as_history_is_told_though_nothing_follows(lab):
    await log_in(lab)
    await lab.page.evaluate(TELLS)
    await lab.driver.since(time.time() - 60)
    await lab.control("faults", {"live_delivery": "history"})
    await lab.control("messages", {"chat": ANA, "from": ANA, "text": "old", "timestamp": 9})
    await lab.control("messages", {"chat": BIA, "from": BIA, "text": "new"})

    async def heard():
        batches = [json.loads(one) for one in await lab.page.evaluate("told")]
        return [one["raw"]["body"] for batch in batches for one in batch["events"]]

    assert await eventually(heard, bool) == ["new"]


@pytest.mark.parametrize(
    "thrown",
    [
        "undefined", "'no'", "Symbol('no')", "Object.create(null)", "({code: {deep: 1}})",
        "({code: 'no'})", "new DOMException('closing', 'InvalidStateError')",
        "new Proxy({}, {get() { throw new Error('no look'); }})",
    ],
)  # fmt: skip
async def test_whatever_the_page_throws_at_a_send_nobody_knows_what_became_of_it(lab, thrown):
    await log_in(lab)
    await lab.page.evaluate(f"""() => {{
        WPP.loader.search((found) => found.addAndSendMsgToChat).addAndSendMsgToChat = () => {{
            throw {thrown};
        }};
    }}""")
    sending = lab.driver.send_text(ANA, "hi", MessageId("3EB0ABCDEF000000000001"))
    beside = lab.driver.find(BIA, MessageId("3EB0ABCDEF000000000002"))

    found = await asyncio.gather(sending, beside, return_exceptions=True)

    assert isinstance(found[0], SendUncertain)
    assert not isinstance(found[1], SendUncertain)


async def test_a_page_that_fails_at_finding_a_chat_is_asked_again(lab):
    await log_in(lab)
    bare = MessageId("3EB0ABCDEF000000000001")
    await lab.page.evaluate(FINDS_LATE)

    await lab.driver.send_text(ANA, "hi", bare)

    await eventually(lambda: lab.driver.find(ANA, bare), lambda found: found and found.ack > 0)
    await lab.page.evaluate(FINDS_LATE)
    assert await lab.driver.find(ANA, MessageId("3EB0ABCDEF000000000002")) is None


async def test_moments_are_told_by_our_clock_though_whatsapps_is_another(lab):
    await log_in(lab)
    await lab.control("faults", {"clock_behind_s": 7200})
    await lab.page.evaluate(TELLS)
    await lab.control("messages", {"chat": ANA, "from": ANA, "text": "now"})

    async def heard():
        batches = [json.loads(one) for one in await lab.page.evaluate("told")]
        return [one["raw"] for batch in batches for one in batch["events"]]

    (raw,) = await eventually(heard, bool)
    assert abs(raw["t"] - time.time()) < 30
    swept = await lab.driver.since(time.time() - 60)
    assert [one["body"] for one in swept.raws] == ["now"]


async def test_the_difference_to_whatsapps_clock_does_not_waver(lab):
    await log_in(lab)
    await lab.control("faults", {"clock_behind_s": 7200})
    await lab.control("messages", {"chat": ANA, "from": ANA, "text": "now"})
    await eventually(lab.called, lambda called: "chat.new_message" in called)

    assert await lab.page.evaluate(WAVERS) == 1


async def test_what_the_page_is_still_at_sending_is_not_taken_for_one_that_never_left(lab):
    await log_in(lab)
    bare = MessageId("3EB0ABCDEF000000000001")
    await lab.page.evaluate(
        """(send) => {
        const sends = WPP.loader.search((found) => found.addAndSendMsgToChat);
        const now = sends.addAndSendMsgToChat;
        const late = new Promise((done) => { window.go = done; });
        sends.addAndSendMsgToChat = (...asked) => late.then(() => now(...asked));
        window.alexia.run([send]);
    }""",
        {"do": "send", "chat": ANA, "text": "slow", "id": bare},
    )

    with pytest.raises(TransportDown, match="under_way"):
        await lab.driver.find(ANA, bare)

    await lab.page.evaluate("go()")
    await eventually(lambda: lab.driver.find(ANA, bare), lambda found: found and found.ack > 0)


async def test_what_whatsapp_took_is_sent_though_the_page_shows_that_it_failed_before(lab):
    await log_in(lab)
    bare = MessageId("3EB0ABCDEF000000000001")
    await lab.driver.send_text(ANA, "again", bare)
    await eventually(lambda: lab.driver.find(ANA, bare), lambda found: found and found.ack > 0)

    await lab.page.evaluate("WPP.whatsapp.MsgStore.getModelsArray().at(-1).set({ack: -1})")

    assert (await lab.driver.find(ANA, bare)).ack > 0


async def test_a_chat_whose_history_is_never_answered_costs_only_itself(lab):
    await log_in(lab)
    for chat in (ANA, BIA):
        await lab.control("messages", {"chat": chat, "from": chat, "text": f"of {chat}"})
    await lab.state(lambda found: found["unswept"] == 0)
    await lab.page.evaluate(
        """(chat) => {
        const finding = WPP.loader.search((found) => found.msgFindByDirection);
        const find = finding.msgFindByDirection;
        finding.msgFindByDirection = (asked) => (
            String(asked.anchor).includes(chat) ? new Promise(() => {}) : find(asked));
    }""",
        ANA,
    )

    held = await lab.driver.since(0)

    assert {raw["body"] for raw in held.raws} == {f"of {ANA}", f"of {BIA}"}
    assert held.unread == 1


async def test_what_the_page_told_by_itself_is_read_back_only_if_it_is_another_since(lab):
    await lab.log_in()
    await lab.page.evaluate(TELLS)
    begun = time.time() - 60
    told = await lab.control("messages", {"chat": ANA, "from": ANA, "text": "told"})
    await eventually(lab.called, lambda called: "chat.new_message" in called)
    await lab.control("faults", {"events": False})
    await lab.control("messages", {"chat": ANA, "from": ANA, "text": "not raised"})

    async def read(*, untold=True):
        held = await lab.driver.since(begun, untold=untold)
        return [raw["body"] for raw in held.raws]

    everything = await eventually(lambda: read(untold=False), lambda found: len(found) > 1)
    assert everything == ["told", "not raised"]
    assert await read() == ["not raised"]
    await lab.control("edit", {"id": told["id"], "text": "edited"})
    assert await eventually(read, lambda found: len(found) > 1) == ["edited", "not raised"]


async def test_chats_that_cannot_be_listed_are_read_back_as_far_as_the_page_holds_them(lab):
    page = await lab.log_in()
    lab.driver.open_sends(AccountId(ME), page["born"])
    await lab.control("messages", {"chat": ANA, "from": ANA, "text": "alone"})
    await lab.page.evaluate(LISTS_NOTHING)

    found = await eventually(lambda: lab.driver.since(0), lambda held: held.raws)
    assert [raw["body"] for raw in found.raws] == ["alone"]


async def test_chats_that_show_up_after_the_sweep_are_read_back_too(lab):
    await lab.log_in()
    await lab.control("messages", {"chat": ANA, "from": ANA, "text": "late"})
    await eventually(lab.called, lambda called: "chat.new_message" in called)
    await lab.page.evaluate(HIDES)
    await lab.driver.since(0)
    assert (await lab.driver.state())["unswept"] == 0
    await lab.page.evaluate(SHOWS)
    assert (await lab.driver.state())["unswept"] >= 1

    found = await lab.driver.since(0, fresh=True)
    assert "late" in [raw["body"] for raw in found.raws]
    assert (await lab.driver.state())["unswept"] == 0


async def test_a_chat_that_holds_nothing_yet_does_not_tell_that_a_send_never_left(lab):
    page = await lab.log_in()
    lab.driver.open_sends(AccountId(ME), page["born"])

    with pytest.raises(TransportDown, match="chat_not_there"):
        await lab.driver.find(ANA, MessageId("3EB0ABCDEF000000000001"))
    await lab.page.evaluate("() => { performance.now = () => 1e9; }")
    assert await lab.driver.find(ANA, MessageId("3EB0ABCDEF000000000001")) is None


async def test_what_lies_between_what_a_page_holds_is_read_back(lab):
    await lab.log_in()
    said = ["one", "two", "three", "four"]
    for text in said:
        await lab.control("messages", {"chat": ANA, "from": ANA, "text": text})
    found = await eventually(lambda: lab.driver.since(0), lambda held: len(held.raws) == len(said))
    await lab.page.evaluate(HOLDS_THE_ENDS)

    again = await lab.driver.since(0)
    assert [raw["body"] for raw in again.raws] == [raw["body"] for raw in found.raws] == said


async def test_chats_that_cannot_be_read_back_are_counted(lab):
    await lab.log_in()
    await lab.control("messages", {"chat": ANA, "from": ANA, "text": "hi"})
    await eventually(lab.called, lambda called: "chat.new_message" in called)
    await lab.page.evaluate(READS_NOTHING)

    assert (await lab.driver.since(0)).unread == 1


async def test_a_file_before_its_modules_are_loaded_is_not_tried(lab):
    await lab.control("faults", {"missing_modules": ["WAWebMediaPrep"]})
    await lab.page.goto(lab.emulator.url)
    page = await lab.log_in()
    lab.driver.open_sends(AccountId(ME), page["born"])
    body = Attachment(kind=MessageKind.DOCUMENT, file="a.pdf")
    content = Content(data=b"%PDF", name="a.pdf", mimetype="application/pdf")

    with pytest.raises(NotLoaded, match="sent files"):
        await lab.driver.send_body(
            ANA, body, "prices", MessageId("3EB0ABCDEF000000000001"), content=content
        )


@pytest.mark.parametrize("redirect", [True, False], ids=["redirected", "as written"])
async def test_what_was_sent_is_found_again_under_each_name_of_its_chat(lab, redirect):
    faults = {"history_unheld": True, "lid_redirect": redirect, "acks": False}
    await lab.control("contacts", [{"id": ANA, "lid": "100000000000001@lid"}])
    await lab.control("faults", faults)
    await lab.page.goto(lab.emulator.url)
    page = await lab.log_in()
    lab.driver.open_sends(AccountId(ME), page["born"])
    ids = [MessageId(f"3EB0ABCDEF00000000000{n}") for n in range(2)]
    for one in ids:
        await lab.driver.send_text(ANA, f"hello {one}", one)

    await lab.page.goto(lab.emulator.url)
    page = await lab.state(lambda found: found.get("mode") == "MAIN")
    lab.driver.open_sends(AccountId(ME), page["born"])
    assert None not in [await lab.driver.find(ANA, one) for one in ids]
    assert await lab.driver.find(ANA, MessageId("3EB0ABCDEF000000000009")) is None


async def test_a_saved_page_is_shown_in_place_of_the_one_of_today(lab):
    html = await lab.page.evaluate("document.documentElement.outerHTML")
    await show_saved(
        lab.context, lab.emulator.url, html.replace("</head>", "<meta id=saved></head>")
    )
    await lab.page.goto(lab.emulator.url)

    assert await lab.page.evaluate("Boolean(document.getElementById('saved'))")
    await lab.state(lambda found: found["ready"] and found["code"])


RULES = """\
version: 1
rules:
  - id: hours
    when: {keyword: hours}
    do: {reply: "We are open from 9 to 18."}
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("lost"), rules=RULES)
    config = stage.bot / "config.yaml"
    shutil.copy(BUNDLE, stage.bot / "own.js")
    written = config.read_text().replace("pacing: off", PACING)
    written = written.replace("whatsapp:\n", f"whatsapp:\n  wa_js: {OWN_BUNDLE}\n")
    config.write_text(written, encoding="utf-8")
    try:
        stage.open_emulator()
        stage.log_in()
        stage.put(ANA, "hours")
        stage.wait_for("the first reply", lambda: replies(stage) == 1, 20)
        yield stage
    finally:
        stage.close()


OWN_BUNDLE = f"{{path: own.js, version: 4.6.0, sha256: {SHA256}}}"
PACING = "pacing: {preset: normal, reading_min: 0s, reading_max: 100ms, longest_typing: 300ms}"


@pytest.fixture
def faulty(stage):
    """Lets the page begin anew under some faults; takes them away at the end."""
    changed: dict[str, object] = {}

    def begin(faults: dict[str, object]) -> None:
        defaults = stage.get("/control/state")["faults"]
        changed.update({name: defaults[name] for name in faults})
        stage.post("/control/faults", faults)
        load_anew(stage)

    yield begin
    stage.post("/control/faults", changed)
    load_anew(stage)
    time.sleep(1)  # the daemon looks twice a second whether the page is another one
    stage.wait_for("a whole page", lambda: whole(stage), 20)


def load_anew(stage: Stage) -> None:
    """Load the page anew; one that the daemon opens at this very moment will do as well."""
    with contextlib.suppress(urllib.error.HTTPError):
        stage.post("/control/session", {"do": "reload"})


def whole(stage: Stage) -> bool:
    status = stage.status()
    return bool(status.get("ready")) and status["reasons"] == []


def replies(stage: Stage) -> int:
    return sum(line["body"].startswith("We are open") for line in stage.ledger())


def reasons(stage: Stage) -> str:
    return "\n".join(map(str, stage.status().get("reasons", [])))


@pytest.mark.parametrize(
    "faults",
    [
        {"serialized_key": "$1"},
        {"lid_chats": True},
        {"lid_chats": True, "lid_redirect": True},
        {"ack_delay_ms": [2000, 3000]},
        {"acks": False},
        {"restrict_new_chats": True},
        {"warning_banner": True},
        {"fail_next_sends": 1},
        {"send_latency_ms": [500, 900]},
        {"equal_id": "throw"},
        {"clock_behind_s": 3600},
    ],
    ids=json.dumps,
)
def test_texts_are_answered_whatever_changes(stage, faulty, faults):
    before = replies(stage)
    faulty(faults)
    stage.put(ANA, "hours")

    stage.wait_for("the reply", lambda: replies(stage) == before + 1, 20)


@pytest.mark.parametrize(
    ("missing", "lost"),
    [
        ("sendReactionToMsg", "reactions"),
        ("sendSeen", "read ticks"),
        ("WAWebChatPresence", "typing"),
        ("addAndSendMessageEdit", "edits"),
        ("canEditText", "edits"),
        ("upsertVotesDb", "votes"),
        ("addOrUpdateReactionsModelCollection", "incoming reactions"),
        ("handleChatSimpleReceipt", "receipts"),
        ("msgFindByDirection", "history"),
        ("WAWebMediaPrep", "sent files"),
        ("WAWebOpaqueData", "sent files"),
        ("WAWebLruMediaStore", "received files"),
        ("vcardFromContactModel", "contact cards"),
        ("lidPnCache", "hidden numbers"),
        ("WAWebSocketModel", "logout"),
        ("WAWebConnModel", "login"),
        ("WAWebCmd", "revokes"),
    ],
)
def test_texts_are_answered_without_a_module_and_the_loss_is_named(stage, faulty, missing, lost):
    before = replies(stage)
    faulty({"missing_modules": [missing]})

    stage.wait_for("the name", lambda: f"degraded: {lost} (" in reasons(stage), NAMED_WITHIN)
    stage.put(ANA, "hours")
    stage.wait_for("the reply", lambda: replies(stage) == before + 1, 20)


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("addAndSendMsgToChat", "degraded: text (WPP.whatsapp.functions.addAndSendMsgToChat"),
        ("findOrCreateLatestChat", "degraded: text (WPP.whatsapp.functions.findOrCreateLatestChat"),
        ("WAWebMsgCollection", "MsgStore"),
        ("WAWebChatCollection", "ChatStore"),
        ("WAWebMsgKey", "MsgKey"),
        ("WAWebWidFactory", "WidFactory"),
        ("WAWebStreamModel", "Stream"),
        ("WAWebUserPrefsMeUser", "UserPrefs"),
        ("WAWebSessionLogin", "isAuthenticated"),
    ],
)
def test_what_texts_live_on_is_named_and_the_answer_comes_when_it_is_back(
    stage, faulty, missing, named
):
    before = replies(stage)
    faulty({"missing_modules": [missing]})
    stage.put(ANA, "hours")

    stage.wait_for("the name", lambda: named in reasons(stage), NAMED_WITHIN)
    assert not stage.is_ready()
    stage.post("/control/faults", {"missing_modules": []})
    load_anew(stage)
    stage.wait_for("the reply", lambda: replies(stage) == before + 1, 40)


def test_a_person_of_a_hidden_number_is_the_same_when_the_number_is_known(stage, faulty):
    bia = "5511922222222@c.us"
    before = replies(stage)
    faulty({"lid_chats": True, "missing_modules": ["lidPnCache"]})
    stage.put(bia, "hours")
    stage.wait_for("the reply", lambda: replies(stage) == before + 1, 20)
    (hidden,) = newest(stage)["identities"]
    assert hidden.endswith("@lid")

    stage.post("/control/faults", {"missing_modules": []})
    load_anew(stage)
    stage.wait_for("a whole page", lambda: whole(stage), 20)
    stage.put(bia, "hours")
    stage.wait_for("the reply", lambda: replies(stage) == before + 2, 20)

    person = newest(stage)
    assert (person["identities"], person["number"]) == ([bia, hidden], "+5511922222222")
    assert stage.wait_quiet(1, 10)[-1]["body"].startswith("We are open")
    assert replies(stage) == before + 2


def newest(stage: Stage) -> dict:
    done = CliRunner().invoke(main, ["contacts", "list", "--json", "--config", str(stage.bot)])
    return json.loads(done.output)[-1]


def test_a_number_that_is_not_on_whatsapp_is_told_before_anything_is_sent(stage):
    words = ["--config", str(stage.bot)]
    done = CliRunner().invoke(main, ["send", "+683 4000", "hello", *words])
    assert (done.exit_code, done.output) == (1, "+6834000 is not on WhatsApp\n")

    done = CliRunner().invoke(main, ["send", "+55 11 93333-3333", "hello", *words])
    assert done.exit_code == 0, done.output
    stage.wait_for("the text", lambda: stage.ledger()[-1]["body"] == "hello", 20)
    assert stage.ledger()[-1]["chat"] == "5511933333333@c.us"


def test_the_live_check_looks_at_the_page_and_sends_to_oneself(stage):
    done = CliRunner().invoke(main, ["doctor", "--live", "--json", "--config", str(stage.bot)])

    found = {one["name"]: one for one in json.loads(done.output)}
    assert found["page"]["said"].startswith("WhatsApp Web 2.3000.")
    assert {one.name for one in CAPABILITIES} <= set(found)
    assert all(found[one.name]["ok"] for one in CAPABILITIES)
    assert found["message to yourself"]["said"].startswith("WhatsApp has it after")
    assert found["daemon"]["ok"]
    assert [line["chat"] for line in stage.ledger()][-1] == stage.status()["sessions"][0]["account"]
