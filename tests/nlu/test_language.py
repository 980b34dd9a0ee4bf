import pytest

from bot.nlu.language import LanguageReader


@pytest.mark.parametrize(
    ("text", "language"),
    [("what are your hours?", "en"), ("¿cuál es el horario?", "es"), ("qual é o horário?", "pt"),
     ("quero uma pizza grande", "pt"), ("quiero una pizza grande", "es"), ("two", None)],
)  # fmt: skip
def test_languages_are_told_apart_and_short_texts_are_not_guessed(text, language):
    assert LanguageReader(("en", "es", "pt")).language_of(text) == language
