"""The ledger of consent: entries are added, the latest one holds, nothing is said twice."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.contacts import Consent
from bot.store import consents, contacts, erasing, identities, journal
from bot.store.migrations import STEPS
from tests.make import ANA, BO, NOW
from tests.stored import fresh

GRANTED, WITHDRAWN = ConsentState.GRANTED, ConsentState.WITHDRAWN


def entry(state=GRANTED, *, day=0, source="form", wording="May we write?", proof="", who="me"):
    return ConsentEntry(when=NOW + timedelta(days=day), state=state, source=source,
                        wording=wording, proof=proof, who=who)  # fmt: skip


def allows(db, address):
    return contacts.find(db, address).consent


def test_the_latest_entry_holds_whenever_it_was_written(db):
    ana = contacts.meet(db, ANA, "Ana", NOW).id
    assert consents.current(db, ana) is None

    assert consents.record(db, ana, entry(day=2)) is True
    assert consents.record(db, ana, entry(WITHDRAWN, day=1, source="word:stop")) is False
    assert (allows(db, ANA), consents.current(db, ana)) == (Consent.GIVEN, entry(day=2))

    assert consents.record(db, ana, entry(WITHDRAWN, day=3)) is True
    assert allows(db, ANA) is Consent.WITHDRAWN
    assert [one.state for one in consents.history(db, ana)] == [WITHDRAWN, GRANTED, WITHDRAWN]


def test_what_is_said_again_is_written_once(db):
    ana = contacts.meet(db, ANA, "Ana", NOW).id
    for day in (0, 1, 0):
        consents.record(db, ana, entry(day=day))
    assert consents.history(db, ana) == [entry()]

    consents.record(db, ana, entry(day=1, proof="scan 7"))
    consents.record(db, ana, entry(day=0))
    assert [one.proof for one in consents.history(db, ana)] == ["", "scan 7"]


def test_who_agreed_is_told_for_all_at_once(db):
    people = [contacts.meet(db, f"55119{n:08}@c.us", "", NOW).id for n in range(4)]
    consents.record(db, people[0], entry())
    consents.record(db, people[1], entry())
    consents.record(db, people[1], entry(WITHDRAWN, day=1))
    db.execute("UPDATE contacts SET consent = 'given' WHERE id = ?", (people[2],))  # no entry

    assert consents.consenting(db) == {people[0]}
    assert consents.consenting(db, people[1:]) == frozenset()


def test_a_merge_keeps_both_ledgers_and_what_either_withdrew(db):
    ana, bo = (contacts.meet(db, one, "", NOW).id for one in (ANA, BO))
    consents.record(db, ana, entry(day=2))
    consents.record(db, bo, entry(WITHDRAWN, day=1))

    merge = identities.merge(db, ana, bo, "ben", NOW)

    assert allows(db, ANA) is Consent.WITHDRAWN
    assert [one.source for one in consents.history(db, ana)] == ["form", "form", "merge"]
    journal.undo(db, merge, NOW)
    assert (allows(db, ANA), allows(db, BO)) == (Consent.GIVEN, Consent.WITHDRAWN)
    assert consents.history(db, ana) == [entry(day=2)]
    assert consents.history(db, bo) == [entry(WITHDRAWN, day=1)]


@pytest.mark.parametrize("again", ["5531987654321@c.us", "553187654321@c.us"])
def test_of_an_erased_person_only_the_opt_out_is_left(db, again):
    eva = contacts.meet(db, "553187654321@c.us", "Eva", NOW).id
    consents.record(db, eva, entry(WITHDRAWN, wording="please STOP"))

    erasing.erase(db, eva)

    assert db.execute("SELECT count(*) FROM consents").fetchone()[0] == 0
    back = contacts.meet(db, again, "Eva", NOW)
    assert back.consent is Consent.WITHDRAWN
    (left,) = consents.history(db, back.id)
    assert (left.state, left.wording) == (WITHDRAWN, "")


def test_what_was_known_before_the_ledger_is_its_first_entry(db):
    for address, consent in ((ANA, "given"), (BO, "withdrawn"), ("551100@c.us", "unknown")):
        one = contacts.meet(db, address, "", NOW)
        db.execute("UPDATE contacts SET consent = ? WHERE id = ?", (consent, one.id))

    db.execute(STEPS[10][-1])

    rows = db.execute("SELECT contact_id, state, source FROM consents ORDER BY id").fetchall()
    assert [tuple(row) for row in rows] == [
        (1, "granted", "before the ledger"), (2, "withdrawn", "before the ledger"),
    ]  # fmt: skip


@given(
    st.lists(
        st.builds(
            entry, st.sampled_from(ConsentState), day=st.integers(0, 3),
            source=st.sampled_from(["a", "b"]), proof=st.sampled_from(["", "p"]),
        )
    )
)  # fmt: skip
def test_the_person_and_the_ledger_always_say_the_same(entries):
    db = fresh()
    ana = contacts.meet(db, ANA, "", NOW).id
    for one in entries:
        before = allows(db, ANA)
        assert consents.record(db, ana, one) is (allows(db, ANA) is not before)
        assert allows(db, ANA) is consents.current(db, ana).state.consent
    assert len(consents.history(db, ana)) <= len(entries)
    db.close()
