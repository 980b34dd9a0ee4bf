"""Edits and revokes: the text of now, those of before, and one event for the rules."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.changes import MessageChange
from bot.domain.messages import ChatId, MessageKind
from bot.domain.values import HIDDEN
from bot.store import changes, concealing, events, inbox, search, words
from bot.store.changes import EDITED, REVOKED, Came
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, ANA, NOW, message

GROUP = ChatId("120363000000000001@g.us")
HEARD = {EDITED, REVOKED}


@pytest.fixture
def db():
    database = MemoryDatabase()
    yield database.db
    database.close()


def change(text=None, minutes=1, **more):
    return MessageChange(
        account=ACCOUNT, chat=ANA, id="A1", sender=ANA, text=text,
        at=NOW + timedelta(minutes=minutes), **more,
    )  # fmt: skip


def note(db, *told):
    return changes.note_all(db, told, HEARD, NOW)


def raised(db):
    rows = db.execute("SELECT name, data FROM events ORDER BY id")
    return [(row["name"], json.loads(row["data"])) for row in rows]


def decided(db, *messages):
    inbox.record_all(db, messages, NOW)
    rows = [row["id"] for row in db.execute("SELECT id FROM inbox")]
    inbox.count_attempts(db, rows)
    inbox.mark_all_decided(db, rows, NOW)


def test_before_anything_was_decided_the_new_text_counts_and_nothing_is_raised(db):
    inbox.record_all(db, [message("two pizas")], NOW)

    (found,) = note(db, change("two pizzas"))
    assert found.came is Came.BEFORE
    assert inbox.next_waiting(db, ACCOUNT, ANA).message.text == "two pizzas"
    assert raised(db) == []


def test_after_the_answer_the_old_text_is_kept_and_rules_hear_of_it_once(db):
    decided(db, message("two pizzas"))

    note(db, change("three pizzas"), change("three pizzas"))
    note(db, change("four pizzas", 2))
    assert raised(db) == [
        (EDITED, {"id": "A1", "before": "two pizzas", "text": "three pizzas"}),
        (EDITED, {"id": "A1", "before": "three pizzas", "text": "four pizzas"}),
    ]
    words.add_new(db)
    (row,) = search.find_messages(db, search.Wanted(words="four"))
    assert row["before"] == ["two pizzas", "three pizzas"]
    assert inbox.chats_waiting(db) == []


def test_what_is_taken_back_before_is_answered_by_nobody(db):
    inbox.record_all(db, [message("oops")], NOW)

    note(db, change(), change(), change("late edit", 3))
    assert inbox.next_waiting(db, ACCOUNT, ANA) is None
    assert [name for name, _ in raised(db)] == [REVOKED]
    (row,) = search.messages_of(db, [ANA])
    assert (row["text"], row["revoked_at"]) == ("oops", (NOW + timedelta(minutes=1)).isoformat())


def test_what_is_hidden_stays_so_and_its_texts_of_before_too(db):
    decided(db, message("my card is 4111"))
    note(db, change("my card is 4112"))
    concealing.conceal(db, [1])
    note(db, change("my card is 4113", 2))

    held = json.dumps([tuple(row) for row in db.execute("SELECT text, extra FROM inbox")])
    assert (HIDDEN in json.loads(held)[0][0], "411" in held) == (True, False)


def test_what_nobody_listens_to_unknown_and_our_own_raise_nothing(db):
    decided(db, message("hello"), message("ours", id="B1", from_me=True))

    assert changes.note_all(db, [change("hi")], (), NOW) != []
    unknown = MessageChange(account=ACCOUNT, chat=ANA, id="ZZ", sender=ANA, at=NOW)
    ours = MessageChange(
        account=ACCOUNT, chat=ANA, id="B1", sender=ACCOUNT, at=NOW, text="x", from_me=True
    )
    assert [one.change.id for one in note(db, unknown, ours)] == ["B1"]
    assert raised(db) == []


def test_in_a_group_it_is_the_writers_event(db):
    group = replace(message("hello", chat=GROUP), sender=ANA)
    decided(db, group)

    edit = replace(change("hello all"), chat=GROUP)
    note(db, edit)
    queued = events.next_waiting(db, ACCOUNT, GROUP)
    assert (queued.event.author, queued.event.data["member"]) == (ANA, ANA)
    assert queued.event.data["name"] == "Ana Souza"


@pytest.mark.parametrize("kind", [MessageKind.REACTION, MessageKind.POLL])
def test_a_reaction_or_vote_that_is_taken_back_is_kept_and_answers_nothing(db, kind):
    gone = message("", kind=kind, id="X-v-1")

    assert inbox.record_all(db, [gone], NOW) == []
    assert inbox.record_all(db, [message("", kind=MessageKind.POLL, id="P1")], NOW) != []
