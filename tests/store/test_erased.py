"""Who was erased stays so, when an older copy of the database is put back."""

from datetime import timedelta

import pytest

from bot.store import contacts, inbox
from bot.store.erased import erase_again, erase_for_good, erased
from tests.make import ANA, BO, NOW, message
from tests.stored import fresh

LATER = NOW + timedelta(days=1)


@pytest.fixture
def both():
    """A database, and an older copy of it that still knows everybody."""
    db, copy = fresh(), fresh()
    inbox.record_all(db, [message("swordfish")], NOW)
    for chat, name in ((ANA, "Ana"), (BO, "Bo")):
        contacts.meet(db, chat, name, NOW)
    db.commit()
    db.backup(copy)
    yield db, copy
    db.close()
    copy.close()


def names(db):
    return [row["name"] for row in db.execute("SELECT name FROM contacts ORDER BY id")]


def test_who_was_erased_since_the_copy_goes_from_it_too(both):
    db, copy = both
    erase_for_good(db, 1, LATER)

    assert erase_again(copy, erased(db), since=NOW) == (1, ())

    assert names(copy) == names(db) == ["Bo"]
    assert copy.execute("SELECT count(*) FROM inbox").fetchone()[0] == 0
    assert erased(copy) == erased(db)


def test_who_wrote_again_after_it_stays(both):
    db, copy = both
    erase_for_good(db, 1, NOW)

    assert erase_again(copy, erased(db), since=LATER) == (0, ())

    assert names(copy) == ["Ana", "Bo"]


def test_no_address_is_kept_of_who_was_erased(both):
    db, _ = both
    erase_for_good(db, 1, NOW)

    told = "".join(map(str, (tuple(row) for row in db.execute("SELECT * FROM meta"))))
    assert ANA.partition("@")[0] not in told


def test_another_database_knows_nobody_of_this_one(both):
    db, _ = both
    erase_for_good(db, 1, LATER)
    other = fresh()
    contacts.meet(other, ANA, "Ana", NOW)

    assert erase_again(other, erased(db), since=NOW) == (0, ())
    other.close()
