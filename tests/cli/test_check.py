"""`alexia check`: what is wrong, where, and the exit code."""

import json

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
        "0 errors, 0 warnings in 1 files; 2 rules, 0 flows\n",
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


def test_a_path_that_does_not_exist_is_wrong_usage(folder):
    assert run(folder, "check", str(folder / "gone")).exit_code == 2
