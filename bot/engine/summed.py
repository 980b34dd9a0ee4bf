"""What a question sums up: "$(size) on $(day). Right?" shows the slots that may be put right."""

from collections.abc import Iterator

from bot.engine.compiled import locate
from bot.engine.draft import Draft
from bot.language import actions as a
from bot.language.flows import Flow
from bot.language.texts import Text
from bot.language.vocabulary import FUNCTIONS

MOST_REFERENCES = 5  # shared replies inside shared replies


def shown(draft: Draft, flow: Flow, step: a.AskStep) -> frozenset[str]:
    """Return the slots that a question shows, or the replies right before it."""
    texts = [step.text or flow.slots[step.slot].ask]
    way = locate(flow, step.path)
    block, at = way[-1] if way else ((), 0)
    while at and isinstance(before := block[at - 1], a.ReplyStep):
        texts.append(before.text)
        at -= 1
    found = {name for text in texts if text is not None for name in _names(draft, text, 0)}
    return frozenset(name for name in flow.slots if name in found)


def shown_now(draft: Draft, flow: Flow) -> frozenset[str]:
    """Return the slots that the open question of a flow shows."""
    way = locate(flow, draft.frames[-1].step)
    step = way[-1][0][way[-1][1]] if way else None
    return shown(draft, flow, step) if isinstance(step, a.AskStep) else frozenset()


def _names(draft: Draft, text: Text, depth: int) -> Iterator[str]:
    """Yield the names that a text reads, in any of its wordings and languages."""
    replies = draft.compiled.rulebook.replies
    if depth > MOST_REFERENCES:
        return
    for variant in text.variants:
        yield from variant.template.names
        if not variant.template.is_plain:  # a slot may be called as a function is: count
            yield from (name for name in FUNCTIONS if name in variant.template.source)
    inner = [*text.languages.values(), text.caption]
    inner += [replies.get(ref) for ref in (text.ref, *(one.ref for one in text.variants)) if ref]
    for one in inner:
        if one is not None:
            yield from _names(draft, one, depth + 1)
