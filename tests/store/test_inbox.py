from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import WHATSAPP, ChatId, MessageKind, Origin
from bot.store import contacts, counting, identities, inbox
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, ANA, BO, NOW, message


@pytest.fixture
def db():
    database = MemoryDatabase()
    yield database.db
    database.close()


def at(hours):
    return NOW + timedelta(hours=hours)


def record(db, *messages):
    return inbox.record_all(db, messages, NOW)


async def test_a_message_seen_before_wakes_nobody(database):
    first = await database.write(lambda db: record(db, message()))
    again = await database.write(lambda db: record(db, message(), message(id="A2", chat=BO)))

    assert first == [(ACCOUNT, ANA)]
    assert again == [(ACCOUNT, BO)]


async def test_a_ciphertext_waits_for_its_text_and_is_upgraded_once(database):
    sealed = message("", kind=MessageKind.CIPHERTEXT)
    assert await database.write(lambda db: record(db, sealed)) == []
    assert await database.write(lambda db: record(db, message("hello"))) == [(ACCOUNT, ANA)]
    assert await database.write(lambda db: record(db, message("hello"))) == []

    waiting = await database.read(lambda db: inbox.next_waiting(db, ACCOUNT, ANA))
    assert waiting.message.text == "hello"


async def test_a_ciphertext_is_not_upgraded_to_a_text_whose_words_are_yet_to_come(database):
    await database.write(lambda db: record(db, message("", kind=MessageKind.CIPHERTEXT)))
    assert await database.write(lambda db: record(db, message(""))) == []
    assert await database.write(lambda db: record(db, message("hello"))) == [(ACCOUNT, ANA)]


async def test_a_decided_message_never_waits_again(database):
    await database.write(lambda db: record(db, message()))
    waiting = await database.read(lambda db: inbox.next_waiting(db, ACCOUNT, ANA))
    await database.write(lambda db: inbox.mark_decided(db, waiting.row, NOW))
    await database.write(lambda db: record(db, message()))

    assert await database.read(lambda db: inbox.next_waiting(db, ACCOUNT, ANA)) is None
    assert await database.read(inbox.chats_waiting) == []


async def test_what_a_person_wrote_from_the_phone_comes_before_what_waits(database):
    await database.write(
        lambda db: record(db, message("hi"), message("I do it", id="A2", from_me=True))
    )
    waiting = await database.read(lambda db: inbox.next_waiting(db, ACCOUNT, ANA))

    assert waiting.message.from_me


async def test_messages_of_a_chat_come_in_the_order_of_their_arrival(database):
    await database.write(lambda db: record(db, *(message(str(n), id=str(n)) for n in range(5))))
    texts = []
    for _ in range(5):
        waiting = await database.read(lambda db: inbox.next_waiting(db, ACCOUNT, ANA))
        texts.append(waiting.message.text)
        await database.write(lambda db, row=waiting.row: inbox.mark_decided(db, row, NOW))

    assert texts == ["0", "1", "2", "3", "4"]


async def test_history_is_kept_and_never_decided(database):
    old = message("an old question", id="H1", origin=Origin.HISTORY)

    assert await database.write(lambda db: inbox.record_all(db, [old], NOW)) == []
    assert await database.read(inbox.chats_waiting) == []


async def test_a_batch_that_is_told_again_in_another_order_changes_nothing(database):
    batch = [message(str(number), id=f"R{number}") for number in range(5)]
    await database.write(lambda db: inbox.record_all(db, batch, NOW))

    assert await database.write(lambda db: inbox.record_all(db, batch[::-1], NOW)) == []


HIDDEN = ChatId("77700011122233@lid")


async def test_a_message_stored_under_a_hidden_address_is_not_new_under_the_number(database):
    assert await database.write(lambda db: record(db, message(chat=HIDDEN))) == [(ACCOUNT, HIDDEN)]

    again = replace(message(), alias=HIDDEN)
    assert await database.write(lambda db: record(db, again)) == []


async def test_a_ciphertext_under_a_hidden_address_is_upgraded_under_the_number(database):
    sealed = message("", kind=MessageKind.CIPHERTEXT, chat=HIDDEN)
    await database.write(lambda db: record(db, sealed))
    opened = replace(message("hello"), alias=HIDDEN)

    assert await database.write(lambda db: record(db, opened)) == [(ACCOUNT, ANA)]
    waiting = await database.read(lambda db: inbox.next_waiting(db, ACCOUNT, ANA))
    assert waiting.message.text == "hello"
    assert await database.read(inbox.chats_waiting) == [(ACCOUNT, ANA)]


@pytest.mark.parametrize("chats", [(HIDDEN, ANA), (ANA, HIDDEN)])
@pytest.mark.parametrize("together", [True, False])
async def test_one_message_under_two_addresses_that_nobody_tied_is_answered_once(
    database, chats, together
):
    first, second = (message("hello", chat=chat) for chat in chats)
    batches = [[first, second]] if together else [[first], [second]]
    woken = [await database.write(lambda db, one=one: record(db, *one)) for one in batches]

    assert [lane for batch in woken for lane in batch] == [(ACCOUNT, chats[0])]


