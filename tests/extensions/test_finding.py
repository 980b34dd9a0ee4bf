"""What `alexia check` tells of extensions, and what a reload remembers of them."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.extensions import find_actions

CRM = """\
from bot.sdk import Turn, Value, action

@action("crm.push")
async def push(turn: Turn, *, pipeline: str, value: int = 0, hot: bool | None = None) -> Value:
    return value
"""
RULES = """\
version: 1
rules:
  - id: a
    when: {keyword: hi}
    do:
      - run: crm.push
        with: {pipeline: sales}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").touch()
    for name in ("rules", "extensions"):
        (tmp_path / name).mkdir()
    (tmp_path / "extensions" / "crm.py").write_text(CRM)
    (tmp_path / "rules" / "a.yaml").write_text(RULES)
    return tmp_path


def told(folder):
    done = CliRunner().invoke(main, ["check", "--json", "--config", str(folder)])
    return [
        f"{one['file']}:{one['line']}:{one['column']}: {one['code']} {one['message']}"
        f" ({one['help']})"
        for one in json.loads(done.stdout)["problems"]
    ]


def test_arguments_that_an_action_takes_are_fine(folder):
    assert told(folder) == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (
            "{pipline: sales, pipeline: x}",
            "rules/a.yaml:7:16: E101 'crm.push' takes no 'pipline' (did you mean 'pipeline'?)",
        ),
        (
            "{pipeline: sales, value: many}",
            "rules/a.yaml:7:40: E104 'many' is not a whole number"
            " ('crm.push' takes value as a whole number)",
        ),
        (
            "{pipeline: sales, hot: maybe}",
            "rules/a.yaml:7:38: E104 'maybe' is not true/false"
            " ('crm.push' takes hot as true/false)",
        ),
        (
            "{value: 1}",
            "rules/a.yaml:6:14: E102 'pipeline' is missing ('crm.push' needs it under with:)",
        ),
    ],
)
def test_a_wrong_argument_is_told_at_its_place(folder, arguments, problem):
    (folder / "rules" / "a.yaml").write_text(RULES.replace("{pipeline: sales}", arguments))

    assert told(folder) == [problem]


@pytest.mark.parametrize("arguments", ["{pipeline: $(message.text), value: $(1 + 1), hot: none}"])
def test_what_is_worked_out_later_may_be_anything(folder, arguments):
    (folder / "rules" / "a.yaml").write_text(RULES.replace("{pipeline: sales}", arguments))

    assert told(folder) == []


def test_an_unknown_action_is_told_with_the_nearest(folder):
    (folder / "rules" / "a.yaml").write_text(RULES.replace("crm.push", "crm.pusch"))

    assert told(folder) == [
        "rules/a.yaml:6:14: E210 there is no action 'crm.pusch' (did you mean 'crm.push'?)"
    ]


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("def f(:\n", "1:7: E001 not valid Python: invalid syntax"),
        ("x = 1\ny = x / 0\n", "2:5: E001 cannot be run: ZeroDivisionError: division by zero"),
        ("import nothing_of_this_name\n", "1:1: E001 cannot be run: ModuleNotFoundError"),
        ("import sys\nsys.exit(3)\n", "2:1: E001 cannot be run: SystemExit: 3"),
        (
            "from bot.sdk import action\n@action('x')\ndef f(*, a: str): ...\n",
            "2:1: E104 the action 'x' cannot be called: its first parameter is the turn",
        ),
        (
            "from bot.sdk import action\n@action('crm.push')\ndef f(turn): ...\n",
            "2:1: E203 two actions are called 'crm.push'",
        ),
    ],
)
def test_a_broken_extension_is_a_problem_at_its_place(folder, code, place):
    (folder / "extensions" / "other.py").write_text(code)

    problems = told(folder)

    assert len(problems) == 1
    assert problems[0].startswith(f"extensions/other.py:{place}")


def test_each_look_forgets_what_was_removed_within_the_same_second(folder):
    assert set(find_actions(folder).actions) == {"crm.push"}

    (folder / "extensions" / "crm.py").write_text(CRM.replace("crm.push", "crm.pull"))

    assert set(find_actions(folder).actions) == {"crm.pull"}


def test_one_file_may_import_another(folder):
    (folder / "extensions" / "other.py").write_text("from .crm import push\nalso = push\n")

    found = find_actions(folder)

    assert (set(found.actions), found.problems) == ({"crm.push"}, ())


def test_a_folder_without_extensions_has_no_actions(tmp_path):
    assert find_actions(tmp_path).signatures == {}


def test_a_file_knows_where_it_lies_and_leaves_nothing_beside_it(folder):
    path = folder / "extensions" / "crm.py"
    path.write_text(CRM + f"assert __file__ == {str(path)!r}\n")

    assert find_actions(folder).problems == ()
    assert [one.name for one in path.parent.iterdir()] == ["crm.py"]
