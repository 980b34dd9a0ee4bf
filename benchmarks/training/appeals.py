"""Trains the head that tells what a message appeals for, from sentences of our own.

    python -m benchmarks.training.appeals OUT.safetensors

The sentences are in `templates/appeals.yaml`, and more are drawn from `appeal_patterns.yaml`.
Seconds of one core; the same command makes the same head on the same processor. Prints how many of
the sentences are told rightly by a head that has not seen them, in five parts; a sentence and its
translations are in the same part, and so is all that one pattern gives.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import torch
import yaml
from safetensors.numpy import save_file

from benchmarks.training.expand import FOLDER, filled
from bot.nlu.appeal_head import KINDS
from bot.nlu.heads import Array
from bot.nlu.logistic import fit_logistic
from bot.nlu.multilingual import Multilingual

STRENGTH = 2.0  # C of the regression
PARTS = 5
DRAWN = 5  # sentences of each pattern
SEED = 20
PATTERNS = 1000  # place of the first pattern, behind those of the sentences
Sentence = tuple[str, int, int]  # a text, its kind, and its place in its list


def sentences() -> list[Sentence]:
    """Return the sentences as they are written, and those that are drawn from patterns."""
    tree = yaml.safe_load((FOLDER / "appeals.yaml").read_text(encoding="utf-8"))
    written = [
        (str(text).casefold(), KINDS.index(kind), place)
        for kind, languages in tree.items()
        for texts in languages.values()
        for place, text in enumerate(texts)
    ]
    return [*written, *drawn(random.Random(SEED))]


def drawn(chance: random.Random) -> list[Sentence]:
    """Return some sentences of each pattern; those of one pattern have one place."""
    languages = yaml.safe_load((FOLDER / "appeal_patterns.yaml").read_text(encoding="utf-8"))
    found: dict[str, tuple[int, int]] = {}
    for tree in languages.values():
        fill = {name: list(map(str, words)) for name, words in tree["fill"].items()}
        wanted = [
            (str(pattern), KINDS.index(kind), PATTERNS + place)
            for kind in KINDS
            for place, pattern in enumerate(tree.get(kind, ()))
        ]
        for pattern, *where in wanted * DRAWN:
            found.setdefault(filled(pattern, fill, chance).casefold(), (where[0], where[1]))
    return [(text, *where) for text, where in found.items()]


def told_unseen(vectors: Array, found: list[Sentence]) -> float:
    """Return the share of sentences that heads tell which did not see them."""
    labels = np.array([kind for _, kind, _ in found])
    draws = {key: random.Random(repr(key)).randrange(PARTS) for key in _places(found)}
    parts = np.array([draws[kind, place] for _, kind, place in found])
    right = 0
    for part in range(PARTS):
        seen = parts != part
        head = fit_logistic(vectors[seen], labels[seen], len(KINDS), STRENGTH)
        told = head.probabilities(vectors[~seen]).argmax(axis=1)
        right += int((told == labels[~seen]).sum())
    return right / len(found)


def _places(found: list[Sentence]) -> set[tuple[int, int]]:
    return {(kind, place) for _, kind, place in found}


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    found = sentences()
    vectors = Multilingual(threads=1).encode([text for text, _, _ in found])
    labels = np.array([kind for _, kind, _ in found])
    print(f"{len(found)} sentences, {100 * told_unseen(vectors, found):.1f} % told unseen")
    head = fit_logistic(vectors, labels, len(KINDS), STRENGTH)
    tensors = {"weights": head.weights.astype(np.float16), "biases": head.biases.astype(np.float16)}
    save_file(tensors, asked.out, {"labels": ",".join(KINDS), "temperature": "1.00"})
    print(f"{asked.out}: {asked.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
