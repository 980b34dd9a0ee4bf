"""Chance that is the same each time: drawn from a turn's seed, so a decision can be repeated."""

import zlib
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

STEPS = 2**32


class Chance:
    """A row of draws that depends on nothing but its seed."""

    _drawn = 0

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def draw(self) -> float:
        """Return the next draw, 0 <= x < 1."""
        self._drawn += 1
        return zlib.crc32(f"{self._seed}|{self._drawn}".encode()) / STEPS

    def pick(self, items: Sequence[Item], weights: Sequence[float] | None = None) -> Item:
        """Return one of the items; a heavier one is drawn more often."""
        shares = list(weights or [1.0] * len(items))
        left = self.draw() * sum(shares)
        for item, share in zip(items, shares, strict=True):
            left -= share
            if left < 0:
                return item
        return items[-1]
