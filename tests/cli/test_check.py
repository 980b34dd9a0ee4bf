"""`alexia check`: what is wrong, where, and the exit code."""

import json
import os

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.cli.shipped import copy_template


@pytest.fixture
def folder(tmp_path):
    copy_template("blank", tmp_path)
    return tmp_path


def run(folder, *words):
    return CliRunner().invoke(main, [*words, "--config", str(folder)])


def test_the_blank_template_has_no_mistakes(folder):
    done = run(folder, "check")

    assert (done.exit_code, done.output) == (
        0,
        "0 errors, 0 warnings in 1 file; 3 rules, 0 flows\n",
    )


@pytest.mark.parametrize("verb", ["check", "lint"])
def test_a_mistake_is_exit_code_1_with_its_place(folder, verb):
    (folder / "rules" / "more.yaml").write_text("version: 1\nrules:\n  - id: a\n    wen: x\n")

    done = run(folder, verb)

    assert done.exit_code == 1
    assert "rules/more.yaml:4:5: E101 unknown key 'wen'" in done.stdout


def test_json_has_the_fixed_shape(folder):
    (folder / "rules" / "more.yaml").write_text("version: 1\nrulez: []\n")

    done = run(folder, "check", "--json")

    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert set(told) == {"files", "rules", "flows", "problems"}
    shape = {"file", "line", "column", "code", "severity", "message", "help"}
    assert set(told["problems"][0]) == shape


def test_paths_narrow_what_is_shown(folder):
    (folder / "rules" / "more.yaml").write_text("version: 1\nrulez: []\n")

    assert run(folder, "check", str(folder / "rules" / "hello.yaml")).exit_code == 0
    assert run(folder, "check", str(folder / "rules")).exit_code == 1


def test_lint_adds_advice_that_does_not_fail(folder):
    (folder / "flows" / "more.yaml").write_text(
        "version: 1\nflows: {lonely: {steps: [{reply: Hi}]}}\n"
        "replies: {unsaid: Hello}\n"
        "rules: [{id: twin, when: {keyword: hello}, do: {reply: Hi}, during_flow: answer}]\n"
    )
    (folder / "models" / "intents" / "a.yaml").write_text(
        "intents:\n  ask_hours: {examples: {en: [when do you open]}}\n"
        "  ask_time: {examples: {en: [When do you open?]}}\n"
    )

    checked, linted = run(folder, "check"), run(folder, "lint")

    assert (checked.exit_code, linted.exit_code) == (0, 0)
    assert " A4" not in checked.output
    assert {code for code in ("A401", "A402", "A403", "A404") if code in linted.output} == {
        "A401", "A402", "A403", "A404",
    }  # fmt: skip
    assert "0 errors, 0 warnings, 5 hints in 2 files" in linted.output


def test_a_reply_lacks_a_language_that_the_config_names(folder):
    config = folder / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("[en, es, pt]", "[en, de]"), "utf-8")
    (folder / "rules" / "more.yaml").write_text(
        "version: 1\nrules:\n  - id: a\n    when: {keyword: x}\n"
        "    do: {reply: {lang: {en: Hi, es: Hola}}}\n"
    )

    done = run(folder, "check")

    assert done.exit_code == 0
    assert "rules/more.yaml:5:18: W304 the reply lacks a language: de" in done.stdout


def test_a_link_out_of_the_folder_and_what_is_no_file_are_told(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "x.yaml"
    outside.write_text("version: 1\n")
    (folder / "rules" / "out.yaml").symlink_to(outside)
    (folder / "rules" / "loop.yaml").symlink_to(folder / "rules" / "loop.yaml")
    os.mkfifo(folder / "rules" / "pipe.yaml")

    done = run(folder, "check")

    assert done.exit_code == 1
    assert "rules/out.yaml:1:1: E001 the file leads out of the folder" in done.stdout
    assert "rules/loop.yaml:1:1: E001 cannot be read" in done.stdout
    assert "rules/pipe.yaml:1:1: E001 cannot be read: it is not a plain file" in done.stdout


def test_a_path_that_does_not_exist_is_wrong_usage(folder):
    assert run(folder, "check", str(folder / "gone")).exit_code == 2


def test_lint_names_what_is_told_to_nobody_on_whatsapp(folder):
    (folder / "rules" / "more.yaml").write_text(
        "version: 1\nteams: {desk: [], shop: ['+5511912345678']}\nrules:\n"
        "  - {id: a, when: {keyword: x}, do: [{notify: {to: desk, text: Hi}}, {handoff: desk}]}\n"
        "  - {id: b, when: {keyword: y}, do: [{notify: {to: shop, text: Hi}}, {handoff: {}}]}\n"
    )

    told = run(folder, "lint").output

    assert "rules/more.yaml:4:39: A405 on WhatsApp nobody is told: the team 'desk'" in told
    assert ": A406 on WhatsApp nobody is told of this handoff" in told
    assert told.count("A405") == told.count("A406") == 1
    assert " A4" not in run(folder, "check").output
