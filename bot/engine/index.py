"""Which rules and flow starts can fit a message at all, found without looking at the others.

Built with the rulebook. What it leaves out cannot fit; what it gives is still tried in full, so the
answer is that of trying all.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from bot.domain.messages import Message, MessageKind
from bot.domain.turns import EventRaised, MessageArrived, TimerFired, TurnEvent
from bot.domain.understanding import Understanding
from bot.engine.gates import Anchors, anchors_of
from bot.engine.needles import Needles, WordNeedles
from bot.engine.possible import NOTHING, Possible, told_apart
from bot.engine.required import required_of, runs_of
from bot.language import triggers as t
from bot.language.flows import Flow
from bot.language.folding import Folded, fold, fold_keyword, fold_letters, fold_word, pieces
from bot.language.rules import Rule

What = Rule | Flow
SCHEDULE = "schedule"  # the event of a schedule
SHORTEST_FUZZY = 4  # letters; shorter words are not guessed
PAIR = 2  # words that stand together
MOST_BESIDE = 16  # words of which a pattern needs one more; a longer list takes room for little
ANYWHERE, START, END, ALL = range(4)  # where a phrase must stand
WHERE = {t.Match.WORD: ANYWHERE, t.Match.STARTS: START, t.Match.ENDS: END, t.Match.EXACT: ALL}
Phrase = tuple[int, str, int]  # whose; its folded words between blanks; where it must stand
Beside = tuple[int, frozenset[str]]  # whose; words of which the message must have one too

UNCLEAR = ""  # the name under which triggers are kept that wait for the models to waver

One = int | Phrase | Beside
Entry = One | list[One]
"""What a folded word, or two joined, leads to: whom it makes possible alone, or who needs more."""

PLAIN_LETTERS = re.compile("[a-z]+")  # of a piece of text that stands in one word, if anywhere


@dataclass(slots=True)
class Index:
    """Positions of rules and flows by what a message must have for them to fit."""

    whats: tuple[What, ...] = ()
    folds: dict[str, Folded] = field(default_factory=dict)  # keyword to its words
    words: dict[str, Entry] = field(default_factory=dict)  # by a word, or two that follow, joined
    keys: frozenset[str] = frozenset()  # of `words`: sifts a text's words in one go
    firsts: set[str] = field(default_factory=set)  # of two joined: most words begin none
    typos: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    most_typos: int = 0
    named: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    always: list[int] = field(default_factory=list)
    inside: WordNeedles = field(default_factory=WordNeedles)  # letters, `match: contains`
    pieces: Needles = field(default_factory=Needles)  # folded, other signs too
    signs: Needles = field(default_factory=Needles)  # keywords without any word, such as emoji
    regexes: Needles = field(default_factory=Needles)  # that any text may fit
    spelt: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Expressions by a word that a text must spell, letter by letter."""
    silent: frozenset[str] = frozenset()  # ids of the rules that never speak
    alone: dict[int, Possible] = field(default_factory=dict)  # what is found by itself, kept
    as_written: bool = True  # no words are put in place of others
    reads_letters: bool = False  # there are needles of any kind

    def possible(
        self, event: TurnEvent, text: str, folded: Folded, understanding: Understanding
    ) -> Possible:
        """Return what can fit.

        Args:
            text: What is heard in the event, which may be another text than its message's.
            folded: The same, folded.
            understanding: What the models read in it.
        """
        if isinstance(event, MessageArrived):
            found = self._by_text(text, folded)
            if self.named:
                self._by_message(text, understanding, event.message, found)
        elif isinstance(event, EventRaised):
            found = self.named.get(("event", event.name), [])
        elif isinstance(event, TimerFired):
            found = self.named.get(("timer", event.kind), [])
        else:
            return NOTHING
        if not found:
            return NOTHING
        if len(found) == 1:
            return self.alone.get(found[0]) or self._keep_alone(found[0])
        return told_apart([self.whats[one] for one in sorted(set(found))], self.silent)

    def _keep_alone(self, position: int) -> Possible:
        self.alone[position] = found = told_apart([self.whats[position]], self.silent)
        return found

    def _by_text(self, text: str, folded: Folded) -> list[int]:
        letters = folded.text.replace(" ", "")
        only_letters = letters.isascii() and (letters.isalpha() or not letters)
        found = self._by_words(folded, only_letters)
        if self.spelt and not (only_letters and self.as_written and text.isascii()):
            self._by_spelling(text, found)
        if self.inside.is_any:
            found += self.inside.found(folded.words)
        if self.reads_letters:
            self._by_letters(text, found)
        return found

    def _by_words(self, folded: Folded, only_letters: bool) -> list[int]:
        found = [*self.always]
        words: Sequence[str] = folded.words
        said = words if only_letters else _with_pieces(words)
        gated: list[Phrase | Beside] = []
        if self.firsts:
            joined = [one + two for one, two in pairwise(words) if one in self.firsts]
            said = [*said, *joined] if joined else said
        for key in self.keys.intersection(said):
            entry = self.words[key]
            if isinstance(entry, int):
                found.append(entry)
            elif isinstance(entry, tuple):
                gated.append(entry)
            else:
                found += [one for one in entry if isinstance(one, int)]
                gated += [one for one in entry if isinstance(one, tuple)]
        if gated:
            found += _open(gated, said, f" {folded.text} ")
        if self.most_typos:
            self._by_typos(words, found)
        return found

    def _by_spelling(self, text: str, found: list[int]) -> None:
        for run in runs_of(text):
            found += self.spelt.get(run, ())

    def _by_typos(self, words: Iterable[str], found: list[int]) -> None:
        for word in words:
            for variant in _variants(word, self.most_typos):
                found += self.typos.get(variant, ())

    def _by_letters(self, text: str, found: list[int]) -> None:
        if self.pieces.is_any:
            found += self.pieces.found(fold_letters(text))
        if self.signs.is_any:
            found += self.signs.found(text)
        if self.regexes.is_any:
            found += self.regexes.found(text)

    def _by_message(
        self, text: str, understanding: Understanding, message: Message, found: list[int]
    ) -> None:
        if understanding.intents:
            found += self.named.get(("intent", understanding.intents[0].name), ())
            found += self.named.get(("intent", UNCLEAR), ())
        if understanding.language is not None:
            language = understanding.language
            found += self.named.get(("language", language), ())
            found += self.named.get(("language", language.partition("-")[0]), ())
        found += self.named.get(("kind", message.kind.value), ())
        if text.lstrip()[:1] == "/":
            name = text.strip().partition(" ")[0]
            found += self.named.get(("command", name[1:].casefold()), ())


