"""What a flow knows from its beginning: captures, entities, and slots read from the message."""

import re
from collections.abc import Iterable, Mapping

from bot.domain.values import Value
from bot.engine.draft import Draft
from bot.engine.guards import says_only
from bot.engine.slots import FREE, Given, read_value, take_typed
from bot.engine.spans import Rest
from bot.engine.words import NO, YES
from bot.language.flows import Check, Flow, Slot
from bot.language.folding import Folded, fold
from bot.language.indifferent import is_indifferent
from bot.language.lacking import in_full, lacks
from bot.language.templates import TemplateFailed

NEVER_FROM_ELSEWHERE = ("yes_no", "text", "name", "any")
"""Types that no message fills but the answer to their own question."""


def capture(
    draft: Draft, flow: Flow, captures: Mapping[str, Value],
    sensitive: frozenset[str] = frozenset(),
) -> None:  # fmt: skip
    """Fill slots from captures of the same name; the others are kept as saved values.

    Args:
        sensitive: Names among them that are shown to nobody.
    """
    if not captures and not sensitive:
        return
    saved = {name: value for name, value in captures.items() if name not in flow.slots}
    frame = draft.frames[-1]
    draft.top(saved={**frame.saved, **saved}, sensitive=frame.sensitive | sensitive)
    for name, value in captures.items():
        slot = flow.slots.get(name)
        if slot is None or value is None:
            continue
        read = read_value(slot, value, draft) if isinstance(value, str) \
            else take_typed(slot, value, draft)  # fmt: skip
        if isinstance(read, Given):
            said = isinstance(value, str) and value in draft.text
            _try(draft, slot, read.value, sensitive=name in sensitive, said=said)


def prefill(draft: Draft, flow: Flow) -> None:
    """Fill slots from the models' entities, and those that want it from the message's text."""
    if draft.understanding.entities:
        _take_entities(draft, flow)
    wanted = heard_anywhere(flow)
    if wanted:
        fill_from(draft, flow, wanted, Rest(draft.text, flow.slots.values()))


def _take_entities(draft: Draft, flow: Flow) -> None:
    """Fill slots from what the models found in a message that means this flow, or that want it."""
    from_intent = draft.trigger_is_intent
    for slot in flow.slots.values():
        if draft.slot_value(draft.frames[-1], flow, slot.name) is not None:
            continue
        entity = draft.understanding.entities.get(slot.entity or slot.name)
        if entity is not None and (from_intent or slot.prefill):
            read = read_value(slot, entity, draft)
            if isinstance(read, Given):
                _try(draft, slot, read.value)


def heard_anywhere(flow: Flow) -> list[Slot]:
    """Return the slots that are read from what was no answer to their own question."""
    return [slot for slot in flow.slots.values() if slot.prefill or slot.called]


def fill_from(draft: Draft, flow: Flow, slots: list[Slot], rest: Rest) -> None:
    """Fill empty slots from a text, each span of it used once."""
    for slot in sorted(slots, key=lambda one: rest.order(one.type)):
        empty = draft.slot_value(draft.frames[-1], flow, slot.name) is None
        if not empty or slot.type in NEVER_FROM_ELSEWHERE:
            continue
        read = rest.take(slot, draft) if slot.prefill else rest.called(slot, draft)
        if isinstance(read, Given):
            _try(draft, slot, read.value)
        elif slot.skip and read is None and _is_left_out(slot, rest.text):
            draft.skip(slot.name)


def _is_left_out(slot: Slot, text: str) -> bool:
    """Tell whether a part of a text leaves a slot empty: "on monday, and it's one way"."""
    words = tuple(one for one in slot.skip if fold(one).text not in _SHORT_ANSWERS)
    about = _about(slot)
    for clause in _CLAUSES.split(text):
        folded = fold(clause)
        named = any(word.removesuffix("s") in about for word in folded.words)
        if says_only(folded, words) or (named and is_indifferent(folded.words, about)):
            return True
    return False


def leaves_open(slot: Slot, folded: Folded) -> bool:
    """Tell whether somebody says that any value of a slot is right, and the slot may go without."""
    can = bool(slot.skip) or slot.default is not None
    return can and is_indifferent(folded.words, _about(slot))


def says_skip(slot: Slot, text: str, folded: Folded) -> bool:
    """Tell whether a message leaves a slot empty by its words: "I'm staying there, one way".

    Such words may be a clause of their own, where they are no short answer and nothing is asked.
    """
    beside = _POINTING if slot.type in FREE else _PROMISING | _POINTING
    if not slot.skip or says_only(folded, slot.skip, beside):
        return bool(slot.skip)
    about = _about(slot) | {word for one in slot.skip for word in fold(one).words}
    if lacks(folded.words, slot.type, about) and _may_lack(slot, folded):
        return True
    words = tuple(one for one in slot.skip if fold(one).text not in _SHORT_ANSWERS)
    if not words or slot.type in FREE or "?" in text:
        return False
    clauses = (" ".join(one for one in fold(clause).words if one not in _SUITING)
               for clause in _CLAUSES.split(text))  # fmt: skip
    return any(says_only(fold(clause), words) for clause in clauses)


