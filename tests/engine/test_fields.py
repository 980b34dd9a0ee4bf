"""What steps set of the contact is of the declared type, or stays as it was."""

from dataclasses import replace

import pytest

from tests.engine.talk import Talk

RULES = """\
fields:
  points: {type: integer, default: 0, max: 100}
  plan: {type: choice, choices: {gold: [ouro], silver: []}}
rules:
  - {id: plan, when: {pattern: "plan {said}"}, do: [{set: {contact.plan: $(said)}}, {reply: ok}]}
  - {id: more, when: {keyword: more}, do: [{set: {contact.points: $(contact.points + 40)}}]}
  - {id: none, when: {keyword: none}, do: [{unset: contact.points}]}
"""


@pytest.mark.parametrize(
    ("said", "plan", "errors"),
    [
        ("plan Ouro", "gold", []),
        ("plan bronze", None, ["contact.plan is not set: 'bronze' is no choice of this field;"
                               " one of: gold, silver"]),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_told_and_the_talk_goes_on(said, plan, errors):
    talk = Talk(RULES)

    assert talk.user(said) == ["ok"]
    assert talk.contact.fields.get("plan") == plan
    assert list(talk.decision.errors) == errors


def test_a_bound_holds_whatever_is_reckoned():
    talk = Talk(RULES)
    for _ in range(3):
        talk.user("more")

    assert talk.contact.fields == {"points": 80}
    talk.user("none")
    assert talk.contact.fields == {}


def test_a_rule_asks_for_a_segment():
    talk = Talk(
        "segments: {gold: [{tag: gold}, contact.points >= 3], any: {segment: [gold, none]},"
        " none: {tag: none}}\nfields: {points: {type: integer, default: 3}}\n"
        "rules: [{id: a, when: {keyword: hi}, if: {segment: any}, do: {reply: hello}}]"
    )

    assert talk.user("hi") == []
    talk.contact = replace(talk.contact, tags=frozenset(["gold"]))
    assert talk.user("hi") == ["hello"]
