"""Scores that fade: worked out from moments, the same however often and by whom."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.leads import NO_DECAY, Decay, Lead, LeadChange, Standing, aged, whole
from bot.store import ageing, contacts, identities, lead_history, leads
from bot.testing.memory import MemoryDatabase
from tests.make import ANA, BO, NOW

DAY = timedelta(days=1)
HALVES = Decay(half_life=10 * DAY)
STEPS = Decay(points=5, every=7 * DAY)
decays = st.one_of(
    st.just(NO_DECAY),
    st.timedeltas(timedelta(minutes=1), 400 * DAY).map(lambda span: Decay(half_life=span)),
    st.builds(
        lambda points, every: Decay(points=points, every=every),
        st.integers(1, 50),
        st.timedeltas(timedelta(minutes=1), 90 * DAY),
    ),
)
spans = st.timedeltas(timedelta(0), 800 * DAY)


@pytest.fixture
def db():
    database = MemoryDatabase()
    yield database.db
    database.close()


@pytest.fixture
def ana(db):
    return contacts.meet(db, ANA, "Ana", NOW).id


def keep(db, person, score, decay, at=NOW, **more):
    ageing.put_in_force(db, decay, at)
    leads.keep(db, Lead(contact_id=person, score=score, **more), at)


def score(db, person, at):
    return leads.load(db, person, at).score


@given(decay=decays, points=st.integers(-1000, 1000), first=spans, second=spans)
def test_a_score_read_on_the_way_fades_as_one_that_nobody_read(decay, points, first, second):
    lead = Lead(contact_id=1, score=points, scored_at=NOW)
    straight = aged(lead, decay, NOW + first + second)
    halting = aged(aged(lead, decay, NOW + first), decay, NOW + first + second)

    assert halting.score + halting.rest == pytest.approx(straight.score + straight.rest, abs=1e-6)
    assert abs(straight.score) <= abs(points)
    assert straight.score * points >= 0


@given(rest=st.floats(-0.5, 0.5), points=st.integers(-100, 100), more=st.integers(-100, 100))
def test_whole_points_add_as_many_to_what_is_shown(rest, points, more):
    assert whole(points + rest + more) - whole(points + rest) == more


def test_half_is_left_after_a_half_life(db, ana):
    keep(db, ana, 40, HALVES)

    assert [score(db, ana, NOW + days * DAY) for days in (0, 10, 20, 300)] == [40, 20, 10, 0]


def test_points_go_by_whole_periods_that_new_points_do_not_begin_anew(db, ana):
    keep(db, ana, 12, STEPS)
    late = NOW + 6 * DAY
    lead = leads.load(db, ana, late)
    leads.keep(db, Lead(contact_id=ana, score=22, scored_at=lead.scored_at), late)

    assert [score(db, ana, NOW + days * DAY) for days in (6, 7, 14, 70)] == [22, 17, 12, 0]


def test_a_clock_that_was_set_back_takes_and_gives_nothing(db, ana):
    keep(db, ana, 40, HALVES)

    assert score(db, ana, NOW - 5 * DAY) == 40


def test_small_gains_are_not_eaten_by_rounding(db, ana):
    keep(db, ana, 0, Decay(half_life=30 * DAY))
    for day in range(1, 401):
        now = NOW + day * DAY
        lead = leads.load(db, ana, now)
        more = Lead(contact_id=ana, score=lead.score + 1, rest=lead.rest, scored_at=lead.scored_at)
        leads.keep(db, more, now)

    assert score(db, ana, NOW + 400 * DAY) == pytest.approx(1 / (1 - 0.5 ** (1 / 30)), abs=1)


def test_a_new_way_to_fade_counts_from_when_it_is_in_force(db, ana):
    keep(db, ana, 40, NO_DECAY)
    late = NOW + 100 * DAY
    for _ in range(3):
        ageing.put_in_force(db, HALVES, late)
    assert score(db, ana, late) == 40
    assert score(db, ana, late + 10 * DAY) == 20

    ageing.put_in_force(db, STEPS, late + 10 * DAY)
    assert score(db, ana, late + 17 * DAY) == 15

    ageing.put_in_force(db, NO_DECAY, late + 17 * DAY)
    assert ageing.in_force(db) == NO_DECAY
    assert score(db, ana, late + 900 * DAY) == 15


@pytest.mark.parametrize("decay", [NO_DECAY, HALVES, STEPS])
def test_lists_show_the_score_that_rules_see(db, ana, decay):
    keep(db, ana, 41, decay)
    nobody = contacts.meet(db, BO, "Bo", NOW).id
    at = NOW + 16 * DAY
    sql = (
        f"SELECT c.id, {ageing.score_at(at)} FROM contacts c"
        " LEFT JOIN leads l ON l.contact_id = c.id ORDER BY c.id"
    )

    rows = [tuple(row) for row in db.execute(sql)]
    assert rows == [(ana, score(db, ana, at)), (nobody, None)]
    asked = db.execute(f"SELECT {ageing.score_at(None)} FROM leads l").fetchone()[0]
    assert abs(asked) <= 41


def test_two_people_who_become_one_have_the_score_that_is_higher_now(db, ana):
    keep(db, ana, 40, HALVES)
    bo, late = contacts.meet(db, BO, "Bo", NOW).id, NOW + 10 * DAY
    leads.keep(db, Lead(contact_id=bo, score=30, qualified_at=NOW), late)

    identities.merge(db, ana, bo, "me", late)

    lead = leads.load(db, ana, late + 10 * DAY)
    assert (lead.score, lead.qualified_at) == (15, NOW)


def note(db, person, before, after, at, **more):
    change = LeadChange(
        when=at, by="rule:r", cause="c", before=Standing(stage="new", score=before),
        after=Standing(stage="new", score=after), **more,
    )  # fmt: skip
    lead_history.note(db, person, change)


def test_taking_a_change_back_takes_what_is_left_of_its_points(db, ana):
    ageing.put_in_force(db, HALVES, NOW)
    note(db, ana, 0, 40, NOW)
    note(db, ana, 20, 50, NOW + 10 * DAY)
    leads.keep(db, Lead(contact_id=ana, score=50), NOW + 10 * DAY)
    late = NOW + 20 * DAY

    assert score(db, ana, late) == 25
    assert lead_history.undo(db, ana, 1, "me", late).score == 15
    assert lead_history.undo(db, ana, 2, "me", late).score == 0
    assert score(db, ana, late) == 0


def test_what_was_taken_back_before_is_not_taken_twice(db, ana):
    ageing.put_in_force(db, STEPS, NOW)
    note(db, ana, 0, 20, NOW)
    note(db, ana, 20, 30, NOW)
    leads.keep(db, Lead(contact_id=ana, score=30), NOW)

    assert lead_history.undo(db, ana, 2, "me", NOW + 7 * DAY).score == 15
    assert lead_history.undo(db, ana, 1, "me", NOW + 7 * DAY).score == 0


def test_the_history_tells_what_time_took(db, ana):
    note(db, ana, 0, 40, NOW)
    keep(db, ana, 40, NO_DECAY)
    assert [one.by for one in lead_history.explained(db, ana, NOW + 10 * DAY)] == ["rule:r"]

    ageing.put_in_force(db, HALVES, NOW)
    note(db, ana, 20, 30, NOW + 10 * DAY)
    leads.keep(db, Lead(contact_id=ana, score=30), NOW + 10 * DAY)

    told = lead_history.explained(db, ana, NOW + 20 * DAY)
    lines = [(one.id, one.by, one.points, one.after.score) for one in told]
    assert lines == [
        (1, "rule:r", 40, 40),
        (0, "decay", -20, 20),
        (2, "rule:r", 10, 30),
        (0, "decay", -15, 15),
    ]
