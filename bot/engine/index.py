"""Which rules and flow starts can fit a message at all, found without looking at the others.

Built with the rulebook. What it leaves out cannot fit; what it gives is still tried in full, so the
answer is that of trying all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from bot.domain.messages import Message, MessageKind
from bot.domain.turns import EventRaised, MessageArrived, TimerFired, TurnEvent
from bot.domain.understanding import Understanding
from bot.engine.gates import Anchors, anchors_of
from bot.engine.needles import Needles
from bot.engine.required import required_of, runs_of
from bot.language import triggers as t
from bot.language.flows import Flow
from bot.language.folding import Folded, fold, fold_letters, fold_word, is_mixed, pieces
from bot.language.rules import Rule

What = Rule | Flow
SCHEDULE = "schedule"  # the event of a schedule
SHORTEST_FUZZY = 4  # letters; shorter words are not guessed
PAIR = 2  # words that stand together
ANYWHERE, START, END, ALL = range(4)  # where a phrase must stand
WHERE = {t.Match.WORD: ANYWHERE, t.Match.STARTS: START, t.Match.ENDS: END, t.Match.EXACT: ALL}
Phrase = tuple[int, str, int]  # whose; its folded words between blanks; where it must stand


UNCLEAR = ""  # the name under which triggers are kept that wait for the models to waver

Heard = tuple[tuple[int, ...], tuple[Phrase, ...]]
"""Whom some words make possible alone, and who needs more beside them."""

Entry = tuple[tuple[int, ...], tuple[Phrase, ...], Mapping[str, Heard]]
"""What a folded word leads to: as `Heard`, and by the word that follows it."""


@dataclass(slots=True)
class _Growing:
    """An entry while the index is built."""

    alone: list[int] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    followed: dict[str, tuple[list[int], list[Phrase]]] = field(default_factory=dict)

    def closed(self) -> Entry:
        """Return the entry as small as it can be: of most words there is little to say."""
        followed = {
            word: (tuple(alone), tuple(phrases)) for word, (alone, phrases) in self.followed.items()
        }
        return tuple(self.alone), tuple(self.phrases), followed or NOBODY


NOBODY: Mapping[str, Heard] = {}
NOTHING: Entry = ((), (), NOBODY)


@dataclass(slots=True)
class Index:
    """Positions of rules and flows by what a message must have for them to fit."""

    whats: tuple[What, ...] = ()
    folds: dict[str, Folded] = field(default_factory=dict)  # keyword to its words
    words: dict[str, Entry] = field(default_factory=dict)
    typos: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    most_typos: int = 0
    named: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    always: list[int] = field(default_factory=list)
    inside: Needles = field(default_factory=Needles)  # folded, `match: contains`
    signs: Needles = field(default_factory=Needles)  # keywords without any word, such as emoji
    regexes: Needles = field(default_factory=Needles)  # that any text may fit
    spelt: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Expressions by a word that a text must spell, letter by letter."""
    as_written: bool = True  # no words are put in place of others
    reads_letters: bool = False  # there are needles of any kind

    def possible(
        self, event: TurnEvent, text: str, folded: Folded, understanding: Understanding
    ) -> tuple[What, ...]:
        """Return what can fit, in the order of the rulebook.

        Args:
            text: What is heard in the event, which may be another text than its message's.
            folded: The same, folded.
            understanding: What the models read in it.
        """
        if isinstance(event, MessageArrived):
            found = self._by_words(folded)
            if self.spelt and not self._is_plain(text, folded):
                self._by_spelling(text, found)
            if self.reads_letters:
                self._by_letters(text, found)
            if self.named:
                self._by_message(text, understanding, event.message, found)
        elif isinstance(event, EventRaised):
            found = set(self.named.get(("event", event.name), ()))
        elif isinstance(event, TimerFired):
            found = set(self.named.get(("timer", event.kind), ()))
        else:
            return ()
        if not found:
            return ()
        whats = self.whats
        return tuple([whats[position] for position in sorted(found)])

    def _by_words(self, folded: Folded) -> set[int]:
        found = set(self.always)
        known, words = self.words.get, folded.words
        tried: list[Phrase] = []
        for word, after in pairwise((*words, "")):
            entry = known(word)
            if entry is None:
                if (word[0].isdigit() or word[-1].isdigit()) and is_mixed(word):  # such as 5kg
                    for piece in pieces(word):
                        found.update(known(piece, NOTHING)[0])
                continue
            alone, phrases, followed = entry
            if alone:
                found.update(alone)
            if phrases:
                tried += phrases
            if followed and (heard := followed.get(after)):
                found.update(heard[0])
                tried += heard[1]
        if tried:
            found.update(_standing(tried, f" {folded.text} "))
        if self.most_typos:
            self._by_typos(words, found)
        return found

    def _is_plain(self, text: str, folded: Folded) -> bool:
        """Tell whether the folded words are just what the text spells, as most texts' are."""
        return self.as_written and text.isascii() and folded.text.replace(" ", "").isalpha()

    def _by_spelling(self, text: str, found: set[int]) -> None:
        for run in runs_of(text):
            found.update(self.spelt.get(run, ()))

    def _by_typos(self, words: Iterable[str], found: set[int]) -> None:
        for word in words:
            for variant in _variants(word, self.most_typos):
                found.update(self.typos.get(variant, ()))

    def _by_letters(self, text: str, found: set[int]) -> None:
        if self.inside.is_any:
            found.update(self.inside.found(fold_letters(text)))
        if self.signs.is_any:
            found.update(self.signs.found(text))
        if self.regexes.is_any:
            found.update(self.regexes.found(text))

    def _by_message(
        self, text: str, understanding: Understanding, message: Message, found: set[int]
    ) -> None:
        if understanding.intents:
            found.update(self.named.get(("intent", understanding.intents[0].name), ()))
            found.update(self.named.get(("intent", UNCLEAR), ()))
        if understanding.language is not None:
            language = understanding.language
            found.update(self.named.get(("language", language), ()))
            found.update(self.named.get(("language", language.partition("-")[0]), ()))
        found.update(self.named.get(("kind", message.kind.value), ()))
        if text.lstrip()[:1] == "/":
            name = text.strip().partition(" ")[0]
            found.update(self.named.get(("command", name[1:].casefold()), ()))


