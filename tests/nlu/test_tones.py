from pathlib import Path

import numpy as np
import pytest

from bot.domain.understanding import Mood, Need
from bot.nlu.batches import Asked
from bot.nlu.chargrams import CharGrams
from bot.nlu.choice import ModelChoice
from bot.nlu.encoder import Encoders
from bot.nlu.examples import Example, IntentExamples
from bot.nlu.reading import TextModels
from bot.nlu.registry import read_registry
from bot.nlu.tones import SHIPPED_ROUTES, Tones, read_routes

SHIPPED = Path(__file__).parents[2] / "models"
NO_WEIGHTS = Encoders(grams=CharGrams())


def routed(tmp_path, text):
    (tmp_path / "sentiment.yaml").write_text(text, encoding="utf-8")
    return read_routes(tmp_path)


def test_the_file_says_who_reads_which_language(tmp_path):
    routes = routed(tmp_path, "heads: {de: owner/model}\nthresholds: {negative: 0.6}")

    assert routes.heads == {**SHIPPED_ROUTES, "de": "owner/model"}
    assert routes.thresholds == {Mood.NEGATIVE: 0.6}


@pytest.mark.parametrize("text", ["heads: 3", "[", "heads: {en: a}\nthresholds: {angry: 1}"])
def test_a_file_that_cannot_be_read_leaves_the_shipped_heads(tmp_path, text, caplog):
    assert routed(tmp_path, text).heads == SHIPPED_ROUTES
    assert "sentiment.yaml cannot be read" in caplog.text


def test_a_label_below_its_threshold_is_neutral(tmp_path):
    (tmp_path / "sentiment.yaml").write_text(
        "heads: {}\nthresholds: {negative: 0.6}", encoding="utf-8"
    )
    tones = Tones(tmp_path, ModelChoice(), NO_WEIGHTS, read_registry(tmp_path))

    assert tones.told(np.array([0.5, 0.3, 0.2])).label is Mood.NEUTRAL
    assert tones.told(np.array([0.7, 0.2, 0.1])).label is Mood.NEGATIVE
    assert tones.told(np.array([0.2, 0.3, 0.5])).score == 0.5


class Fixed:
    """Stands for a model of the hub: always of one tone."""

    def __init__(self, model, *, threads):
        self.row = np.array([0.1, 0.1, 0.8], dtype=np.float32)

    def probabilities(self, texts):
        return np.tile(self.row, (len(texts), 1))


@pytest.fixture
def model_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.nlu.tones.HubTone", Fixed)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "config.json").write_text("{}", encoding="utf-8")
    (folder / "model.safetensors").write_bytes(b"")
    return folder


def tone_of(models, language):
    needs = frozenset({Need.SENTIMENT})
    return models.read([Asked(text="awful", needs=needs, language=language)])[0].sentiment


def test_a_chosen_model_reads_its_language_and_no_other(model_folder):
    choice = ModelChoice(sentiment={"de": str(model_folder)})
    models = TextModels(model_folder.parent, choice=choice, encoders=NO_WEIGHTS)

    assert tone_of(models, "de").label is Mood.POSITIVE
    assert tone_of(models, "fr") is None


def test_one_chosen_model_reads_every_language(model_folder):
    choice = ModelChoice(sentiment={"*": str(model_folder)})
    models = TextModels(model_folder.parent, choice=choice, encoders=NO_WEIGHTS)

    assert [tone_of(models, language).score for language in ("en", "pt")] == [0.8, 0.8]


def test_a_chosen_model_that_is_missing_is_told_and_the_shipped_head_serves(tmp_path, caplog):
    choice = ModelChoice(base=tmp_path, sentiment={"en": "owner/none"})
    TextModels(tmp_path, choice=choice, encoders=NO_WEIGHTS)

    assert "without the tone model owner/none" in caplog.text
    assert "alexia models download" in caplog.text


def test_a_chosen_encoder_reads_the_intents_of_every_language():
    class Marked(CharGrams):
        name = "owner/marked"

    models = TextModels(SHIPPED, encoders=Encoders(grams=CharGrams(), hub=Marked()))
    models.train(
        [
            IntentExamples(name=name, examples=tuple(Example(text=text) for text in texts))
            for name, texts in (("hours", ("when do you open", "open today")), ("price", ("cost",)))
        ],
        keep=False,
    )

    assert set(models.intents.views) == {"hub"}
    asked = [
        Asked(text="do you open", needs=frozenset({Need.INTENT}), language=language)
        for language in ("en", "es")
    ]
    assert [one.intents[0].name for one in models.read(asked)] == ["hours", "hours"]
