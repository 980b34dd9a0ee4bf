import pytest

from bot.nlu.language import LanguageReader

THREE = LanguageReader(("en", "es", "pt"))
SIX = LanguageReader(("en", "es", "pt", "fr", "de", "it"))


@pytest.mark.parametrize(
    ("text", "language"),
    [("what are your hours?", "en"), ("¿cuál es el horario?", "es"), ("qual é o horário?", "pt"),
     ("quero uma pizza grande", "pt"), ("quiero una pizza grande", "es"), ("two", None)],
)  # fmt: skip
def test_languages_are_told_apart_and_short_texts_are_not_guessed(text, language):
    assert THREE.language_of(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [("hi", "en"), ("still waiting", "en"), ("ok gracias", "es"), ("sí", "es"), ("porfa", "es"),
     ("obrigado", "pt"), ("tudo bem?", "pt"), ("blz", "pt"), ("jajaja", "es"), ("kkkkk", "pt"),
     ("merci", "fr"), ("ça va", "fr"), ("ja", "de"), ("guten morgen", "de"), ("sì", "it"),
     ("quanto costa?", "it"), ("ciao", "it")],
)  # fmt: skip
def test_a_word_or_two_tell_a_language_where_they_are_its_own(text, language):
    assert SIX.language_of(text) == language


@pytest.mark.parametrize(
    "text",
    ["ok", "123", "👍", "?", "João Silva", "María", "por favor", "ana@gmail.com",
     "https://example.com/onde", ""],
)  # fmt: skip
def test_names_numbers_and_words_of_several_languages_tell_none(text):
    assert THREE.language_of(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [("do you have jalapeño poppers", "en"), ("can i get the açaí bowl", "en"),
     ("the order is for José", "en"), ("mi nombre es John Smith", "es")],
)  # fmt: skip
def test_borrowed_words_and_names_do_not_turn_a_language(text, language):
    assert SIX.language_of(text) == language


def test_letters_written_in_two_parts_are_read_too():
    assert THREE.language_of("na\u0303o") == "pt"


def test_what_is_short_is_told_once_and_what_is_long_is_not_kept():
    told = LanguageReader(("en", "es", "pt"))
    short, long = "quero uma pizza grande", "quero uma pizza grande " * 5

    assert [told.language_of(one) for one in (short, short, long, long)] == ["pt"] * 4
    kept = told._remembered.cache_info()
    assert (kept.hits, kept.currsize) == (1, 1)


@pytest.mark.parametrize(
    ("text", "alone", "in_portuguese"),
    [
        ("grande, de calabresa", "es", "pt"),
        ("grande de queijo", "pt", "pt"),
        ("quiero una mesa", "es", "es"),
        ("the big one please", "en", "en"),
    ],
)
def test_a_chat_goes_on_in_its_language_where_words_may_be_of_either(text, alone, in_portuguese):
    assert THREE.language_of(text) == alone
    assert THREE.language_of(text, "pt") == in_portuguese
    assert THREE.language_of(text, "fr") == alone
