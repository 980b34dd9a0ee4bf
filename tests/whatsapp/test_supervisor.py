"""What the session does with what its page says of itself."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import TransportDown
from bot.ports import LinkState
from bot.whatsapp import supervisor
from bot.whatsapp.door import OUT_AFTER, OWN_CODE_WITHIN
from bot.whatsapp.driver import Held
from bot.whatsapp.patience import ANSWER_WITHIN, PageLost, Patience
from bot.whatsapp.settings import WhatsAppSettings
from bot.whatsapp.supervisor import RECONCILE, WhatsAppSession
from bot.whatsapp.sweep import FIRST_AGAIN, OWED_FOR
from tests.make import ACCOUNT, NOW

OTHER = "5511900000002@c.us"
HELD = {"id": "false_5511987654321@c.us_A1", "chat": "5511987654321@c.us", "type": "chat",
        "body": "hello", "fromMe": False}  # fmt: skip


SAYS = {"born": "1", "ready": True, "authenticated": True, "mode": "MAIN", "code": "",
        "account": ACCOUNT, "online": True, "queued": 0}  # fmt: skip


class Inlet:
    """Implements `ports.Inlet`: keeps what it is given."""

    def __init__(self):
        self.states, self.codes, self.messages, self.known = [], [], [], set()

    async def take_messages(self, messages):
        fresh = [one for one in messages if one.id not in self.known]
        self.known |= {one.id for one in fresh}
        self.messages += fresh
        return len(fresh)

    async def take_receipts(self, receipts):
        pass

    async def take_state(self, state, account, detail):
        self.states.append(state)

    async def take_code(self, code):
        self.codes.append(code)

    async def sweep_from(self, account, now):
        return now - timedelta(minutes=10)


class Page:
    """Stands in for the driver."""

    def __init__(self):
        self.account, self.open, self.refreshed, self.held = None, False, 0, []
        self.unread, self.fresh = 0, []

    @property
    def ready(self):
        return self.open

    def open_sends(self, account, born):
        self.account, self.open = account, True

    def close_sends(self, *, forget=False):
        self.open = False
        self.account = None if forget else self.account

    async def follow_presence(self, *, on):
        pass

    async def refresh(self):
        self.refreshed += 1

    async def since(self, moment, *, fresh=False, untold=False):
        return Held(raws=self.fresh if fresh else self.held, unread=self.unread)

    async def survey(self, paths):
        return {"page": "2.3", "wa_js": "4.6.0", "missing": []}


class Stage:
    def __init__(self):
        self.now = NOW
        self.inlet, self.page = Inlet(), Page()
        settings = WhatsAppSettings(name="default", url="http://127.0.0.1/", profile=Path("x"))
        self.session = WhatsAppSession(settings, self.inlet, lambda: self.now, self.page)

    async def says(self, **told):
        """The page says something of itself."""
        await self.session._follow({**SAYS, **told})


@pytest.fixture
def stage():
    return Stage()


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("Page.goto: net::ERR_NAME_NOT_RESOLVED at https://web.whatsapp.com/\nCall log:",
         "WhatsApp Web cannot be reached (ERR_NAME_NOT_RESOLVED); look at the network"),
        ("it was closed", "the browser is lost (it was closed); another is opened"),
        ("", "the browser is lost (closed); another is opened"),
    ],
)  # fmt: skip
async def test_why_there_is_no_page_is_told_while_another_is_tried(
    stage, monkeypatch, failure, told
):
    def refuse():
        raise OSError(failure)

    monkeypatch.setattr(supervisor, "open_playwright", refuse)
    living = asyncio.create_task(stage.session.run())
    while not stage.session.reasons:
        await asyncio.sleep(0)
    living.cancel()

    assert stage.session.reasons[0].startswith(told)


async def test_sends_wait_until_the_page_is_logged_in_and_swept(stage):
    stage.page.held = [{**HELD, "t": NOW.timestamp()}]
    await stage.says(ready=False)
    assert not stage.page.open
    await stage.says()

    assert (stage.page.open, stage.page.account) == (True, ACCOUNT)
    assert [one.text for one in stage.inlet.messages] == ["hello"]
    assert stage.session.state is LinkState.READY


async def test_a_network_cut_stops_sends_and_its_end_sweeps_again(stage):
    await stage.says()
    await stage.says(online=False)
    assert (stage.page.open, stage.session.state) == (False, LinkState.OFFLINE)
    stage.page.held = [{**HELD, "t": NOW.timestamp()}]
    await stage.says()

    assert stage.page.open
    assert [one.text for one in stage.inlet.messages] == ["hello"]


async def test_a_logout_stops_sends_names_the_state_and_shows_the_code_again(stage):
    await stage.says()
    await stage.says(authenticated=False, code="2@a")
    await stage.says(authenticated=False, code="2@b")

    assert (stage.page.open, stage.page.account) == (False, None)
    assert stage.inlet.states[-2:] == [LinkState.LOGGED_OUT, LinkState.QR]
    assert stage.inlet.codes == ["2@a", "2@b"]


async def test_a_code_that_ran_out_is_asked_for_again(stage):
    await stage.says(authenticated=False, code="2@a")
    await stage.says(authenticated=False)

    assert stage.page.refreshed == 1


async def test_a_page_that_shows_no_code_by_itself_is_asked_for_one(stage):
    await stage.says(authenticated=False)
    assert (stage.page.refreshed, stage.session.state) == (0, LinkState.STARTING)
    stage.now += OWN_CODE_WITHIN
    await stage.says(authenticated=False)

    assert (stage.page.refreshed, stage.session.state) == (1, LinkState.QR)


@pytest.mark.parametrize("mode", ["MAIN", "QR"])
async def test_a_page_that_knows_nobody_for_a_moment_is_no_logout_and_asked_for_no_code(
    stage, mode
):
    await stage.says()
    await stage.says(born="2", authenticated=False, mode=mode)
    stage.now += OUT_AFTER / 2
    await stage.says(born="2", authenticated=False, mode=mode)
    assert not stage.page.open
    assert stage.session.reasons == ["the page does not tell yet who is logged in"]
    await stage.says(born="2")

    assert (stage.page.open, stage.page.refreshed) == (True, 0)
    assert LinkState.LOGGED_OUT not in stage.inlet.states


async def test_a_page_that_knows_nobody_for_long_is_logged_out(stage):
    await stage.says()
    await stage.says(authenticated=False, mode="QR")
    stage.now += OUT_AFTER
    await stage.says(authenticated=False, mode="QR")

    assert stage.inlet.states[-2:] == [LinkState.LOGGED_OUT, LinkState.QR]


async def test_codes_for_nobody_are_asked_for_seldom_until_somebody_looks(stage):
    asked = []
    await stage.says(authenticated=False, code="2@a")
    for _ in range(4 * 60):
        stage.now += timedelta(minutes=1)
        await stage.says(authenticated=False)
        asked.append(stage.page.refreshed)
    assert asked[29] == 30
    assert asked[-1] <= 34

    stage.session.want_code()
    await stage.says(authenticated=False)

    assert stage.page.refreshed == asked[-1] + 1


async def test_a_page_that_gives_no_code_is_not_asked_at_each_look(stage):
    await stage.says(authenticated=False, code="2@a")
    for _ in range(8):
        await stage.says(authenticated=False)
        stage.now += timedelta(seconds=0.5)

    assert stage.page.refreshed == 1


async def test_a_conflict_stops_sends_and_is_not_taken_back(stage):
    await stage.says()
    for _ in range(5):
        await stage.says(mode="CONFLICT")

    assert not stage.page.open
    assert stage.inlet.states.count(LinkState.CONFLICT) == 1
    assert stage.session.state is LinkState.CONFLICT


async def test_a_number_that_another_session_has_rests_until_it_is_free(stage):
    others = {ACCOUNT: "north"}
    stage.session.door.twin = lambda number: others.get(number, "")
    stage.page.held = [{**HELD, "t": NOW.timestamp()}]
    await stage.says()
    await stage.says()

    assert (stage.page.open, stage.session.state) == (False, LinkState.CONFLICT)
    assert stage.session.reasons[0] == "session north has this number already"
    assert stage.inlet.messages == []

    others.clear()
    await stage.says()
    assert (stage.page.open, stage.session.state) == (True, LinkState.READY)
    assert [one.text for one in stage.inlet.messages] == ["hello"]


@pytest.mark.parametrize("told", [{"mode": "SYNCING"}, {"mode": "PROXYBLOCK"}, {"account": ""}])
async def test_a_page_that_leaves_its_chats_sends_nothing_and_is_swept_when_it_is_back(stage, told):
    await stage.says()
    await stage.says(**told)
    assert (stage.page.open, stage.session.state) == (False, LinkState.STARTING)
    assert stage.session.reasons[0].startswith("logged in, and WhatsApp Web shows ")
    stage.page.held = [{**HELD, "t": NOW.timestamp()}]
    await stage.says()

    assert (stage.page.open, stage.session.state) == (True, LinkState.READY)
    assert [one.text for one in stage.inlet.messages] == ["hello"]


async def test_a_page_whose_sweep_takes_long_is_kept(stage, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("bot.whatsapp.supervisor.Patience", lambda: Patience(lambda: clock[0]))

    async def state():
        return SAYS

    async def since(moment, *, fresh=False, untold=False):
        clock[0] += ANSWER_WITHIN + 1
        return Held(raws=[])

    async def take_state(state, account, detail):
        if state is LinkState.READY:
            stage.session._lost.set()

    stage.page.state, stage.page.since, stage.inlet.take_state = state, since, take_state
    await stage.session._stay()

    assert clock == [ANSWER_WITHIN + 1]


async def test_chats_that_cannot_be_read_back_are_read_again_from_the_same_moment(stage):
    stage.page.unread = 1
    await stage.says()
    assert (stage.session.state, stage.session.owed) == (
        LinkState.READY, NOW - timedelta(minutes=10),
    )  # fmt: skip

    stage.page.unread, stage.page.held = 0, [{**HELD, "t": NOW.timestamp()}]
    await stage.says()
    assert stage.inlet.messages == []
    stage.now += FIRST_AGAIN
    await stage.says()

    assert [one.text for one in stage.inlet.messages] == ["hello"]
    assert stage.session.owed is None


async def test_what_stands_in_chats_that_show_up_later_is_taken_in_before_what_comes_there(stage):
    await stage.says()
    stage.page.fresh = [{**HELD, "t": NOW.timestamp() - 60}]
    new = {**HELD, "id": "false_5511987654321@c.us_A2", "body": "again", "t": NOW.timestamp()}
    told = {"events": [{"kind": "message", "raw": new}], "unswept": 1}
    await stage.session._take(None, json.dumps(told))

    assert [one.text for one in stage.inlet.messages] == ["hello", "again"]


async def test_chats_that_show_up_later_are_read_though_nothing_comes_there(stage):
    await stage.says()
    stage.page.fresh = [{**HELD, "t": NOW.timestamp() - 60}]
    await stage.says(unswept=1)

    assert [one.text for one in stage.inlet.messages] == ["hello"]


async def test_what_came_in_a_new_chat_and_was_never_told_is_heard_and_the_page_deaf(stage):
    stage.now += timedelta(milliseconds=700)  # while messages are dated in whole seconds
    await stage.says()
    stage.page.fresh = [{**HELD, "t": NOW.timestamp()}]
    await stage.says(unswept=1)
    assert [one.text for one in stage.inlet.messages] == ["hello"]
    assert stage.session.ailment == ""

    stage.page.fresh = []
    stage.now += timedelta(seconds=RECONCILE + 1)
    await stage.says()
    assert stage.session.ailment


async def test_what_was_read_in_a_new_chat_and_told_later_is_no_ailment(stage):
    await stage.says()
    stage.now += timedelta(seconds=2)
    raw = {**HELD, "t": stage.now.timestamp()}
    stage.page.fresh = [raw]
    await stage.says(unswept=1)
    told = {"events": [{"kind": "message", "raw": raw}]}
    await stage.session._take(None, json.dumps(told))
    stage.now += timedelta(seconds=RECONCILE + 1)
    await stage.says()

    assert stage.session.ailment == ""
    assert [one.text for one in stage.inlet.messages] == ["hello"]


async def test_what_can_never_be_read_back_is_given_up(stage):
    stage.page.unread = 1
    await stage.says()
    stage.now += OWED_FOR + timedelta(seconds=1)
    stage.page.unread = 0
    await stage.says()

    assert stage.session.owed is None


async def test_another_number_is_a_login_of_its_own(stage):
    await stage.says()
    await stage.says(account=OTHER)

    assert stage.page.account == OTHER
    assert stage.inlet.states[-2:] == [LinkState.SYNCING, LinkState.READY]


async def test_a_reload_closes_sends_until_the_page_is_swept_again(stage):
    await stage.says()
    await stage.says(born="2", ready=False)
    assert (stage.page.open, stage.session.state) == (False, LinkState.STARTING)
    await stage.says(born="2")

    assert stage.page.open


async def test_a_page_that_holds_what_it_never_told_is_deaf_and_healed_in_stages(stage):
    await stage.says()
    stage.page.held = [{**HELD, "t": NOW.timestamp()}]
    stage.now += timedelta(seconds=RECONCILE + 1)
    await stage.says()
    assert stage.session.ailment
    assert (stage.page.open, stage.session._lost.is_set()) == (False, True)

    stage.session._lost.clear()
    stage.page.held = [{**HELD, "id": "false_5511987654321@c.us_A2", "t": stage.now.timestamp()}]
    stage.now += timedelta(seconds=RECONCILE + 1)
    with pytest.raises(PageLost):
        await stage.says()


async def test_a_store_that_holds_only_what_was_told_is_no_ailment(stage):
    await stage.says()
    stage.now += timedelta(seconds=RECONCILE + 1)
    await stage.says()

    assert stage.session.ailment == ""
    assert stage.page.open


async def test_events_wait_for_the_sweep_and_are_refused_when_nobody_is_logged_in(stage):
    stage.session._in_sync.set()
    with pytest.raises(TransportDown):
        await stage.session._take(None, '{"events": []}')


async def test_the_banner_of_whatsapp_is_kept(stage):
    await stage.says(warning="Your account is at risk.")
    assert stage.session.warning == "Your account is at risk."
    await stage.says(warning="")
    assert stage.session.warning == ""
