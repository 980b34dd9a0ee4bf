"""Who waited for what is promised."""

from datetime import timedelta

import pytest

from bot.domain.effects import BeginWait, EndWait, MissWait
from bot.store import contacts, erasing, identities, journal, waits
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, ANA, BO, NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def db():
    database = MemoryDatabase()
    yield database.db
    database.close()


def begin(db, person, chat=ANA):
    what = BeginWait(sla="answer", since=NOW, due=NOW + HOUR, team="support", member="Bea")
    waits.note(db, (ACCOUNT, chat), person, what, NOW)


def rows(db):
    held = db.execute("SELECT contact_id, chat, missed_at, ended_at, how, by, waited FROM waits")
    return [tuple(row) for row in held]


def test_a_wait_that_is_over_is_not_ended_or_missed_again(db):
    ana = contacts.meet(db, ANA, "Ana", NOW).id
    begin(db, ana)
    where, late = (ACCOUNT, ANA), NOW + 2 * HOUR
    waits.note(db, where, ana, MissWait(sla="answer"), NOW + HOUR)
    waits.note(db, where, ana, EndWait(sla="answer", how="answered", by="Bea", waited=HOUR), late)
    whole = (NOW + HOUR).timestamp(), late.timestamp(), "answered", "Bea", 3600.0
    assert rows(db) == [(ana, ANA, *whole)]

    waits.note(db, where, ana, MissWait(sla="answer"), late)
    waits.note(db, where, ana, EndWait(sla="answer", how="ended", waited=HOUR), late)
    assert rows(db) == [(ana, ANA, *whole)]


def test_two_people_who_become_one_have_the_waits_of_both_which_may_part_again(db):
    ana, bo = (contacts.meet(db, chat, "", NOW).id for chat in (ANA, BO))
    begin(db, bo, BO)

    merge = identities.merge(db, ana, bo, "me", NOW)
    assert [row[0] for row in rows(db)] == [ana]

    journal.undo(db, merge, NOW)
    assert [row[0] for row in rows(db)] == [bo]


def test_a_chat_that_goes_on_under_its_number_takes_the_wait_with_it(db):
    hidden = "4711@lid"
    begin(db, contacts.meet(db, hidden, "", NOW).id, hidden)

    identities.learn(db, ACCOUNT, hidden, ANA, NOW)

    assert [row[1] for row in rows(db)] == [ANA]


def test_an_erased_person_leaves_no_wait(db):
    ana = contacts.meet(db, ANA, "Ana", NOW).id
    begin(db, ana)

    erasing.erase(db, ana)

    assert rows(db) == []
