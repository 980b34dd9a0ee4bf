"""Rules and flows that can never win: what ranks before them catches each of their triggers."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard, TypeVar

from bot.language import triggers as t
from bot.language.conditions import Condition
from bot.language.flows import Flow
from bot.language.folding import Folded, fold_keyword, fold_word
from bot.language.parts import Word
from bot.language.patterns import Pattern
from bot.language.places import Place
from bot.language.rules import Rule
from bot.language.sections import Gathered
from bot.language.silence import is_silent
from bot.language.source import Teller

BANDS = {"wait": 0, "answer": 1, "interrupt": 2}  # who competes while a question is open
PRIORITY_OF_FLOWS = 100
MOST_HELD = 16  # rules that are kept for one keyword; the first in rank catch most
MOST_WORDS = 12  # of a phrase that are looked at
Words = tuple[str, ...]
Held = TypeVar("Held")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Speaker:
    """A rule, or a flow that triggers start, as it competes for the turn.

    Attributes:
        needs: The band from which on another competes wherever this one does.
        band: How far it competes itself while a question is open.
    """

    name: str
    triggers: tuple[t.Trigger, ...]
    conditions: tuple[Condition, ...]
    priority: int
    needs: int
    band: int
    in_handoff: bool
    is_flow: bool
    place: Place
    joins: bool = False  # speaks together with others that do


def tell_losers(gathered: Gathered, teller: Teller) -> None:
    """Tell W301."""
    rules = [(rule, _of_rule(rule)) for rule in gathered.rules if _takes_the_turn(rule)]
    flows = [
        (flow, _of_flow(flow, gathered)) for flow in gathered.flows.values()
        if flow.triggers and not flow.private
    ]  # fmt: skip
    always = [one for rule, one in rules if _always_speaks(rule)]
    always += [one for flow, one in flows if not flow.conditions and flow.reentry != "ignore"]
    catchers = _Catchers(always, gathered)
    for one in (*(one for _, one in rules), *(one for _, one in flows)):
        first = catchers.before(one)
        if first is not None and not (first.joins and one.joins):
            where = f"{first.place.file}:{first.place.line}"
            said = "the flow '{}' can never be started by its triggers" if one.is_flow else (
                "the rule '{}' can never win"
            )  # fmt: skip
            raised = "lower the other's" if one.is_flow else "raise its"
            teller.tell(one.place, "W301", f"{said.format(one.name)}: '{first.name}'"
                        f" ({where}) catches all of its triggers and ranks before it",
                        f"{raised} priority, remove it, or put an 'if' on the other")  # fmt: skip


def _of_rule(rule: Rule) -> Speaker:
    band = BANDS[rule.during_flow]
    return Speaker(
        name=rule.id, triggers=rule.triggers, conditions=rule.conditions, priority=rule.priority,
        needs=band, band=band, in_handoff=rule.during_handoff, is_flow=False, place=rule.place,
        joins=rule.joins,
    )  # fmt: skip


def _of_flow(flow: Flow, gathered: Gathered) -> Speaker:
    """A flow may also start in the middle of another one, where few rules compete."""
    others = (one for one in gathered.flows.values() if one is not flow)
    needs = BANDS["answer"] if any(one.slots for one in others) else BANDS["wait"]
    return Speaker(
        name=flow.name, triggers=flow.triggers, conditions=flow.conditions,
        priority=PRIORITY_OF_FLOWS, needs=needs, band=BANDS["wait"], in_handoff=False,
        is_flow=True, place=flow.place,
    )  # fmt: skip


def _takes_the_turn(rule: Rule) -> bool:
    return rule.enabled and not rule.goes_on and bool(rule.triggers) and not is_silent(rule)


def _always_speaks(rule: Rule) -> bool:
    return not rule.conditions and rule.cooldown is None and rule.limit is None


_HeldWord = tuple[Speaker, t.Keyword, Folded, str]
"""Who waits for a word or phrase; with `match: contains` also the letters that are looked for."""


class _Catchers:
    """Who speaks without conditions, found by what the triggers catch, the first in rank first."""

    def __init__(self, rules: list[Speaker], gathered: Gathered) -> None:
        self._folds_plainly = not gathered.substitutions
        self._by_phrase: dict[Words, list[_HeldWord]] = defaultdict(list)
        self._inside: list[_HeldWord] = []  # match: contains
        self._others: dict[Key, list[tuple[Speaker, t.Trigger]]] = defaultdict(list)
        for rule in sorted(rules, key=lambda one: (-one.priority, one.place)):
            for trigger in rule.triggers:
                self._add(rule, trigger)

    def _add(self, rule: Speaker, trigger: t.Trigger) -> None:
        if not isinstance(trigger, t.Keyword):
            for key in _keys(trigger):
                _put(self._others[key], (rule, trigger))
            return
        for word in dict.fromkeys(trigger.words):
            folded = fold_keyword(word)
            if trigger.match is t.Match.CONTAINS:
                _put(self._inside, (rule, trigger, folded, fold_word(word)))
            elif folded.words:
                _put(self._by_phrase[folded.words], (rule, trigger, folded, ""))

    def before(self, rule: Speaker) -> Speaker | None:
        """Return a rule that catches each trigger of this one first, None if there is none."""
        found: Speaker | None = None
        for trigger in rule.triggers:
            found = self._catch(rule, trigger)
            if found is None:
                return None
        return found

    def _catch(self, rule: Speaker, trigger: t.Trigger) -> Speaker | None:
        match trigger:
            case t.Keyword(words=words):
                caught = (self._catch_word(rule, trigger, word) for word in dict.fromkeys(words))
            case t.PatternTrigger(patterns=patterns):
                caught = (self._catch_pattern(rule, one) for one in patterns)
            case _:
                return self._catch_same(rule, trigger)
        found: Speaker | None = None
        for found in caught:
            if found is None:
                return None
        return found

    def _catch_same(self, rule: Speaker, trigger: t.Trigger) -> Speaker | None:
        near = (pair for key in _keys(trigger) for pair in self._others.get(key, ()))
        for other, held in near:
            if _ranks_before(other, rule, trigger) and _covers(held, trigger):
                return other
        by_text = isinstance(
            trigger, t.Intent | t.Unclear | t.Regex | t.Command | t.LanguageTrigger
        )
        return self._catch_all(rule) if by_text else None

    def _catch_word(self, rule: Speaker, trigger: t.Keyword, word: str) -> Speaker | None:
        wanted = fold_keyword(word)
        for other, held, have, needle in self._near(wanted.words):
            if not _ranks_before(other, rule) or not _allows(held, trigger):
                continue
            if not self._implied(held, have.words, needle, trigger, wanted.words):
                continue
            same = have.exact == wanted.exact and held.match is trigger.match
            if _higher(other, rule) or same:
                return other
        return self._catch_all(rule)

    def _catch_pattern(self, rule: Speaker, one: Pattern) -> Speaker | None:
        for other, _ in self._others.get(_pattern_key(one), ()):
            if _ranks_before(other, rule):
                return other
        for run in _runs(one):
            for other, kept, have, _ in self._near(run):
                if (
                    _higher(other, rule) and _ranks_before(other, rule)
                    and kept.match is t.Match.WORD and not kept.case and not kept.language
                    and _within(have.words, run)
                ):  # fmt: skip
                    return other
        return self._catch_all(rule)

    def _catch_all(self, rule: Speaker) -> Speaker | None:
        return next(
            (
                other
                for other, held in self._others.get(("event", "message.in"), ())
                if _catches_all(held) and _ranks_before(other, rule) and _higher(other, rule)
            ),
            None,
        )

    def _near(self, words: Words) -> Iterator[_HeldWord]:
        text, words = " ".join(words), words[:MOST_WORDS]
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                yield from self._by_phrase.get(words[start:end], ())
        if self._folds_plainly and self._inside:
            yield from (one for one in self._inside if one[3] in text)

    def _implied(
        self, held: t.Keyword, have: Words, needle: str, trigger: t.Keyword, wanted: Words
    ) -> bool:
        """Tell whether a message that holds the wanted words holds the others too."""
        if trigger.fuzzy:
            return held.fuzzy >= trigger.fuzzy and have == wanted and held.match is trigger.match
        whole = trigger.match is t.Match.EXACT
        match held.match:
            case t.Match.EXACT:
                return whole and have == wanted
            case t.Match.STARTS:
                starts = whole or trigger.match is t.Match.STARTS
                return starts and wanted[: len(have)] == have
            case t.Match.ENDS:
                ends = whole or trigger.match is t.Match.ENDS
                return ends and wanted[-len(have) :] == have
            case t.Match.WORD:
                return trigger.match is not t.Match.CONTAINS and _within(have, wanted)
            case t.Match.CONTAINS:
                return any(needle in word for word in wanted)


Key = tuple[str, str]


def _put(bucket: list[Held], one: Held) -> None:
    if len(bucket) < MOST_HELD:
        bucket.append(one)


def _pattern_key(pattern: Pattern) -> Key:
    return "pattern", " ".join(pattern.source.split())


def _keys(trigger: t.Trigger) -> list[Key]:
    """Return by what a trigger is found; two that share none do not catch the same."""
    match trigger:
        case t.PatternTrigger(patterns=patterns):
            return [_pattern_key(one) for one in patterns]
        case t.Regex(patterns=regexes):
            return [("regex", one.source) for one in regexes]
        case t.Intent(names=names):
            return [("intent", name) for name in names]
        case t.Command(name=name):
            return [("command", name)]
        case t.Event(name=name):
            return [("event", name)]
        case t.WebhookTrigger(name=name):
            return [("webhook", name)]
        case _:
            return [(type(trigger).__name__, "")]


def _within(have: Words, wanted: Words) -> bool:
    size = len(have)
    return bool(have) and any(
        wanted[start : start + size] == have for start in range(len(wanted) - size + 1)
    )


def _runs(pattern: Pattern) -> Iterator[Words]:
    """Yield the runs of literal words that every match of a pattern has."""
    run: list[str] = []
    for part in (*pattern.compiled, None):
        if isinstance(part, Word):
            run.append(part.text)
        elif run:
            yield tuple(run)
            run = []


def _ranks_before(other: Speaker, rule: Speaker, trigger: t.Trigger | None = None) -> bool:
    """Tell whether ``other``, where both fit equally well, is always taken before ``rule``."""
    if other is rule or not _competes(other, rule, trigger):
        return False
    if rule.in_handoff and not other.in_handoff:
        return False
    if _higher(other, rule):
        return not rule.conditions or not _speaks_elsewhere(rule)
    earlier = (other.place.file, other.place.line) < (rule.place.file, rule.place.line)
    return other.priority == rule.priority and not rule.conditions and earlier


def _competes(other: Speaker, rule: Speaker, trigger: t.Trigger | None) -> bool:
    """Tell whether ``other`` competes wherever ``rule`` does, open questions included."""
    match trigger:
        case t.Event(name=name) if name != "message.in":
            return not other.is_flow  # one that is open already does not hear it
        case t.WebhookTrigger():
            return not other.is_flow
        case t.Fallback() if rule.is_flow:
            return True  # heard only where no question is open
        case _:
            return other.band >= rule.needs or (other.is_flow and rule.is_flow)


def _higher(other: Speaker, rule: Speaker) -> bool:
    return other.priority > rule.priority


def _speaks_elsewhere(rule: Speaker) -> bool:
    """In groups a rule without `chat: group` is silent, so it catches nothing there."""
    return "ChatIs(" in repr(rule.conditions)


def _allows(held: t.Keyword, trigger: t.Keyword) -> bool:
    if held.language and held.language != trigger.language:
        return False
    return not held.case or (trigger.case and held.words == trigger.words)


def _catches_all(held: t.Trigger) -> TypeGuard[t.Event]:
    return isinstance(held, t.Event) and held.name == "message.in" and not held.where


def _covers(held: t.Trigger, trigger: t.Trigger) -> bool:  # noqa: C901, PLR0911, PLR0912 - one case a kind
    """Tell whether a trigger fits whenever another of the same kind fits."""
    match held, trigger:
        case t.Regex(), t.Regex():
            sources = {one.source for one in held.patterns}
            return all(one.source in sources for one in trigger.patterns)
        case t.Command(), t.Command():
            return held.name == trigger.name
        case t.Intent(), t.Intent():
            lower = held.least == trigger.least or (
                held.least is not None and (trigger.least or 0) >= held.least
            )
            return lower and set(trigger.names) <= set(held.names)
        case t.Unclear(), t.Unclear():
            known = not held.names or (
                bool(trigger.names) and set(trigger.names) <= set(held.names)
            )
            return known and held.margin >= trigger.margin and held.least <= trigger.least
        case t.AppealTrigger(), t.AppealTrigger():
            lower = held.least == trigger.least or (
                held.least is not None and (trigger.least or 0) >= held.least
            )
            return lower and set(trigger.kinds) <= set(held.kinds)
        case t.SentimentTrigger(), t.SentimentTrigger():
            return (
                held.label == trigger.label and held.least <= trigger.least
                and held.over <= trigger.over
            )  # fmt: skip
        case t.MediaTrigger(), t.MediaTrigger():
            return set(trigger.kinds) <= set(held.kinds)
        case t.LanguageTrigger(), t.LanguageTrigger():
            return set(trigger.codes) <= set(held.codes)
        case t.Reaction(), t.Reaction():
            return not held.emoji or (bool(trigger.emoji) and set(trigger.emoji) <= set(held.emoji))
        case t.Event(), t.Event():
            return held.name == trigger.name and not held.where
        case t.WebhookTrigger(), t.WebhookTrigger():
            return held.name == trigger.name and not held.where
        case (t.FirstMessage(), t.FirstMessage()) | (t.Fallback(), t.Fallback()):
            return True
        case t.AfterSilence(), t.AfterSilence():
            return held.duration <= trigger.duration
        case _:
            return False
