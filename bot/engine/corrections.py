"""Explicit corrections: a correcting word plus a value for a slot that is already filled."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from bot.domain.data import replace
from bot.domain.values import Value
from bot.engine.choices import choice_span
from bot.engine.draft import Draft
from bot.engine.instead import (
    correcting,
    find,
    instead_of,
    said_then,
    says_instead,
    wanted_instead,
    without,
)
from bot.engine.restated import restated, stated
from bot.engine.slots import Given, OutOfBounds, bounded, read_value
from bot.engine.spans import CORRECTABLE, COUNTS, Rest, numbers_by_name
from bot.engine.summed import shown_now
from bot.engine.words import AGREEING, BESIDE, FILLING, NOT, NOT_THIS, SIGHS
from bot.engine.yes_or_no import answer_of
from bot.language.corrections import PARTED
from bot.language.flows import Flow, Slot
from bot.language.folding import fold
from bot.language.inquiries import told
from bot.language.parties import counts_people
from bot.language.shifts import shift_in, shifted
from bot.language.yes_no import says

BARE_LAST = ("date", "time")
"""Types that a bare number means when it can mean nothing else."""
MOST_BESIDE_NEWS = 2
"""Words that may stand beside a value that is new and corrects nothing: "no, in red please"."""
Taken = list[tuple[Slot, Given | OutOfBounds]]


def corrected(draft: Draft, flow: Flow, asked: Slot, *, alone: bool) -> tuple[Taken, Rest]:
    """Return the filled slots that a message corrects, with what it says of them, and the rest.

    Args:
        asked: The slot of the open question, which is answered, not corrected.
        alone: Nothing may be left over: the open question would take any text.
    """
    said = correcting(draft.folded, draft.text) or _beside_refused(draft, flow)
    if said is None and not _NO.isdisjoint(draft.folded.words):
        kept = _without_denied(draft, flow, draft.text)
        said = None if kept == draft.text else kept  # "tuesday, not monday"
    if said is None and asked.type == "yes_no":
        said = said_then(draft.text) or wanted_instead(draft.folded)
    answers = said is None and (alone or asked.type in MOVABLE)
    moved = None if answers else _moved(draft, flow, asked, said)
    if moved is not None:
        return [moved], Rest("")
    called = _called_anew(draft, flow, asked) if said is None else []
    if called:
        return called, Rest("")
    if said is None:
        as_such = None if alone else stated(draft, flow, asked)
        if as_such is not None:
            return [as_such], Rest("")
        return [] if alone else _renamed(draft, flow, asked), Rest("")
    named_so = restated(draft, flow, asked)
    if named_so is not None and named_so[0].type not in CORRECTABLE:
        return [named_so], Rest("")
    reading, left = _read_all(draft, flow, asked, said)
    taken, rest = reading.taken, reading.rest
    is_news = all(_held(draft, flow, slot) is None for slot, _ in taken)
    if is_news and len(left) > MOST_BESIDE_NEWS:
        taken = []
    if not taken and not alone:
        return _renamed(draft, flow, asked), Rest("")
    return [] if alone and left else taken, rest


def _read_all(draft: Draft, flow: Flow, asked: Slot, said: str) -> "tuple[_Reading, list[str]]":
    """Read what is said beside correcting words, and return what of it means something else."""
    shows = shown_now(draft, flow) if asked.type == "yes_no" else frozenset()
    slots = [
        slot
        for slot in flow.slots.values()
        if slot.type in CORRECTABLE
        and slot is not asked
        and (slot.prefill or slot.called or _is_known(draft, flow, slot, shows))
    ]
    slots.sort(key=lambda slot: (slot.name not in shows, -_filled_at(draft, slot)))
    kept = _without_denied(draft, flow, said)
    slots = _of_people_first(slots, kept)
    counts, bare = numbers_by_name([one.name for one in slots if one.type in COUNTS], kept)
    others = [one for one in slots if one.name not in counts]
    named, bare = _named(others, bare)
    reading = _Reading(draft, flow, Rest(bare, flow.slots.values()))
    reading.take_counts(counts)
    hidden = [one for one in others if shows and one.name not in shows and one.type == "money"]
    reading.take_all([one for one in others if one not in hidden], named)
    reading.take_all(hidden, [])
    if kept != said or says_instead(draft.folded.words):
        return reading, []
    return reading, _left_of(draft, flow, reading.rest.text)


def _moved(
    draft: Draft, flow: Flow, asked: Slot, said: str | None
) -> tuple[Slot, Given | OutOfBounds] | None:
    """Return the day or time that a message moves by so much: "no, the day after".

    Args:
        said: What stands beside the correcting words; None without them, then it says only that.
    """
    found = shift_in(draft.text if said is None else said, draft.language)
    if found is None:
        return None
    by, beside = found
    left = [one for one in fold(beside).words if one not in FILLING | BESIDE | AGREEING | _ABLE]
    if len(left) > (0 if said is None else MOST_BESIDE_NEWS):
        return None
    slots = [one for one in flow.slots.values() if one.type in MOVABLE and one is not asked]
    for slot in sorted(slots, key=lambda one: -_filled_at(draft, one)):
        later = shifted(_held(draft, flow, slot), by)
        if later is not None:
            return slot, bounded(slot, Given(later), draft)
    return None


_ABLE = frozenset(
    ("come", "do", "be", "possible", "maybe", "puede", "pueden", "podria", "podrian", "ser",
     "seria", "venir", "venga", "vengan", "posible", "pode", "poderia", "podem", "da", "vir",
     "possivel")
)  # fmt: skip
"""Words around what moves a moment: "could you come an hour earlier?"."""
MOVABLE = ("date", "time", "datetime")
_BEING = frozenset(
    ("are", "were", "was", "will", "re", "so", "actually", "in", "total", "somos", "seremos",
     "seriamos", "seriam", "serian", "seria", "son", "sao", "vamos", "ser", "van", "vao", "era",
     "eran", "eram", "fueron", "al", "final", "todo", "tudo", "ao", "mesmo", "mismo", "nomas",
     "mas", "pero", "but", "not", "agora", "ahora", "now", "mejor", "melhor", "better", "podria",
     "puede", "poderia", "pode",
     "need", "necesitamos", "precisamos", "take", "llevamos", "levamos",
     "maybe", "perhaps", "make", "let", "que", "if", "poss", "possible", "posible", "possivel",
     "se", "si", "da", "der", "x", "xx", "faz", "faca", "fazer", "haz",
     "hazlo", "ate", "hasta", "until", "till", "do", "put", "instead", "rather", "also",
     "tambien", "tambem", "too", "could")
)  # fmt: skip
"""Words around a value that only say that it is so: "na verdade são 3"."""


def anew(draft: Draft, flow: Flow, asked: Slot, names: Collection[str]) -> Taken:
    """Return what a message that is no yes or no says anew of what a question sums up.

    "with Carla" at "$(service) with $(who). Right?"; nothing else may be said.

    Args:
        names: Of the slots that the question shows.
    """
    answers = answer_of(draft.text, asked) is not None and "?" not in draft.text
    if answers or len(draft.folded.words) > MOST_ANEW:
        return []  # "pode ser às 10?" asks for something else
    slots = [
        one for name, one in flow.slots.items()
        if name in names and one.type in CORRECTABLE and _is_known(draft, flow, one, names)
    ]  # fmt: skip
    slots.sort(key=lambda one: -_filled_at(draft, one))
    text = draft.text
    concluded = _CONCLUDING.search(text)
    clauses = [one for one in PARTED.split(text) if one.strip()]
    parts = [text if concluded is None else text[concluded.end() :], *clauses[1:][-1:]]
    for part in parts:
        of_people = _of_people_first(slots, part)
        named, said = _named(of_people, part)
        reading = _Reading(draft, flow, Rest(said, flow.slots.values()))
        reading.take_all(of_people, named)
        beside = FILLING | BESIDE | AGREEING | SIGHS | _ABLE | _BEING
        left = [word for word in fold(reading.rest.text).words if word not in beside]
        if reading.taken and len(left) <= (MOST_BESIDE_NEWS if named else 0):
            return reading.taken
    return []


MOST_ANEW = 15  # words
_CONCLUDING = re.compile(
    r"[\s,;.]+(?:so|that makes(?: us)?|as[ií] que|entonces|por lo que|o sea|ou seja|"
    r"ent[aã]o)(?:\s+que)?\s+(?=\S)",
    re.IGNORECASE,
)
"""What leads to what is so in the end: "my mum comes too so we are 5"."""


def _beside_refused(draft: Draft, flow: Flow) -> str | None:
    """Return what is said beside a choice that was made and is refused: "red, not blue"."""
    folded = draft.folded
    if not _REFUSING_FIRST & {*folded.words}:
        return None
    for slot in flow.slots.values():
        held = _held(draft, flow, slot) if slot.type == "choice" else None
        for spoken in () if held is None else (str(held), *slot.choices.get(str(held), ())):
            words = fold(spoken).words
            for no in _REFUSING if words else ():
                at = find(folded.words, (*no, *words))
                if at is not None:
                    return without(folded, at, len(no) + len(words)) or None
    return None


def _called_anew(draft: Draft, flow: Flow, asked: Slot) -> Taken:
    """Return what a message that is no yes or no says behind the words of filled slots.

    "The return can be on the 16th?" at a confirmation.
    """
    slots = [one for one in flow.slots.values() if one.called and one.type in CORRECTABLE]
    if asked.type != "yes_no" or not slots or says(draft.text) is not None:
        return []
    rest = Rest(told(draft.text), flow.slots.values())
    reads = ((one, rest.called(one, draft), _held(draft, flow, one)) for one in slots)
    return [
        (slot, read) for slot, read, held in reads
        if isinstance(read, Given) and held is not None and read.value != held
    ]  # fmt: skip


_NO = frozenset(NOT)


def _of_people_first(slots: list[Slot], said: str) -> list[Slot]:
    """Return slots, those first that count people where somebody counts those: "somos 5"."""
    if _OURSELVES.isdisjoint(fold(said).words):
        return slots
    return sorted(slots, key=lambda one: one.type not in COUNTS or not counts_people(one.name))


_OURSELVES = frozenset(
    ("somos", "seremos", "seriamos", "eramos", "seremo", "we", "us", "people", "personas",
     "pessoas", "gente", "pax", "vamos", "iremos", "venimos", "vienen", "vem", "vao")
)  # fmt: skip


def _without_denied(draft: Draft, flow: Flow, said: str) -> str:
    """Return a text without what it denies of what is held: "wednesday, not tuesday"."""
    folded = fold(said)
    words = folded.words
    for at in (n for n, word in enumerate(words) if word in _NO and n):
        for slot in flow.slots.values():
            held = _held(draft, flow, slot) if slot.type in MOVABLE else None
            for size in range(1, MOST_DENIED + 1) if held is not None else ():
                read = read_value(
                    replace(slot, least=None, most=None), " ".join(words[at + 1 : at + 1 + size]),
                    draft,
                )  # fmt: skip
                if isinstance(read, Given) and _same(read.value, held):
                    return without(folded, at, 1 + size)
    return said


def _left_of(draft: Draft, flow: Flow, text: str) -> list[str]:
    """Return the words of a text that mean something, but for what is chosen already."""
    folded = fold(text)
    for slot in flow.slots.values():
        held = _held(draft, flow, slot) if slot.type == "choice" else None
        known = {str(held): slot.choices.get(str(held), ())} if held is not None else {}
        span = choice_span(known, folded) if known else None
        if span is not None:
            folded = fold(without(folded, span[1], span[2]))
    return [word for word in folded.words if word not in FILLING | _BEING]


MOST_DENIED = 3  # words behind a "not" that may be what was held


def _same(read: Value, held: Value) -> bool:
    """Tell whether two values are the same, of days their weekdays."""
    if isinstance(read, date) and isinstance(held, date):
        return read.weekday() == held.weekday()
    return read == held


class _Reading:
    """What a text says of slots that are filled, or may be at any time."""

    def __init__(self, draft: Draft, flow: Flow, rest: Rest) -> None:
        self.taken: Taken = []
        self.rest = rest
        self._draft, self._flow = draft, flow

    def take_counts(self, counts: Mapping[str, str]) -> None:
        """Take numbers that stand by the names of several slots."""
        for name, said in counts.items():
            slot = self._flow.slots[name]
            read = read_value(slot, said, self._draft)
            held = _held(self._draft, self._flow, slot)
            if isinstance(read, OutOfBounds) or (isinstance(read, Given) and read.value != held):
                self.taken.append((slot, read))

    def take_all(self, slots: Sequence[Slot], named: Sequence[Slot]) -> None:
        """Take what the text says of those that it names, else of all; then of other kinds."""
        among = sorted(named or slots, key=lambda one: self.rest.order(one.type))
        bare = [one for one in among if one.type in BARE_LAST]  # a bare number is theirs last
        for slot in among:
            self._take(slot, clearly=slot in bare)
        for slot in bare:
            self._take(slot, clearly=False)
        kinds = {_kind(slot) for slot in named}
        for slot in slots if named and self.taken else ():
            if _kind(slot) not in kinds:
                self._take(slot, clearly=True)

    def _take(self, slot: Slot, *, clearly: bool) -> None:
        self.rest.called(slot, self._draft)  # whose words are taken away once for all
        before, now = self.rest.text, _held(self._draft, self._flow, slot)
        read = self.rest.take(slot, self._draft, instead_of=now, clearly=clearly)
        is_new = isinstance(read, OutOfBounds) or (isinstance(read, Given) and read.value != now)
        if is_new and slot not in [one for one, _ in self.taken]:
            assert read is not None
            self.taken.append((slot, read))
        else:
            self.rest.text = before


def _held(draft: Draft, flow: Flow, slot: Slot) -> Value:
    """Return what a slot holds; where it is heard anywhere, its default too."""
    read = draft.known_value if slot.prefill else draft.slot_value
    return read(draft.frames[-1], flow, slot.name)


def _is_known(draft: Draft, flow: Flow, slot: Slot, shown: Collection[str]) -> bool:
    """Tell whether a slot holds something, or a question shows its default."""
    is_shown = slot.name in shown and slot.default is not None
    return is_shown or _held(draft, flow, slot) is not None


def _kind(slot: Slot) -> str:
    """Return what a value of a slot looks like."""
    return "number" if slot.type in ("integer", "number", "money") else slot.type


def _renamed(draft: Draft, flow: Flow, asked: Slot) -> Taken:
    """Return the name that a message says instead of another: "I meant Joe", "Jim, not John".

    Any words may be a name, so the message must say that it replaces one.
    """
    frame, folded = draft.frames[-1], draft.folded
    names = [one for one in flow.slots.values() if one.type == "name" and one is not asked]
    filled = [one for one in names if draft.slot_value(frame, flow, one.name) is not None]
    if not filled:
        return []
    slot = max(filled, key=lambda one: _filled_at(draft, one))
    old = fold(str(draft.slot_value(frame, flow, slot.name))).words
    said = instead_of(folded, old)
    if said is None or not 0 < len(fold(said).words) <= LONGEST_NAME:
        return []
    read = read_value(slot, said, draft)
    return [(slot, read)] if isinstance(read, Given) else []


LONGEST_NAME = 4  # words


def _filled_at(draft: Draft, slot: Slot) -> int:
    """Return how late a slot was filled: what was said last is corrected first."""
    names = list(draft.frames[-1].slots)
    return names.index(slot.name) if slot.name in names else -1


def _named(slots: Iterable[Slot], said: str) -> tuple[list[Slot], str]:
    """Return the slots that a text calls by their name, and the text without the names."""
    folded = fold(said)
    found = []
    for slot in slots:
        words = fold(slot.name.replace("_", " ")).words
        at = find(folded.words, words)
        if at is not None and len(folded.words) > len(words):
            found.append(slot)
            said = without(folded, at, len(words))
            folded = fold(said)
    return found, said


_REFUSING = (*((one,) for one in sorted(NOT_THIS)), ("instead", "of"), ("en", "vez", "de"),
             ("em", "vez", "de"))  # fmt: skip
_REFUSING_FIRST = frozenset(one[0] for one in _REFUSING)
