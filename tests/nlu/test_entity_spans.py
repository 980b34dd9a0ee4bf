import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.entities import ENTITY_KINDS, Place, read_entity
from bot.nlu.entity_spans import ANY_DAY, entity_words


@pytest.mark.parametrize(
    ("language", "text", "kind", "words"),
    [("en", "a table tomorrow at 5pm please", "datetime", "tomorrow at 5pm"),
     ("en", "can you come tomorrow morning to my house", "date", "tomorrow"),
     ("pt", "quero marcar amanhã às 17h por favor", "datetime", "amanhã às 17h"),
     ("es", "tengo unos 300 euros para gastar", "money", "300 euros"),
     ("en", "write to ana@example.com or call", "email", "ana@example.com"),
     ("es", "somos dos personas", "number", "dos")],
)  # fmt: skip
def test_the_fewest_words_that_hold_a_value_are_found(language, text, kind, words):
    assert entity_words(text, language)[kind] == words


def test_a_text_without_values_has_no_entities():
    assert entity_words("where is the shop", "en") == {}


@given(st.text(max_size=60), st.sampled_from(["en", "es", "pt"]))
def test_what_is_found_reads_as_the_whole_text_does(text, language):
    place = Place(language=language, region=None, now=ANY_DAY)
    for kind, words in entity_words(text, language).items():
        assert kind in ENTITY_KINDS
        assert read_entity(kind, words, place) == read_entity(kind, " ".join(text.split()), place)
