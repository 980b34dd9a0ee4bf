"""The index of the rulebook finds what trying every rule finds."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.turns import EventRaised, MessageArrived, Turn
from bot.domain.understanding import IntentScore, Understanding
from bot.engine.compete import candidate, possible, ranked
from bot.engine.compiled import compile_rulebook
from bot.engine.draft import Draft
from bot.language.reading import read_rulebook
from tests.make import ANA, NOW, message

WORDS = st.sampled_from([
    "pizza", "pizzas", "menu", "price", "list", "the", "a", "i", "want", "two", "2", "large",
    "grande", "olá", "ola", "año", "ano", "café", "cafe", "order", "#5", "no", "👍", "hello,",
    "*bold*", "don't", "¿qué?", "order-status", "/menu", "/Menu", "ﬁ", "ß", "x", "order5",
    "pizza_s", "NO", "pizza.menu",
])  # fmt: skip
TEXTS = st.lists(WORDS, max_size=7).map(" ".join) | st.text(max_size=30)
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
KEYWORD = st.builds(
    lambda words, match, fuzzy, case: {"keyword": words, "match": match, "fuzzy": fuzzy,
                                       "case": case},
    st.lists(PHRASES, min_size=1, max_size=3),
    st.sampled_from(["word", "exact", "starts", "ends", "contains"]),
    st.sampled_from(["0", "1", "2"]),
    st.sampled_from(["true", "false"]),
)  # fmt: skip
PATTERN = st.sampled_from([
    "[i want] [a] [{sizes:size}] pizza", "* pizza *", "{x}", "(menu|price list)", "{n:number} *",
    "order {_:word}", "[*] hello [*]", "[a] [b]", "<thing> [please]", "i want {n:1-9} {sizes:s}",
    "<deal> <thing>",
])  # fmt: skip
REGEX = st.sampled_from(
    [
        r"\d+",
        "(?i)PIZZA",
        "^order",
        r"caf\w",
        "",
        "(?P<x>a|b)$",
        "👍",
        r"\bno\b",
        r"(?i)\bpizzas?\b",
        r"\border ?#?\d\b",
        r"\bolá\b",
        r"(?i)\b(the|want) [2a]",
    ]
)
TRIGGER = (
    KEYWORD
    | PATTERN.map(lambda one: {"pattern": one})
    | REGEX.map(lambda one: {"regex": one or "x?"})
    | st.sampled_from([
        {"command": "menu"}, {"intent": ["buy", "ask"]}, {"language": "es"}, {"media": "image"},
        {"event": "message.in"}, {"event": "paid"}, {"webhook": "paid"}, {"reaction": "any"},
        {"first_message": "true"}, {"fallback": "true"}, {"sentiment": "negative"},
    ])
)  # fmt: skip


def yaml(value):
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {yaml(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(yaml(one) for one in value) + "]"
        case _:
            return "'" + value.replace("'", "''") + "'"


def book(whens, substitutions=""):
    rules = "".join(
        f"  - {{id: r{number}, when: {yaml(when)}, do: {{reply: x}}}}\n"
        for number, when in enumerate(whens)
    )
    found, problems = read_rulebook({
        "rules/a.yaml": "version: 1\nlists: {sizes: {small: [], large: [big, very big]}}\n"
        "phrases: {thing: (pizza|menu), deal: the (price|big) list}\n"
        f"{substitutions}rules:\n{rules}"
    })  # fmt: skip
    assert found is not None, [str(problem) for problem in problems]
    return compile_rulebook(found)


def draft(compiled, event, understanding=None):
    turn = Turn(
        event=event, contact=Contact(id=1, number="+5511987654321"),
        conversation=Conversation(chat=ANA), lead=None, now=NOW, seed=1, cause="A1",
        understanding=understanding or Understanding(),
    )  # fmt: skip
    return Draft(turn, compiled)


def both(compiled, event, understanding=None):
    one, two = draft(compiled, event, understanding), draft(compiled, event, understanding)
    everything = [*compiled.rulebook.rules, *compiled.rulebook.flows.values()]
    tried = [found for what in everything if (found := candidate(what, one)) is not None]
    return ranked(possible(two).all, two), sorted(tried, key=lambda found: found.rank)


@settings(max_examples=300)
@given(
    whens=st.lists(st.lists(TRIGGER, min_size=1, max_size=3), min_size=1, max_size=8),
    text=TEXTS,
    substituted=st.booleans(),
)
def test_the_index_finds_what_trying_all_finds(whens, text, substituted):
    compiled = book(whens, "substitutions: {x: price list, ola: menu}\n" if substituted else "")
    understanding = Understanding(
        intents=(IntentScore(name="ask", score=0.9, accepted=True),), language="es"
    )

    found, tried = both(compiled, MessageArrived(message=message(text)), understanding)

    assert found == tried


@given(whens=st.lists(st.lists(TRIGGER, min_size=1, max_size=2), min_size=1, max_size=6))
@settings(max_examples=50)
def test_events_find_what_trying_all_finds(whens):
    for name in ("paid", "webhook.paid", "message.in", "other"):
        found, tried = both(book(whens), EventRaised(name=name, data={}))

        assert found == tried


@pytest.mark.parametrize(
    ("keyword", "text", "fits"),
    [
        ("restaurant", "a restaurnat please", True),
        ("restaurant", "a restrant please", True),
        ("restaurant", "a rstrnt please", False),
        ("café", "CAFE", True),
        ("menu", "men", False),
    ],
)
def test_typing_errors_are_found_through_the_index(keyword, text, fits):
    compiled = book([{"keyword": keyword, "fuzzy": "2"}] if keyword != "menu" else
                    [{"keyword": keyword, "fuzzy": "0"}])  # fmt: skip

    found, tried = both(compiled, MessageArrived(message=message(text)))

    assert found == tried
    assert bool(found) is fits


def test_thousands_of_rules_leave_few_to_try():
    compiled = book([{"keyword": f"word{number} thing"} for number in range(2_000)])
    arrived = MessageArrived(message=message("the word77 thing, and no other thing"))

    found = possible(draft(compiled, arrived)).all

    assert [rule.id for rule in found] == ["r77"]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("the thing", []),
        ("the order 5", ["number"]),
        ("a red pizza", ["pattern"]),
        ("a pizza", []),
        ("a blue5 pizza", ["pattern"]),
        ("my order", []),
    ],
)
def test_what_lacks_a_digit_or_the_second_word_is_not_tried(text, fits):
    found, _ = read_rulebook({
        "rules/a.yaml": "version: 1\nrules:\n"
        "  - {id: number, when: {regex: '\\border #?\\d+'}, do: {reply: x}}\n"
        "  - {id: pattern, when: {pattern: '* (red|blue) [{n:number}] pizza'}, do: {reply: x}}\n"
    })  # fmt: skip
    assert found is not None
    arrived = MessageArrived(message=message(text))

    tried = possible(draft(compile_rulebook(found), arrived)).all

    assert [rule.id for rule in tried] == fits


def test_more_expressions_than_one_set_takes_are_all_found(monkeypatch):
    monkeypatch.setattr("bot.engine.needles.SET_SIZE", 500)
    compiled = book([{"regex": f"order {number}x"} for number in range(1_200)])
    arrived = MessageArrived(message=message("order 3x, order 1100x"))

    assert [rule.id for rule in possible(draft(compiled, arrived)).all] == ["r3", "r1100"]


def test_expressions_too_large_for_one_set_are_split(monkeypatch):
    monkeypatch.setattr("bot.engine.needles.LEAST_MEMORY", 30_000)
    monkeypatch.setattr("bot.engine.needles.MEMORY_EACH", 0)
    compiled = book([{"regex": f"order {number}x"} for number in range(400)])
    arrived = MessageArrived(message=message("order 3x, order 399x"))

    found = [rule.id for rule in possible(draft(compiled, arrived)).all]

    assert {"r3", "r399"} <= set(found)


def test_exact_accents_win_over_folded_ones():
    compiled = book([{"keyword": "ano"}, {"keyword": "año"}])

    for text in ("ano", "año"):
        now = draft(compiled, MessageArrived(message=message(text)))
        best = ranked(possible(now).all, now)[0].what
        assert best.triggers[0].words == (text,)


def test_a_rule_that_is_switched_off_is_not_found():
    compiled = book([{"keyword": "menu"}])
    off = replace(compiled.rulebook, rules=tuple(
        replace(rule, enabled=False) for rule in compiled.rulebook.rules))  # fmt: skip

    assert not possible(draft(compile_rulebook(off), MessageArrived(message=message("menu")))).all
