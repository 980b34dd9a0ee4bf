import pytest

from bot.daemon import merging
from bot.domain.contacts import nobody_known
from bot.store import contacts, journal
from tests.make import ANA, BO, NOW
from tests.stored import fresh


@pytest.fixture
def db():
    db = fresh()
    contacts.meet(db, ANA, "Ana", NOW)
    contacts.meet(db, BO, "Bo", NOW)
    yield db
    db.close()


def test_two_people_become_one_and_two_again(db):
    answer = merging.merge(db, "ana", BO, NOW)
    assert contacts.find(db, BO).name == "Ana"
    assert journal.entries(db)[0]["by"] == "command"

    assert merging.unmerge(db, "Ana", None, NOW) == {"merge": answer["merge"]}
    assert contacts.find(db, BO).name == "Bo"


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Ana", "Zoe", nobody_known("Zoe")),
        ("Zoe", "Ana", nobody_known("Zoe")),
        ("Ana", ANA, f"'Ana' and {ANA!r} are one person already"),
    ],
)
def test_what_cannot_be_merged_is_told(db, one, other, reason):
    assert merging.merge(db, one, other, NOW) == {"done": False, "reason": reason}


@pytest.mark.parametrize(
    ("who", "number", "reason"),
    [
        ("Ana", None, "'Ana' was never merged"),
        ("Zoe", None, nobody_known("Zoe")),
        ("", 7, "there is no merge 7"),
    ],
)
def test_what_cannot_be_undone_is_told(db, who, number, reason):
    assert merging.unmerge(db, who, number, NOW)["reason"] == reason
