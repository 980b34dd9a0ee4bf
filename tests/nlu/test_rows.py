import json
import re
from datetime import datetime, timedelta

import pytest

from bot.nlu.entity_rows import kind_of, region_of, zone_of
from bot.nlu.rows import read_rows, repeated_ids, rows_to_judge, rows_to_learn


def written(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_json_lines_are_read_as_they_are(tmp_path):
    rows = [{"id": 7, "text": "one\u2028line", "intent": None, "more": [1]}, {"id": "b"}]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n\n" for row in rows)

    assert read_rows(written(tmp_path, "data.jsonl", text)) == rows


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl", '{"message": "hola", "label": "greet", "language": "es"}\n'),
        ("a.json", '[\n{"Text": "hola", "category": "greet", "locale": "es"}\n]'),
        ("a.csv", "\ufeffid,Text,Intent,Lang\n,hola,greet,es\n"),
        ("a.csv", "utterance;intent;lang\nhola;greet;es\n"),
        ("a.tsv", "text\tintent\tlang\nhola\tgreet\tes\n"),
        ("a.yaml", "- {text: hola, intent: greet, lang: es}\n"),
        ("a.yml", "rows:\n- {texto: hola, intent: greet, idioma: es}\n"),
        ("a.yaml", "intents:\n  greet:\n    examples:\n      es: [hola]\n"),
        ("a.yaml", "intents:\n  greet: {examples: {es: [hola]}}\n"),
    ],
)
def test_rows_come_under_one_name_however_they_are_handed_in(tmp_path, name, text):
    (row,) = rows_to_judge(written(tmp_path, name, text), "intent")
    (example,) = rows_to_learn(written(tmp_path, name, text))

    assert [row[key] for key in ("id", "text", "intent", "lang")] == [1, "hola", "greet", "es"]
    assert [example[key] for key in ("text", "intent", "lang")] == ["hola", "greet", "es"]


def test_texts_of_yaml_by_intent_need_no_language(tmp_path):
    file = written(tmp_path, "a.yaml", "hours: [no, 12:30]\nprice: [how much]\n")

    assert [(row["text"], row["intent"]) for row in rows_to_learn(file)] == [
        ("no", "hours"), ("12:30", "hours"), ("how much", "price"),
    ]  # fmt: skip


def test_a_table_holds_numbers_objects_and_nothing(tmp_path):
    text = (
        'id,text,type,value\n3,"R$ 5,00",money,"{""amount"": ""5.00"", ""currency"": ""BRL""}"\n'
        "x,two,number,2\ny,12,number,\n"
    )
    rows = rows_to_judge(written(tmp_path, "a.csv", text), "entities")

    assert [row["id"] for row in rows] == [3, "x", "y"]
    assert [row["text"] for row in rows] == ["R$ 5,00", "two", "12"]
    assert [row["value"] for row in rows] == [{"amount": "5.00", "currency": "BRL"}, 2, None]


def test_labels_and_senders_are_told_in_our_words(tmp_path):
    tones = written(tmp_path, "a.csv", "text,sentiment\nfine,POS\nbad,Negative\n")
    talk = {"turns": [{"role": "user", "message": None}, {"role": "assistant", "text": "hi"}]}
    mood = written(tmp_path, "b.jsonl", json.dumps(talk))

    assert [row["label"] for row in rows_to_judge(tones, "sentiment")] == ["positive", "negative"]
    assert rows_to_judge(mood, "mood")[0]["messages"] == [
        {"role": "user", "message": None, "from": "customer", "text": ""},
        {"role": "assistant", "text": "hi", "from": "business"},
    ]


