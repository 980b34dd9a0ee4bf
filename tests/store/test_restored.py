from datetime import timedelta

import pytest

from bot.domain.messages import Origin
from bot.store import inbox
from bot.store.drafts import reserve_id
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, ANA, NOW, message

ASKED = message("hello", id="A1")


@pytest.fixture
def db():
    database = MemoryDatabase()
    yield database.db
    database.close()


def answer(db, ordinal=0, **more):
    """What the page shows of an answer that this copy of the database does not know."""
    secret = bytes.fromhex(db.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()[0])
    known = {"id": reserve_id(secret, str(ASKED.key), ordinal), "origin": Origin.CAUGHT_UP}
    return message("hi", from_me=True, sent_at=NOW + timedelta(seconds=3), **{**known, **more})


def states(db):
    return [tuple(row) for row in db.execute("SELECT message_id, state FROM inbox")]


@pytest.mark.parametrize("ordinal", [0, 3])
def test_what_the_copy_forgot_is_not_answered_again(db, ordinal):
    assert inbox.record_all(db, [ASKED, answer(db, ordinal)], NOW) == [(ACCOUNT, ANA)]

    assert states(db) == [("A1", "decided")]
    assert inbox.next_waiting(db, ACCOUNT, ANA) is None


@pytest.mark.parametrize("more", [{"id": "3EB0" + "A" * 18}, {"origin": Origin.LIVE}])
def test_what_a_person_wrote_stays_a_persons(db, more):
    inbox.record_all(db, [ASKED, answer(db, **more)], NOW)

    assert [state for _, state in states(db)] == ["waiting", "waiting"]
