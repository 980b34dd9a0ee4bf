"""What counts as unknown, and which texts are alike."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.turns import Decision, Trace, TraceLine
from bot.domain.values import HIDDEN
from bot.reports.figures.unanswered import unanswered
from bot.reports.period import Period
from bot.reports.wanted import Wanted
from bot.store import inbox, traces
from tests.make import ACCOUNT, ANA, NOW, message

PERIOD = Period(since=NOW, until=NOW + timedelta(days=1), zone=ZoneInfo("UTC"))
WANTED = Wanted(period=PERIOD, now=datetime(2026, 1, 6, tzinfo=UTC))
FALLBACK = TraceLine(path="r.yaml:1", outcome="won", why="since nothing else fits")
HANDOFF = TraceLine(path="guard:handoff", outcome="skipped", why="a person has this chat")


@pytest.fixture
def heard(database):
    """Return what stores texts that were decided in one turn."""
    counts = iter(range(1000))

    def store(*texts, winner="", lines=()):
        number = next(counts)
        at = NOW + timedelta(minutes=number)
        said = [message(text, id=f"{number}-{n}", sent_at=at) for n, text in enumerate(texts)]
        record = traces.TurnRecord(
            account=ACCOUNT, chat=ANA, contact_id=1, cause=str(said[0].key), event="message",
            at=at, milliseconds=1.0, rulebook="",
        )  # fmt: skip
        decision = Decision(
            conversation=Conversation(chat=ANA), contact=Contact(id=1), lead=None,
            trace=Trace(winner=winner, lines=lines),
        )  # fmt: skip

        def write(db):
            inbox.record_all(db, said, at)
            rows = db.execute("SELECT id FROM inbox WHERE state = 'waiting'").fetchall()
            inbox.mark_all_decided(db, [row["id"] for row in rows], at)
            traces.keep_all(db, [(record, decision)])

        database.write_now(write)

    return store


def told(database):
    return database.read_now(lambda db: unanswered(db, WANTED))


def test_texts_that_were_joined_into_one_turn_all_count(database, heard):
    heard("hello?", "is anybody there")

    assert told(database).texts == 2


def test_what_a_rule_answered_is_known_and_what_a_fallback_answered_is_not(database, heard):
    heard("hours", winner="rule:hours")
    heard("blub", winner="rule:sorry", lines=(FALLBACK,))

    found = told(database)
    assert (found.texts, found.fallback) == (1, 1)


def test_what_came_while_a_person_had_the_chat_is_no_candidate(database, heard):
    heard("and for me too please", lines=(HANDOFF,))

    assert told(database).texts == 0


def test_accents_case_order_and_a_slip_make_no_difference(database, heard):
    for text in ("Onde fica o café?", "onde fica o cafe", "o café onde fica", "onde fica o caffe"):
        heard(text)
    heard("quanto custa")

    assert [one.count for one in told(database).alike] == [4, 1]


def test_what_was_concealed_is_counted_and_never_told(database, heard):
    heard(HIDDEN)

    found = told(database)
    assert (found.texts, found.alike) == (1, ())
