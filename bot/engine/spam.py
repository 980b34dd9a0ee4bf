"""How much what somebody wrote looks like spam. Pure: the same messages give the same score."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.contacts import Contact
from bot.domain.numbers import variants
from bot.domain.spam import FLOOD, LINK, REPEAT, WORD, Signal, SpamRules, Verdict, Written
from bot.engine.owned import texts_of
from bot.language.folding import fold

SHORT_TEXT = 12  # letters; a shorter text ("ok", "yes") is repeated by people too


def weigh(written: Sequence[Written], rules: SpamRules, *, is_stranger: bool) -> Verdict:
    """Return what speaks for spam in the last of these messages of one person.

    A single message of somebody who is no stranger never scores, whatever it says.

    Args:
        written: Oldest first, at least one; what is older than the windows does not count.
    """
    found = [measure(written, rules, is_stranger) for measure in _MEASURES]
    return Verdict(signals=tuple(one for one in found if one is not None and one.score > 0))


def is_stranger(contact: Contact, rules: SpamRules, now: datetime) -> bool:
    """Tell whether somebody is too new to be trusted with links and blocked words."""
    if contact.first_seen is None:
        return rules.stranger > timedelta(0)
    return now - contact.first_seen < rules.stranger


def is_allowed(contact: Contact, rules: SpamRules) -> bool:
    """Tell whether the owner trusts somebody, by number or by tag."""
    if not contact.tags.isdisjoint(rules.allow_tags):
        return True
    forms = {_digits(form) for form in variants(contact.number)} if contact.number else set()
    return any(_digits(number) in forms for number in rules.allow)


def has_link(text: str) -> bool:
    """Tell whether a text holds an address of the web."""
    return any(_is_link(word) for word in text.casefold().split())


def _is_link(word: str) -> bool:
    if "://" in word or word.startswith("www."):
        return True
    host, slash, _ = word.lstrip("(<[\"'").partition("/")
    name, dot, top = host.rpartition(".")
    return bool(slash and dot and name) and len(top) >= 2 and top.isalpha()


def _flood(written: Sequence[Written], rules: SpamRules, _: bool) -> Signal | None:
    count = len(_within(written, rules.window))
    why = f"{count} messages within {_span(rules.window)}"
    return _signal(FLOOD, _beyond(count, rules.messages), why, rules)


def _repeat(written: Sequence[Written], rules: SpamRules, _: bool) -> Signal | None:
    said = fold(written[-1].text).text
    if not said:
        return None
    window = rules.repeat_window if len(said) >= SHORT_TEXT else rules.window
    count = sum(fold(one.text).text == said for one in _within(written, window))
    why = f"the same text {count} times within {_span(window)}"
    return _signal(REPEAT, _beyond(count, rules.repeats), why, rules)


def _link(written: Sequence[Written], rules: SpamRules, is_stranger: bool) -> Signal | None:
    if not is_stranger or not has_link(written[-1].text):
        return None
    return _signal(LINK, 1.0, "a link from a stranger", rules)


def _word(written: Sequence[Written], rules: SpamRules, is_stranger: bool) -> Signal | None:
    if not rules.words or not _says_blocked(written[-1].text, rules):
        return None
    count = sum(_says_blocked(one.text, rules) for one in _within(written, rules.repeat_window))
    if count < 2 and not is_stranger:
        return None
    why = "a blocked word" if count == 1 else f"a blocked word in {count} messages"
    return _signal(WORD, 1.0, why, rules)


_MEASURES: tuple[Callable[[Sequence[Written], SpamRules, bool], Signal | None], ...] = (
    _flood, _repeat, _link, _word,
)  # fmt: skip


def _signal(name: str, degree: float, why: str, rules: SpamRules) -> Signal:
    return Signal(name=name, score=degree * rules.weights.get(name, 0.0), why=why)


def _beyond(count: int, usual: int) -> float:
    """Return 0 up to what is usual, 1 at twice as much and above, in between in proportion."""
    return min(1.0, max(0.0, (count - usual) / max(usual, 1)))


def _within(written: Sequence[Written], window: timedelta) -> list[Written]:
    since = written[-1].at - window
    return [one for one in written if one.at >= since]


def _says_blocked(text: str, rules: SpamRules) -> bool:
    said = f" {fold(text).text} "
    return any(f" {word} " in said for word in texts_of(rules.words) if word)


def _digits(number: str) -> str:
    return "".join(letter for letter in number if letter.isdecimal())


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    return f"{seconds // 60} min" if seconds >= 120 else f"{seconds} s"
