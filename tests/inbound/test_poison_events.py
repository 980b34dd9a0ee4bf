"""An event that cannot be handled is set aside like a message; its chat goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.campaigns import LeftOut, cause_of
from bot.domain.conversation import Frame
from bot.domain.effects import CallHttp, StartTimer
from bot.domain.turns import CallAnswered, EventRaised, MessageArrived
from bot.engine.schedules import timers_of
from bot.inbound import pipeline as module
from bot.store import calls, contacts, conversations, counting, dead, events, timers
from bot.store.inbox import MOST_ATTEMPTS, MOST_DEATHS
from bot.store.times import seconds
from tests.make import ACCOUNT, ANA, NOW, message

LANE = (ACCOUNT, ANA)
RULES = """\
version: 1
rules:
  - id: echo
    when: {pattern: "say {what}"}
    do: {reply: "you said $(what), as loud as you could"}
  - id: paid
    when: {event: order.paid}
    do: {reply: "Thank you for the payment."}
  - id: morning
    when: {schedule: "30 9 * * *"}
    do: {reply: "Good morning."}
"""
CALL = CallHttp(
    key="call|1", method="GET", url="https://shop.example/price", headers={}, json=None,
    form=None, timeout=timedelta(seconds=5), retries=0, awaited=True,
)  # fmt: skip
ANSWER = CallAnswered(key="call|1", status=200, body={"total": 24})


class Poison:
    """Lets the engine fail on everything but messages, until it is mended."""

    def __init__(self, decide) -> None:
        self.tried: list[str] = []
        self.is_mended = False
        self._decide = decide

    def __call__(self, turn, compiled):
        if not self.is_mended and not isinstance(turn.event, MessageArrived):
            self.tried.append(turn.cause)
            raise RuntimeError("no rule foresaw this")
        return self._decide(turn, compiled)


@pytest.fixture
def poison(monkeypatch):
    poison = Poison(module.decide)
    monkeypatch.setattr(module, "decide", poison)
    return poison


def an_event(db):
    events.queue(db, *LANE, EventRaised(name="order.paid", data={}), NOW, "webhook|1")


def a_timer(db):
    timers.start(db, *LANE, StartTimer(key="later:bill", kind="later", due=NOW, payload={}))


def a_call(db):
    calls.reserve(db, *LANE, CALL, NOW)
    calls.answer(db, ANSWER)


KINDS = {"event": an_event, "timer": a_timer, "call": a_call}


async def turns(desk):
    """Let the chat do all that it has to do."""
    while await desk.pipeline.step(LANE):
        pass


async def listed(desk):
    return await desk.database.read(dead.list_dead)


@pytest.mark.parametrize("kind", KINDS)
async def test_after_three_failures_an_event_is_set_aside_and_its_chat_goes_on(
    office, poison, kind
):
    desk = office(RULES)
    await desk.database.write(KINDS[kind])
    await desk.take(message("say one"))

    assert len(poison.tried) == MOST_ATTEMPTS
    assert await desk.said() == ["you said one, as loud as you could"]
    [one] = await listed(desk)
    assert (one["kind"], one["attempts"], one["chat"]) == (kind, 3, ANA)
    assert one["reason"] == "failed 3 times; see the log"
    assert await desk.database.read(counting.own_turns) == {"waiting": 0, "quarantined": 1}


@pytest.mark.parametrize("kind", KINDS)
async def test_an_event_that_was_in_hand_at_four_deaths_is_set_aside(office, poison, kind):
    desk = office(RULES)
    await desk.database.write(KINDS[kind])

    def died(db):
        db.execute("UPDATE events SET attempts = ?", (MOST_DEATHS,))
        db.execute("UPDATE timers SET attempts = ?", (MOST_DEATHS,))
        db.execute("UPDATE calls SET turns = ?", (MOST_DEATHS,))

    await desk.database.write(died)
    await turns(desk)

    assert poison.tried == []
    assert [one["reason"] for one in await listed(desk)] == ["in hand at 4 deaths of the daemon"]


@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_tried_again_when_a_person_says_so(office, poison, kind):
    desk = office(RULES)
    await desk.database.write(KINDS[kind])
    await turns(desk)
    poison.is_mended = True

    done, lanes = await desk.database.write(lambda db: dead.retry(db, None, NOW))
    await turns(desk)

    assert (done, lanes, await listed(desk)) == (1, [LANE], [])
    assert len(await desk.winners()) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_dropped_when_a_person_says_so(office, poison, kind):
    desk = office(RULES)
    await desk.database.write(KINDS[kind])
    await turns(desk)
    [one] = await listed(desk)
    poison.is_mended = True

    assert await desk.database.write(lambda db: dead.drop(db, [one["id"]], NOW)) == 1
    await turns(desk)

    assert (await listed(desk), await desk.winners()) == ([], [])


async def test_an_event_that_is_tried_again_is_answered(office, poison):
    desk = office(RULES)
    await desk.database.write(an_event)
    await turns(desk)
    poison.is_mended = True
    await desk.database.write(lambda db: dead.retry(db, ["event-1"], NOW))
    await turns(desk)

    assert await desk.said() == ["Thank you for the payment."]


async def test_the_attempt_is_counted_before_any_work_begins(office, monkeypatch):
    desk = office(RULES)
    await desk.database.write(an_event)
    counted = []

    async def dies(claimed, book):
        rows = await desk.database.read(
            lambda db: [row["attempts"] for row in db.execute("SELECT attempts FROM events")]
        )
        counted.append(rows)
        raise RuntimeError("the daemon died")

    monkeypatch.setattr(desk.pipeline, "_understand", dies)
    await desk.pipeline.step(LANE)

    assert counted == [[1]]


async def test_a_schedule_that_failed_comes_round_again(office, poison):
    desk = office(RULES)
    zone = NOW.tzinfo

    def planned(db):
        contacts.meet(db, ANA, "Ana", NOW)
        [timer] = timers_of(desk.pipeline.book.compiled.schedules, NOW, zone)
        timers.start(db, *LANE, timer)
        return timer.due

    first = await desk.database.write(planned)
    desk.at(first)
    await turns(desk)

    [one] = await listed(desk)
    assert one["event"] == "timer.schedule"
    assert await desk.database.read(timers.next_due_at) == first + timedelta(days=1)


async def test_a_flow_that_waited_for_what_failed_ends_so_that_the_chat_is_heard(office, poison):
    desk = office(RULES)

    def resting(db):
        person = contacts.meet(db, ANA, "Ana", NOW)
        state = conversations.load(db, *LANE)
        frames = (
            Frame(flow="order", version="1"),
            Frame(flow="pay", version="2", awaiting="call|1", called=True),
        )
        state = replace(state, frames=frames)
        conversations.keep(db, ACCOUNT, person.id, state)
        a_call(db)

    await desk.database.write(resting)
    await desk.take(message("say one"))

    assert await desk.said() == ["you said one, as loud as you could"]
    state = await desk.database.read(lambda db: conversations.load(db, *LANE))
    assert state.frames == ()


@pytest.fixture
def claimed(database):
    """A recipient whose turn waits in the chat."""

    def plan(db):
        person = contacts.meet(db, ANA, "Ana", NOW)
        db.execute(
            "INSERT INTO campaign_runs (campaign, account, planned_at, local, content, state,"
            " detail, begun_at) VALUES ('sale', ?, ?, '', 'c', 'running', '', ?)",
            (ACCOUNT, seconds(NOW), seconds(NOW)),
        )
        db.execute(
            "INSERT INTO campaign_recipients VALUES (1, ?, ?, '', 'claimed', '', ?, 1)",
            (person.id, ANA, seconds(NOW)),
        )
        data = {"run": 1, "campaign": "sale", "variant": "", "version": "v"}
        cause = cause_of(1, person.id)
        events.queue(db, *LANE, EventRaised(name="campaign.due", data=data), NOW, cause)

    database.write_now(plan)


def recipients(db):
    rows = db.execute("SELECT state, reason FROM campaign_recipients")
    return [(row["state"], row["reason"]) for row in rows]


async def test_a_campaign_does_without_a_recipient_whose_turn_failed(office, poison, claimed):
    desk = office(RULES)
    await turns(desk)

    assert await desk.database.read(recipients) == [("suppressed", LeftOut.FAILED)]
    done, _ = await desk.database.write(lambda db: dead.retry(db, None, NOW))
    assert done == 1
    assert await desk.database.read(recipients) == [("claimed", "")]


async def test_a_campaign_that_was_stopped_says_nothing_more(office, poison, claimed):
    desk = office(RULES)
    await turns(desk)
    await desk.database.write(lambda db: db.execute("UPDATE campaign_runs SET state = 'stopped'"))

    done, _ = await desk.database.write(lambda db: dead.retry(db, None, NOW))

    assert done == 0
    assert [one["reason"] for one in await listed(desk)] == [
        "its campaign was stopped, or the recipient got it otherwise; drop it"
    ]
