"""A consent that a person of the business writes down is heard by rules, where one listens."""

import pytest

from bot.daemon.consenting import CHANGED, note
from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.conversation import Conversation
from bot.domain.messages import ChatId
from bot.store import contacts, conversations, events
from tests.make import ACCOUNT, ANA, NOW
from tests.stored import fresh


@pytest.fixture
def db():
    db = fresh()
    ana = contacts.meet(db, ANA, "Ana", NOW)
    conversations.keep(db, ACCOUNT, ana.id, Conversation(chat=ChatId(ANA)))
    yield db
    db.close()


def granted(source="shop"):
    return ConsentEntry(when=NOW, state=ConsentState.GRANTED, source=source)


def test_a_change_is_raised_in_the_persons_chat(db):
    noted = note(db, "Ana", granted(), NOW, {CHANGED})

    assert noted.lane == (ACCOUNT, ANA)
    assert events.next_waiting(db, *noted.lane).event.data == {"consent": "given", "source": "shop"}
    assert note(db, "Ana", granted("web"), NOW, {CHANGED}).lane is None  # as before, in other words


def test_nobody_listens_nothing_is_raised(db):
    assert note(db, "Ana", granted(), NOW).lane is None


def test_who_has_no_chat_hears_nothing(db):
    noted = note(db, "+5511912345678", granted(), NOW, {CHANGED})

    assert (noted.lane, noted.answer["consent"]) == (None, "given")
