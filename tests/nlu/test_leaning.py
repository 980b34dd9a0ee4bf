import numpy as np
import pytest

from bot.domain.understanding import Mood
from bot.nlu.heads import Head, widened
from bot.nlu.leaning import ENDING, WHOLE, leaning_view, leans


class Lengths:
    """Embeds a text as its number of words, and whether it begins with a capital."""

    def encode(self, texts):
        return np.array([(len(one.split()), one[:1].isupper()) for one in texts], np.float32)


HEAD = Head(
    labels=("negative", "neutral", "positive"), temperature=1.0,
    tensors={
        "lean.weight": np.array([(1, 0), (-3, 0)], np.float32),
        "lean.bias": np.array([0.5, 0], np.float32),
        "lean.gain": np.array([0.5, 2], np.float32),
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "view"),
    [("o bolo estava divino", (WHOLE, "O bolo estava divino")),
     ("a caixa era feia, mas o bolo estava divino", (ENDING, "O bolo estava divino")),
     ("no gustó a todos; a mí el pastel me encantó", (ENDING, "A mí el pastel me encantó"))],
)  # fmt: skip
def test_a_short_statement_leans_by_its_ending_or_else_as_a_whole(text, view):
    assert leaning_view(text) == view


@pytest.mark.parametrize(
    "text",
    ["", "o bolo estava divino?", "o bolo não estava divino", "cheguei tarde, mas não está divino",
     "não diria, depois de tudo, que o bolo era divino", "palavra " * 13,
     "um dois três quatro cinco seis sete oito nove"],
)  # fmt: skip
def test_a_question_a_denial_and_a_long_text_do_not_lean(text):
    assert leaning_view(text) is None


def test_a_lean_moves_praise_against_blame_and_never_too_far():
    texts = ["lindo demais", "tarde, mas lindo enfim", "e agora?"]

    vectors = Lengths().encode(texts)

    found = leans(HEAD, Lengths(), texts, vectors)

    assert found.tolist() == [[-1.25, 0, 1.25], [8, 0, -8], [0, 0, 0]]


@pytest.mark.parametrize(
    ("text", "added"),
    [("não pedi um bolo lindo demais", [0.8, 0, -0.8]),  # no more, however it leans
     ("não acho que não pedi bolo", [-1.8, 0, 1.8])],
)  # fmt: skip
def test_a_denial_turns_a_lean_round_unless_it_is_denied_itself(text, added):
    assert np.allclose(leans(HEAD, Lengths(), [text], Lengths().encode([text])), [added])


def test_blame_denied_is_hardly_praise():
    blames = Head(
        labels=HEAD.labels, temperature=1.0,
        tensors=HEAD.tensors | {"lean.bias": np.array([-6, 0], np.float32)},
    )  # fmt: skip

    texts = ["não pedi feio"]

    found = leans(blames, Lengths(), texts, Lengths().encode(texts))

    assert np.allclose(found, [[-3.04, 0, 0.912]])


def test_a_head_without_a_lean_adds_nothing():
    bare = Head(labels=HEAD.labels, temperature=1.0, tensors={})

    assert not leans(bare, Lengths(), ["lindo demais"], np.ones((1, 2), np.float32)).any()


def test_a_statement_that_begins_with_a_capital_is_not_encoded_again():
    vectors = np.array([(2, 1)], np.float32)

    assert leans(HEAD, None, ["Lindo demais"], vectors).tolist() == [[-1.25, 0, 1.25]]
    assert not leans(HEAD, None, ["lindo demais"], vectors).any()


def test_weights_kept_in_bytes_are_read_times_their_scale():
    kept = {"inner.weight": np.array([[2, -4]], np.float32), "inner.scale": np.float32([[0.5]])}

    assert {name: one.tolist() for name, one in widened(kept).items()} == {
        "inner.weight": [[1, -2]]
    }


@pytest.mark.weights
@pytest.mark.parametrize(
    ("language", "text"),
    [("pt", "o penteado está charmoso"), ("pt", "o pacote chegou fresquinho e cheiroso"),
     ("es", "el peinado está adorable"), ("es", "re feliz con mi compra"),
     ("pt", "o site vive caindo, mas o casaco foi charmoso"),
     ("es", "nadie dirá que el peinado no está adorable")],
)  # fmt: skip
def test_praise_in_rare_words_is_told(models, language, text):
    assert models.tone(text, language).label is Mood.POSITIVE