def build_index(
    whats: Iterable[What], substitutions: Mapping[str, str], silent: frozenset[str] = frozenset()
) -> Index:
    """Return the index of rules and flows that compete; those switched off never do.

    Args:
        silent: Ids of the rules that never speak.
    """
    competing = tuple(
        what for what in whats
        if (what.enabled if isinstance(what, Rule) else not what.private)
    )  # fmt: skip
    return _Builder(competing, substitutions, silent).build()


class _Builder:
    def __init__(
        self, whats: tuple[What, ...], substitutions: Mapping[str, str], silent: frozenset[str]
    ) -> None:
        self._index = Index(whats=whats, silent=silent, as_written=not substitutions)
        self._substitutions = substitutions
        self._phrases: list[tuple[int, Folded, t.Keyword]] = []
        self._anchored: list[tuple[int, Anchors]] = []
        self._spelt: list[tuple[int, Anchors]] = []
        self._entries: dict[str, list[One]] = defaultdict(list)

    def build(self) -> Index:
        for position, what in enumerate(self._index.whats):
            for trigger in what.triggers:
                self._add(position, trigger)
        frequency = Counter(word for _, folded, _ in self._phrases for word in folded.words)
        pairs = Counter(pair for _, folded, _ in self._phrases for pair in pairwise(folded.words))
        for position, folded, trigger in self._phrases:
            self._place(position, folded, trigger, pairs)
        for position, anchors in self._anchored:
            self._guard(position, anchors, frequency)
        for position, anchors in self._spelt:
            for word in anchors.best(frequency):
                if not anchors.has_digit:  # else no text of letters alone fits
                    self._entries[word].append(position)
                self._index.spelt[word].append(position)
        for key, entry in self._entries.items():
            self._index.words[key] = entry if len(entry) > 1 else entry[0]
        self._index.keys = frozenset(self._index.words)
        self._index.inside.close()
        needles = (self._index.pieces, self._index.signs, self._index.regexes)
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
            case (
                t.AppealTrigger() | t.SentimentTrigger() | t.MoodTrigger() | t.FirstMessage()
                | t.AfterSilence()
            ):  # fmt: skip
                index.always.append(position)

    def _add_keyword(self, position: int, trigger: t.Keyword) -> None:
        for word in dict.fromkeys(trigger.words):
            folded = self._index.folds.get(word)
            if folded is None:
                folded = self._fold(word)
                self._index.folds[word] = folded
            if trigger.match is t.Match.CONTAINS:
                self._add_part(position, word.strip(), trigger)
            elif folded.words:
                self._phrases.append((position, folded, trigger))
            elif word.strip():
                self._index.signs.add_text(position, word.strip())

    def _fold(self, word: str) -> Folded:
        return fold(word, self._substitutions) if self._substitutions else fold_keyword(word)

    def _add_part(self, position: int, part: str, trigger: t.Keyword) -> None:
        if trigger.case and part:
            self._index.signs.add_text(position, part)
        elif letters := fold_word(part):
            in_words = self._index.as_written and PLAIN_LETTERS.fullmatch(letters)
            needles = self._index.inside if in_words else self._index.pieces
            needles.add_text(position, letters)

    def _guard(self, position: int, anchors: Anchors, frequency: Mapping[str, int]) -> None:
        """Note a pattern under its rarest words, with others beside which it needs."""
        way, *others = anchors.sorted(frequency)
        beside = next((other for other in others if len(other) <= MOST_BESIDE), None)
        for word in way:
            self._entries[word].append(position if beside is None else (position, beside))

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
        key = _key_of(folded.words, pairs)
        if len(key) > 1:
            index.firsts.add(key[0])
        entry = self._entries["".join(key)]
        if len(folded.words) <= PAIR and trigger.match is t.Match.WORD:
            entry.append(position)
        else:
            entry.append((position, f" {folded.text} ", WHERE[trigger.match]))


def _key_of(words: tuple[str, ...], pairs: Counter[tuple[str, str]]) -> tuple[str, ...]:
    """Return where a keyword is noted: under its word, or its rarest two that stand together.

    Words that everybody uses begin thousands of keywords; two of them together are rare.
    """
    if len(words) <= PAIR:
        return words
    return min(pairwise(words), key=lambda pair: pairs[pair])


def _with_pieces(words: Sequence[str]) -> list[str]:
    """Return words, with the parts of those that are a number and what touches it, such as 5kg."""
    signed = [word for word in words if not word.isalpha()]
    return [*words, *chain.from_iterable(map(pieces, signed))]


def _open(gated: Iterable[Phrase | Beside], said: Collection[str], padded: str) -> Iterator[int]:
    """Yield for whom a text has what they need beside the words under which they are noted."""
    for one in gated:
        match one:
            case position, beside:
                if not beside.isdisjoint(said):
                    yield position
            case position, phrase, where:
                if phrase in padded and (where == ANYWHERE or _stands(phrase, padded, where)):
                    yield position


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
