"""How long things took: the middle and the slow end."""

from collections.abc import Iterable
from math import ceil

from bot.domain.data import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How durations lie, in seconds; None where there are none."""

    count: int
    median: float | None
    p95: float | None


def spread(durations: Iterable[float]) -> Spread:
    """Return the spread of durations by nearest rank: each figure is one that was measured."""
    found = sorted(durations)
    return Spread(count=len(found), median=_rank(found, 0.5), p95=_rank(found, 0.95))


def _rank(found: list[float], share: float) -> float | None:
    return found[max(0, ceil(share * len(found)) - 1)] if found else None