@pytest.mark.parametrize(
    ("name", "text", "task", "told"),
    [
        ("a.jsonl", '{"text": ""}\nnonsense\n', "intent", r"a.jsonl:2: not a JSON object"),
        ("a.jsonl", '{"text": ""}\n[1]\n', "intent", r"a.jsonl:2: not a JSON object \(it is \[1\]"),
        ("a.jsonl", '{"text": ""}\n\n{"id": 1}\n', "intent",
         r"a.jsonl:3: 'text' is missing; there is: id"),
        ("a.json", '[{"text": ""}, {}]', "intent",
         r"a.json: row 2: 'text' is missing; there is: nothing"),
        ("a.json", "[{]", "intent", r"a.json: not a JSON list"),
        ("a.csv", "text,type\nhi,date,3\n", "entities", r"a.csv:2: more cells than the first line"),
        ("a.csv", 'text,type\n"hi,date\n', "entities", r"a.csv:2: not a table"),
        ("a.csv", "text,lang\nhi,en\n", "entities",
         r"a.csv:2: 'type' is missing; there is: text, lang"),
        ("a.yaml", "- {text: [\n", "intent", r"a.yaml:2:1: not valid YAML"),
        ("a.yaml", "just words\n", "intent", r"a.yaml: no list of rows"),
        ("a.yaml", "- word\n", "intent", r"a.yaml: row 1: not a JSON object \(it is .word.\)"),
        ("a.jsonl", '{"messages": ["hi"]}\n', "mood",
         r"a.jsonl:1: 'messages' is no list of \{from, text\}; write \[\{.from.: .customer."),
        ("a.csv", "id,text,from\n1,hi,customer\n", "mood",
         r"a.csv:2: 'messages' is missing; there is: id, text, from; it looks like \[\{"),
        ("a.jsonl", '{"messages": [{"from": "user", "text": "a"}, {"text": "b"}]}\n', "mood",
         r"a.jsonl:1: message 2 has no 'from'; write customer or business"),
        ("a.jsonl", '{"text": ["a"]}\n', "intent", r"a.jsonl:1: 'text' is no text but a list"),
        ("a.csv", "text,label\nhi,positive\nho,meh\n", "sentiment",
         r"a.csv:3: 'label' is 'meh'; write negative, neutral or positive"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_place(tmp_path, name, text, task, told):
    with pytest.raises(ValueError, match=told):
        rows_to_judge(written(tmp_path, name, text), task)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.jsonl", '{"text": "5", "type": "date"}\n{"text": "5", "type": "dat"}\n',
         r"a.jsonl:2: 'type' is no kind of value: \"dat\"; did you mean 'date'\? one of: email,"),
        ("a.jsonl", '{"text": "5", "type": null}\n',
         r"a.jsonl:1: 'type' is no kind of value: null; one of: email, phone, .*, yes_no"),
        ("a.jsonl", '{"text": "5", "type": "date", "now": "noon"}\n',
         r"a.jsonl:1: 'now' is no moment: \"noon\"; write one such as 2026-03-11T10:00"),
        ("a.csv", "text,type,tz\n5,date,Mars/Base\n",
         r"a.csv:2: 'tz' is no time zone: \"Mars/Base\"; write one such as America/Sao_Paulo"),
    ],
)  # fmt: skip
def test_what_says_nothing_is_told_with_its_place_and_the_row_is_judged(tmp_path, name, text, told):
    doubts = []
    rows = rows_to_judge(written(tmp_path, name, text), "entities", doubts.append)

    assert [re.search(told, doubt) is not None for doubt in doubts] == [True]
    assert [row["text"] for row in rows] == ["5"] * len(rows)


@pytest.mark.parametrize(
    ("told", "kind"),
    [("e-mail", "email"), ("Date", "date"), (" money ", "money"), ("Yes/No", "yes_no"),
     ("yes-no", "yes_no"), ("numbers", "number"), ("phone number", "phone"), ("url", None)],
)  # fmt: skip
def test_kinds_are_known_however_they_are_spelt(told, kind):
    assert kind_of(told) == kind


@pytest.mark.parametrize(
    ("row", "region"),
    [({"region": "br"}, "BR"), ({"region": "pt-BR"}, "BR"), ({"lang": "es_MX"}, "MX"),
     ({"region": "Israel", "lang": "pt-BR"}, "BR"), ({"region": "419", "lang": "es"}, None)],
)  # fmt: skip
def test_a_country_is_two_letters_and_nothing_cut_from_a_name(row, region):
    assert region_of(row) == region


@pytest.mark.parametrize(
    ("written", "hours"), [("UTC-03:00", -3), ("+5", 5), ("GMT", 0), ("America/Sao_Paulo", -3)]
)
def test_a_zone_has_a_name_or_counts_from_utc(written, hours):
    zone = zone_of(written)

    assert zone.utcoffset(datetime(2026, 3, 11)) == timedelta(hours=hours)  # noqa: DTZ001 - local


def test_an_empty_label_is_none_and_a_foreign_column_is_no_label(tmp_path):
    tones = written(tmp_path, "a.csv", "text,label\nfine,POS\nwell,\n")
    scores = written(tmp_path, "b.jsonl", '{"text": "fine", "polarity": 0.8}\n')

    assert [row.get("label") for row in rows_to_judge(tones, "sentiment")] == ["positive", None]
    assert ["label" in row for row in rows_to_judge(tones, "sentiment")] == [True, False]
    assert "label" not in rows_to_judge(scores, "sentiment")[0]


def test_ids_of_several_rows_are_named():
    rows = [{"id": 1}, {"id": "1"}, {"id": {"a": 1}}, {"id": 1}, {"id": {"a": 1}}]

    assert repeated_ids(rows) == ["1", '{"a": 1}']


def test_a_file_of_other_signs_is_told_so(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes("text\nolá\n".encode("latin-1"))

    with pytest.raises(ValueError, match=r"a.csv: not UTF-8 \(byte 8\)"):
        rows_to_judge(file, "intent")


@pytest.mark.parametrize(
    ("text", "told"),
    [('{"text": "a", "intent": "b"}\n{"text": "a"}', r"a.jsonl:2: 'intent' is missing"),
     ('{"text": "a", "intent": null}', r"a.jsonl: no row has an intent to learn")],
)  # fmt: skip
def test_examples_without_intents_are_told(tmp_path, text, told):
    with pytest.raises(ValueError, match=told):
        rows_to_learn(written(tmp_path, "a.jsonl", text))
