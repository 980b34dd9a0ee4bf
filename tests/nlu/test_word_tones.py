import numpy as np
import pytest

from bot.domain.understanding import Mood
from bot.nlu.heads import Head
from bot.nlu.predicates import Predicate, Stand
from bot.nlu.sentiment import LABELS, ManyTone
from bot.nlu.word_tones import WordTones, stated, stem_key


class Counted:
    """Embeds a text as one where it exclaims praise, else as less than none; counts its texts."""

    def __init__(self):
        self.count = 0

    def encode(self, texts):
        self.count += len(texts)
        return np.array([[1 if "divin" in one else -1] for one in texts], np.float32)


def said(word, stand=Stand.SAID, *, is_spanish=True):
    return Predicate(word=word, is_spanish=is_spanish, stand=stand)


HEAD = Head(
    labels=("negative", "neutral", "positive"), temperature=1.0,
    tensors={
        "word.weight": np.array([(-2,), (0,), (2,)], np.float32),
        "word.bias": np.zeros(3, np.float32),
        "word.stems": np.array([stem_key("lento", is_spanish=True)], np.float32),
        "word.tones": np.array([-1], np.float32),
        "inner.weight": np.zeros((4, 5), np.float32), "inner.bias": np.zeros(4, np.float32),
        "outer.weight": np.zeros((3, 4), np.float32), "outer.bias": np.zeros(3, np.float32),
        "words": np.zeros((64, 3), np.float32),
    },
)  # fmt: skip


def test_a_word_that_was_learnt_is_told_in_each_form_and_language_without_the_encoder():
    encoder = Counted()
    told = WordTones(HEAD, encoder).of([said("lenta"), said("lentíssimo", is_spanish=False)])

    assert [one.tolist() for one in told] == [[3, -3, -3]] * 2
    assert encoder.count == 0


def test_a_word_that_was_never_met_is_told_by_its_embedding_once():
    encoder = Counted()
    words = WordTones(HEAD, encoder)

    told = [words.of([said("divino"), said("feo")]) for _ in range(2)]

    assert [one.tolist() for one in told[1]] == [[-2, 0, 2], [2, 0, -2]]
    assert encoder.count == len({*said("divino").views, *said("feo").views})


def test_a_thing_praises_or_blames_only_where_it_was_learnt():
    words = WordTones(HEAD, Counted())
    learnt, other = (
        Predicate(word=word, is_spanish=True, stand=Stand.SAID, is_thing=True)
        for word in ("lento", "alergia")
    )

    assert words.tells(learnt)
    assert not words.tells(other)
    assert words.tells(said("divino"))


def test_a_head_that_learnt_no_words_tells_none():
    bare = Head(labels=HEAD.labels, temperature=1.0, tensors={})

    assert WordTones(bare, Counted()).of([said("divino")]) == []
    assert WordTones(HEAD, None).of([said("divino")]) == []


@pytest.mark.parametrize(
    ("stand", "word", "label"),
    [(Stand.SAID, (-2, 0, 2), Mood.POSITIVE), (Stand.SAID, (2, 0, -2), Mood.NEGATIVE),
     (Stand.SAID, (-2, 3, -2), Mood.NEUTRAL), (Stand.DENIED, (-2, 0, 2), Mood.NEGATIVE),
     (Stand.DENIED, (2, 0, -2), Mood.NEUTRAL), (Stand.DENIED, (-2, 3, -2), Mood.NEUTRAL),
     (Stand.UNDONE, (-2, 0, 2), Mood.POSITIVE), (Stand.UNDONE, (2, 0, -2), Mood.NEGATIVE)],
)  # fmt: skip
def test_a_statement_has_the_tone_of_its_word_and_a_denial_the_other(stand, word, label):
    found = stated(stand, np.array(word), np.zeros(3))

    assert LABELS[int(found.argmax())] is label


def test_a_statement_by_one_word_is_read_by_it_beside_others_that_are_not():
    texts = ["el corte quedó divino", "quiero un corte", "el corte quedó lento"]
    encoder = Counted()

    found = ManyTone(HEAD, encoder).probabilities(texts, encoder.encode(texts))

    assert found[[0, 2]].argmax(axis=1).tolist() == [2, 0]
    assert np.allclose(found[1], 1 / 3)


@pytest.mark.weights
@pytest.mark.parametrize(
    ("language", "text", "label"),
    [("pt", "o vendedor me pareceu lento", Mood.NEGATIVE),
     ("pt", "achei a sopa saborosa", Mood.POSITIVE),
     ("pt", "a sopa não estava saborosa", Mood.NEGATIVE),
     ("es", "considero el trato grosero", Mood.NEGATIVE),
     ("es", "el trato no me resultó grosero", Mood.NEUTRAL),
     ("es", "el cuarto me pareció limpio", Mood.POSITIVE),
     ("es", "el paquete es azul", Mood.NEUTRAL), ("es", "el local está cerrado", Mood.NEUTRAL),
     ("pt", "o portão é dourado", Mood.NEUTRAL)],
)  # fmt: skip
def test_common_words_are_told_in_any_frame(models, language, text, label):
    assert models.tone(text, language).label is label