def _may_lack(slot: Slot, folded: Folded) -> bool:
    """Tell whether a slot holds no text, or its own words for leaving it empty deny, too."""
    if slot.type not in FREE:
        return True
    said = in_full(folded.words)
    words = {word for one in slot.skip for word in in_full(fold(one).words)}
    return bool(words & {*said} & _DENYING)


def same_as(draft: Draft, flow: Flow, slot: Slot) -> Given | None:
    """Return the day or hour that another slot holds, where a message says it is the same one."""
    wanted = _SAME.get(slot.type)
    if wanted is None or wanted.search(draft.folded.text) is None:
        return None
    frame = draft.frames[-1]
    kin = [one for name in frame.slots if (one := flow.slots.get(name)) and one.type == slot.type]
    held = [draft.slot_value(frame, flow, one.name) for one in kin if one is not slot]
    return Given(held[-1]) if held and held[-1] is not None else None


_SUITING_LIST = "is fine works good great ok m s re esta bien va vale me e ta bom serve sirve mesmo"
_SUITING = frozenset(_SUITING_LIST.split())
"""They may stand beside such words: "this one is fine"."""
_SAME = {
    "date": re.compile(r"^(?:\w+ ){0,3}(?:same (?:day|date)|mism[oa] (?:dia|fecha)|"
                       r"mesm[oa] (?:dia|data))\b"),
    "time": re.compile(r"^(?:\w+ ){0,3}(?:same (?:time|hour)|misma hora|mesm[oa] hor(?:a|ario))\b"),
}  # fmt: skip


def _about(slot: Slot) -> frozenset[str]:
    """Return the words of a slot's name, which a customer may say."""
    names = fold(slot.name.replace("_", " ")).words
    return frozenset(word.removesuffix("s") for word in names)


_PROMISING = frozenset((
    "send", "ill", "ll", "do", "tell", "bring", "you", "mando", "envio", "paso", "passo", "te",
    "le", "la", "las", "os", "eu", "yo", "ja", "ahorita", "luego", "depois", "later", "vou",
    "mandar", "enviar", "pasar", "passar", "digo", "aviso", "si", "se", "puede", "pode", "can",
    "um", "un", "o", "it", "them", "vale", "ok", "mejor", "melhor",
))  # fmt: skip
"""They may stand beside words for skipping what is no text: "depois eu mando"."""
_POINTING = frozenset(("es", "e", "is", "its", "sera", "seria", "vai", "ser"))
"""They may stand beside any such words: "es solo ida"."""
_DENYING = frozenset((
    "tengo", "tenho", "have", "none", "ninguno", "ninguna", "ningun", "nenhum", "nenhuma", "sem",
    "sin", "without", "no", "nao",
))  # fmt: skip
_SHORT_ANSWERS = frozenset(fold(one).text for one in (*YES, *NO))
_CLAUSES = re.compile(r"[,;.!?\n]+|\s(?:and|but|y|pero|e|mas|et|und)\s", re.IGNORECASE)


def _try(
    draft: Draft, slot: Slot, value: Value, *, sensitive: bool = False, said: bool = True
) -> None:
    """Keep a value, unless the slot's own checks refuse it.

    A check that reads what is not known yet is made when the slot's question is reached.

    Args:
        sensitive: It is shown to nobody, whatever the slot says.
        said: The message holds it.
    """
    draft.fill(slot.name, value, sensitive=sensitive)
    draft.conceals |= slot.sensitive and said
    asked = {name for check in slot.valid for name in check.expression.names}
    names = draft.names(asked)
    later = [
        check for check in slot.valid
        if any(names.get(name) is None for name in check.expression.names)
    ]  # fmt: skip
    if first_refusal(draft, [one for one in slot.valid if one not in later]) is not None:
        draft.unset(slot.name)
    elif later:
        draft.top(saved={**draft.frames[-1].saved, UNCHECKED: [*unchecked(draft), slot.name]})


UNCHECKED = " unchecked"
"""Under this name, which no slot can have, a frame keeps the slots that are still to be checked."""


def unchecked(draft: Draft) -> list[str]:
    """Return the slots that were filled before their checks could be made."""
    held = draft.frames[-1].saved.get(UNCHECKED)
    return [str(one) for one in held] if isinstance(held, (list, tuple)) else []


def first_refusal(draft: Draft, checks: Iterable[Check]) -> Check | None:
    """Return the first check that does not hold, None when all do."""
    for check in checks:
        try:
            if not draft.work_out(check.expression):
                return check
        except TemplateFailed as failure:
            draft.fail(failure)
    return None
