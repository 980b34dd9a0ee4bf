"""Whether a trigger fits a turn, how well, and what it captured."""

from collections.abc import Mapping
from dataclasses import field

from rapidfuzz.distance import DamerauLevenshtein

from bot.domain.data import dataclass
from bot.domain.messages import MessageKind
from bot.domain.turns import EventRaised, MessageArrived, TimerFired
from bot.domain.values import Value
from bot.engine.conditions import (
    appeal_score,
    intent_score,
    mood_holds,
    sentiment_holds,
    unclear_score,
)
from bot.engine.draft import Draft
from bot.language import triggers as t
from bot.language.folding import Folded, fold, fold_letters, fold_word
from bot.language.printing import show
from bot.language.regexes import RegexPattern
from bot.language.templates import Template

# The classes of §"Order among candidates": the smaller wins.
(COMMAND, EXACT, LITERAL, KEYWORD, WILD, REACTION, MEDIA, INTENT, APPEAL, SENTIMENT, MOOD, LANGUAGE,
 FIRST, AFTER, EVENT, FALLBACK) = range(16)  # fmt: skip
BY_TEXT = frozenset((COMMAND, EXACT, LITERAL, KEYWORD, WILD))
BY_SENTENCE = frozenset((COMMAND, EXACT, LITERAL, WILD))
WORD, CONTAINS, WHOLE = t.Match.WORD, t.Match.CONTAINS, t.Match.EXACT
"""By names of our own: a member's costs as much as a call when it is looked up."""
SHORTEST_FUZZY = 4  # letters; shorter words are not guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A trigger that fits. Bigger ``weight`` wins within a class."""

    kind: int
    weight: tuple[float, ...] = ()
    captures: Mapping[str, Value] = field(default_factory=dict)


def fits(trigger: t.Trigger, draft: Draft) -> Hit | None:
    """Return how a trigger fits the turn, None when it does not."""
    match draft.turn.event:
        case MessageArrived():
            hit = _message(trigger, draft)
        case EventRaised() as event:
            hit = _event(trigger, event, draft)
        case TimerFired(kind="silence", payload=payload):
            quiet = isinstance(trigger, t.Silence) and payload.get("quiet") == trigger.duration
            hit = Hit(kind=EVENT) if quiet else None
        case TimerFired(kind="schedule", payload=payload):
            mine = isinstance(trigger, t.Schedule) and payload.get("line") == trigger.line
            hit = Hit(kind=EVENT) if mine else None
        case _:
            hit = None
    return _completed(hit, trigger, draft) if hit is not None and trigger.captures else hit


def _message(trigger: t.Trigger, draft: Draft) -> Hit | None:  # noqa: C901, PLR0911, PLR0912
    """Return how a trigger fits a message. One case a trigger."""
    message = draft.message
    assert message is not None
    match trigger:
        case t.Keyword():
            return _keyword(trigger, draft)
        case t.PatternTrigger():
            return _pattern(trigger, draft)
        case t.Regex(patterns=patterns):
            return _regex(patterns, draft)
        case t.Command(name=name):
            return _command(name, draft)
        case t.Intent(names=names, least=least):
            score = intent_score(draft, names, least)
            return None if score is None else Hit(kind=INTENT, weight=(score,))
        case t.Unclear():
            score = unclear_score(draft, trigger)
            return None if score is None else Hit(kind=INTENT, weight=(1.0 + score,))
        case t.AppealTrigger(kinds=kinds, least=least):
            score = appeal_score(draft, kinds, least)
            return None if score is None else Hit(kind=APPEAL, weight=(score,))
        case t.SentimentTrigger(label=label, least=least, over=over):
            return Hit(kind=SENTIMENT) if sentiment_holds(draft, label, least, over) else None
        case t.MoodTrigger(below=below, above=above):
            return Hit(kind=MOOD) if mood_holds(draft, below, above) else None
        case t.LanguageTrigger(codes=codes):
            language = draft.understanding.language or ""
            known = language in codes or language.partition("-")[0] in codes
            return Hit(kind=LANGUAGE) if language and known else None
        case t.MediaTrigger(kinds=kinds):
            return Hit(kind=MEDIA) if message.kind in kinds else None
        case t.Reaction(emoji=emoji):
            return _reaction(emoji, draft)
        case t.FirstMessage():
            return Hit(kind=FIRST) if draft.turn.contact.is_new else None
        case t.AfterSilence(duration=duration):
            last = draft.turn.contact.last_seen
            long = last is not None and draft.turn.now - last >= duration
            return Hit(kind=AFTER) if long else None
        case t.Event(name="message.in", where=where):
            said = draft.names(("message",))["message"]
            return Hit(kind=EVENT) if _where(where, said, draft) else None
        case t.Event() | t.WebhookTrigger() | t.Schedule() | t.Silence() | t.Fallback():
            return None


