from pathlib import Path

import pytest

from bot.nlu.examples import Example, read_intents, warnings_of

SHIPPED = Path(__file__).parents[2] / "models"


def written(folder, text):
    (folder / "intents").mkdir(exist_ok=True)
    (folder / "intents" / "a.yaml").write_text(text, encoding="utf-8")
    return read_intents(folder)


def test_the_shipped_examples_are_read():
    intents, problems = read_intents(SHIPPED)

    assert problems == []
    assert {"ask_hours", "order_pizza", "complaint"} <= {intent.name for intent in intents}


def test_a_broken_file_is_told_with_its_place(tmp_path):
    assert written(tmp_path, "intents: [")[1] == ["models/intents/a.yaml:1:11: E001 not valid YAML"]


def test_examples_carry_their_language(tmp_path):
    intents, _ = written(tmp_path, "intents: {greet: {examples: {en: [hi], pt: [oi]}}}")

    assert intents[0].examples == (
        Example(text="hi", language="en"),
        Example(text="oi", language="pt"),
    )


def test_one_intent_may_have_a_file_of_its_own(tmp_path):
    intents, problems = written(
        tmp_path,
        "name: greet\nlanguage: en\nexamples: [hi, hello]\nnegatives: [high]\nthreshold: 0.7\n",
    )

    assert problems == []
    assert (intents[0].name, intents[0].negatives, intents[0].threshold) == (
        "greet",
        ("high",),
        0.7,
    )
    assert intents[0].examples[0] == Example(text="hi", language="en")


def test_a_threshold_beyond_one_is_a_problem(tmp_path):
    _, problems = written(tmp_path, "intents:\n  greet: {examples: [hi], threshold: 7}\n")

    assert problems == [
        "models/intents/a.yaml:2:3: E104 the threshold of 'greet' is not 'auto' or from 0 to 1"
    ]


def test_few_examples_and_one_text_under_two_intents_are_warned_of(tmp_path):
    intents, _ = written(tmp_path, "intents: {a: {examples: [Hi]}, b: {examples: [hi, x, y]}}")

    assert warnings_of(intents) == [
        "the intent 'a' has 1 example; write at least 3",
        "'hi' is under 'a' and 'b'; leave it under one",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [("intents:\n  a: [x]\n  b:\n", "3:3"), ("version: 1\nname: b\nexamples: []\n", "2:7"),
     ("intents: {b: []}", "1:1")],
)  # fmt: skip
def test_an_intent_without_examples_is_told_once_with_its_place(tmp_path, text, place):
    intents, problems = written(tmp_path, text)

    assert problems == [
        f"models/intents/a.yaml:{place}: E102 the intent 'b' has no examples;"
        " write at least 3 under it"
    ]
    assert warnings_of(intents)[len(intents) - 1 :] == []
