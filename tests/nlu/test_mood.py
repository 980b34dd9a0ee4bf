import numpy as np
import pytest

from bot.domain.understanding import Mood
from bot.nlu.appeal_head import Appeal
from bot.nlu.mood import mood_of
from bot.nlu.takeover import AGAIN, Said

BAD, PLAIN, GLAD = (
    np.array(tone, dtype=np.float32)
    for tone in ([0.95, 0.04, 0.01], [0.03, 0.94, 0.03], [0.01, 0.04, 0.95])
)


def talk(*tones):
    return [Said(text="so", tone=tone) for tone in tones]


@pytest.mark.parametrize(
    ("tones", "mood"),
    [([], Mood.NEUTRAL), ([PLAIN], Mood.NEUTRAL), ([BAD, BAD], Mood.NEGATIVE),
     ([BAD, GLAD, GLAD, GLAD], Mood.POSITIVE), ([GLAD, PLAIN, BAD, BAD], Mood.NEGATIVE),
     ([BAD, GLAD], Mood.POSITIVE)],
)  # fmt: skip
def test_the_last_messages_weigh_most(tones, mood):
    assert mood_of(talk(*tones)) is mood


def test_what_is_felt_strongly_weighs_more_than_a_plain_word_after_it():
    assert mood_of(talk(GLAD, PLAIN)) is Mood.POSITIVE
    assert mood_of(talk(BAD, PLAIN)) is Mood.NEGATIVE


def test_trouble_darkens_what_sounds_plain_but_not_what_sounds_glad():
    trouble = Appeal(danger=0.9)

    assert mood_of([Said(text="gas", tone=PLAIN, appeal=trouble)]) is Mood.NEGATIVE
    assert mood_of([Said(text="gas", tone=GLAD, appeal=trouble)]) is Mood.POSITIVE


def test_nobody_is_content_with_a_bot_that_repeats_itself():
    assert mood_of([Said(text="tomorrow", tone=PLAIN, answered=AGAIN)]) is Mood.NEGATIVE


@pytest.mark.parametrize("text", ["ok gracias", "Thanks, I'll think about it", "9h tá bom", "vale"])
def test_mere_courtesy_is_no_gladness(text):
    assert mood_of([Said(text=text, tone=GLAD)]) is Mood.NEUTRAL


@pytest.mark.parametrize("text", ["thanks, you are great", "gracias!!", "👍", "que bom, obrigada"])
def test_what_says_more_than_courtesy_may_be_glad(text):
    assert mood_of([Said(text=text, tone=GLAD)]) is Mood.POSITIVE


def test_courtesy_does_not_end_gladness():
    assert mood_of([*talk(GLAD), Said(text="ok, thanks", tone=GLAD)]) is Mood.POSITIVE


@pytest.mark.parametrize("text", ["vocês são golpistas", "I'm going to sue you"])
def test_an_accusation_or_a_threat_is_no_plain_word(text):
    assert mood_of([Said(text=text, tone=PLAIN)]) is Mood.NEGATIVE
