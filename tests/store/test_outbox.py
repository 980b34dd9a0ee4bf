from datetime import timedelta

import pytest

from bot.domain.bodies import Attachment, Poll
from bot.domain.messages import AccountId, ContactCard, Location, MessageKind
from bot.domain.outgoing import Why
from bot.domain.receipts import DELIVERED, READ, SENT, Receipt
from bot.store import drafts, inbox, ledger, outbox
from tests.make import ACCOUNT, ANA, BO, NOW, message

SECRET = b"secret"


def draft(text="hi", chat=ANA, why=Why.ANSWER, account=ACCOUNT):
    return drafts.Draft(account=account, chat=chat, text=text, why=why, by="rule:x", due_at=NOW)


def state_of(db, text):
    return db.execute("SELECT state FROM outbox WHERE text = ?", (text,)).fetchone()["state"]


def receipt(id, ack):
    return Receipt(account=ACCOUNT, chat=ANA, id=id, ack=ack, at=NOW)


async def test_a_cause_is_reserved_once_however_often_it_is_stored(database):
    for _ in range(3):
        await database.write(lambda db: drafts.reserve(db, SECRET, "c", [draft()], NOW))

    due = await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10))
    assert [outgoing.message_id for outgoing in due] == [drafts.reserve_id(SECRET, "c", 0)]


async def test_a_chat_waits_for_its_earlier_message_and_others_do_not(database):
    def fill(db):
        drafts.reserve(db, SECRET, "a", [draft("1"), draft("2")], NOW)
        drafts.reserve(db, SECRET, "b", [draft("3", BO)], NOW)

    await database.write(fill)
    due = await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10))
    assert [outgoing.text for outgoing in due] == ["1", "3"]

    await database.write(lambda db: outbox.hand(db, [due[0].id], 1, NOW))
    due = await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10))
    assert [outgoing.text for outgoing in due] == ["3"]


async def test_people_come_before_answers_before_what_the_bot_starts(database):
    def fill(db):
        drafts.reserve(db, SECRET, "a", [draft("later", why=Why.STARTED)], NOW)
        drafts.reserve(db, SECRET, "b", [draft("answer", BO)], NOW)
        third = draft("person", "5511900000009@c.us", Why.PERSON)
        drafts.reserve(db, SECRET, "c", [third], NOW)

    await database.write(fill)
    due = await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10))
    assert [outgoing.text for outgoing in due] == ["person", "answer", "later"]


def shown_under(id, text="hi", **more):
    """Our message as the page shows it."""
    return message(text, id=id, from_me=True, **more)


def handed(text="hi"):
    def fill(db):
        drafts.reserve(db, SECRET, "a", [draft(text)], NOW)
        outbox.hand(db, [outbox.next_due(db, ACCOUNT, NOW, 1)[0].id], 1, NOW)

    return fill


async def test_a_message_that_the_page_gave_another_id_is_ours_and_is_known_by_it(database):
    await database.write(handed())

    to_decide = await database.write(
        lambda db: inbox.record_all(db, [shown_under("WEB1")], NOW + timedelta(seconds=9))
    )

    assert to_decide == []
    assert await database.read(lambda db: outbox.unsettled(db, ACCOUNT, NOW)) == []
    await database.write(lambda db: outbox.note_receipt(db, receipt("WEB1", READ)))
    assert await database.read(lambda db: state_of(db, "hi")) == "read"


PICTURE = Attachment(kind=MessageKind.IMAGE, file="a.png")
OF_A_PAGE = "3EB0" + "C" * 18


def handed_body(text, body):
    def fill(db):
        more = {"account": ACCOUNT, "chat": ANA, "why": Why.ANSWER, "by": "rule:x", "due_at": NOW}
        drafts.reserve(db, SECRET, "a", [drafts.Draft(text=text, body=body, **more)], NOW)
        outbox.hand(db, [outbox.next_due(db, ACCOUNT, NOW, 1)[0].id], 1, NOW)

    return fill