def _completed(hit: Hit, trigger: t.Trigger, draft: Draft) -> Hit:
    fixed = {name: draft.value(value) for name, value in trigger.captures.items()}
    return Hit(kind=hit.kind, weight=hit.weight, captures={**hit.captures, **fixed})


def _event(trigger: t.Trigger, event: EventRaised, draft: Draft) -> Hit | None:
    match trigger:
        case t.Event(name=name, where=where) if name == event.name:
            pass
        case t.WebhookTrigger(name=name, where=where) if f"webhook.{name}" == event.name:
            pass
        case _:
            return None
    if not _where(where, event.data, draft):
        return None
    return Hit(kind=EVENT, captures=dict(event.data))


def _where(where: Mapping[str, Template], data: Mapping[str, Value], draft: Draft) -> bool:
    """Tell whether fields of an event say what is written, compared as text."""
    form = draft.form("iso")
    return all(
        show(_field(data, key), form) == draft.render(value, "iso") for key, value in where.items()
    )


def _field(data: Mapping[str, Value], path: str) -> Value:
    """Return a field; dots reach into what is nested."""
    found: Value = data
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _command(name: str, draft: Draft) -> Hit | None:
    """Fit ``/name``, alone or with words behind it, which are captured as ``args``."""
    first, _, rest = draft.text.strip().partition(" ")
    if first.casefold() != f"/{name}":
        return None
    captures = {"args": rest.strip()} if rest.strip() else {}
    return Hit(kind=COMMAND, weight=(1.0, float(len(first))), captures=captures)


def _keyword(trigger: t.Keyword, draft: Draft) -> Hit | None:
    if trigger.language and not _is_spoken(trigger.language, draft.language):
        return None
    folds, said = draft.compiled.index.folds, draft.folded.text
    is_whole = not trigger.fuzzy and trigger.match is not CONTAINS
    best: Hit | None = None
    for word in trigger.words:
        if is_whole and word in folds and folds[word].text not in said:
            continue  # as most are not
        hit = _one_keyword(word, trigger, draft)
        if hit is not None and (best is None or rank_of(hit) < rank_of(best)):
            best = hit
    return best


def _is_spoken(wanted: str, language: str) -> bool:
    """Tell whether a language is the one wanted; a region counts where both name one."""
    wanted, language = wanted.casefold(), language.casefold()
    if "-" in wanted and "-" in language:
        return wanted == language
    return wanted.partition("-")[0] == language.partition("-")[0]


def _one_keyword(word: str, trigger: t.Keyword, draft: Draft) -> Hit | None:
    if trigger.match is CONTAINS:
        return _contained(word, trigger, draft)
    compiled = draft.compiled
    wanted = compiled.index.folds.get(word) or fold(word, compiled.rulebook.substitutions)
    size = len(wanted.words)
    if not size:
        found = bool(word.strip()) and word.strip() in draft.text
        return Hit(kind=KEYWORD, weight=(1.0, 1.0, 1.0)) if found else None
    if not trigger.fuzzy and wanted.text not in draft.folded.text:
        return None
    accents = _accents(wanted, trigger, draft.folded)
    if accents is None:
        return None
    kind = EXACT if trigger.match is WHOLE else KEYWORD
    letters = float(len(wanted.text) - size + 1)  # its blanks aside
    return Hit(kind=kind, weight=(float(size), letters, accents))


