from pathlib import Path

import numpy as np
import pytest

from bot.domain.errors import WeightsMissing
from bot.domain.understanding import Mood
from bot.nlu.heads import Head, read_head
from bot.nlu.sentiment import LABELS, SCALE, ManyTone, pieces, views

SHIPPED = Path(__file__).parents[2] / "models"


@pytest.mark.weights
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "This is terrible, I have been waiting for two hours and nobody answers me!"),
     ("es", "Esto es un desastre, llevo dos horas esperando"),
     ("pt", "Isso é péssimo, estou esperando há duas horas"),
     ("en", "you are thieves and I want my money back 😡")],
)  # fmt: skip
def test_an_angry_message_is_surely_negative(models, language, text):
    tone = models.tone(text, language)

    assert tone.label is Mood.NEGATIVE
    assert tone.score >= 0.9


@pytest.mark.weights
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "what are your hours?"), ("en", "I want a large pizza"), ("en", "no"),
     ("en", "cancel"), ("pt", "quanto custa?"), ("es", "¿a qué hora abren?"), ("pt", "não"),
     ("es", "quiero cancelar mi pedido"), ("en", "can I talk to somebody about my invoice")],
)  # fmt: skip
def test_an_ordinary_message_is_not_taken_for_anger(models, language, text):
    tone = models.tone(text, language)

    assert tone.label is not Mood.NEGATIVE or tone.score < 0.7


@pytest.mark.weights
@pytest.mark.parametrize(
    ("language", "text", "label"),
    [("en", "the soup was not tasty", Mood.NEGATIVE), ("en", "not bad at all", Mood.POSITIVE),
     ("en", "I expected a mess but it was lovely", Mood.POSITIVE),
     ("es", "la sopa no estaba buena", Mood.NEGATIVE), ("pt", "a sopa não é boa", Mood.NEGATIVE)],
)  # fmt: skip
def test_a_negation_turns_the_tone(models, language, text, label):
    assert models.tone(text, language).label is label


@pytest.mark.weights
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "it was not your fault"), ("en", "I don't blame you"), ("en", "the room isn't dirty"),
     ("es", "no fue su culpa"), ("es", "no culpo a nadie"), ("es", "la habitación no está sucia"),
     ("pt", "não foi culpa sua"), ("pt", "não culpo vocês"), ("pt", "o quarto não está sujo")],
)  # fmt: skip
def test_blame_that_is_denied_is_no_blame(models, language, text):
    assert models.tone(text, language).label is not Mood.NEGATIVE


@pytest.mark.weights
@pytest.mark.parametrize(
    ("language", "text", "label"),
    [("en", "the website is slow, but the staff was great", Mood.POSITIVE),
     ("es", "la tienda es bonita, pero el servicio fue pésimo", Mood.NEGATIVE),
     ("es", "llegó tarde, pero está delicioso, gracias", Mood.POSITIVE),
     ("pt", "a loja é bonita, mas o serviço foi péssimo", Mood.NEGATIVE),
     ("pt", "chegou tarde, mas está delicioso, obrigado", Mood.POSITIVE)],
)  # fmt: skip
def test_a_text_has_the_tone_of_its_end(models, language, text, label):
    assert models.tone(text, language).label is label


@pytest.mark.parametrize("name", ["sentiment-en", "sentiment-many"])
def test_a_shipped_head_is_small_and_has_a_card_with_its_hash(name):
    import hashlib

    file = SHIPPED / "heads" / f"{name}.safetensors"
    card = (SHIPPED / "heads" / f"{name}.card.md").read_text(encoding="utf-8")

    assert file.stat().st_size < 3_000_000
    assert read_head(file).labels == ("negative", "neutral", "positive")
    assert hashlib.sha256(file.read_bytes()).hexdigest() in card


def test_a_head_that_is_no_head_is_told(tmp_path):
    (tmp_path / "x.safetensors").write_bytes(b"nonsense")

    with pytest.raises(WeightsMissing, match="model weights 'x': the head cannot be read"):
        read_head(tmp_path / "x.safetensors")


class Lengths:
    """Embeds a text as its number of words."""

    def encode(self, texts):
        return np.array([[len(text.split())] for text in texts], dtype=np.float32)


def test_a_text_is_seen_whole_without_denials_and_at_its_end():
    texts = ["it was slow, but I am not sad", "not bad", "hello"]
    seen = views(Lengths(), texts, Lengths().encode(texts)) / [SCALE, SCALE, SCALE, 1, 1]

    assert seen.tolist() == [[8, 3, 4, 1, 1], [2, 1, 0, 1, 0], [1, 0, 0, 0, 0]]


def test_the_worth_of_words_turns_a_text():
    words = np.zeros((64, 3), dtype=np.float32)
    words[pieces("awful", 64)] = (5, 0, 0)
    head = Head(
        labels=("negative", "neutral", "positive"), temperature=1.0,
        tensors={
            "inner.weight": np.zeros((4, 3 * 8 + 2), np.float32),
            "inner.bias": np.zeros(4, np.float32),
            "outer.weight": np.zeros((3, 4), np.float32), "outer.bias": np.zeros(3, np.float32),
            "words": words,
        },
    )  # fmt: skip
    found = ManyTone(head, None).probabilities(["awful", ""], np.zeros((2, 8), np.float32))

    assert LABELS[found[0].argmax()] is Mood.NEGATIVE
    assert found[1] == pytest.approx([1 / 3] * 3)
