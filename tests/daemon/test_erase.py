"""`alexia privacy erase` through the daemon: rows, files, and the pages of the database."""

import pytest

from bot.daemon.commands import Commands
from bot.domain.contacts import nobody_known
from bot.domain.profiles import Profile
from bot.store import contacts, profiles
from bot.store.people import show_person
from tests.daemon.stage import FakePhone, Office
from tests.make import ANA, NOW


@pytest.fixture(autouse=True)
def fake_phone(monkeypatch):
    monkeypatch.setattr("bot.daemon.parts.WhatsAppSession", FakePhone)
    FakePhone.opened.clear()


async def test_a_person_goes_with_their_files_and_everybody_else_stays(tmp_path):
    office = Office(tmp_path, ["default"])
    async with office.running() as accounts:
        phone = await office.phone("default")
        await phone.hear("hi", chat=ANA)
        await phone.said()
        account = accounts.find().running
        with account.files.incoming() as incoming:
            incoming.write(b"face of ana")
            kept = incoming.keep()

        def settle(db):
            profiles.keep_all(
                db, [Profile(address=ANA, saved_name="Ana Swordfish")], NOW, saved=False
            )
            db.execute("UPDATE profiles SET picture = ?", (kept,))
            contacts.meet(db, "5511912345678@c.us", "Bo", NOW)

        await account.database.write(settle)
        erase = Commands(accounts).verbs()["erase"]
        told = await erase({"contact": "+55 11 98765-4321"})
        assert (told["done"], told["files"]) == (True, 1)
        assert told["rows"] >= 4
        assert account.files.path_of(kept) is None
        assert await account.database.read(lambda db: show_person(db, ANA)) is None
        assert await account.database.read(lambda db: show_person(db, "Bo")) is not None
        nobody = await erase({"contact": "+55 11 98765-4321"})
        assert nobody == {
            "done": False,
            "reason": nobody_known("+55 11 98765-4321"),
        }

    state = tmp_path / "state"
    raw = b"".join(file.read_bytes() for file in state.glob("alexia.db*"))
    assert b"Swordfish" not in raw
    assert ANA.partition("@")[0].encode() not in raw
