"""W301: a rule that is told never to win never wins, and one that can win is not told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.turns import MessageArrived
from bot.engine.compete import possible, ranked
from bot.engine.compiled import compile_rulebook
from bot.language.flows import Flow
from bot.language.reading import read_rulebook
from tests.engine.test_index import TEXTS, TRIGGER, draft, yaml
from tests.make import message

RULE = st.fixed_dictionaries({
    "when": st.lists(TRIGGER, min_size=1, max_size=2),
    "priority": st.sampled_from(["100", "200"]),
    "if": st.sampled_from(["", "{tag: vip}", "{chat: private}"]),
    "more": st.sampled_from(["", ", cooldown: 1h", ", then: continue", ", enabled: false"]),
})  # fmt: skip


def read(rules, more=""):
    lines = "".join(
        f"  - {{id: r{number}, when: {yaml(rule['when'])}, do: {{reply: x}}, priority:"
        f" {rule['priority']}{', if: ' + rule['if'] if rule['if'] else ''}{rule['more']}}}\n"
        for number, rule in enumerate(rules)
    )
    return read_rulebook({
        "rules/a.yaml": "version: 1\nlists: {sizes: {small: [], large: [big, very big]}}\n"
        "phrases: {thing: (pizza|menu), deal: the (price|big) list}\n"
        f"rules:\n{lines or '  []'}\n{more}"
    })  # fmt: skip


@settings(max_examples=200)
@given(rules=st.lists(RULE, min_size=2, max_size=6), texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_a_rule_that_is_told_never_to_win_never_wins(rules, texts):
    book, problems = read(rules)
    losers = {one.message.split("'")[1] for one in problems if one.code == "W301"}
    compiled = compile_rulebook(book)

    for text in texts:
        now = draft(compiled, MessageArrived(message=message(text)))
        speaking = [one for one in possible(now).all if not one.goes_on]
        best = [one.what.id for one in ranked(speaking, now)][:1]
        assert not losers & set(best)


HEAD = "version: 1\nrules:\n"


def told(*rules):
    _, problems = read_rulebook(
        {"rules/a.yaml": HEAD + "".join(f"  - {{{one}}}\n" for one in rules)}
    )
    assert not [one for one in problems if one.severity == "error"], problems
    return {one.message.split("'")[1] for one in problems if one.code == "W301"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("when: {keyword: menu}", "when: {keyword: menu}"),
        ("when: {keyword: [menu, list]}", "when: [{keyword: list}, {keyword: menu}]"),
        ("when: {keyword: menu}, priority: 200", "when: {keyword: the menu, match: exact}"),
        ("when: {keyword: men, match: contains}, priority: 200", "when: {keyword: menu}"),
        ("when: {keyword: menu}, priority: 200", "when: {pattern: '[the] menu please'}"),
        ("when: {pattern: '* menu'}", "when: {pattern: '*  menu'}"),
        ("when: {regex: 'a\\d'}", "when: {regex: 'a\\d'}"),
        ("when: {intent: [buy, ask]}", "when: {intent: ask}, priority: 50"),
        ("when: {command: menu}", "when: {command: menu}"),
        ("when: {event: message.in}, priority: 900", "when: {keyword: menu}"),
        ("when: {fallback: true}", "when: {fallback: true}"),
        ("when: {media: [image, video]}", "when: {media: image}"),
        ("when: {keyword: menu}, priority: 200", "when: {keyword: menu}, if: {tag: vip}"),
    ],
)
def test_a_rule_that_another_always_precedes_is_told(first, second):
    assert told(f"id: a, {first}, do: {{reply: x}}", f"id: b, {second}, do: {{reply: y}}") == {"b"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("when: {keyword: menu}", "when: {keyword: the menu}"),  # more words rank higher
        ("when: {keyword: menu}", "when: {keyword: menu, match: exact}"),
        ("when: {keyword: menu}, if: {tag: vip}", "when: {keyword: menu}"),
        ("when: {keyword: menu}, cooldown: 1h", "when: {keyword: menu}"),
        ("when: {keyword: menu}, then: continue", "when: {keyword: menu}"),
        ("when: {keyword: menu}, enabled: false", "when: {keyword: menu}"),
        ("when: {keyword: menu}", "when: {keyword: menu}, if: {tag: vip}"),
        ("when: {keyword: menu}", "when: {keyword: menu}, during_flow: answer"),
        ("when: {keyword: menu}, priority: 200", "when: {keyword: menu}, during_handoff: true"),
        ("when: {keyword: menu}, priority: 200", "when: {keyword: menu}, if: {chat: group}"),
        ("when: {keyword: ano}", "when: {keyword: año}"),  # exact accents rank higher
        ("when: {keyword: menu, lang: es}", "when: {keyword: menu}"),
        ("when: {keyword: menu, case: true}", "when: {keyword: menu}"),
        ("when: {keyword: menu}", "when: {keyword: menu, fuzzy: 1}"),
        ("when: {keyword: menu}", "when: [{keyword: menu}, {keyword: list}]"),
        ("when: {event: message.in}", "when: {keyword: menu}"),
        ("when: {intent: ask}", "when: {keyword: menu}"),
    ],
)
def test_a_rule_that_can_win_is_not_told(first, second):
    assert told(f"id: a, {first}, do: {{reply: x}}", f"id: b, {second}, do: {{reply: y}}") == set()


def told_of(text):
    _, problems = read_rulebook({"rules/a.yaml": "version: 1\n" + text})
    assert not [one for one in problems if one.severity == "error"], problems
    return {one.message.split("'")[1] for one in problems if one.code == "W301"}


RULE_FIRST = (
    "rules: [{{id: a, {0}, do: {{reply: x}}}}]\nflows: {{b: {{{1}, steps: [{{reply: y}}]}}}}\n"
)
FLOW_FIRST = (
    "flows: {{b: {{{1}, steps: [{{reply: y}}]}}}}\nrules: [{{id: a, {0}, do: {{reply: x}}}}]\n"
)
ASKS = "  c: {when: {keyword: other}, slots: {n: {type: integer, ask: N?}}, steps: [{ask: n}]}\n"


@pytest.mark.parametrize(
    ("rule", "flow"),
    [
        ("when: {keyword: menu}", "when: {keyword: menu}"),
        ("when: {keyword: menu}, during_flow: answer", "when: {keyword: [menu, the menu]}"),
        ("when: {intent: [buy, ask]}", "when: {intent: buy}"),
        ("when: {keyword: menu}, priority: 200", "when: {keyword: menu}, if: {tag: vip}"),
        ("when: {event: paid}", "when: {event: paid}"),
        ("when: {fallback: true}", "when: {fallback: true}"),
    ],
)
def test_a_flow_that_a_rule_always_precedes_is_told(rule, flow):
    wanted = {"b"} if "the menu" not in flow else set()  # more words rank higher

    assert told_of(RULE_FIRST.format(rule, flow)) == wanted


@pytest.mark.parametrize(
    ("rule", "flow"),
    [
        ("when: {keyword: menu}, if: {tag: vip}", "when: {keyword: menu}"),
        ("when: {keyword: menu}, cooldown: 1h", "when: {keyword: menu}"),
        ("when: {keyword: menu}, then: continue", "when: {keyword: menu}"),
        ("when: {keyword: menu}", "when: [{keyword: menu}, {keyword: list}]"),
        ("when: {keyword: menu}", "when: {keyword: menu}, private: true"),
        ("when: {keyword: menu}, priority: 50", "when: {keyword: menu}"),
        ("when: {keyword: menu}, priority: 200", "when: {keyword: menu}, if: {chat: group}"),
    ],
)
def test_a_flow_that_can_start_is_not_told(rule, flow):
    assert "b" not in told_of(RULE_FIRST.format(rule, flow))


def test_in_the_middle_of_another_flow_a_rule_that_waits_is_no_rival():
    flows = "flows:\n  b: {when: {keyword: menu}, steps: [{reply: y}]}\n" + ASKS
    rule = "rules: [{{id: a, when: {{keyword: menu}}, do: {{reply: x}}{}}}]\n"

    assert told_of(rule.format("") + flows) == set()
    assert told_of(rule.format(", during_flow: answer") + flows) == {"b"}


def test_a_rule_that_a_flow_always_precedes_is_told():
    keyword = "when: {keyword: menu}"

    assert told_of(FLOW_FIRST.format(keyword, keyword)) == {"a"}
    assert told_of(FLOW_FIRST.format(keyword + ", during_flow: answer", keyword)) == set()
    assert told_of(FLOW_FIRST.format("when: {event: paid}", "when: {event: paid}")) == set()


TWO_FLOWS = """\
flows:
  a: {{when: {{keyword: menu}}, steps: [{{reply: x}}]{}}}
  b: {{when: {{keyword: menu}}, steps: [{{reply: y}}]}}
