import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import folding
from bot.language.folding import EDGES, fold, spellings

ASCII = st.text(st.characters(max_codepoint=127), max_size=60)


@given(
    text=ASCII | st.lists(st.sampled_from(["Hello,", "(5", "...", "a_b", " ", "x"])).map(" ".join)
)
def test_the_quick_way_for_plain_texts_folds_as_the_long_way_does(text):
    plain = "".join(sign for sign in text if sign not in "-'%")

    quick = folding._fold_plainly(plain)

    written, gaps = folding._cut(plain)
    assert (quick.written, quick.gaps) == (written, gaps)
    assert quick.words == tuple(folding.fold_word(word) for word in written)
    assert quick.exact == tuple(word.casefold() for word in written)


def test_edges_case_and_accents_go_and_what_was_written_stays():
    folded = fold("¿Dónde está, EL *Menú*?")

    assert folded.text == "donde esta el menu"
    assert folded.written == ("Dónde", "está", "EL", "Menú")
    assert not set(EDGES) & set("".join(folded.written))


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("What is it", {"what's it", "whats it"}),
        ("we are open", {"we're open"}),  # were is another word
        ("i cannot", {"i can't", "i cant"}),
        ("can’t", {"cant", "can't", "cannot"}),
        ("dont", {"don't", "do not"}),
        ("Grüße", {"gruesse"}),
        ("wi-fi", set()),
        ("is", set()),
    ],
)
def test_a_keyword_is_also_heard_as_other_people_type_it(text, others):
    found = spellings(text)

    assert found[0] == text
    assert others <= set(found[1:])
    assert set(found[1:]) == others
