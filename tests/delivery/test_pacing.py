from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pacing import CAREFUL, OFF, Pace, due_at, next_slot, typing_time
from bot.domain.outgoing import Why
from tests.make import NOW

paces = st.builds(
    Pace,
    most=st.integers(1, 8),
    window=st.integers(1, 3600).map(lambda seconds: timedelta(seconds=seconds)),
)
gaps = st.lists(st.integers(0, 600).map(lambda seconds: timedelta(seconds=seconds)), max_size=60)


@given(pace=paces, waits=gaps)
def test_no_window_ever_holds_more_than_the_pace_allows(pace, waits):
    sent, now = [], NOW
    for wait in waits:
        now = next_slot(sent, pace, now + wait)
        sent.append(now)

    for start in sent:
        assert sum(start <= moment < start + pace.window for moment in sent) <= pace.most


@given(text=st.text(max_size=500), chance=st.floats(0, 1))
def test_an_answer_takes_reading_and_typing_and_never_over_ten_seconds(text, chance):
    due = due_at(Why.ANSWER, text, CAREFUL, chance, NOW)

    assert timedelta(seconds=0.6) <= due - NOW <= timedelta(seconds=10)


@given(text=st.text(max_size=500))
def test_with_pacing_off_nothing_waits(text):
    assert due_at(Why.ANSWER, text, OFF, 0.5, NOW) == NOW
    assert typing_time(text, OFF) == timedelta(0)


def test_a_persons_own_text_leaves_at_once():
    assert due_at(Why.PERSON, "x" * 100, CAREFUL, 1.0, NOW) == NOW
