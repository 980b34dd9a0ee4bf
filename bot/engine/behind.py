"""What a message says behind a cancel, a yes or a no: "stop that. I want a pizza"."""

from collections.abc import Callable
from itertools import pairwise

from bot.engine.compete import possible, ranked
from bot.engine.draft import Draft
from bot.engine.guards import says_nothing
from bot.engine.triggers import BY_TEXT
from bot.language.corrections import DENIED, PARTED
from bot.language.folding import fold


def behind(text: str, is_head: Callable[[str], object]) -> str:
    """Return what follows the clauses at a text's start that are such a head; "" without one.

    What denies something asks for nothing: "no, I do not want the pizza".
    """
    cuts = [0, *(found.end() for found in PARTED.finditer(text)), len(text)]
    clauses = [text[start:end] for start, end in pairwise(cuts)]
    at, found = 0, False
    for clause in clauses:
        bare = PARTED.sub(" ", clause).strip()
        if is_head(bare):
            found = True
        elif not says_nothing(fold(bare)):
            break
        at += len(clause)
    rest = text[at:].strip()
    return rest if found and not DENIED.search(rest) else ""


def is_known(draft: Draft, text: str, but: str) -> bool:
    """Tell whether a rule, or the start of a flow, knows a text by its words.

    Args:
        but: The name of a flow that is not meant.
    """
    said = draft.text
    draft.hear(text)
    found = possible(draft)
    flows = [flow for flow in found.flows if flow.name != but]
    known = ranked([*found.rules, *flows], draft)
    draft.hear_again(said)
    return any(one.hit.kind in BY_TEXT for one in known)
