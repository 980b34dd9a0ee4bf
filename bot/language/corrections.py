"""What people take back: "tomorrow, no wait, friday", "not two but three", "el martes no, el 8"."""

import re
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")  # with None: nothing is said
TAKEN_BACK = re.compile(
    r"\b(?:no,? wait|wait,? no|hold on|scratch that|i mean|i meant|or rather|make that|actually|"
    r"correction|digo|mejor dicho|perdon,|espera|en realidad|quise decir|quer dizer|ou melhor|"
    r"alias|na verdade|quis dizer|minto|corrigindo|errei)\b[\s,:.…]*",
    re.IGNORECASE,
)
PARTED = re.compile(r"[,;.!?…\n]+(?=\s|$)|\s(?:but|sino|mas|pero|e sim|rather)\s", re.IGNORECASE)
DENIED = re.compile(
    r"\b(?:not|no|nao|não|n|cannot|cant|dont|doesnt|wont|\w+n['’]t|instead of|en vez de|"
    r"em vez de)\b(?!\s+(?:later|more|less|earlier|before|after|mas|mais|menos|antes|despues))",
    re.IGNORECASE,
)


def first_kept(text: str, read: Callable[[str], Value], holds: Callable[[str], object]) -> Value:
    """Return the first value of a text that its writer does not take back.

    Args:
        read: Returns the value that a text holds, None when it holds none.
        holds: Returns None where a clause has nothing that could be taken back.
    """
    again = list(TAKEN_BACK.finditer(text))
    if again:
        later = read(text[again[-1].end() :])
        if later is not None:
            return later
    clauses = [one for one in PARTED.split(text) if one.strip()]
    denied = [one for one in clauses if DENIED.search(one)]
    if denied and len(clauses) > len(denied) and any(_found(holds, one) for one in denied):
        for clause in clauses:
            if clause not in denied and (kept := read(clause)) is not None:
                return kept
    return read(text)


def _found(holds: Callable[[str], object], clause: str) -> bool:
    try:
        return holds(clause) is not None
    except ValueError:
        return False
