"""Whether a trigger fits a turn, how well, and what it captured."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import DamerauLevenshtein

from bot.domain.messages import MessageKind
from bot.domain.turns import EventRaised, MessageArrived
from bot.domain.values import Value
from bot.engine.conditions import intent_score, mood_holds, sentiment_holds
from bot.engine.draft import Draft
from bot.language import triggers as t
from bot.language.folding import fold, fold_word
from bot.language.patterns import RegexPattern

# The classes of §"Order among candidates": the smaller wins.
(COMMAND, EXACT, LITERAL, KEYWORD, WILD, REACTION, MEDIA, INTENT, SENTIMENT, MOOD, LANGUAGE, FIRST,
 AFTER, EVENT, FALLBACK) = range(15)  # fmt: skip
BY_TEXT = frozenset((COMMAND, EXACT, LITERAL, KEYWORD, WILD))
SHORTEST_FUZZY = 4  # letters; shorter words are not guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A trigger that fits. Bigger ``weight`` wins within a class."""

    kind: int
    weight: tuple[float, ...] = ()
    captures: Mapping[str, Value] = field(default_factory=dict)
    trigger: t.Trigger | None = None


def fits(trigger: t.Trigger, draft: Draft) -> Hit | None:  # noqa: C901, PLR0912, PLR0915
    """Return how a trigger fits the turn, None when it does not. One case a trigger."""
    event = draft.turn.event
    if not isinstance(event, MessageArrived):
        return _event(trigger, draft) if isinstance(event, EventRaised) else None
    hit: Hit | None = None
    match trigger:
        case t.Keyword():
            hit = _keyword(trigger, draft)
        case t.PatternTrigger():
            hit = _pattern(trigger, draft)
        case t.Regex(patterns=patterns):
            hit = _regex(patterns, draft)
        case t.Command(name=name):
            first = draft.text.strip().split(maxsplit=1)[:1]
            if first and first[0].casefold() == f"/{name}":
                hit = Hit(kind=COMMAND, weight=(1.0,))
        case t.Intent(names=names, least=least):
            score = intent_score(draft, names, least)
            hit = None if score is None else Hit(kind=INTENT, weight=(score,))
        case t.SentimentTrigger(label=label, least=least, over=over):
            if sentiment_holds(draft, label, least, over):
                hit = Hit(kind=SENTIMENT)
        case t.MoodTrigger(below=below, above=above):
            hit = Hit(kind=MOOD) if mood_holds(draft, below, above) else None
        case t.LanguageTrigger(codes=codes):
            hit = Hit(kind=LANGUAGE) if draft.turn.understanding.language in codes else None
        case t.MediaTrigger(kinds=kinds):
            hit = Hit(kind=MEDIA) if draft.message and draft.message.kind in kinds else None
        case t.Reaction(emoji=emoji):
            hit = _reaction(emoji, draft)
        case t.FirstMessage():
            hit = Hit(kind=FIRST) if draft.turn.contact.is_new else None
        case t.AfterSilence(duration=duration):
            last = draft.turn.contact.last_seen
            if last is not None and draft.turn.now - last >= duration:
                hit = Hit(kind=AFTER)
        case t.Event(name="message.in"):
            hit = Hit(kind=EVENT)
        case t.Event() | t.WebhookTrigger() | t.Schedule() | t.Silence() | t.Fallback():
            hit = None
    return None if hit is None else _completed(hit, trigger, draft)


def _completed(hit: Hit, trigger: t.Trigger, draft: Draft) -> Hit:
    fixed = {name: draft.value(value) for name, value in trigger.captures.items()}
    return Hit(
        kind=hit.kind, weight=hit.weight, captures={**hit.captures, **fixed}, trigger=trigger
    )