"""


def test_a_flow_that_an_earlier_flow_always_precedes_is_told():
    _, problems = read_rulebook({"rules/a.yaml": "version: 1\n" + TWO_FLOWS.format("")})

    assert [one.message for one in problems if one.code == "W301"] == [
        "the flow 'b' can never be started by its triggers: 'a' (rules/a.yaml:3) catches all of"
        " its triggers and ranks before it"
    ]
    assert told_of(TWO_FLOWS.format(", reentry: ignore")) == set()
    assert told_of(TWO_FLOWS.format(", if: {tag: vip}")) == set()


@settings(max_examples=100)
@given(
    rules=st.lists(RULE, max_size=3), flows=st.lists(st.lists(TRIGGER, min_size=1, max_size=2),
    min_size=1, max_size=3), texts=st.lists(TEXTS, min_size=1, max_size=5),
)  # fmt: skip
def test_a_flow_that_is_told_never_to_start_never_wins(rules, flows, texts):
    lines = "".join(
        f"  f{n}: {{when: {yaml(triggers)}, steps: [{{reply: x}}]}}\n"
        for n, triggers in enumerate(flows)
    )
    book, problems = read(rules, f"flows:\n{lines}")
    losers = {one.message.split("'")[1] for one in problems if one.code == "W301"}
    compiled = compile_rulebook(book)

    for text in texts:
        now = draft(compiled, MessageArrived(message=message(text)))
        speaking = [one for one in possible(now).all if isinstance(one, Flow) or not one.goes_on]
        best = ranked(speaking, now)[:1]
        assert not losers & {one.name.partition(":")[2] for one in best}