def build_index(whats: Iterable[What], substitutions: Mapping[str, str]) -> Index:
    """Return the index of rules and flows that compete; those switched off never do."""
    competing = tuple(
        what for what in whats
        if (what.enabled if isinstance(what, Rule) else not what.private)
    )  # fmt: skip
    return _Builder(competing, substitutions).build()


class _Builder:
    def __init__(self, whats: tuple[What, ...], substitutions: Mapping[str, str]) -> None:
        self._index = Index(whats=whats, as_written=not substitutions)
        self._substitutions = substitutions
        self._phrases: list[tuple[int, Folded, t.Keyword]] = []
        self._anchored: list[tuple[int, Anchors]] = []
        self._spelt: list[tuple[int, Anchors]] = []
        self._entries: dict[str, _Growing] = defaultdict(_Growing)

    def build(self) -> Index:
        for position, what in enumerate(self._index.whats):
            for trigger in what.triggers:
                self._add(position, trigger)
        frequency = Counter(word for _, folded, _ in self._phrases for word in folded.words)
        pairs = Counter(pair for _, folded, _ in self._phrases for pair in pairwise(folded.words))
        for position, folded, trigger in self._phrases:
            self._place(position, folded, trigger, pairs)
        for position, anchors in self._anchored:
            for word in anchors.best(frequency):
                self._entries[word].alone.append(position)
        for position, anchors in self._spelt:
            for word in anchors.best(frequency):
                self._entries[word].alone.append(position)
                self._index.spelt[word].append(position)
        self._index.words.update({word: one.closed() for word, one in self._entries.items()})
        needles = (self._index.inside, self._index.signs, self._index.regexes)
        for one in needles:
            one.close()
        self._index.reads_letters = any(one.is_any for one in needles)
        return self._index

    def _add(self, position: int, trigger: t.Trigger) -> None:  # noqa: C901, PLR0912, PLR0915 - one case a trigger
        index = self._index
        match trigger:
            case t.Keyword():
                self._add_keyword(position, trigger)
            case t.PatternTrigger(patterns=patterns):
                for pattern in patterns:
                    anchors = anchors_of(pattern.compiled)
                    if anchors is None:
                        index.always.append(position)
                    else:
                        self._anchored.append((position, anchors))
            case t.Regex(patterns=regexes):
                for regex in regexes:
                    anchors = required_of(regex.compiled.pattern)
                    if anchors is None:
                        index.regexes.add(position, regex.compiled.pattern)
                    else:
                        self._spelt.append((position, anchors))
            case t.Command(name=name):
                index.named["command", name].append(position)
            case t.Intent(names=names):
                for name in names:
                    index.named["intent", name].append(position)
            case t.Unclear():
                index.named["intent", UNCLEAR].append(position)
            case t.LanguageTrigger(codes=codes):
                for code in codes:
                    index.named["language", code].append(position)
            case t.MediaTrigger(kinds=kinds):
                for kind in kinds:
                    index.named["kind", kind].append(position)
            case t.Reaction():
                index.named["kind", MessageKind.REACTION.value].append(position)
            case t.Event(name=name):
                index.named["event", name].append(position)
                if name == "message.in":
                    index.always.append(position)
            case t.WebhookTrigger(name=name):
                index.named["event", f"webhook.{name}"].append(position)
            case t.Schedule():
                index.named["timer", SCHEDULE].append(position)
            case t.Silence():
                index.named["timer", "silence"].append(position)
            case t.Fallback():
                pass
            case t.SentimentTrigger() | t.MoodTrigger() | t.FirstMessage() | t.AfterSilence():
                index.always.append(position)

    def _add_keyword(self, position: int, trigger: t.Keyword) -> None:
        for word in dict.fromkeys(trigger.words):
            folded = self._index.folds.get(word)
            if folded is None:
                folded = self._index.folds[word] = fold(word, self._substitutions)
            if trigger.match is t.Match.CONTAINS:
                self._add_part(position, word.strip(), trigger)
            elif folded.words:
                self._phrases.append((position, folded, trigger))
            elif word.strip():
                self._index.signs.add_text(position, word.strip())

    def _add_part(self, position: int, part: str, trigger: t.Keyword) -> None:
        if trigger.case and part:
            self._index.signs.add_text(position, part)
        elif fold_word(part):
            self._index.inside.add_text(position, fold_word(part))

    def _place(
        self, position: int, folded: Folded, trigger: t.Keyword, pairs: Counter[tuple[str, str]]
    ) -> None:
        index = self._index
        if trigger.fuzzy:
            longest = max(folded.words, key=len)
            edits = trigger.fuzzy if len(longest) >= SHORTEST_FUZZY else 0
            index.most_typos = max(index.most_typos, trigger.fuzzy)
            for variant in _variants(longest, edits):
                index.typos[variant].append(position)
            return
        phrase = position, f" {folded.text} ", WHERE[trigger.match]
        alone, phrases = self._heard(folded, pairs)
        if len(folded.words) <= PAIR and trigger.match is t.Match.WORD:
            alone.append(position)
        else:
            phrases.append(phrase)

    def _heard(
        self, folded: Folded, pairs: Counter[tuple[str, str]]
    ) -> tuple[list[int], list[Phrase]]:
        """Return where a keyword is noted: under its word, or its rarest two that stand together.

        Words that everybody uses begin thousands of keywords; two of them together are rare.
        """
        if len(folded.words) == 1:
            entry = self._entries[folded.words[0]]
            return entry.alone, entry.phrases
        if len(folded.words) == PAIR:
            first, second = folded.words
        else:
            first, second = min(pairwise(folded.words), key=lambda pair: pairs[pair])
        return self._entries[first].followed.setdefault(second, ([], []))


def _standing(phrases: Iterable[Phrase], padded: str) -> list[int]:
    """Return whose phrases are in a text, where they must be."""
    return [
        position for position, phrase, where in phrases
        if phrase in padded and (where == ANYWHERE or _stands(phrase, padded, where))
    ]  # fmt: skip


def _stands(phrase: str, padded: str, where: int) -> bool:
    """Tell whether a phrase that is in a text stands at its start, its end, or is all of it."""
    if where == START:
        return padded.startswith(phrase)
    return padded.endswith(phrase) if where == END else padded == phrase


def _variants(word: str, edits: int) -> set[str]:
    """Return a word with up to so many letters left out.

    Two words that differ by so many typing errors share one of these.
    """
    found = layer = {word}
    for _ in range(edits):
        layer = {one[:at] + one[at + 1 :] for one in layer for at in range(len(one))}
        found = found | layer
    return found
