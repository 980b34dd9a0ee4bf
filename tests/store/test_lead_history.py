from datetime import timedelta

import pytest

from bot.domain.leads import Lead, LeadChange, Standing
from bot.store import contacts, erasing, identities, journal, lead_history, leads
from bot.testing.memory import MemoryDatabase
from tests.make import ANA, BO, NOW


@pytest.fixture
def db():
    database = MemoryDatabase()
    yield database.db
    database.close()


def change(before, after, **more):
    known = {"when": NOW, "by": "rule:r", "cause": "c", "before": before, "after": after}
    return LeadChange(**{**known, **more})


NEW = Standing(stage="new", score=10)
HOT = Standing(stage="hot", score=50, owner="Bea")


@pytest.fixture
def ana(db):
    person = contacts.meet(db, ANA, "Ana", NOW).id
    for before, after in ((Standing(), NEW), (NEW, HOT)):
        lead_history.note(db, person, change(before, after))
    leads.keep(db, Lead(contact_id=person, stage="hot", score=70, owner="Bea"), NOW)
    return person


def take_back(db, person, number):
    return lead_history.undo(db, person, number, "command:me", NOW + timedelta(hours=1))


def test_a_change_that_is_taken_back_gives_its_points_back_once(db, ana):
    lead = take_back(db, ana, 2)

    assert (lead.score, lead.stage, lead.owner) == (30, "new", "")
    assert leads.load(db, ana, NOW).score == 30
    assert take_back(db, ana, 2) is None
    assert leads.load(db, ana, NOW).score == 30
    last = lead_history.of(db, ana)[-1]
    assert (last.by, last.points, last.note) == ("command:me", -40, "takes back 2")
    assert [one.undone for one in lead_history.of(db, ana)] == [False, True, False]


def test_what_moved_on_since_stays_where_it_is(db, ana):
    leads.keep(db, Lead(contact_id=ana, stage="customer", score=70, owner="Carl"), NOW)

    lead = take_back(db, ana, 2)

    assert (lead.score, lead.stage, lead.owner) == (30, "customer", "Carl")


def test_the_first_change_leaves_the_lead_where_it_stands(db, ana):
    assert take_back(db, ana, 1).stage == "hot"
    assert take_back(db, ana, 99) is None


def test_two_people_who_become_one_have_one_history_which_may_part_again(db, ana):
    bo = contacts.meet(db, BO, "Bo", NOW).id
    lead_history.note(db, bo, change(Standing(), NEW, by="rule:of_bo"))

    merge = identities.merge(db, ana, bo, "me", NOW)
    assert {one.by for one in lead_history.of(db, ana)} == {"rule:r", "rule:of_bo"}

    journal.undo(db, merge, NOW)
    assert [one.by for one in lead_history.of(db, bo)] == ["rule:of_bo"]


def test_an_erased_person_leaves_no_history(db, ana):
    erasing.erase(db, ana)

    assert lead_history.of(db, ana) == []
