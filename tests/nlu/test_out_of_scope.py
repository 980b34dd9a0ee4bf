from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder import shipped_encoders
from bot.nlu.examples import Example, IntentExamples
from bot.nlu.intent_fit import fit_intents
from bot.nlu.intents import embed_all
from bot.nlu.out_of_scope import Outside, read_outside

SHIPPED = Path(__file__).parents[2] / "models"
REPAIRS = {
    "repair_time": (
        "how long does a screen take", "can you fix it while I wait", "how many days for a battery",
        "will it be done today", "do you do same day repairs", "when would it be ready",
    ),
    "repair_price": (
        "how much is a screen repair", "what would a new battery cost", "give me a quote please",
        "price to fix a charging port", "what does the repair cost", "do you charge for diagnosis",
    ),
    "warranty": (
        "do you give a warranty", "how long is the guarantee", "what if it fails again",
        "are the parts original", "it broke again after your repair", "what is covered",
    ),
    "water_damage": (
        "my phone fell in water", "it got wet and is dead", "I spilled coffee on my laptop",
        "dropped it in the toilet", "rain got into the speaker", "it fell into the pool",
    ),
}  # fmt: skip


def test_a_topic_near_an_example_is_set_aside_in_all_its_languages():
    outside = Outside(topics=(("are you open", "abren hoy"), ("can I pay by card",)))
    asked = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)
    examples = np.array([[0.8, 0.6, 0]], dtype=np.float32)

    assert outside.away(asked, examples) == [False, False, True]


def test_texts_and_topics_are_read(tmp_path):
    (tmp_path / "out_of_scope.yaml").write_text(
        "version: 1\ntexts: [tell me a joke]\ntopics: {hours: [are you open, abren hoy]}\n"
    )

    assert read_outside(tmp_path) == Outside(
        texts=("tell me a joke",), topics=(("are you open", "abren hoy"),)
    )


@pytest.mark.parametrize("written", ["[", "version: 1", "texts: 3", "texts: [a]\ntopics: [b]"])
def test_a_file_that_cannot_be_read_is_done_without(tmp_path, written):
    (tmp_path / "out_of_scope.yaml").write_text(written)

    assert read_outside(tmp_path) == Outside()


@pytest.mark.weights
@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [("es", "a qué hora cierran", False), ("pt", "aceita cartão?", False),
     ("es", "cuánto tardan en cambiar la pantalla", True), ("pt", "tem garantia?", True)],
)  # fmt: skip
def test_what_many_businesses_are_asked_is_meant_only_where_an_intent_is_for_it(
    language, text, meant
):
    heads = fit_intents(
        [
            IntentExamples(name=name, examples=tuple(Example(text=one) for one in texts))
            for name, texts in REPAIRS.items()
        ],
        shipped_encoders().by_name(),
        read_outside(SHIPPED),
    )

    [guess] = heads.guess(embed_all([text], {"many": shipped_encoders().many}), 1)

    assert heads.scores(guess)[0].accepted is meant
