import pytest

from bot.nlu.undenied import LONGEST, Undenied, undenied


@pytest.mark.parametrize(
    ("text", "said", "holds"),
    [("o casaco não ficou lindo", "o casaco ficou lindo", False),
     ("no vino nadie amable", "vino amable", False),
     ("no ha sido cómodo en ningún momento", "ha sido cómodo en momento", False),
     ("ninguém dirá que o casaco não está lindo", "o casaco está lindo", True),
     ("no niego que la cena fue deliciosa", "la cena fue deliciosa", True),
     ("es mentira que no sea cómodo", "sea cómodo", True),
     ("não duvido que seja um bom lugar", "seja um bom lugar", True),
     ("yo no diría que es caro el menú", "es caro el menú", False),
     ("nunca comí algo tan rico", "comí algo tan rico", True),
     ("el chico no pudo ser más amable", "el chico pudo ser más amable", True),
     ("não podia estar melhor", "podia estar melhor", True),
     ("no puede ser tan caro", "puede ser tan caro", False),
     ("nunca mais volto nesse lugar", "mais volto nesse lugar", False),
     ("nobody could deny that it was lovely", "it was lovely", True),
     ("estava feio, mas não ficou sem graça", "ficou sem graça", False)],
)  # fmt: skip
def test_what_is_denied_is_told_with_whether_it_holds_after_all(text, said, holds):
    assert undenied(text) == Undenied(said=said, holds=holds)


@pytest.mark.parametrize(
    "text",
    ["", "o casaco ficou lindo", "não ficou lindo?", "disseram que era feio, mas não é",
     "não ficou lindo " * LONGEST, "sem dúvida o melhor", "no tengo palabras para agradecer"],
)  # fmt: skip
def test_where_nothing_is_denied_or_nothing_left_there_is_none(text):
    assert undenied(text) is None
