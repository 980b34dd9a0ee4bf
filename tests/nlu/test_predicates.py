import pytest

from bot.nlu.predicates import LONGEST, denied_predicate, predicate_of
from bot.nlu.undenied import undenied


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


@pytest.mark.parametrize(
    ("text", "views"),
    [("el abrigo no quedó amplio", ("Fue muy amplio.", "¡Qué amplio!")),
     ("la sala no ha sido amplia en ningún momento", ("Fue muy amplia.", "¡Qué amplia!")),
     ("por desgracia no tuvo nada de amplia la sala", ("Fue muy amplia.", "¡Qué amplia!")),
     ("la sala de amplia no tiene nada", ("Fue muy amplia.", "¡Qué amplia!")),
     ("a sala não é tão ampla como prometeram", ("Foi muito ampla.", "Que ampla!")),
     ("o penteado não ficou uma graça", ("Foi muito graça.", "Que graça!")),
     ("a sala não tem nada de ampla", ("Foi muito ampla.", "Que ampla!")),
     ("ninguém achou o casaco divino", ("Foi muito divino.", "Que divino!"))],
)  # fmt: skip
def test_the_word_that_is_denied_of_something_is_exclaimed(text, views):
    denied = undenied(text)
    assert denied is not None

    found = denied_predicate(text, denied.said)

    assert found is not None
    assert found.views == views


@pytest.mark.parametrize("text", ["no vivo aquí cerca", "não pedi a conta", "hoje não dá"])
def test_a_denial_that_says_nothing_of_a_thing_has_no_such_word(text):
    denied = undenied(text)
    assert denied is not None

    assert denied_predicate(text, denied.said) is None
