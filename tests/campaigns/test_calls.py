"""A flow that a campaign starts may ask a service first: what it says then is the campaign's."""

import pytest

from bot.domain.campaigns import LeftOut, RunState
from bot.domain.turns import CallAnswered
from bot.inbound import pipeline
from bot.store import calls, timers
from tests.campaigns import conftest

RULES = """\
version: 1
campaigns:
  spring:
    audience: {tag: buyer}
    rate: 10 per 1h
    do: {start: offer}
"""
ASKS_FIRST = """\
version: 1
flows:
  offer:
    slots: {n: {type: integer, ask: "It costs $(total). How many?"}}
    steps:
      - http: {url: "https://shop.example/price", save: {total: $.total}, on_error: [{end: true}]}
      - ask: n
      - reply: "$(n) it is."
"""
SPEAKS_FIRST = ASKS_FIRST.replace("steps:\n", "steps:\n      - reply: Hello!\n")
WITH_TWO = ASKS_FIRST.replace(
    "      - ask: n\n",
    '      - http: {url: "https://shop.example/more", save: {total: $.total}}\n      - ask: n\n',
)


@pytest.fixture
def offering(firm, monkeypatch):
    def opened(flow):
        read = conftest.read_rulebook
        monkeypatch.setattr(
            conftest, "read_rulebook", lambda files: read({**files, "flows/a.yaml": flow})
        )
        return firm(RULES)

    return opened


async def answer(one, *, error="", **body):
    """Let the services answer that are waited for."""
    for call in calls.next_due(one.db, one.now, 100):
        answered = CallAnswered(key=call.key, status=0 if error else 200, body=body, error=error)
        await one.turn([calls.answer(one.db, answered)])


def stored(one):
    rows = one.db.execute("SELECT cause, ordinal, text, why, by FROM outbox ORDER BY id")
    return [tuple(row) for row in rows]


async def test_what_is_said_behind_a_call_is_the_campaigns(offering):
    one = offering(ASKS_FIRST)
    chat = one.person()
    one.start()
    await one.turn(one.step())
    assert (one.states(), stored(one)) == ({"claimed": 1}, [])

    await answer(one, total=24)
    assert stored(one) == [
        ("campaign|1|1", 0, "It costs 24. How many?", "campaign", "campaign:spring")
    ]
    await one.work(2)
    assert one.run().state is RunState.DONE
    await one.hears(chat, "two")
    await one.carry()
    assert one.sent == [(chat, "It costs 24. How many?"), (chat, "2 it is.")]
    assert stored(one)[1][3:] == ("answer", "flow:offer")


async def test_what_was_said_before_the_call_is_counted_once(offering):
    one = offering(SPEAKS_FIRST)
    one.person()
    one.start()
    await one.turn(one.step())
    await answer(one, total=24)

    assert [row[:3] for row in stored(one)] == [
        ("campaign|1|1", 0, "Hello!"), ("campaign|1|1", 1, "It costs 24. How many?"),
    ]  # fmt: skip
    assert one.states() == {"sent": 1}


async def test_two_calls_may_stand_behind_one_another(offering):
    one = offering(WITH_TWO)
    one.person()
    one.start()
    await one.turn(one.step())
    await answer(one, total=24)
    assert one.states() == {"claimed": 1}
    await answer(one, total=25)

    assert [row[:3] for row in stored(one)] == [("campaign|1|1", 0, "It costs 25. How many?")]


async def test_where_the_service_fails_there_was_nothing_to_say(offering):
    one = offering(ASKS_FIRST)
    one.person()
    one.start()
    await one.turn(one.step())
    await answer(one, error="no answer")

    assert (one.left_out(), stored(one)) == ({LeftOut.SILENT: 1}, [])


@pytest.mark.parametrize("flow", [ASKS_FIRST, SPEAKS_FIRST])
async def test_once_the_campaign_is_stopped_nothing_more_is_said(offering, flow):
    one = offering(flow)
    one.person()
    one.start()
    await one.turn(one.step())
    one.database.write_now(lambda db: conftest.rounds.stop(db, "spring", "by a person", one.now))
    await answer(one, total=24)
    await one.carry()

    assert one.sent == []


PAUSES = """\
version: 1
flows:
  offer:
    slots: {n: {type: integer, ask: How many?}}
    steps:
      - reply: Hello!
      - wait: 20s
      - ask: n
"""
PAUSES_FIRST = PAUSES.replace("      - reply: Hello!\n", "")


async def pause(one):
    """Let the pause pass."""
    one.later(seconds=20)
    await one.turn(timers.chats_due(one.db, one.now))


@pytest.mark.parametrize(("flow", "before"), [(PAUSES, ["Hello!"]), (PAUSES_FIRST, [])])
async def test_what_is_said_behind_a_pause_is_the_campaigns(offering, flow, before):
    one = offering(flow)
    one.person()
    one.start()
    await one.turn(one.step())
    assert [row[2] for row in stored(one)] == before
    await pause(one)

    assert [(row[0], row[2], row[3]) for row in stored(one)] == [
        ("campaign|1|1", text, "campaign") for text in (*before, "How many?")
    ]
    assert one.states() == {"sent": 1}


async def test_a_campaign_does_without_who_fails_behind_a_call(offering, monkeypatch):
    one = offering(ASKS_FIRST)
    one.person()
    one.start()
    await one.turn(one.step())

    def fails(turn, compiled):
        raise RuntimeError("no flow foresaw this")

    monkeypatch.setattr(pipeline, "decide", fails)
    await answer(one, total=24)

    assert one.left_out() == {LeftOut.FAILED: 1}
    one.step()
    assert one.run().state is RunState.DONE
