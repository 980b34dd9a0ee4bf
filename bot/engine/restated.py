"""What a message says of a slot that it calls by its name: "change the day", "the name is Bo"."""

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.engine.draft import Draft
from bot.engine.slots import MOST_READ, Given, read_value
from bot.language.flows import Flow, Slot
from bot.language.folding import fold

LEAST_NAME = 3  # letters of a name that a customer would say
CHANGE = (
    r"(?:(?:i|we) (?:(?:want|need|have|would like|d like) to|(?:ll|will)) |"
    r"(?:can|could|may) (?:i|we|you) |let (?:me|us) |(?:quiero|quisiera|necesito|puedo|podemos) |"
    r"(?:quero|queria|preciso|posso|podemos) )?"
    r"(?:change|update|correct|edit|fix|modify|cambiar|cambia|cambie|corregir|modificar|"
    r"mudar|muda|mude|trocar|troca|troque|alterar|corrigir)"
)
BEFORE = (
    r"(?:(?:sorry|actually|wait|no|please|oh|ah|hmm?|but|first|perdon|espera|desculpa?|"
    r"por favor) )*"
)
AFTER = r"(?: (?:please|again|first|instead|por favor|primero|primeiro|de nuevo|de novo))*"
ARTICLE = r"(?:(?:the|my|our|el|la|los|las|mi|o|a|os|as|meu|minha) )?"
IS = r"(?:\s*:|['’]s\b|\s+(?:is|are|should be|would be|will be|es|son|sea|é|seja))"
TO = r"\s+(?:to|as|a|para|por)"


def to_change(draft: Draft, flow: Flow, asked: Slot) -> Slot | None:
    """Return the slot that somebody wants to answer anew, and says nothing else of."""
    for slot in _filled(draft, flow, asked):
        if _changing(slot.name).fullmatch(draft.folded.text):
            return slot
    return None


def restated(draft: Draft, flow: Flow, asked: Slot) -> tuple[Slot, Given] | None:
    """Return the slot that a correction calls by its name, with what stands behind it.

    No message over ``MOST_READ`` characters corrects: what is meant in it could not be told.
    """
    if len(draft.text) > MOST_READ:
        return None
    for slot in _filled(draft, flow, asked):
        found = _restating(slot.name).search(draft.text)
        stated = found[1] or found[2] if found is not None else ""
        read = read_value(slot, stated, draft) if stated else None
        if isinstance(read, Given):
            return slot, read
    return None


def _filled(draft: Draft, flow: Flow, asked: Slot) -> Iterable[Slot]:
    frame = draft.frames[-1]
    for slot in flow.slots.values():
        is_filled = draft.slot_value(frame, flow, slot.name) is not None
        if is_filled and slot is not asked and len(slot.name) >= LEAST_NAME:
            yield slot


@lru_cache(maxsize=1024)
def _changing(name: str) -> re.Pattern[str]:
    said = re.escape(" ".join(fold(name.replace("_", " ")).words))
    return re.compile(rf"{BEFORE}{CHANGE} {ARTICLE}{said}{AFTER}")


@lru_cache(maxsize=1024)
def _restating(name: str) -> re.Pattern[str]:
    said = r"\W+".join(re.escape(word) for word in name.split("_") if word)
    ending = r"(?:[,\s]+(?:please|instead|por favor))?[\s.!]*$"
    return re.compile(
        rf"(?<!\w){said}{IS}\s+(\S.*?){ending}|(?<!\w){CHANGE}\s+{ARTICLE}{said}{TO}\s+(\S.*?){ending}",
        re.IGNORECASE | re.DOTALL,
    )
