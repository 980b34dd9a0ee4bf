import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import Conversation, Frame
from bot.store.states import as_text, parse, plain
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, ANA, NOW

CONVERSATIONS = st.builds(
    Conversation,
    chat=st.just(ANA),
    version=st.just(3),
    frames=st.sampled_from([(), (Frame(flow="order", version="v", asked_at=NOW),)]),
    menu=st.sampled_from([(), ("one", "two")]),
    last_reply=st.text(),
    last_message_at=st.sampled_from([None, NOW]),
    language=st.sampled_from([None, "", "pt"]),
    disclosed=st.booleans(),
    notes=st.sampled_from([{}, {"asked": True}]),
    is_hushed=st.booleans(),
    team=st.sampled_from(["", "sales"]),
)


@pytest.fixture(scope="module")
def db():
    database = MemoryDatabase()
    yield database.db
    database.close()


@given(one=CONVERSATIONS)
def test_the_text_at_rest_says_all_that_is_known(db, one):
    text = as_text(db, ACCOUNT, one)

    assert text == json.dumps(plain(db, ACCOUNT, one))
    assert parse(db, (ACCOUNT, ANA), 3, text) == one
