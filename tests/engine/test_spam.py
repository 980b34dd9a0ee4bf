"""What speaks for spam, and what never may."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contacts import Contact
from bot.domain.spam import SIGNALS, SpamRules, Written
from bot.engine.spam import has_link, is_allowed, is_stranger, weigh

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RULES = SpamRules(words=("casino", "easy money"))

texts = st.one_of(
    st.sampled_from(["ok", "buy now at https://spam.example", "Casino!", "hello there my friend"]),
    st.text(max_size=80),
)
times = st.integers(min_value=0, max_value=900)
weights = st.fixed_dictionaries(
    {name: st.floats(min_value=0, max_value=5, allow_nan=False) for name in SIGNALS}
)


@st.composite
def histories(draw, least=1):
    held = sorted(draw(st.lists(times, min_size=least, max_size=60)))
    return [Written(NOW + at * SECOND, draw(texts)) for at in held]


def heard(*said, gap=SECOND):
    return [Written(NOW + number * gap, text) for number, text in enumerate(said)]


@given(written=histories(), weights=weights, stranger=st.booleans())
def test_a_score_lies_between_nothing_and_all_weights(written, weights, stranger):
    rules = SpamRules(words=RULES.words, weights=weights)

    verdict = weigh(written, rules, is_stranger=stranger)

    assert 0 <= verdict.score <= sum(weights.values()) + 1e-9
    assert all(0 < one.score <= weights[one.name] for one in verdict.signals)
    assert weigh(written, rules, is_stranger=stranger) == verdict


@given(text=texts, weights=weights)
def test_one_message_of_somebody_known_never_scores(text, weights):
    rules = SpamRules(words=RULES.words, weights=weights)

    assert weigh([Written(NOW, text)], rules, is_stranger=False).score == 0


@given(written=histories(), before=texts, ago=times, stranger=st.booleans())
def test_a_message_before_never_takes_from_the_score(written, before, ago, stranger):
    more = [Written(written[0].at - ago * SECOND, before), *written]

    score = weigh(written, RULES, is_stranger=stranger).score
    assert weigh(more, RULES, is_stranger=stranger).score >= score


@given(written=histories())
def test_somebody_known_never_scores_above_a_stranger(written):
    known, stranger = (weigh(written, RULES, is_stranger=one).score for one in (False, True))

    assert known <= stranger


@given(written=histories(least=2))
def test_what_is_older_than_the_windows_does_not_count(written):
    last = written[-1]
    long_ago = [Written(one.at - timedelta(days=1), one.text) for one in written[:-1]]

    alone = weigh([last], RULES, is_stranger=True)
    assert weigh([*long_ago, last], RULES, is_stranger=True) == alone


@pytest.mark.parametrize(
    ("said", "stranger", "score", "why"),
    [
        (["hello"], True, 0, ""),
        ([str(n) for n in range(15)], True, 0, ""),
        ([str(n) for n in range(30)], False, 1, "30 messages within 60 s"),
        (["a text that is long"] * 3, False, 0, ""),
        (["a text that is long"] * 6, False, 1, "the same text 6 times within 10 min"),
        (["see www.spam.example"], True, 0.5, "a link from a stranger"),
        (["see www.spam.example"], False, 0, ""),
        (["The CASINO is open"], True, 1, "a blocked word"),
        (["The CASINO is open"], False, 0, ""),
        (["casino", "hello", "so much easy money!"], False, 1, "a blocked word in 2 messages"),
        (["casino", "hello"], False, 0, ""),
        (["casinos are not meant"], True, 0, ""),
        (["casino: www.spam.example"], True, 1.5, "a blocked word, a link from a stranger"),
    ],
)
def test_each_sign_has_its_score_and_its_reason(said, stranger, score, why):
    verdict = weigh(heard(*said), RULES, is_stranger=stranger)

    assert (verdict.score, verdict.why) == (pytest.approx(score), why)


def test_a_short_text_counts_as_repeated_only_within_the_short_window():
    slow = heard(*["ok"] * 8, gap=timedelta(seconds=40))

    assert weigh(slow, RULES, is_stranger=False).score == 0
    assert weigh(heard(*["ok"] * 8), RULES, is_stranger=False).score == 1


def test_files_without_words_are_a_flood_but_no_repetition():
    verdict = weigh(heard(*[""] * 30), RULES, is_stranger=False)

    assert [one.name for one in verdict.signals] == ["flood"]


@pytest.mark.parametrize(
    "text",
    ["https://a.example", "see WWW.A.EXAMPLE", "(a.example/x)", "bit.ly/3x", "a-b.co.uk/path"],
)
def test_addresses_of_the_web_are_links(text):
    assert has_link(text)


@pytest.mark.parametrize(
    "text", ["and/or", "1.5/2", "a.example", "me@a.example", "9.30h", "ok.", "a./b", ".com/x", ""]
)
def test_what_only_looks_like_one_is_none(text):
    assert not has_link(text)


def test_a_very_long_text_is_looked_through_at_once():
    assert not has_link("a." * 2_000_000)


@pytest.mark.parametrize(
    ("age", "stranger"),
    [(None, True), (timedelta(hours=23), True), (timedelta(hours=25), False)],
)
def test_somebody_is_a_stranger_for_a_day(age, stranger):
    contact = Contact(id=1, first_seen=None if age is None else NOW - age)

    assert is_stranger(contact, RULES, NOW) is stranger


def test_nobody_is_a_stranger_where_that_is_switched_off():
    rules = SpamRules(stranger=timedelta(0))

    assert not is_stranger(Contact(id=1), rules, NOW)
    assert not is_stranger(Contact(id=1, first_seen=NOW), rules, NOW)


@pytest.mark.parametrize("number", ["+55 31 8765-4321", "5531987654321"])
def test_numbers_of_the_allow_list_are_trusted_however_they_are_written(number):
    rules = SpamRules(allow=("+15550001", number))

    assert is_allowed(Contact(id=1, number="+5531987654321"), rules)
    assert not is_allowed(Contact(id=1, number="+5531987654322"), rules)
    assert not is_allowed(Contact(id=1), rules)


def test_tags_of_the_allow_list_are_trusted():
    assert is_allowed(Contact(id=1, tags=frozenset({"trusted", "vip"})), SpamRules())
    assert not is_allowed(Contact(id=1, tags=frozenset({"vip"})), SpamRules())