@pytest.mark.parametrize(
    ("text", "body", "shown"),
    [
        ("look", PICTURE, {"text": "look", "kind": MessageKind.IMAGE}),
        ("", PICTURE, {"text": "", "kind": MessageKind.IMAGE}),
        ("", Poll(question="Tea?", options=("a",)), {"text": "", "kind": MessageKind.POLL}),
        ("", Location(text="here"), {"text": "", "kind": MessageKind.LOCATION}),
        ("", ContactCard(name="Bo"), {"text": "", "kind": MessageKind.CONTACT}),
    ],
    ids=str,
)
async def test_a_file_or_poll_that_the_page_gave_another_id_is_ours(database, text, body, shown):
    await database.write(handed_body(text, body))

    told = [shown_under(OF_A_PAGE, **shown)]
    assert await database.write(lambda db: inbox.record_all(db, told, NOW)) == []
    await database.write(lambda db: outbox.note_receipt(db, receipt(OF_A_PAGE, READ)))
    assert await database.read(lambda db: state_of(db, text)) == "read"


@pytest.mark.parametrize(
    ("id", "shown"),
    [
        (OF_A_PAGE, {"text": "other", "kind": MessageKind.IMAGE}),
        (OF_A_PAGE, {"text": "look", "kind": MessageKind.VIDEO}),
        (OF_A_PAGE, {"text": "look"}),
        ("3A" + "0" * 18, {"text": "look", "kind": MessageKind.IMAGE}),
    ],
    ids=str,
)
async def test_a_file_that_a_person_sends_beside_ours_is_a_persons(database, id, shown):
    await database.write(handed_body("look", PICTURE))

    told = [shown_under(id, **shown)]
    assert len(await database.write(lambda db: inbox.record_all(db, told, NOW))) == 1


async def test_the_words_of_a_message_that_left_are_no_persons_answer_a_moment_later(database):
    await database.write(handed())
    reserved = drafts.reserve_id(SECRET, "a", 0)
    await database.write(lambda db: outbox.note_receipt(db, receipt(reserved, SENT)))

    again = [shown_under("WEB1")]
    assert await database.write(lambda db: inbox.record_all(db, again, NOW)) == []
    await database.write(lambda db: outbox.note_receipt(db, receipt(reserved, READ)))
    assert await database.read(lambda db: state_of(db, "hi")) == "read"


@pytest.mark.parametrize(
    "typed",
    [
        {"text": "hi there"},
        {"chat": BO},
        {"sent_at": NOW + timedelta(minutes=5)},
    ],
    ids=str,
)
async def test_what_a_person_writes_beside_a_message_of_ours_is_a_persons(database, typed):
    await database.write(handed())

    found = await database.write(
        lambda db: inbox.record_all(db, [shown_under("TYPED", **typed)], NOW)
    )

    assert len(found) == 1


async def test_another_number_never_sends_the_queue(database):
    await database.write(lambda db: drafts.reserve(db, SECRET, "a", [draft()], NOW))
    other = AccountId("5511900000002@c.us")

    assert await database.read(lambda db: outbox.next_due(db, other, NOW, 10)) == []


async def test_acks_never_go_down(database):
    await database.write(lambda db: drafts.reserve(db, SECRET, "a", [draft()], NOW))
    due = await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10))
    await database.write(lambda db: outbox.hand(db, [due[0].id], 1, NOW))
    for ack in (DELIVERED, SENT, READ, DELIVERED):
        await database.write(lambda db, ack=ack: outbox.note_receipt(
            db, receipt(due[0].message_id, ack)))  # fmt: skip

    assert await database.read(lambda db: state_of(db, "hi")) == "read"


