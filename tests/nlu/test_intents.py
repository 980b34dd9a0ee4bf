from pathlib import Path

import pytest

from bot.domain.understanding import Need
from bot.nlu.batches import Asked
from bot.nlu.chargrams import CharGrams
from bot.nlu.examples import Example, IntentExamples, read_intents
from bot.nlu.intent_fit import fit_intents
from bot.nlu.out_of_scope import Outside, read_outside
from bot.nlu.reading import TextModels

SHIPPED = Path(__file__).parents[2] / "models"
GRAMS = {"grams": CharGrams()}
JOKE = Outside(texts=("tell me a joke",))


@pytest.fixture(scope="module")
def shop():
    return fit_intents(read_intents(SHIPPED)[0], GRAMS, read_outside(SHIPPED))


def best(heads, text):
    return ranking(heads, text)[0]


def ranking(heads, text):
    return heads.scores(heads.guess({"grams": GRAMS["grams"].encode([text])}, 1)[0])


def intent(name, *texts, **more):
    return IntentExamples(name=name, examples=tuple(Example(text=text) for text in texts), **more)


@pytest.mark.parametrize(
    ("text", "name"),
    [("until what time are you open", "ask_hours"), ("a qué hora abren hoy", "ask_hours"),
     ("a pizza chegou fria", "complaint"), ("how do I get to the shop", "ask_location")],
)  # fmt: skip
def test_without_any_weights_a_text_near_an_example_has_its_intent(shop, text, name):
    found = best(shop, text)

    assert found.name == name
    assert found.accepted


def test_a_text_far_from_all_examples_is_accepted_as_nothing(shop):
    assert not best(shop, "quantum chromodynamics lecture").accepted


def test_the_ranking_is_at_most_five_and_falls(shop):
    ranked = ranking(shop, "pizza price")
    scores = [one.score for one in ranked]

    assert len(ranked) == 5
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_one_intent_with_one_example_can_be_learnt():
    heads = fit_intents([intent("greet", "hello there")], GRAMS, Outside())

    assert best(heads, "hello there").name == "greet"


def test_no_intents_are_no_heads():
    assert fit_intents([], GRAMS, Outside(texts=("a",))) is None


def test_a_threshold_that_a_user_set_holds():
    examples = ("when do you open", "opening hours", "when do you close")
    strict = fit_intents(
        [intent("hours", *examples, threshold=1.0)], GRAMS, Outside(texts=("tell me a joke",))
    )

    assert not best(strict, "do you open").accepted


def test_a_negative_pushes_a_text_out():
    examples = ("cancel my order", "please cancel the order", "I want to cancel my order")
    other = intent("hours", "when do you open", "opening hours", "when do you close")
    free = fit_intents([intent("cancel", *examples), other], GRAMS, Outside())
    bound = fit_intents(
        [intent("cancel", *examples, negatives=("do not cancel my order",)), other],
        GRAMS,
        Outside(),
    )
    text = "do not cancel my order"

    assert best(bound, text).score < best(free, text).score


@pytest.mark.weights
@pytest.mark.parametrize(
    ("language", "text", "name"),
    [("en", "is the shop open at nine", "ask_hours"), ("de", "wann macht ihr auf", "ask_hours"),
     ("it", "quanto costa una margherita", "ask_prices"), ("en", "it came cold", "complaint")],
)  # fmt: skip
def test_examples_serve_other_words_and_other_languages(models, language, text, name):
    assert models.best(text, language).name == name


@pytest.mark.weights
@pytest.mark.parametrize(
    "text", ["who painted the mona lisa", "my cousin plays the violin", "what is the square root"]
)
def test_what_no_intent_is_meant_for_is_rejected(models, text):
    assert not models.best(text, "en").accepted


@pytest.mark.parametrize(
    ("languages", "views"),
    [(("en",), {"english", "many"}), (("es",), {"many", "own"}),
     (("en", "es"), {"english", "many", "own"})],
)  # fmt: skip
def test_each_language_of_the_examples_is_read_by_what_was_learnt_for_it(languages, views):
    heads = fit_intents(
        [
            IntentExamples(
                name=name,
                examples=tuple(Example(text=text, language=one) for one in languages),
            )
            for name, text in (("hours", "a qué hora abren"), ("price", "cuánto sale"))
        ],
        {"english": CharGrams(), "many": CharGrams()},
        JOKE,
    )

    assert set(heads.views) == views
    assert heads.languages == tuple(one for one in languages if one != "en")


FLOWERS = {
    "send": ("mandan flores a domicilio", "cuánto sale el envío", "llegan a zona norte",
             "entregan los domingos", "se lo pueden llevar a la oficina"),
    "wreath": ("necesito una corona para un velorio", "tienen arreglos fúnebres",
               "palma para un funeral", "flores para un entierro hoy"),
    "care": ("cómo cuido las rosas", "cada cuánto se riega la orquídea",
             "se me están secando las flores", "la planta tiene hojas amarillas"),
    "card": ("puedo agregar una tarjeta", "quiero que la nota diga te amo",
             "se puede mandar anónimo", "escriben una dedicatoria"),
}  # fmt: skip


@pytest.mark.weights
@pytest.mark.parametrize(
    ("text", "name"),
    [("le agregan una tarjetita?", "card"), ("corona p/ hoy se puede", "wreath"),
     ("mandan a Rosario?", "send"), ("cuido de la orquidea", "care")],
)  # fmt: skip
def test_messages_in_the_language_of_the_examples_are_read_by_their_spelling_too(text, name):
    trained = TextModels(SHIPPED, default="es")
    trained.train(
        [
            IntentExamples(name=each, examples=tuple(Example(text=one) for one in texts))
            for each, texts in FLOWERS.items()
        ],
        keep=False,
    )
    asked = Asked(text=text, language="es", needs=frozenset({Need.INTENT}))

    [found] = trained.read([asked])

    assert found.intents[0].name == name


def test_new_examples_that_tell_intents_apart_clearly_worse_are_told():
    good = [
        intent("hours", "when do you open", "opening hours", "you open when", "open at what hour"),
        intent("price", "what does it cost", "cost of it", "it costs what", "how much it costs"),
    ]
    mixed = [
        intent("hours", "when do you open", "what does it cost", "open at what hour", "cost of it"),
        intent("price", "you open when", "it costs what", "opening hours", "how much it costs"),
    ]
    old, new = (fit_intents(examples, GRAMS, JOKE) for examples in (good, mixed))

    assert new.worse_than(old)
    assert not old.worse_than(new)
