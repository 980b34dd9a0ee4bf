"""Pieces of words are found as in the whole text, whatever was looked through before."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.engine import needles
from bot.engine.needles import Needles, WordNeedles
from bot.language.folding import fold, fold_letters

SIGNS = st.sampled_from([
    *"abcABC", "é", "ı", "ß", "æ", "ﬁ", "ａ", "Ｂ", "＇", "\u0301", "\u200b", "\u00ad", "-", "‑",
    "'", "’", "*", "_", ".", "…", "！", " ", "\n", "\u00a0", "5", "-5", "%", "°", "か", "ﾊ", "ﾞ",
    "漢", "ก", "\u0e31", "\u212a", "\u0130", "\u017f", "🙂",
])  # fmt: skip
TEXTS = st.lists(SIGNS, max_size=20).map("".join) | st.text(max_size=20)
PIECES = st.lists(st.text("abcefiks", min_size=1, max_size=3), min_size=1, max_size=8)


def looking_for(pieces):
    inside, anywhere = WordNeedles(), Needles()
    for position, piece in enumerate(pieces):
        inside.add_text(position, piece)
        anywhere.add_text(position, piece)
    inside.close()
    anywhere.close()
    return inside, anywhere


@given(pieces=PIECES, texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_what_the_words_hold_is_what_the_text_holds(pieces, texts):
    inside, anywhere = looking_for(pieces)

    for text in (*texts, *texts):
        found = inside.found(fold(text).words)
        assert sorted(found) == sorted(anywhere.found(fold_letters(text)))


def test_few_and_short_words_are_kept(monkeypatch):
    monkeypatch.setattr(needles, "MOST_WORDS", 10)
    inside, _ = looking_for(["zzz"])

    for number in range(100):
        inside.found((f"word{number}", "x" * 1_000))

    assert 0 < len(inside._empty) <= 10
    assert not any(re.match("x", word) for word in inside._empty)
