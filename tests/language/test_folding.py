from hypothesis import given
from hypothesis import strategies as st

from bot.language import folding
from bot.language.folding import EDGES, fold

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
