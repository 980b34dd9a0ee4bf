import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.nlu.entities import _comparable
from bot.nlu.evaluation import code, examples_of

pytestmark = pytest.mark.weights

TRAIN = [
    {"text": text, "intent": intent}
    for intent, texts in {
        "hours": ("when do you open", "opening times please", "at what time do you close"),
        "price": ("how much is it", "what does it cost", "tell me the price"),
    }.items()
    for text in texts
]
DATA = [
    {"id": "a", "text": "what are your opening hours", "lang": "en", "intent": "hours"},
    {"id": "b", "text": "quanto custa isso", "lang": "pt", "intent": "price", "more": 1},
    {"id": "c", "text": "my uncle keeps bees", "lang": "en", "intent": None},
]


def lines(file, rows):
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(file)


def evaluated(tmp_path, task, rows, *words):
    out = tmp_path / "out.jsonl"
    data = lines(tmp_path / "data.jsonl", rows)
    done = CliRunner().invoke(
        main,
        ["models", "eval", "--task", task, "--data", data, "--predictions", str(out), "--json",
         *words],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return done.stdout, [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_intents_are_judged_by_row_and_as_a_whole(tmp_path):
    train = lines(tmp_path / "train.jsonl", TRAIN)
    told, predictions = evaluated(tmp_path, "intent", DATA, "--train", train)
    figures = json.loads(told)

    assert [one["id"] for one in predictions] == ["a", "b", "c"]
    assert [one["best"] for one in predictions[:2]] == ["hours", "price"]
    assert predictions[2]["intent"] is None
    assert predictions[2]["confidence"] < predictions[0]["confidence"]
    assert figures["n"] == 3
    assert set(figures) == {
        "n", "accuracy", "macro_recall", "macro_f1", "mcc", "auroc", "ece", "by_lang"
    }  # fmt: skip
    assert set(figures["by_lang"]) == {"en", "pt"}


def test_a_text_without_words_is_for_nothing(tmp_path):
    train = lines(tmp_path / "train.jsonl", TRAIN[:3])
    rows = [{"id": "a", "text": None}, {"id": "b", "text": "  "}, {"id": "c", "text": "opening"}]
    _, predictions = evaluated(tmp_path, "intent", rows, "--train", train)

    assert [one["intent"] for one in predictions] == [None, None, "hours"]
    assert predictions[0]["best"] is None
    assert predictions[0]["confidence"] == 0


def test_without_labels_there_are_predictions_and_no_figures(tmp_path):
    told, predictions = evaluated(tmp_path, "sentiment", [{"id": 1, "text": "I love this"}])

    assert told == ""
    assert predictions[0]["label"] == "positive"
    assert sum(predictions[0]["probs"].values()) == pytest.approx(1, abs=1e-4)


def test_a_row_is_judged_alone(tmp_path):
    rows = [
        {"id": 1, "text": "not good", "lang": "en"},
        {"id": 2, "text": "ok " * 60, "lang": "en"},
    ]
    _, together = evaluated(tmp_path, "sentiment", rows)
    _, alone = evaluated(tmp_path, "sentiment", rows[:1])

    assert together[0]["label"] == alone[0]["label"]
    for label, prob in alone[0]["probs"].items():
        assert together[0]["probs"][label] == pytest.approx(prob, abs=0.02)


def test_a_conversation_has_a_mood_and_a_moment_for_a_person(tmp_path):
    talk = [
        {"from": "customer", "text": "hi, where is my order?"},
        {"from": "business", "text": "Let me look."},
        {"from": "customer", "text": "this is terrible, nobody helps me!!"},
    ]
    row = {"id": "x", "lang": "en", "messages": talk, "mood": "negative", "takeover": 2}
    told, predictions = evaluated(tmp_path, "mood", [row])

    assert predictions == [{"id": "x", "mood": "negative", "takeover": 2}]
    assert json.loads(told)["accuracy"] == 1.0


def test_a_moment_is_judged_where_no_mood_is_labelled(tmp_path):
    talk = [{"from": "customer", "text": "thanks, all good"}]
    rows = [{"messages": talk, "takeover": None}, {"messages": talk, "takeover": 1}]
    told, _ = evaluated(tmp_path, "mood", rows)

    assert json.loads(told) == {"n": 2, "takeover_accuracy": 0.5}


def test_who_asks_for_what_cannot_be_done_is_told_at_once(tmp_path):
    data = lines(tmp_path / "data.jsonl", [{"id": 7, "text": "a"}, {"id": 7, "text": "b"}])
    asked = ["models", "eval", "--task", "sentiment", "--data"]
    nowhere = CliRunner().invoke(main, [*asked, data, "--predictions", str(tmp_path / "no" / "x")])
    folder = CliRunner().invoke(main, [*asked, str(tmp_path)])
    twice = CliRunner().invoke(main, [*asked, data])

    assert nowhere.exit_code == 1
    assert "there is no folder" in nowhere.stderr
    assert folder.exit_code == 2
    assert "several rows have the id 7; each gets its own line" in twice.stderr
    assert "no row has a label to judge by; --predictions keeps what was told" in twice.stderr


def test_an_owner_is_told_of_a_file_without_rows_and_of_a_text_under_two_intents(tmp_path):
    train = [{"text": text, "intent": name} for name in ("a", "b") for text in ("hi", "x", "y")]
    files = [lines(tmp_path / "train.jsonl", train), lines(tmp_path / "data.jsonl", [])]
    asked = ["models", "eval", "--task", "intent", "--train", files[0], "--data", files[1]]
    told = CliRunner().invoke(main, asked)

    assert told.exit_code == 0
    assert "data.jsonl: it holds no rows" in told.stderr
    assert "'hi' is under 'a' and 'b'; leave it under one" in told.stderr


def test_languages_are_two_letters_however_they_are_written():
    assert [code(lang) for lang in ("pt-BR", "portuguese", "EN", "es_MX")] == [
        "pt",
        "pt",
        "en",
        "es",
    ]


def test_rows_without_an_intent_are_no_examples():
    assert examples_of([{"text": "a", "intent": None}]) == ()


def test_entities_are_read_at_the_rows_own_moment(tmp_path):
    rows = [
        {"id": 1, "text": "tomorrow at 5pm", "lang": "en", "region": "US", "type": "datetime",
         "now": "2026-03-11T23:30:00+00:00", "tz": "America/New_York", "value": "2026-03-12T17:00"},
        {"id": 2, "text": "R$ 1.234,50", "lang": "pt", "region": "BR", "type": "money",
         "value": {"amount": "1234.50", "currency": "BRL"}},
        {"id": 3, "text": "duas", "lang": "pt", "type": "number", "value": 2},
        {"id": 5, "text": "an hour and a half", "lang": "en", "type": "duration", "value": 5400},
        {"id": 4, "text": "whatever", "lang": "en", "type": "yes_no", "value": None},
    ]  # fmt: skip
    told, predictions = evaluated(tmp_path, "entities", rows)

    assert [one["value"] for one in predictions] == [row["value"] for row in rows]
    assert json.loads(told)["accuracy"] == 1.0


@pytest.mark.parametrize(
    ("label", "told", "same"),
    [("PT1H30M", 5400, True), ("P1DT1S", 86401, True), ("P2W", 1_209_600, True), ("P", 0, False),
     ({"amount": "1234.5", "currency": "BRL"}, {"amount": "1234.50", "currency": "BRL"}, True),
     ({"amount": "12", "currency": None}, {"amount": "12.00", "currency": "BRL"}, False),
     ("17:00", "17:00", True), (3, 3.0, True), ("yes", None, False)],
)  # fmt: skip
def test_values_are_compared_by_what_they_mean(label, told, same):
    assert (_comparable(label) == _comparable(told)) is same
