from datetime import timedelta

import pytest

from bot.domain.messages import MessageId
from bot.domain.outgoing import OutboxState, Why
from bot.domain.presence import Seen
from bot.domain.receipts import DELIVERED, PLAYED, READ, SENT, Receipt
from bot.store import contacts, drafts, outbox, presence, receipts
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, ANA, BO, NOW

TEAM = "120363000000000001@g.us"


@pytest.fixture
def db():
    database = MemoryDatabase()
    draft = drafts.Draft(account=ACCOUNT, chat=TEAM, text="x", why=Why.ANSWER, by="", due_at=NOW)
    drafts.adopt(database.db, draft, "cause", [MessageId("3EB0")], NOW)
    yield database.db
    database.close()


def at(seconds):
    return NOW + timedelta(seconds=seconds)


def receipt(ack, seconds, reader=""):
    return Receipt(
        account=ACCOUNT, chat=TEAM, id=MessageId("3EB0"), ack=ack, at=at(seconds), reader=reader
    )


def test_each_step_has_its_time_with_each_reader(db):
    contacts.meet(db, ANA, "Ana", NOW)
    for one in (
        receipt(SENT, 1), receipt(DELIVERED, 2, ANA), receipt(DELIVERED, 3, BO),
        receipt(READ, 4, BO), receipt(READ, 9, BO), receipt(PLAYED, 5, BO),
    ):  # fmt: skip
        outbox.note_receipt(db, one)

    told = receipts.of_message(db, "3EB0")

    assert told["status"] == OutboxState.PLAYED
    steps = ("sent", "delivered", "read", "played")
    assert [told[step] for step in steps] == [at(n).isoformat() for n in (1, 2, 4, 5)]
    ana, bo = told["readers"]
    assert (ana["name"], ana["delivered"], ana["read"]) == ("Ana", at(2).isoformat(), None)
    assert (bo["id"], bo["delivered"], bo["read"], bo["played"]) == (
        BO, at(3).isoformat(), at(4).isoformat(), at(5).isoformat()
    )  # fmt: skip


def test_many_receipts_leave_what_they_leave_one_by_one(db):
    outbox.note_receipts(db, [receipt(READ, 4, ANA), receipt(SENT, 1), receipt(READ, 9, ANA)])

    told = receipts.of_message(db, "3EB0")

    assert told["status"] == OutboxState.READ
    assert (told["sent"], told["read"]) == (at(1).isoformat(), at(4).isoformat())


def test_a_refusal_among_many_receipts_is_noted_in_its_place(db):
    outbox.note_receipts(db, [receipt(-1, 1), receipt(SENT, 2)])
    assert receipts.of_message(db, "3EB0")["status"] == OutboxState.SENT

    outbox.note_receipts(db, [receipt(DELIVERED, 3), receipt(-1, 4)])
    assert receipts.of_message(db, "3EB0")["status"] == OutboxState.DELIVERED


def test_receipts_of_others_messages_are_not_kept(db):
    outbox.note_receipt(db, Receipt(account=ACCOUNT, chat=TEAM, id=MessageId("A"), ack=3, at=NOW))

    assert receipts.of_message(db, "A") is None
    assert db.execute("SELECT count(*) FROM receipts").fetchone()[0] == 0


def test_the_latest_word_on_who_is_online_counts(db):
    presence.note_all(db, [Seen(address=ANA, online=True, at=at(5))])
    presence.note_all(db, [Seen(address=ANA, online=False, at=at(3))])
    assert db.execute("SELECT online FROM presence").fetchone()[0] == 1
    presence.nobody_online(db)
    assert tuple(db.execute("SELECT online, at FROM presence").fetchone()) == (
        0, at(5).timestamp()
    )  # fmt: skip
