"""Figures of predictions against labels."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

BINS = 10
Numbers = NDArray[np.float64]


def accuracy(truth: Sequence[Hashable], told: Sequence[Hashable]) -> float:
    """Return the share of equal labels."""
    return sum(a == b for a, b in zip(truth, told, strict=True)) / len(truth)


def macro_recall(truth: Sequence[Hashable], told: Sequence[Hashable]) -> float:
    """Return the mean recall of the labels that occur in the truth."""
    table, labels = confusion(truth, told)
    there = [at for at, label in enumerate(labels) if label in set(truth)]
    return float(np.mean([table[at, at] / table[at].sum() for at in there]))


def macro_f1(truth: Sequence[Hashable], told: Sequence[Hashable]) -> float:
    """Return the mean F1 of the labels that occur in the truth or are told."""
    table, _ = confusion(truth, told)
    either = table.sum(axis=0) + table.sum(axis=1)
    return float(np.mean(2 * np.diag(table) / either))


def mcc(truth: Sequence[Hashable], told: Sequence[Hashable]) -> float:
    """Return Matthews' correlation for several labels (Gorodkin 2004); 0 when undefined."""
    table, _ = confusion(truth, told)
    count, right = table.sum(), np.trace(table)
    real, said = table.sum(axis=1), table.sum(axis=0)
    above = right * count - real @ said
    below = np.sqrt(float(count**2 - said @ said) * float(count**2 - real @ real))
    return float(above / below) if below else 0.0


def auroc(inside: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Return how often an inside score is above an outside one; None when one side is empty."""
    marks, values = np.asarray(inside, dtype=bool), np.asarray(scores, dtype=np.float64)
    high, low = values[marks], np.sort(values[~marks])
    if not len(high) or not len(low):
        return None
    below = np.searchsorted(low, high, side="left") + np.searchsorted(low, high, side="right")
    return float(below.mean() / 2 / len(low))


def calibration_error(right: Sequence[bool], probabilities: Sequence[float]) -> float | None:
    """Return the expected calibration error over ten bins; None without rows."""
    if not len(right):
        return None
    hits = np.asarray(right, dtype=np.float64)
    sure = np.asarray(probabilities, dtype=np.float64)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    error = 0.0
    for at in range(BINS):
        inside = bins == at
        if inside.any():
            error += inside.mean() * abs(hits[inside].mean() - sure[inside].mean())
    return float(error)


def confusion(
    truth: Sequence[Hashable], told: Sequence[Hashable]
) -> tuple[NDArray[np.int64], list[Hashable]]:
    """Return counts (truth, told) and the labels of both axes."""
    labels = list(dict.fromkeys([*truth, *told]))
    place = {label: at for at, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for a, b in zip(truth, told, strict=True):
        table[place[a], place[b]] += 1
    return table, labels