def _event(trigger: t.Trigger, draft: Draft) -> Hit | None:
    event = draft.turn.event
    assert isinstance(event, EventRaised)
    match trigger:
        case t.Event(name=name, where=where) if name == event.name:
            pass
        case t.WebhookTrigger(name=name, where=where) if f"webhook.{name}" == event.name:
            pass
        case _:
            return None
    if any(str(event.data.get(key)) != draft.render(value) for key, value in where.items()):
        return None
    return _completed(Hit(kind=EVENT, captures=dict(event.data)), trigger, draft)


def _keyword(trigger: t.Keyword, draft: Draft) -> Hit | None:
    if trigger.language and draft.language[:2] != trigger.language[:2]:
        return None
    hits = [hit for hit in (_one_keyword(word, trigger, draft) for word in trigger.words) if hit]
    return min(hits, key=lambda hit: (hit.kind, tuple(-part for part in hit.weight)), default=None)


def _one_keyword(word: str, trigger: t.Keyword, draft: Draft) -> Hit | None:
    wanted = fold(word, draft.compiled.rulebook.substitutions)
    if trigger.match is t.Match.CONTAINS:
        found = fold_word(word) in fold_word(draft.text)
        return Hit(kind=KEYWORD, weight=(1.0, float(len(word)))) if found else None
    size = len(wanted.words)
    if not size:
        found = bool(word.strip()) and word.strip() in draft.text
        return Hit(kind=KEYWORD, weight=(1.0, 1.0)) if found else None
    words = draft.folded.words
    starts = _starts(trigger.match, len(words), size)
    for start in starts:
        if not _same(words[start : start + size], wanted.words, trigger.fuzzy):
            continue
        if trigger.case and draft.folded.written[start : start + size] != wanted.written:
            continue
        accents = float(draft.folded.exact[start : start + size] == wanted.exact)
        letters = float(sum(len(one) for one in wanted.words))
        kind = EXACT if trigger.match is t.Match.EXACT else KEYWORD
        return Hit(kind=kind, weight=(float(size), letters, accents))
    return None


def _starts(match: t.Match, length: int, size: int) -> range:
    """Return where in the message the words may begin."""
    if length < size:
        return range(0)
    match match:
        case t.Match.EXACT:
            return range(1) if length == size else range(0)
        case t.Match.STARTS:
            return range(1)
        case t.Match.ENDS:
            return range(length - size, length - size + 1)
        case t.Match.WORD | t.Match.CONTAINS:
            return range(length - size + 1)


def _same(words: tuple[str, ...], wanted: tuple[str, ...], fuzzy: int) -> bool:
    if words == wanted:
        return True
    if not fuzzy or len(words) != len(wanted):
        return False
    return all(near(word, meant, fuzzy) for word, meant in zip(words, wanted, strict=True))


def near(word: str, meant: str, edits: int) -> bool:
    """Tell whether a word is another one but for so many typing errors."""
    if word == meant:
        return True
    if len(meant) < SHORTEST_FUZZY:
        return False
    return DamerauLevenshtein.distance(word, meant, score_cutoff=edits) <= edits


def _pattern(trigger: t.PatternTrigger, draft: Draft) -> Hit | None:
    best: Hit | None = None
    for pattern in trigger.patterns:
        captures = pattern.match(draft.folded)
        if captures is None:
            continue
        kind = WILD if pattern.has_wildcard else LITERAL
        hit = Hit(kind=kind, weight=(float(pattern.literals),), captures=dict(captures))
        if best is None or (hit.kind, -hit.weight[0]) < (best.kind, -best.weight[0]):
            best = hit
    return best


def _regex(patterns: tuple[RegexPattern, ...], draft: Draft) -> Hit | None:
    for pattern in patterns:
        captures = pattern.search(draft.text)
        if captures is not None:
            return Hit(kind=LITERAL, weight=(1.0,), captures=dict(captures))
    return None


def _reaction(emoji: tuple[str, ...], draft: Draft) -> Hit | None:
    message = draft.message
    if message is None or message.kind is not MessageKind.REACTION:
        return None
    return Hit(kind=REACTION) if not emoji or message.reaction in emoji else None
