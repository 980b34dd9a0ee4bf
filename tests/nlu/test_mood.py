import numpy as np
import pytest

from bot.domain.understanding import Mood
from bot.nlu.mood import mood_of, takeover_of

BAD, PLAIN, GLAD = (
    np.array(tone, dtype=np.float32)
    for tone in ([0.95, 0.04, 0.01], [0.03, 0.94, 0.03], [0.01, 0.04, 0.95])
)


@pytest.mark.parametrize(
    ("tones", "mood"),
    [([], Mood.NEUTRAL), ([PLAIN], Mood.NEUTRAL), ([BAD, BAD], Mood.NEGATIVE),
     ([BAD, GLAD, GLAD, GLAD], Mood.POSITIVE), ([GLAD, PLAIN, BAD, BAD], Mood.NEGATIVE)],
)  # fmt: skip
def test_the_last_messages_weigh_most(tones, mood):
    assert mood_of(tones) is mood


@pytest.mark.parametrize(
    ("texts", "tones", "at"),
    [
        (["hello", "thanks"], [PLAIN, GLAD], None),
        (["can I talk to a person please"], [PLAIN], 1),
        (["quero falar com um atendente"], [PLAIN], 1),
        (["quiero hablar con una persona"], [PLAIN], 1),
        (["my order is late"], [BAD], None),
        (["my order is late", "it is still not there"], [BAD, BAD], 2),
        (["hi", "this is the worst shop, I want my money back"], [PLAIN, BAD], 2),
        (["WHERE IS MY ORDER NOW"], [BAD], 1),
        (["it broke", "I am filing a chargeback"], [BAD, PLAIN], 2),
        (["son unos ladrones"], [PLAIN], 1),
        (["it was cold", "ah, found it, thanks", "the fork is missing"], [BAD, GLAD, BAD], None),
    ],
)
def test_a_person_takes_over_when_asked_for_or_when_strain_has_built_up(texts, tones, at):
    assert takeover_of(texts, tones) == at