def _accents(wanted: Folded, trigger: t.Keyword, folded: Folded) -> float | None:
    """Return how many words of a keyword are said with all their accents, None where it is not.

    Where it is said more than once, the best counts.
    """
    words, size, fuzzy = folded.words, len(wanted.words), trigger.fuzzy
    if size == 1 and trigger.match is WORD and not (fuzzy or trigger.case):
        if wanted.words[0] not in words:
            return None
        return 1.0 if wanted.exact[0] in folded.exact else 0.0
    accents = -1.0
    for start in _starts(trigger.match, len(words), size):
        here = words[start : start + size]
        if here != wanted.words and not (fuzzy and _nearly(here, wanted.words, fuzzy)):
            continue
        if trigger.case and folded.written[start : start + size] != wanted.written:
            continue
        accents = max(accents, _alike(folded.exact[start : start + size], wanted.exact))
    return accents if accents >= 0 else None


def _contained(word: str, trigger: t.Keyword, draft: Draft) -> Hit | None:
    """Fit a piece of text anywhere, inside words too."""
    text = draft.text if trigger.case else fold_word(draft.text)
    wanted = word.strip() if trigger.case else fold_word(word.strip())
    if not wanted or wanted not in text:
        return None
    accents = float(word.strip().casefold() in draft.text.casefold())
    weight = (float(len(wanted.split())), float(len(wanted.replace(" ", ""))), accents)
    return Hit(kind=KEYWORD, weight=weight)


def _starts(match: t.Match, length: int, size: int) -> range:
    """Return where in the message the words may begin."""
    if length < size:
        return range(0)
    match match:
        case t.Match.WORD | t.Match.CONTAINS:
            return range(length - size + 1)
        case t.Match.EXACT:
            return range(1) if length == size else range(0)
        case t.Match.STARTS:
            return range(1)
        case t.Match.ENDS:
            return range(length - size, length - size + 1)


def _alike(words: tuple[str, ...], wanted: tuple[str, ...]) -> float:
    """Return how many words are the wanted ones with all their accents."""
    if words == wanted:
        return float(len(words))
    return float(sum(one == two for one, two in zip(words, wanted, strict=True)))


def _nearly(words: tuple[str, ...], wanted: tuple[str, ...], edits: int) -> bool:
    """Tell whether as many words are the wanted ones but for so many typing errors each."""
    return all(near(word, meant, edits) for word, meant in zip(words, wanted, strict=True))


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
        fit = pattern.fit(draft.folded)
        if fit is None:
            continue
        weight = (float(fit.words), float(fit.letters), float(fit.accents))
        kind = WILD if pattern.has_wildcard else LITERAL
        hit = Hit(kind=kind, weight=weight, captures=dict(fit.captures))
        if best is None or rank_of(hit) < rank_of(best):
            best = hit
    return best


def rank_of(hit: Hit) -> tuple[int, tuple[float, ...]]:
    """Return what hits are ordered by: the smaller is the better."""
    return hit.kind, tuple([-part for part in hit.weight])


def _regex(patterns: tuple[RegexPattern, ...], draft: Draft) -> Hit | None:
    best: Hit | None = None
    for pattern in patterns:
        found = pattern.find(draft.text)
        if found is None:
            continue
        matched, captures = found
        words = fold(matched).words
        weight = (float(len(words)), float(sum(map(len, words))), float(len(words)))
        hit = Hit(kind=LITERAL, weight=weight, captures=dict(captures))
        if best is None or rank_of(hit) < rank_of(best):
            best = hit
    return best


def _reaction(emoji: tuple[str, ...], draft: Draft) -> Hit | None:
    message = draft.message
    if message is None or message.kind is not MessageKind.REACTION:
        return None
    put = fold_letters(message.reaction or "")
    fits = put in map(fold_letters, emoji) if emoji else bool(put)
    return Hit(kind=REACTION) if fits else None
