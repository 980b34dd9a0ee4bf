"""What `alexia doctor` says of the rule files."""

import pytest

from bot.cli.doctor_rules import rule_findings
from bot.config import load_config

RULE = "rules: [{id: a, when: {keyword: hi}, do: {handoff: {team: shop}}}]\n"
NUMBER = 'teams: {shop: [{name: Bea, number: "+5511912345678"}]}\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").touch()
    for name in ("rules", "flows"):
        (tmp_path / name).mkdir()
    return tmp_path


def told(folder, rules, config=""):
    (folder / "rules" / "a.yaml").write_text(f"version: 1\n{rules}")
    (folder / "config.yaml").write_text(config)
    return [
        (one.name, one.ok, one.said, one.remedy)
        for one in rule_findings(load_config(folder / "config.yaml", {}))
    ]


def test_whole_rules_are_counted(folder):
    assert told(folder, NUMBER + RULE) == [("rules", True, "1 rule, 0 flows", "")]


def test_broken_rules_are_told_with_their_place(folder):
    ((name, ok, said, remedy),) = told(folder, NUMBER + RULE.replace("team", "taem"))

    assert (name, ok, said) == ("rules", False, "mistakes, such as at rules/a.yaml:3:53")
    assert remedy.startswith("`alexia check` tells all")


def test_a_team_that_nobody_tells_anything_is_named(folder):
    _, (name, ok, said, remedy) = told(folder, "teams: [shop]\n" + RULE)

    assert (name, ok) == ("teams", False)
    assert said == "nobody is told of what is handed to shop: no member has a number"
    assert remedy == 'such as  teams: {shop: [{name: Bea, number: "+5511912345678"}]}'


def test_where_a_webhook_hears_of_handoffs_a_team_may_be_a_name(folder):
    hook = "webhooks: [{url: 'https://example.com/hook'}]\n"

    assert len(told(folder, "teams: [shop]\n" + RULE, hook)) == 1
