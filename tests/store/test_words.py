"""Whatever happens to messages, the index of their words says what the tables say."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import inbox, search, words
from bot.store.database import Database
from bot.store.search import Wanted
from tests.make import NOW, message
from tests.stored import fresh

IDS = st.integers(1, 6)
TEXTS = st.sampled_from(["red apple", "green pear", "red pear tree", ""])
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("arrive"), TEXTS),
        st.tuples(st.just("change"), IDS, TEXTS),
        st.tuples(st.just("go"), IDS),
        st.tuples(st.just("end")),
        st.tuples(st.just("undo")),
    )
)


@pytest.fixture(scope="module")
def made():
    db = fresh()
    yield db
    db.close()


def put(db, text):
    db.execute(
        "INSERT INTO inbox (account, chat, participant, message_id, sender, sender_name, text,"
        " kind, sent_at, received_at, from_me, origin, extra, state, attempts, detail)"
        " VALUES ('a', 'c', '', hex(randomblob(8)), '', '', ?, 'text', 0, 0, 0, '', '', 'ignored',"
        " 0, '')",
        (text,),
    )


def change(db, what):
    match what:
        case ("arrive", text):
            put(db, text)
        case ("change", row, text):
            db.execute("UPDATE inbox SET text = ? WHERE id = ?", (text, row))
        case ("go", row):
            db.execute("DELETE FROM inbox WHERE id = ?", (row,))
        case ("end",):
            words.add_new(db)
            db.execute("COMMIT")
            db.execute("BEGIN")
        case ("undo",):
            db.execute("ROLLBACK")
            db.execute("BEGIN")


def by(db, condition, *values):
    return {row[0] for row in db.execute(f"SELECT rowid FROM {condition}", values)}


@given(changes=CHANGES)
def test_the_index_holds_what_the_table_holds_whatever_was_changed(made, changes):
    made.execute("DELETE FROM inbox")
    made.execute("BEGIN")
    for one in changes:
        change(made, one)
    change(made, ("end",))
    made.execute("COMMIT")

    made.execute("INSERT INTO inbox_words (inbox_words, rank) VALUES ('integrity-check', 1)")
    for word in ("red", "pear", "apple"):
        in_index = by(made, "inbox_words WHERE inbox_words MATCH ?", word)
        assert in_index == by(made, "inbox WHERE instr(text, ?)", word)


async def test_a_message_is_found_as_soon_as_it_is_stored(tmp_path):
    database = Database(tmp_path / "alexia.db")

    await database.write(lambda db: inbox.record_all(db, [message("a pizza", id="A1")], NOW))

    found = await database.read(lambda db: search.find_messages(db, Wanted(words="pizza")))
    assert [row["text"] for row in found] == ["a pizza"]
    database.close()


async def test_of_a_write_that_fails_nothing_is_found(tmp_path):
    database = Database(tmp_path / "alexia.db")

    def fail(db: sqlite3.Connection) -> None:
        inbox.record_all(db, [message("a pizza", id="A1")], NOW)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await database.write(fail)
    await database.write(lambda db: inbox.record_all(db, [message("a salad", id="A2")], NOW))

    found = await database.read(lambda db: search.find_messages(db, Wanted(words="a")))
    assert [row["text"] for row in found] == ["a salad"]
    database.close()
