import pytest

from bot.nlu.predicates import LONGEST, predicate_of


@pytest.mark.parametrize(
    ("text", "views"),
    [("o penteado ficou divino, viu", ("Foi muito divino.", "Que divino!")),
     ("el corte quedó muy Coqueto!!", ("Fue muy coqueto.", "¡Qué coqueto!")),
     ("demorou, mas a pizza chegou crocante", ("Foi muito crocante.", "Que crocante!")),
     ("tardó, pero la sala es amplia", ("Fue muy amplia.", "¡Qué amplia!"))],
)  # fmt: skip
def test_the_word_that_a_statement_ends_in_is_exclaimed(text, views):
    found = predicate_of(text)

    assert found is not None
    assert found.views == views


@pytest.mark.parametrize(
    "text",
    ["", "o penteado ficou divino?", "o penteado não ficou divino", "quero um penteado",
     "o penteado ficou ok", "muito " * LONGEST + "está divino"],
)  # fmt: skip
def test_a_question_a_denial_and_what_says_nothing_of_a_thing_have_none(text):
    assert predicate_of(text) is None
