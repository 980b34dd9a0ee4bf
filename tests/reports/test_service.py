"""How promises were kept, and what each rule and flow came to."""

from datetime import timedelta

import pytest

from bot.domain.effects import BeginWait, EndWait, MissWait
from bot.reports.as_json import as_data
from bot.reports.period import Period
from bot.reports.report import report
from bot.reports.showing import sections
from bot.reports.wanted import Wanted
from bot.store import contacts, waits
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, ANA, BO, NOW
from tests.reports.conftest import ZONE

MINUTE = timedelta(minutes=1)


@pytest.fixture
def db():
    database = MemoryDatabase()
    database.db.execute("COMMIT")
    yield database.db
    database.close()


def wait(db, member, minutes=None, *, chat=ANA, since=NOW, how="answered", missed=False):
    person = contacts.meet(db, chat, "", NOW).id
    where = (ACCOUNT, chat)
    begun = BeginWait(sla="answer", since=since, due=since + 30 * MINUTE, team="support",
                      member=member)  # fmt: skip
    waits.note(db, where, person, begun, since)
    if missed:
        waits.note(db, where, person, MissWait(sla="answer"), since + 30 * MINUTE)
    if minutes is not None:
        over = EndWait(sla="answer", how=how, by=member, waited=minutes * MINUTE)
        waits.note(db, where, person, over, since + minutes * MINUTE)


def told(db, now=NOW + 10 * MINUTE, **more):
    period = Period(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1), zone=ZONE)
    return report(db, "default", Wanted(period=period, now=now, **more))


def figures(kept):
    return [
        (one.name, one.begun, one.met, one.missed, one.ended, one.waiting, one.waited.median)
        for one in kept
    ]


def test_waits_are_counted_by_promise_team_and_member(db):
    wait(db, "Bea", 10)
    wait(db, "Bea", 40, missed=True)
    wait(db, "Carl", 5, how="ended")
    wait(db, "", chat=BO)
    wait(db, "Bea", 1, since=NOW - timedelta(days=9))
    service = told(db).service

    assert figures(service.promises) == [("answer", 4, 1, 1, 1, 1, 600.0)]
    assert figures(service.teams) == [("answer, support", 4, 1, 1, 1, 1, 600.0)]
    assert figures(service.members) == [
        ("answer, Bea", 2, 1, 1, 0, 0, 600.0),
        ("answer, Carl", 1, 0, 0, 1, 0, None),
    ]


def test_who_still_waits_beyond_the_time_is_missed(db):
    wait(db, "Bea")

    assert told(db).service.promises[0].waiting == 1
    assert told(db, now=NOW + 31 * MINUTE).service.promises[0].missed == 1


def test_only_people_with_the_tag_count(db):
    wait(db, "Bea", 10)

    assert told(db, tag="vip").service.promises == ()


def test_promises_are_shown_where_there_are_some(db):
    assert "service" not in {one.key for one in sections(told(db))}
    wait(db, "Bea", 10)

    found = told(db)
    shown = next(one for one in sections(found) if one.key == "service")
    assert [table.rows[0][0] for table in shown.tables] == [
        "answer", "answer, support", "answer, Bea"
    ]  # fmt: skip
    assert as_data(found)["service"]["promises"][0]["met"] == 1