async def test_the_echo_of_our_own_send_is_no_person(database):
    await database.write(lambda db: drafts.reserve(db, SECRET, "a", [draft()], NOW))
    due = await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10))
    await database.write(lambda db: outbox.hand(db, [due[0].id], 1, NOW))
    echo = message("hi", id=due[0].message_id, from_me=True)

    woken = await database.write(lambda db: inbox.record_all(db, [echo], NOW))
    assert woken == []
    assert await database.read(lambda db: state_of(db, "hi")) == "accepted"


async def test_what_the_page_took_without_acknowledgement_is_doubted(database):
    await database.write(lambda db: drafts.reserve(db, SECRET, "a", [draft()], NOW))
    due = await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10))
    await database.write(lambda db: outbox.hand(db, [due[0].id], 1, NOW))
    await database.write(lambda db: outbox.accepted(db, due[0].id))

    assert await database.write(lambda db: outbox.doubt_unacknowledged(db, ACCOUNT)) == 1
    doubtful = await database.read(lambda db: outbox.unsettled(db, ACCOUNT, NOW))
    assert [outgoing.text for outgoing in doubtful] == ["hi"]


async def test_a_person_who_answered_cancels_the_pending_reply_but_not_a_persons_own(database):
    def fill(db):
        drafts.reserve(db, SECRET, "a", [draft("bot")], NOW)
        drafts.reserve(db, SECRET, "b", [draft("console", why=Why.PERSON)], NOW)
        return outbox.cancel_pending(db, ACCOUNT, ANA, "a person answered", NOW)

    assert await database.write(fill) == 1
    later = NOW + timedelta(minutes=1)
    due = await database.read(lambda db: outbox.next_due(db, ACCOUNT, later, 10))
    assert [outgoing.text for outgoing in due] == ["console"]


async def test_a_chat_waits_until_whatsapp_has_the_message_before(database):
    both = [draft("first"), draft("second")]
    await database.write(lambda db: drafts.reserve(db, SECRET, "a", both, NOW))
    due = await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10))
    await database.write(lambda db: outbox.hand(db, [due[0].id], 1, NOW))
    await database.write(lambda db: outbox.accepted(db, due[0].id))
    assert await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10)) == []

    sent = receipt(due[0].message_id, SENT)
    await database.write(lambda db: outbox.note_receipt(db, sent))
    after = await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10))
    assert [outgoing.text for outgoing in after] == ["second"]


async def test_a_chat_does_not_wait_for_ever_for_a_receipt_that_never_comes(database):
    both = [draft("first"), draft("second")]
    await database.write(lambda db: drafts.reserve(db, SECRET, "a", both, NOW))
    due = await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10))
    await database.write(lambda db: outbox.hand(db, [due[0].id], 1, NOW))
    await database.write(lambda db: outbox.accepted(db, due[0].id))

    later = NOW + outbox.IN_FLIGHT
    after = await database.read(lambda db: outbox.next_due(db, ACCOUNT, later, 10))
    doubtful = await database.read(lambda db: outbox.unsettled(db, ACCOUNT, later))

    assert [outgoing.text for outgoing in after] == ["second"]
    assert [outgoing.text for outgoing in doubtful] == ["first"]


async def test_receipts_that_stay_out_are_noticed_and_one_that_comes_ends_it(database):
    await database.write(lambda db: drafts.reserve(db, SECRET, "a", [draft()], NOW))
    due = await database.read(lambda db: outbox.next_due(db, ACCOUNT, NOW, 10))
    await database.write(lambda db: outbox.hand(db, [due[0].id], 1, NOW))
    await database.write(lambda db: outbox.accepted(db, due[0].id))
    before, later = NOW - timedelta(hours=1), NOW + timedelta(minutes=1)

    def missing(now):
        return database.read(lambda db: ledger.receipts_missing(db, ACCOUNT, before, now))

    assert await missing(NOW) is None
    assert await missing(later) is True
    sent = receipt(due[0].message_id, SENT)
    await database.write(lambda db: outbox.note_receipt(db, sent))
    assert await missing(later) is False
