"""Judges the reading of entities: numbers, money, dates, times and the like."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.nlu.evaluation import Judged


def judge_entities(rows: Sequence[Mapping[str, Any]]) -> Judged:
    """Return what is read of each row's type; nothing yet."""
    return Judged(predictions=[{"id": row.get("id"), "value": None} for row in rows], figures=None)
