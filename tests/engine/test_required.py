"""The words that an expression requires are spelt by every text in which it occurs."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.required import required_of, runs_of
from bot.language.patterns import PatternBroken
from bot.language.regexes import parse_regex

PIECES = st.sampled_from([
    r"\b", "^", "$", "a", "no", "order", "s", "s?", "k", "(a|no)", "(?:a|k)?", "(?P<n>no)s?",
    r"\s*", r"\s", " ", " ?", "#?", r"\d{4,8}", r"\d+", r"\d*", r"\d{0,3}", "[0-9]+", "[ .-]?",
    r"\.", ".", ".*", r"\w", r"\w+", "[a-z]", "[^a-z]?", "é", "_", "-", "(no )", "(no )?", "(a",
    ")", ")?", "|", "a{2}", r"\S", r"\B", "[[:alpha:]]", "{,2}", r"\A", r"\z", r"\pL", "+", "()",
])  # fmt: skip
EXPRESSIONS = st.builds(
    lambda flags, pieces: flags + "".join(pieces),
    st.sampled_from(["", "(?i)", "(?im)", "(?s)"]),
    st.lists(PIECES, min_size=1, max_size=7),
)
SAID = st.sampled_from([
    "a", "A", "no", "No", "order", "orders", "ORDER", "s", "\u017f", "k", "\u212a", " ", "  ", "#",
    "7", "1234", ".", "-", "_", "é", "\u0130", "ß", "\u0301", "\n", "!", "{,2}",
])  # fmt: skip
TEXTS = st.lists(SAID, max_size=8).map("".join)


def found_in(expression, text):
    try:
        return parse_regex(expression).search(text) is not None
    except PatternBroken:
        return False


@settings(max_examples=400)
@given(expression=EXPRESSIONS, text=TEXTS)
def test_where_an_expression_occurs_a_word_of_each_way_is_spelt(expression, text):
    required = required_of(expression)

    ways = required.ways if required is not None and found_in(expression, text) else ()
    spelt = set(runs_of(text))
    assert [way for way in ways if way.isdisjoint(spelt)] == []


@settings(max_examples=400)
@given(expression=EXPRESSIONS, text=TEXTS)
def test_where_an_expression_that_needs_a_digit_occurs_there_is_one(expression, text):
    required = required_of(expression)

    needs_digit = required is not None and required.has_digit and found_in(expression, text)
    assert not needs_digit or set(text) & set("0123456789")


@pytest.mark.parametrize(
    ("expression", "needed"),
    [
        (r"(?i)\border\s*#?(?P<n>\d{4,8})\b", True),
        (r"\border [0-9]", True),
        (r"\border 7", True),
        (r"\border\b\d*", False),
        (r"\border [\d.]", False),
        (r"\border #", False),
    ],
)
def test_a_digit_is_needed_where_it_cannot_be_left_out(expression, needed):
    required = required_of(expression)

    assert required is not None
    assert required.has_digit is needed


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (r"(?i)\border\s*#?(?P<n>\d{4,8})\b", {"order"}),
        (r"\bOrders? \d+", {"order", "orders"}),
        (r"(?i)\b(price|cost)s?\b", {"price", "prices", "cost", "costs"}),
        (r".*\bfoo(?:bar)?\b.*", {"foo", "foobar"}),
        (r"^\s*([0-9]+ ?kg)[ .]*$", {"kg"}),
        (r"\bcafé\b|x", None),
        (r"order", None),
        (r"\border", None),
        (r"orders? \d+", None),
        (r"\b(?:a)?\b", None),
        (r"\bno( thanks)?\b", None),
        (r"\b(abc)+\b", None),
        (r"\b(" + "a?" * 5 + r"b)\b", None),
        (r"\bfoo\b)", None),
        (r"(\bfoo\b", None),
        (r"\bfoo\b(?i:x)", None),
        (r"\bfoo\b[[:digit:]]", None),
        (r"\b*foo\b", None),
    ],
)
def test_of_what_is_in_doubt_nothing_is_required(expression, words):
    required = required_of(expression)

    assert (required and required.ways) == (words and (frozenset(words),))


def test_no_other_sign_becomes_a_letter():
    signs = "".join(map(chr, range(128, sys.maxunicode + 1))).encode("utf-8", "ignore").decode()

    assert runs_of(signs) == ["s", "k"]
