import pytest

from bot.nlu.denial import MOST, Parts, parts_of


@pytest.mark.parametrize(
    ("text", "ending", "affirmed"),
    [("the soup was not bad", "", "the soup was bad"),
     ("I didn't mind", "", "I mind"),
     ("la sopa no fue mala", "", "la sopa fue mala"),
     ("não foi culpa sua", "", "foi culpa sua"),
     ("ninguém reclamou", "", "reclamou"),
     ("das war nicht schlecht", "", "das war schlecht"),
     ("ce n'est pas mal", "", "ce est mal"),
     ("non è male", "", "è male"),
     ("it was bad, but then it got better", "then it got better", ""),
     ("dijeron que era malo; no lo es", "no lo es", "lo es"),
     ("parecia ruim, mas ficou bom", "ficou bom", ""),
     ("hello", "", ""), ("", "", "")],
)  # fmt: skip
def test_a_text_is_parted_into_its_end_and_what_it_would_affirm(text, ending, affirmed):
    assert parts_of(text) == Parts(ending=ending, affirmed=affirmed)


def test_an_end_of_one_word_is_no_view_of_its_own():
    assert parts_of("it was good, thanks") == Parts(ending="", affirmed="")


def test_a_long_text_is_left_whole():
    assert parts_of("not good, " * MOST) == Parts(ending="", affirmed="")
