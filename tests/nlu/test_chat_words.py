"""Short forms of chats are read in full where an intent is told, and left where a tone is."""

import pytest

from bot.domain.understanding import Need
from bot.nlu.chat_words import spelt_out


@pytest.mark.parametrize(
    ("language", "text", "full"),
    [
        ("en", "Can u send it tmrw pls", "Can you send it tomorrow please"),
        ("en", "whats ur addr?", "what is your address?"),
        ("en", "lol wheres my order", "where is my order"),
        ("es", "xq no llega? porfa", "porque no llega? por favor"),
        ("pt", "vc tá aberto hj?", "você tá aberto hoje?"),
        ("pt", "qto custa kkk", "quanto custa"),
        ("en", "lol", "lol"),
        ("de", "u", "u"),
        ("en", "", ""),
    ],
)
def test_short_forms_of_a_language_are_written_in_full(language, text, full):
    assert spelt_out(text, language) == full


def test_an_intent_is_told_of_the_full_words_whether_or_not_a_tone_is_asked_for(models):
    short, full = "pls whats ur addr", "please what is your address"
    alone = models.read(short, "en", Need.INTENT).intents
    both = models.read(short, "en", Need.INTENT, Need.SENTIMENT).intents
    wanted = models.read(full, "en", Need.INTENT).intents

    assert [one.name for one in alone] == [one.name for one in both]
    assert alone == wanted
    assert both[0].score == pytest.approx(alone[0].score, abs=0.01)


def test_the_tone_is_told_of_what_was_written(models):
    alone = models.read("thx u r the best", "en", Need.SENTIMENT).sentiment
    both = models.read("thx u r the best", "en", Need.INTENT, Need.SENTIMENT).sentiment

    assert alone == both
