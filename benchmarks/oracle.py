"""The one judge of delivery: the emulator's ledger, never our own tables."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of the messages that were put in."""

    put: int
    answered: int
    lost: int
    stuck: int
    duplicate: int
    disordered: int
    unexpected: int

    @property
    def holds(self) -> bool:
        """True when every message was answered exactly once, in order."""
        return not (self.lost or self.duplicate or self.disordered or self.unexpected)


def judge(
    expected: Mapping[str, Sequence[str]],
    ledger: Sequence[Mapping[str, Any]],
    stuck: Sequence[str] = (),
) -> Verdict:
    """Compare what each chat should have been told, in order, with what reached it.

    Args:
        expected: By chat the bodies of the replies, each different, in the order of the questions.
        ledger: All lines of the emulator's ledger. A line that was kept from the recipient
            (``dropped``) reached nobody.
        stuck: Bodies that the daemon names as lost at WhatsApp's clock: no silent loss.
    """
    reached: dict[str, list[str]] = defaultdict(list)
    for line in ledger:
        if line["direction"] == "out" and not line.get("dropped"):
            reached[str(line["chat"])].append(str(line["body"]))
    lost = duplicate = disordered = unexpected = answered = named = 0
    for chat, bodies in expected.items():
        told = Counter(reached.pop(chat, []))
        order = [body for body in _in_order(ledger, chat) if body in set(bodies)]
        missing = [body for body in bodies if told[body] == 0]
        named += sum(1 for body in missing if body in stuck)
        lost += sum(1 for body in missing if body not in stuck)
        answered += sum(1 for body in bodies if told[body] > 0)
        duplicate += sum(max(told[body] - 1, 0) for body in bodies)
        unexpected += sum(count for body, count in told.items() if body not in set(bodies))
        first = list(dict.fromkeys(order))
        disordered += sum(
            1 for body, wanted in zip(first, [b for b in bodies if b in told], strict=False)
            if body != wanted
        )  # fmt: skip
    unexpected += sum(len(bodies) for bodies in reached.values())
    return Verdict(
        put=sum(len(bodies) for bodies in expected.values()),
        answered=answered, lost=lost, stuck=named, duplicate=duplicate, disordered=disordered,
        unexpected=unexpected,
    )  # fmt: skip


def _in_order(ledger: Sequence[Mapping[str, Any]], chat: str) -> list[str]:
    return [
        str(line["body"])
        for line in ledger
        if line["direction"] == "out" and line["chat"] == chat and not line.get("dropped")
    ]
