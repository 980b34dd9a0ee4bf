"""Trains how sentiment-many reads one word by which something is praised or blamed.

    python -m benchmarks.training.words HEAD.safetensors OUT.safetensors

Takes a head, learns its words anew and writes it with them. What the patterns hold is kept by its
stem; other words are told by a linear layer over their exclamations, which learnt from these.
"""

import argparse
import re
from pathlib import Path
from typing import Any

import torch
from torch import nn

from benchmarks.training.expand import LABELS, PAIR, patterns_in
from bot.nlu.multilingual import Multilingual
from bot.nlu.predicates import Predicate, Stand
from bot.nlu.sentiment import SCALE
from bot.nlu.word_tones import stem_key

TONES = (("bad", 0), ("plain", 1), ("good", 2))  # slots of the patterns, and their labels
LANGUAGES = ("es", "pt")
WORD = re.compile(r"[^\W\d_]{4,}")
DECAY = 5e-3
STEPS = 150


def words_of(encoder: Multilingual) -> dict[str, torch.Tensor]:
    """Return the words' tensors, under the names they are read by."""
    told = {language: _phrases(language) for language in LANGUAGES}
    layer = _fitted(encoder, told)
    known = _known(told)
    return {
        "word.weight": (SCALE * layer.weight).detach().half(),
        "word.bias": layer.bias.detach().half(),
        "word.stems": torch.tensor(list(known), dtype=torch.int32),
        "word.tones": torch.tensor(list(known.values()), dtype=torch.int8),
    }


def _phrases(language: str) -> dict[str, int]:
    """Return the words and phrases of praise, of blame and of neither, with their labels."""
    fill, _ = patterns_in(language, more=True)
    found: dict[str, int] = {}
    for name, label in TONES:
        for phrase in fill[name]:
            for form in (r"\1", r"\2"):
                found.setdefault(PAIR.sub(form, phrase).strip().lower(), label)
    return found


def _known(told: dict[str, dict[str, int]]) -> dict[int, int]:
    """Return the label, less one, of each stem that has one label only."""
    found: dict[int, set[int]] = {}
    for language, phrases in told.items():
        for phrase, label in phrases.items():
            if WORD.fullmatch(phrase):
                key = stem_key(phrase, is_spanish=language == "es")
                found.setdefault(key, set()).add(label - 1)
    return {key: tones.pop() for key, tones in sorted(found.items()) if len(tones) == 1}


def _fitted(encoder: Multilingual, told: dict[str, dict[str, int]]) -> Any:
    """Return a linear layer that tells the labels by a view; each label weighs as much."""
    pairs = [
        (view, label)
        for language, phrases in told.items()
        for phrase, label in phrases.items()
        for view in Predicate(
            word=phrase, is_spanish=language == "es", stand=Stand.SAID
        ).views
    ]  # fmt: skip
    seen = torch.from_numpy(SCALE * encoder.encode([view for view, _ in pairs]))
    labels = torch.tensor([label for _, label in pairs])
    weights = (1 / torch.bincount(labels))[labels] / len(LABELS)
    layer = nn.Linear(seen.shape[1], len(LABELS))
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=STEPS, history_size=20)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        each = nn.functional.cross_entropy(layer(seen), labels, reduction="none")
        found: torch.Tensor = (each * weights).sum() + DECAY * (layer.weight**2).sum()
        found.backward()
        return found

    optimizer.step(loss)
    return layer


def main() -> None:
    """Write a head with its words learnt anew."""
    from safetensors import safe_open
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("head", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    with safe_open(asked.head, "pt") as opened:
        told = opened.metadata()
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - not a mapping
    save_file(tensors | words_of(Multilingual()), asked.out, told)
    print(f"{asked.out}: {asked.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
