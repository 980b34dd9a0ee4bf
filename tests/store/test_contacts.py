import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contacts import Consent
from bot.store import contacts, erasing
from bot.store.people import find_contact
from bot.testing.memory import MemoryDatabase
from tests.make import ANA, BO, NOW

SHORT = "551187654321@c.us"  # Ana's number, as it was before it got its ninth digit
OTHERS = ["553187654321@c.us", "4915112345678@c.us", "12345@lid"]
ADDRESSES = st.lists(st.sampled_from([ANA, BO, SHORT, *OTHERS]), unique=True)


@pytest.fixture(scope="module")
def pair():
    both = MemoryDatabase(), MemoryDatabase()
    yield both
    for one in both:
        one.close()


def opted_out(db, address):
    person = contacts.meet(db, address, "", NOW)
    db.execute("UPDATE contacts SET consent = 'withdrawn' WHERE id = ?", (person.id,))
    erasing.erase(db, person.id)


def people(db):
    rows = db.execute(
        "SELECT i.address, c.number, c.name, c.consent, c.first_seen,"
        " (SELECT min(address) FROM identities WHERE contact_id = c.id) AS first"
        " FROM identities i JOIN contacts c ON c.id = i.contact_id"
    )
    return {tuple(row) for row in rows}


@pytest.mark.parametrize("who", ["", " "])
def test_an_empty_text_names_nobody(pair, who):
    db = pair[0]
    db.wipe()
    contacts.meet(db.db, BO, "", NOW)

    assert find_contact(db.db, who) is None


@given(known=ADDRESSES, gone=ADDRESSES, strangers=ADDRESSES)
def test_strangers_met_together_are_who_they_would_be_met_one_by_one(pair, known, gone, strangers):
    together, apart = pair
    for one in pair:
        one.wipe()
        for address in gone:
            opted_out(one.db, address)
        for address in known:
            contacts.meet(one.db, address, "", NOW)
    names = {address: address[:3] for address in strangers if address not in known}

    contacts.meet_all(together.db, names, NOW)
    for address, name in names.items():
        contacts.meet(apart.db, address, name, NOW)

    assert people(together.db) == people(apart.db)


def test_who_opted_out_before_being_erased_still_has_when_met_among_others(pair):
    db = pair[0]
    db.wipe()
    opted_out(db.db, ANA)

    contacts.meet_all(db.db, {ANA: "Ana", BO: "Bo"}, NOW)

    assert contacts.find(db.db, ANA).consent is Consent.WITHDRAWN
    assert contacts.find(db.db, BO).consent is Consent.UNKNOWN