async def test_a_message_of_another_under_the_same_id_is_new(database):
    await database.write(lambda db: contacts.meet(db, BO, "Bo", NOW))
    await database.write(lambda db: identities.learn(db, ACCOUNT, HIDDEN, BO, NOW))
    of_bo = message("hello", chat=HIDDEN)
    assert await database.write(lambda db: record(db, of_bo)) == [(ACCOUNT, HIDDEN)]

    others = [message("hello"), message("bye", chat=ChatId("88800011122233@lid"))]
    assert len(await database.write(lambda db: record(db, *others))) == 2


async def test_a_message_stored_under_a_number_is_not_new_under_the_hidden_address(database):
    await database.write(lambda db: record(db, replace(message(), alias=HIDDEN)))
    await database.write(lambda db: contacts.meet(db, ANA, "Ana", NOW))
    await database.write(lambda db: identities.learn(db, ACCOUNT, HIDDEN, ANA, NOW))

    hidden = [message(chat=HIDDEN), message(id="A2", chat=HIDDEN)]
    assert await database.write(lambda db: record(db, *hidden)) == [(ACCOUNT, HIDDEN)]


@pytest.mark.parametrize("chat", ["status@broadcast", "120363000000000077@newsletter"])
def test_statuses_and_newsletters_are_stored_and_never_decided(db, chat):
    told = replace(message(chat=ChatId(chat)), sender=ANA)

    assert inbox.record_all(db, [told], NOW) == []
    assert db.execute("SELECT state, participant FROM inbox").fetchall()[0][:] == ("ignored", ANA)


BATCHES = st.lists(
    st.builds(
        message,
        st.sampled_from(["hi", "price?"]),
        id=st.sampled_from(["A1", "A2", "A3"]),
        chat=st.sampled_from([ANA, BO, ChatId("120363041234567890@g.us")]),
        from_me=st.booleans(),
        kind=st.sampled_from([MessageKind.TEXT, MessageKind.TEXT, MessageKind.CIPHERTEXT]),
        mentioned=st.booleans(),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def pair():
    both = MemoryDatabase(), MemoryDatabase()
    yield both
    for one in both:
        one.close()


@given(before=BATCHES, batch=BATCHES)
def test_a_batch_stores_and_wakes_what_its_messages_would_one_by_one(pair, before, batch):
    together, apart = pair
    for one in pair:
        one.wipe()
        record(one.db, *before)

    woken = record(together.db, *batch)
    one_by_one = [lane for one in batch for lane in record(apart.db, one)]

    assert sorted(woken) == sorted(one_by_one)
    kept = "SELECT * FROM inbox ORDER BY id"
    assert [tuple(row) for row in together.db.execute(kept)] == [
        tuple(row) for row in apart.db.execute(kept)
    ]


def test_messages_are_counted_by_their_state(db):
    record(db, *(message(id=f"A{number}") for number in range(5)))
    record(db, message("", id="B1", kind=MessageKind.CIPHERTEXT))
    first, second, *_ = (row["id"] for row in db.execute("SELECT id FROM inbox ORDER BY id"))
    inbox.quarantine(db, first, "no")
    inbox.mark_decided(db, second, NOW)

    assert counting.states(db, "inbox") == {
        "waiting": 3, "decided": 1, "ignored": 1, "quarantined": 1,
    }  # fmt: skip
    assert inbox.counts(db) == {"waiting": 3, "quarantined": 1}


def test_what_whatsapp_itself_tells_is_stored_and_never_decided(db):
    assert inbox.record_all(db, [message(chat=WHATSAPP)], NOW) == []
    assert db.execute("SELECT state FROM inbox").fetchone()[0] == "ignored"


def test_a_picture_that_may_be_seen_once_is_not_fetched(db):
    picture = replace(message(kind=MessageKind.IMAGE), view_once=True, expires_in=60)

    inbox.record_all(db, [picture], NOW)

    assert db.execute("SELECT state FROM media").fetchone()[0] == "gone"
    assert inbox.next_waiting(db, ACCOUNT, ANA).message == picture


def test_old_messages_are_counted_once_and_the_oldest_is_known(db):
    old = [message(id=f"H{n}", origin=Origin.HISTORY, sent_at=at(-n)) for n in range(3)]

    assert inbox.record_history(db, old, NOW) == 3
    assert inbox.record_history(db, old, NOW) == 0
    assert inbox.oldest(db, ACCOUNT, ANA) == (at(-2), ("H2",))
    assert inbox.oldest(db, ACCOUNT, BO) is None
    assert inbox.chat_of(db, "H1") == ANA
    assert inbox.chats_waiting(db) == []
