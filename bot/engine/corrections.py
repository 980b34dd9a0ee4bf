"""Explicit corrections: a correcting word plus a value for a slot that is already filled."""

from collections.abc import Collection, Iterable

from bot.engine.compiled import all_blocks
from bot.engine.draft import Draft
from bot.engine.slots import Given, OutOfBounds, read_value
from bot.engine.spans import CORRECTABLE, Rest
from bot.engine.words import CORRECTING, CORRECTING_LAST, FILLING, MEANT, NOT, POINTING, SIGHS
from bot.language.actions import AskStep
from bot.language.blocks import every_step
from bot.language.flows import Flow, Slot
from bot.language.folding import Folded, fold

BARE_LAST = ("date", "time")
"""Types that a bare number means when it can mean nothing else."""
Taken = list[tuple[Slot, Given | OutOfBounds]]


def corrected(draft: Draft, flow: Flow, asked: Slot, *, alone: bool) -> Taken:
    """Return the filled slots that a message corrects, with what it says of them.

    Args:
        asked: The slot of the open question, which is answered, not corrected.
        alone: Nothing may be left over: the open question would take any text.
    """
    said = correcting(draft.folded)
    if said is None:
        return [] if alone else _renamed(draft, flow, asked)
    frame = draft.frames[-1]
    slots = [
        slot
        for slot in flow.slots.values()
        if slot.type in CORRECTABLE
        and slot is not asked
        and draft.slot_value(frame, flow, slot.name) is not None
    ]
    slots.sort(key=lambda slot: -_filled_at(draft, slot))
    named, said = _named(slots, said)
    rest = Rest(said)
    taken: Taken = []
    among = sorted(named or slots, key=lambda one: rest.order(one.type))
    bare = [one for one in among if one.type in BARE_LAST]  # a bare number is theirs last
    for slot, clearly in (*((one, one in bare) for one in among), *((one, False) for one in bare)):
        before, now = rest.text, draft.slot_value(frame, flow, slot.name)
        read = rest.take(slot, draft, instead_of=now, clearly=clearly)
        is_new = isinstance(read, OutOfBounds) or (isinstance(read, Given) and read.value != now)
        if is_new and slot not in [one for one, _ in taken]:
            assert read is not None
            taken.append((slot, read))
        else:
            rest.text = before
    left = [word for word in fold(rest.text).words if word not in FILLING]
    if not taken and not alone:
        return _renamed(draft, flow, asked)
    return [] if alone and left else taken


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
    said = _instead_of(folded, old)
    if said is None or not 0 < len(fold(said).words) <= LONGEST_NAME:
        return []
    read = read_value(slot, said, draft)
    return [(slot, read)] if isinstance(read, Given) else []


def _instead_of(folded: Folded, old: tuple[str, ...]) -> str | None:
    """Return what stands in a message in place of an old name; None when nothing says so."""
    for no in NOT:
        at = _find(folded.words, (no, *old))
        if at is not None:
            folded = fold(_without(folded, at, 1 + len(old)))
            return _from(folded, _leading(folded.words))
    at = _leading(folded.words)
    meant = any(_find(folded.words[:at], one) is not None for one in _MEANT)
    return _from(folded, at) if meant else None


def _from(folded: Folded, at: int) -> str:
    """Return what stands behind some words, and behind `it is` and such."""
    words = folded.words
    start = next((n for n in range(at, len(words)) if words[n] not in POINTING), len(words))
    return folded.between(start, len(words))


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
        at = _find(folded.words, words)
        if at is not None and len(folded.words) > len(words):
            found.append(slot)
            said = _without(folded, at, len(words))
            folded = fold(said)
    return found, said


def correcting(folded: Folded) -> str | None:
    """Return what is said beside the correcting words; None when there are none of them."""
    words = folded.words
    sighs = next((n for n, word in enumerate(words) if word not in SIGHS), 0)
    at = sighs + _leading(words[sighs:])
    end = _trailing(words, at)
    if at == sighs and end == len(words):
        return None
    return folded.between(at, end) or None


def _leading(words: tuple[str, ...]) -> int:
    """Return how many words at the start do nothing but correct."""
    at = 0
    while True:
        size = max((len(one) for one in _LEADING if words[at : at + len(one)] == one), default=0)
        if not size:
            return at
        at += size


def _trailing(words: tuple[str, ...], at: int) -> int:
    for phrase in _LAST:
        if len(words) - len(phrase) > at and words[-len(phrase) :] == phrase:
            return len(words) - len(phrase)
    return len(words)


def _find(words: tuple[str, ...], wanted: tuple[str, ...]) -> int | None:
    size = len(wanted)
    starts = range(len(words) - size + 1) if size else range(0)
    return next((at for at in starts if words[at : at + size] == wanted), None)


def _without(folded: Folded, at: int, size: int) -> str:
    before, after = folded.between(0, at), folded.between(at + size, len(folded.words))
    return f"{before} {after}".strip()


_LEADING = tuple(fold(one).words for one in CORRECTING)
_MEANT = tuple(fold(one).words for one in MEANT)
_LAST = tuple(fold(one).words for one in CORRECTING_LAST)


def asked_before(flow: Flow, step: AskStep, answered: Collection[str]) -> AskStep | None:
    """Return the last ask before a step, in the flow's order, for a slot that is answered."""
    found: AskStep | None = None
    for block in all_blocks(flow):
        for one in every_step(block):
            if one is step:
                return found
            if isinstance(one, AskStep) and one.slot in answered and one.slot != step.slot:
                found = one
    return found


def back_to(flow: Flow, corrected: Iterable[Slot], here: str = "") -> str | None:
    """Return the path of the first ask, in the flow's order, of what was corrected.

    Args:
        here: The path of an ask that counts too.
    """
    wanted = {slot.name for slot in corrected}
    for block in all_blocks(flow):
        for step in every_step(block):
            if isinstance(step, AskStep) and (step.slot in wanted or step.path == here):
                return step.path
    return None
