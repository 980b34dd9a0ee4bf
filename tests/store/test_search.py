"""Stored messages are found by their words, both ways."""

from datetime import timedelta

import pytest

from bot.domain.bodies import Attachment
from bot.domain.messages import MessageKind, Origin
from bot.domain.outgoing import Why
from bot.store import contacts, drafts, inbox, search, words
from bot.store.search import Wanted
from tests.make import ACCOUNT, ANA, BO, NOW, message
from tests.stored import fresh

SECRET = b"secret"


@pytest.fixture
def db():
    db = fresh()
    heard = [
        message("Quero uma PIZZA de calabresa, não?", id="A1"),
        message("pizza again tomorrow", id="A2", sent_at=NOW + timedelta(hours=1)),
        message("我们的营业时间", id="A3", chat=BO),
        message("the garden", id="A4", chat=BO, kind=MessageKind.IMAGE),
        message('"; DROP TABLE inbox', id="A5", chat=BO),
        message("😀 fine", id="A6", chat=BO, origin=Origin.HISTORY),
    ]
    inbox.record_all(db, heard, NOW)
    ana = contacts.meet(db, ANA, "Ana Souza", NOW)
    contacts.meet(db, BO, "Bo", NOW)
    db.execute("INSERT INTO tags (contact_id, tag, since) VALUES (?, 'hot', 0)", (ana.id,))
    say(db, "Your pizza is on its way")
    say(db, "the bill", Attachment(kind=MessageKind.DOCUMENT, file="media/bill.pdf"))
    words.add_new(db)
    yield db
    db.close()


def say(db, text, body=None):
    draft = drafts.Draft(
        account=ACCOUNT, chat=ANA, text=text, why=Why.PERSON, by="test",
        due_at=NOW + timedelta(minutes=30), body=body,
    )  # fmt: skip
    drafts.reserve(db, SECRET, text, [draft], NOW + timedelta(minutes=30))


def texts(db, **wanted):
    return [row["text"] for row in search.find_messages(db, Wanted(**wanted))]


def test_both_ways_are_found_the_latest_first(db):
    assert texts(db, words="pizza") == [
        "pizza again tomorrow", "Your pizza is on its way", "Quero uma PIZZA de calabresa, não?",
    ]  # fmt: skip


@pytest.mark.parametrize("words", ["nao", "NÃO", "calab*", "pizza nao", '"de calabresa"'])
def test_case_accents_beginnings_and_phrases(db, words):
    assert texts(db, words=words) == ["Quero uma PIZZA de calabresa, não?"]


@pytest.mark.parametrize("words", ["pizza garden", '"calabresa de"', "calab", '"', "NEAR(", "AND"])
def test_what_does_not_stand_there_is_not_found(db, words):
    assert "Quero uma PIZZA de calabresa, não?" not in texts(db, words=words)


@pytest.mark.parametrize(("words", "text"), [("营业", "我们的营业时间"), ("😀", "😀 fine")])
def test_scripts_without_blanks_and_emoji_are_found_inside(db, words, text):
    assert texts(db, words=words) == [text]


def test_a_query_is_never_code(db):
    assert texts(db, words='"; DROP TABLE') == ['"; DROP TABLE inbox']
    assert texts(db, words="inbox_words:garden") == []


def test_filters_narrow_by_person_time_type_and_tag(db):
    ana = search.chats_of(db, "ana souza")
    assert ana == search.chats_tagged(db, "hot") == (ANA,)
    assert len(texts(db, words="pizza", chats=ana)) == 3
    assert texts(db, words="pizza", chats=search.chats_of(db, "Bo")) == []
    assert texts(db, words="pizza", since=NOW + timedelta(minutes=45)) == ["pizza again tomorrow"]
    assert texts(db, words="pizza", until=NOW + timedelta(minutes=15)) == [
        "Quero uma PIZZA de calabresa, não?"
    ]
    assert texts(db, kind="image") == ["the garden"]
    assert texts(db, kind="document") == ["the bill"]


def test_a_text_that_becomes_readable_later_is_found(db):
    sealed = message("", id="C1", kind=MessageKind.CIPHERTEXT)
    inbox.record_all(db, [sealed], NOW)
    words.add_new(db)
    inbox.record_all(db, [message("unsealed", id="C1")], NOW)

    assert texts(db, words="unsealed") == ["unsealed"]


def test_what_is_deleted_is_not_found_and_the_index_is_sound(db):
    db.execute("DELETE FROM inbox WHERE message_id = 'A2'")

    assert "pizza again tomorrow" not in texts(db, words="pizza")
    db.execute("INSERT INTO inbox_words (inbox_words, rank) VALUES ('integrity-check', 1)")


def test_one_chat_is_read_as_one_talk(db):
    rows = search.messages_of(db, search.chats_of(db, "+5511987654321"))

    assert [(row["direction"], row["type"]) for row in rows] == [
        ("in", "text"), ("out", "text"), ("out", "document"), ("in", "text"),
    ]  # fmt: skip
    assert set(rows[0]) == {"id", "chat", "direction", "type", "text", "t", "status"}
