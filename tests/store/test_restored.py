from datetime import timedelta

import pytest

from bot.domain.messages import MessageId, Origin
from bot.domain.outgoing import Why
from bot.store import inbox, outbox
from bot.store.drafts import Draft, reserve, reserve_id
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, ANA, NOW, message

ASKED = message("hello", id="A1")


@pytest.fixture
def db():
    database = MemoryDatabase()
    yield database.db
    database.close()


def secret_of(db):
    return bytes.fromhex(db.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()[0])


def answer(db, ordinal=0, cause=str(ASKED.key), **more):
    """What the page shows of a message of ours that this copy of the database does not know."""
    known = {"id": reserve_id(secret_of(db), cause, ordinal), "origin": Origin.CAUGHT_UP}
    return message("hi", from_me=True, sent_at=NOW + timedelta(seconds=3), **{**known, **more})


def states(db):
    return [tuple(row) for row in db.execute("SELECT message_id, state FROM inbox")]


@pytest.mark.parametrize("ordinal", [0, 3])
def test_what_the_copy_forgot_is_not_answered_again(db, ordinal):
    assert inbox.record_all(db, [ASKED, answer(db, ordinal)], NOW) == [(ACCOUNT, ANA)]

    assert states(db) == [("A1", "decided")]
    assert inbox.next_waiting(db, ACCOUNT, ANA) is None


@pytest.mark.parametrize("origin", [Origin.CAUGHT_UP, Origin.LIVE])
def test_what_was_sent_by_command_is_nobodys_answer(db, origin):
    inbox.record_all(db, [ASKED, answer(db, cause="cli|1234", origin=origin)], NOW)

    assert states(db) == [("A1", "waiting")]


def test_what_the_copy_would_say_again_under_the_same_id_is_said_already(db):
    inbox.record_all(db, [answer(db, cause="timer|reminder")], NOW)

    draft = Draft(account=ACCOUNT, chat=ANA, text="hi", why=Why.STARTED, by="r", due_at=NOW)
    reserve(db, secret_of(db), "timer|reminder", [draft], NOW)

    assert outbox.next_due(db, ACCOUNT, NOW, 10) == []
    (text, state) = db.execute("SELECT text, state FROM outbox").fetchone()
    assert (text, state) == ("hi", "sent")


@pytest.mark.parametrize("other", ["3EB0" + "A" * 18, "3A" + "0" * 18, "", "3EB0é" + "A" * 17])
def test_what_a_person_wrote_stays_a_persons(db, other):
    inbox.record_all(db, [ASKED, answer(db, id=MessageId(other))], NOW)

    assert [state for _, state in states(db)] == ["waiting", "waiting"]
