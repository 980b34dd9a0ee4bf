import re

import pytest
import yaml

from benchmarks import model_accuracy
from benchmarks.model_table import PARTS, TABLE, below, lines
from benchmarks.training.expand import messages, patterns_in


def test_each_row_has_a_name_of_its_own():
    names = [row.name for row in TABLE]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "ours", "state"),
    [("hint3 curekart", 0.63, "BELOW"), ("hint3 curekart", 0.64, "floor"),
     ("hint3 curekart", 0.7, "aim"), ("memory", 701, "BELOW"), ("memory", 600, "floor"),
     ("memory", 480, "aim"), ("p50", 14, "")],
)  # fmt: skip
def test_a_figure_is_told_against_floor_and_aim(name, ours, state):
    row = next(row for row in TABLE if row.name == name)

    assert row.state(ours) == state


def test_only_what_was_measured_is_printed():
    told = lines({"memory": 480, "hint3 curekart": 0.6})

    assert [line.split(" | ")[3] for line in told[2:]] == ["0.600", "480 MB"]
    assert below({"memory": 480, "hint3 curekart": 0.6}) == ["hint3 curekart"]


def test_every_part_of_accuracy_can_be_chosen():
    assert set(model_accuracy.PARTS) | {"speed"} == set(PARTS)


def test_check_lists_are_filled_and_have_rows_of_the_table():
    names = {row.name for row in TABLE}
    lists = list(model_accuracy.checklists())

    assert {f"negation {lang} {name}" for (lang, name, _), _ in lists} <= names
    assert not [text for _, texts in lists for text in texts if re.search(r"[{}]", text)]
    assert all(len(set(texts)) == len(texts) >= 15 for _, texts in lists)


@pytest.mark.parametrize("language", ["es", "pt"])
def test_no_pattern_holds_a_rare_word_of_the_check_lists(language):
    tree = yaml.safe_load((model_accuracy.CHECKLISTS / "words.yaml").read_text(encoding="utf-8"))
    fill, patterns = patterns_in(language, more=True)
    known = " | ".join(part for parts in (*fill.values(), *patterns.values()) for part in parts)
    asked = tree["fill"][language]
    kept_out = [word for name in asked if name not in ("what", "them") for word in asked[name]]

    assert len(kept_out) > 100
    assert not [word for word in kept_out if re.search(rf"(?i)\b{re.escape(word)}\b", known)]


def test_a_fold_of_hint3_learns_nothing_that_it_is_judged_on():
    rows = [{"text": f"{name} {at}", "intent": name} for name in "abcdefg" for at in range(6)]
    learnt, held = model_accuracy._parted(rows, 0)

    assert not {row["text"] for row in learnt} & {row["text"] for row in held}
    assert {row["intent"] for row in held} == {None, "b", "c", "d", "e", "g"}


def test_no_plain_message_of_the_training_is_one_of_the_check_lists():
    asked = {text.lower() for _, texts in model_accuracy.checklists() for text in texts}
    learnt = {text.lower() for text, _ in messages("en", drawn=14, seed=7)}

    assert len(learnt) > 1000
    assert not asked & learnt
