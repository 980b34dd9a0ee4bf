from pathlib import Path

import pytest

from bot.nlu.intents import IntentClassifier, read_examples
from bot.nlu.language import LanguageReader

SHIPPED = Path(__file__).parents[2] / "models"


def test_the_shipped_examples_are_read():
    examples, problems = read_examples(SHIPPED)

    assert problems == []
    assert {"ask_hours", "order_pizza", "complaint"} <= examples.keys()


@pytest.mark.parametrize(
    ("text", "intent"),
    [("until what time are you open", "ask_hours"), ("a qué hora abren hoy", "ask_hours"),
     ("a pizza chegou fria", "complaint"), ("how do I get to the shop", "ask_location")],
)  # fmt: skip
def test_a_text_near_an_example_has_its_intent(text, intent):
    best = IntentClassifier(read_examples(SHIPPED)[0]).rank(text)[0]

    assert best.name == intent
    assert best.accepted


def test_a_text_far_from_all_examples_is_accepted_as_nothing():
    best = IntentClassifier(read_examples(SHIPPED)[0]).rank("quantum chromodynamics lecture")[0]

    assert not best.accepted


def test_a_broken_file_is_told_with_its_place(tmp_path):
    (tmp_path / "intents").mkdir()
    (tmp_path / "intents" / "a.yaml").write_text("intents: [")

    assert read_examples(tmp_path)[1] == ["models/intents/a.yaml:1:11: E001 not valid YAML"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("what are your hours?", "en"), ("¿cuál es el horario?", "es"), ("qual é o horário?", "pt"),
     ("quero uma pizza grande", "pt"), ("quiero una pizza grande", "es"), ("two", None)],
)  # fmt: skip
def test_languages_are_told_apart_and_short_texts_are_not_guessed(text, language):
    assert LanguageReader(("en", "es", "pt")).language_of(text) == language
