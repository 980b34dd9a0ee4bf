"""What a message says of a slot that it calls by its name: "change the day", "the name is Bo"."""

import re
from collections.abc import Callable, Iterable
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
    r"(?:change|update|correct|edit|fix|modify|set|cambiar|cambia|cambie|corregir|modificar|"
    r"mudar|muda|mude|trocar|troca|troque|alterar|corrigir)"
)
FIRST = r"sorry|actually|wait|no|please|oh|ah|hmm?|but|first|perdon|espera|desculpa?|por favor"
BEFORE = rf"(?:(?:{FIRST}) )*"
ASIDE = rf"(?:(?:{FIRST}|by the way|btw|also|and|y|e|por cierto)\W+)*"
AFTER = r"(?: (?:please|again|first|instead|por favor|primero|primeiro|de nuevo|de novo))*"
ARTICLE = r"(?:(?:the|my|our|el|la|los|las|mi|o|a|os|as|meu|minha) )?"
WORD_IS = r"(?:\s*:|\s+(?:is|are|should be|would be|will be|es|son|sea|é|seja))"
IS = rf"(?:{WORD_IS}|['’]s\b)"
TO = r"\s+(?:to|as|a|para|por)"
USE = r"(?:use|put|take|write|pon|ponga|usa|coloque|coloca)"
AS = r"(?:as|for|como|de|para)"
ENDING = r"(?:[,\s]+(?:please|instead|por favor))?[\s.!]*$"
DENYING = (
    r"(?:(?:i )?(?:did not|didn t|do not|don t) mean|not|it s not|it is not|that s not|"
    r"no quise decir|no queria decir|no es|nao quis dizer|nao e)(?: (?:to|for|a|para))?"
)


def to_change(draft: Draft, flow: Flow, asked: Slot) -> Slot | None:
    """Return the slot that somebody wants to answer anew, and says nothing else of.

    They call it by its name, "change the recipient", or deny what it holds: "I didn't mean John".
    """
    said = draft.folded.text
    if " " not in said:
        return None  # one word says only one of the two
    denied = _DENYING.fullmatch(said)
    for slot in _filled(draft, flow, asked):
        if any(_changing(name).fullmatch(said) for name in _names(slot)):
            return slot
        held = draft.slot_value(draft.frames[-1], flow, slot.name)
        if denied is not None and isinstance(held, str) and fold(held).text == denied[1]:
            return slot
    return None


def restated(draft: Draft, flow: Flow, asked: Slot) -> tuple[Slot, Given] | None:
    """Return the slot that a correction calls by its name, with what stands behind it.

    No message over ``MOST_READ`` characters corrects: what is meant in it could not be told.
    """
    return _read(draft, _filled(draft, flow, asked), _restating)


def stated(draft: Draft, flow: Flow, asked: Slot | None = None) -> tuple[Slot, Given] | None:
    """Return the slot of which a whole message says what it is: "by the way, the name is Bo"."""
    return None if "?" in draft.text else _read(draft, _filled(draft, flow, asked), _stating)


def _read(
    draft: Draft, slots: Iterable[Slot], saying: Callable[[str], re.Pattern[str]]
) -> tuple[Slot, Given] | None:
    if len(draft.text) > MOST_READ:
        return None
    for slot, name in [(one, name) for one in slots for name in _names(one)]:
        found = saying(name).search(draft.text)
        said = next((one for one in found.groups() if one), "") if found is not None else ""
        read = read_value(slot, said, draft) if said else None
        if isinstance(read, Given):
            return slot, read
    return None


_DENYING = re.compile(rf"{BEFORE}{DENYING} (.+?){AFTER}")
"""With what is not meant; no pattern is made of what a customer wrote."""


def _filled(draft: Draft, flow: Flow, asked: Slot | None) -> Iterable[Slot]:
    frame = draft.frames[-1]
    for slot in flow.slots.values():
        if slot is not asked and draft.slot_value(frame, flow, slot.name) is not None:
            yield slot


def _names(slot: Slot) -> list[str]:
    """Return what a customer may call a slot."""
    called = [one.replace(" ", "_") for one in slot.called if fold(one).words[:1] not in _LEADS]
    return [name for name in (slot.name, *called) if len(name) >= LEAST_NAME]


_LEADS = (("from",), ("to",), ("de",), ("para",), ("until",), ("at",), ("on",), ("by",))
"""Words that begin what leads to a value, and is no name."""


@lru_cache(maxsize=1024)
def _changing(name: str) -> re.Pattern[str]:
    said = re.escape(" ".join(fold(name.replace("_", " ")).words))
    return re.compile(rf"{BEFORE}{CHANGE} {ARTICLE}{said}{AFTER}")


@lru_cache(maxsize=1024)
def _restating(name: str) -> re.Pattern[str]:
    said = _spoken(name)
    return re.compile(
        rf"(?<!\w){said}{IS}\s+(\S.*?){ENDING}"
        rf"|(?<!\w){CHANGE}\s+{ARTICLE}{said}{TO}\s+(\S.*?){ENDING}"
        rf"|(?<!\w){USE}\s+(\S.*?)\s+{AS}\s+{ARTICLE}{said}{ENDING}",
        re.IGNORECASE | re.DOTALL,
    )


@lru_cache(maxsize=1024)
def _stating(name: str) -> re.Pattern[str]:
    said = _spoken(name)
    return re.compile(
        rf"^\W*{ASIDE}{ARTICLE}{said}{WORD_IS}\s+(\S.*?){ENDING}"
        rf"|^\W*{ASIDE}{USE}\s+(\S.*?)\s+{AS}\s+{ARTICLE}{said}{ENDING}",
        re.IGNORECASE | re.DOTALL,
    )


def _spoken(name: str) -> str:
    return r"\W+".join(re.escape(word) for word in name.split("_") if word)
