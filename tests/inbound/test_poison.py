"""A message that cannot be handled is set aside; its chat, and all others, go on."""

import pytest

from bot.domain.understanding import NOTHING_UNDERSTOOD
from bot.inbound import pipeline as module
from bot.store import inbox
from bot.store.inbox import MOST_ATTEMPTS, MOST_DEATHS, SUSPECT
from tests.make import ACCOUNT, ANA, BO, message

MOOD = """\
version: 1
rules:
  - id: echo
    when: {pattern: "say {what}"}
    do: {reply: "you said $(what), as loud as you could"}
  - id: angry
    when: {sentiment: negative}
    do: {reply: "I am sorry."}
"""


def states(db):
    return [(row["text"], row["state"]) for row in db.execute("SELECT * FROM inbox ORDER BY id")]


@pytest.fixture
def poisoned(monkeypatch):
    """Let the engine fail on one text."""
    tried = []
    decide = module.decide

    def fails(turn, compiled):
        if turn.event.message.text == "say poison":
            tried.append(turn.cause)
            raise RuntimeError("no rule foresaw this")
        return decide(turn, compiled)

    monkeypatch.setattr(module, "decide", fails)
    return tried


async def test_after_three_failures_a_message_is_set_aside_and_its_chat_goes_on(office, poisoned):
    desk = office()
    await desk.take(message("say poison", id="A1"), message("say one", id="A2"))

    assert len(poisoned) == MOST_ATTEMPTS
    assert await desk.said() == ["you said one, as loud as you could"]
    assert await desk.database.read(states) == [
        ("say poison", "quarantined"), ("say one", "decided"),
    ]  # fmt: skip


async def test_other_chats_do_not_notice(office, poisoned):
    desk = office()
    await desk.take(message("say poison", id="A1"), message("say two", id="B1", chat=BO))

    assert await desk.said(BO) == ["you said two, as loud as you could"]


async def in_hand_at(desk, deaths):
    """A message was in hand when the daemon died so often."""
    await desk.database.write(lambda db: db.execute("UPDATE inbox SET attempts = ?", (deaths,)))


async def waiting(desk, text):
    stored = message(text)
    await desk.database.write(lambda db: inbox.record_all(db, [stored], desk.now))
    return stored.account, stored.chat


async def test_a_message_that_was_in_hand_at_four_deaths_is_set_aside(office):
    desk = office()
    lane = await waiting(desk, "say one")
    await in_hand_at(desk, MOST_DEATHS)
    await desk.pipeline.step(lane)

    assert await desk.said() == []
    assert await desk.database.read(states) == [("say one", "quarantined")]


async def test_a_message_that_was_in_hand_at_two_deaths_is_not_shown_to_the_models(office):
    desk = office(MOOD)
    lane = await waiting(desk, "say one")
    await in_hand_at(desk, SUSPECT)

    async def deadly(text, needs, hint=None):
        raise AssertionError("the models kill the daemon")

    desk.pipeline._understander.understand = deadly
    await desk.pipeline.step(lane)

    assert await desk.said() == ["you said one, as loud as you could"]


async def test_a_message_that_killed_nobody_is_read_by_the_models(office):
    desk = office(MOOD)
    lane = await waiting(desk, "say one")
    read = []

    async def reads(text, needs, hint=None):
        read.append(text)
        return NOTHING_UNDERSTOOD

    desk.pipeline._understander.understand = reads
    await desk.pipeline.step(lane)

    assert read == ["say one"]


async def test_the_attempt_is_counted_before_any_work_begins(office, monkeypatch):
    desk = office()
    lane = await waiting(desk, "say one")
    counted = []

    async def dies(claimed, book):
        counted.append(
            await desk.database.read(
                lambda db: db.execute("SELECT attempts FROM inbox").fetchone()["attempts"]
            )
        )
        return NOTHING_UNDERSTOOD

    monkeypatch.setattr(desk.pipeline, "_understand", dies)
    await desk.pipeline.step(lane)

    assert counted == [1]


async def test_a_chat_that_cannot_be_read_is_tried_again(office, monkeypatch):
    desk = office()
    claim = module.claim_all

    def fails(*_):
        raise RuntimeError("half a row")

    monkeypatch.setattr(module, "claim_all", fails)
    await desk.take(message("say one", id="A1"))
    assert desk.waits == [module.UNREADABLE_PAUSE]
    monkeypatch.setattr(module, "claim_all", claim)
    await desk.pipeline.step((ACCOUNT, ANA))

    assert await desk.said() == ["you said one, as loud as you could"]
