"""What a person tells the bot about a chat."""

from datetime import timedelta

import pytest

from bot.domain.turns import Commanded, HumanReplied
from tests.engine.talk import Talk
from tests.make import message

HELLO = "rules: [{id: hello, when: {keyword: hello}, do: {reply: Hello!}}]"


@pytest.mark.parametrize("mute", [None, timedelta(minutes=20), timedelta(days=30)])
def test_the_bot_is_quiet_for_as_long_as_a_person_says(mute):
    talk = Talk(HELLO)
    assert talk.user("hello") == ["Hello!"]

    talk.play(Commanded(command="handoff", mute=mute))

    handoff = talk.conversation.handoff
    assert handoff.until - talk.now == (mute or timedelta(hours=12))
    assert talk.user("hello") == []


def test_a_word_from_the_phone_does_not_cut_short_what_was_to_last_longer():
    talk = Talk(HELLO)
    talk.user("hello")
    talk.play(Commanded(command="handoff", mute=timedelta(days=7)))

    talk.play(HumanReplied(message=message("I am here", from_me=True)))

    assert talk.conversation.handoff.until - talk.now == timedelta(days=7)
