import pytest

from bot.nlu.predicates import LONGEST, Predicate, Stand, predicate_of, stem_of


@pytest.mark.parametrize(
    ("text", "word", "is_spanish"),
    [("o penteado ficou divino, viu", "divino", False),
     ("el corte quedó muy Coqueto!!", "coqueto", True),
     ("demorou, mas a pizza chegou crocante", "crocante", False),
     ("tardó, pero la sala es amplia", "amplia", True),
     ("el corte me pareció divino para una boda", "divino", True),
     ("considero a sala um pouco escura", "escura", False),
     ("achei lindo o penteado", "lindo", False),
     ("¡muy divino!", "divino", True),
     ("a sala continua escura desde ontem", "escura", False),
     ("a sala tá escura", "escura", False)],
)  # fmt: skip
def test_the_word_that_a_statement_says_of_something_is_found(text, word, is_spanish):
    assert predicate_of(text) == Predicate(word=word, is_spanish=is_spanish, stand=Stand.SAID)


@pytest.mark.parametrize(
    "text",
    ["", "o penteado ficou divino?", "quero um penteado", "o penteado ficou ok", "que equipe!",
     "muito " * LONGEST + "está divino", "el pedido está llegando", "a loja é perto",
     "no vivo aquí cerca", "não pedi a conta", "hoje não dá",
     "no puedo decir, después de todo, que la sala sea amplia",
     "el técnico se fue sin terminar", "continuo sem notícia do pedido", "não tem reserva",
     "o bolo nunca chegou na mesa", "o casaco é bem menor do que diz", "a enfermeira vem amanhã",
     "ya es mediodía", "los volveré a llamar sin dudarlo"],
)  # fmt: skip
def test_a_question_and_what_says_nothing_of_a_thing_have_no_such_word(text):
    assert predicate_of(text) is None


@pytest.mark.parametrize(
    ("text", "word", "is_spanish"),
    [("el abrigo no quedó amplio", "amplio", True),
     ("la sala no me pareció amplia para nada", "amplia", True),
     ("la sala no ha sido amplia en ningún momento", "amplia", True),
     ("por desgracia no tuvo nada de amplia la sala", "amplia", True),
     ("la sala de amplia no tiene nada", "amplia", True),
     ("a sala não é tão ampla como prometeram", "ampla", False),
     ("não achei a sala ampla de jeito nenhum", "ampla", False),
     ("a sala não tem nada de ampla", "ampla", False),
     ("ninguém achou o casaco divino", "divino", False)],
)  # fmt: skip
def test_the_word_that_is_denied_of_something_is_found(text, word, is_spanish):
    assert predicate_of(text) == Predicate(word=word, is_spanish=is_spanish, stand=Stand.DENIED)


@pytest.mark.parametrize(
    ("text", "word"),
    [("o penteado ficou uma graça", "graça"), ("achei um cabelo na pizza", "cabelo"),
     ("le salió una alergia", "alergia")],
)  # fmt: skip
def test_a_thing_is_told_from_what_is_said_of_one(text, word):
    found = predicate_of(text)

    assert found is not None
    assert (found.word, found.is_thing) == (word, True)


def test_a_word_that_is_denied_twice_is_told_from_one_that_is_denied():
    found = predicate_of("ninguém dirá que o casaco não está divino")

    assert found is not None
    assert found.stand is Stand.UNDONE


@pytest.mark.parametrize(
    ("word", "is_spanish", "views"),
    [("divino", False, ("Foi muito divino.", "Que divino!", "Foi muito divina.")),
     ("acogedor", True, ("Fue muy acogedor.", "¡Qué acogedor!", "Fue muy acogedora.")),
     ("suave", True, ("Fue muy suave.", "¡Qué suave!", "Fue muy suave."))],
)  # fmt: skip
def test_a_word_is_exclaimed_in_both_genders(word, is_spanish, views):
    assert Predicate(word=word, is_spanish=is_spanish, stand=Stand.SAID).views == views


@pytest.mark.parametrize(
    ("one", "other"),
    [("lento", "lentas"), ("lento", "lentíssima"), ("amável", "amable"), ("sensível", "sensible"),
     ("esplêndido", "espléndida"), ("passageiro", "pasageiro")],
)  # fmt: skip
def test_forms_of_a_word_and_its_kin_have_one_stem(one, other):
    assert stem_of(one) == stem_of(other)


def test_a_short_word_keeps_its_letters():
    assert stem_of("mala") == "mal"
    assert stem_of("uso") == "uso"
