"""Heads on disk: small safetensors files with their labels and temperature."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.domain.data import dataclass
from bot.domain.errors import WeightsMissing

Array = NDArray[np.float32]
SHIPPED = (Path(__file__).parents[1] / "templates" / "models", Path(__file__).parents[2] / "models")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What turns embeddings into labels."""

    labels: tuple[str, ...]
    temperature: float
    tensors: Mapping[str, Array]


def read_head(file: Path) -> Head:
    """Return a head. Raises WeightsMissing."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "np") as opened:
            told = opened.metadata() or {}
            tensors = widened(
                {
                    name: np.asarray(opened.get_tensor(name), dtype=np.float32)
                    for name in opened.keys()  # noqa: SIM118 - not a mapping
                }
            )
        return Head(
            labels=tuple(told["labels"].split(",")),
            temperature=float(told["temperature"]),
            tensors=tensors,
        )
    except (OSError, SafetensorError, KeyError, ValueError) as reason:
        raise WeightsMissing(file.stem, f"the head cannot be read ({reason})") from reason


def widened(tensors: Mapping[str, Array]) -> dict[str, Array]:
    """Return tensors, each that was kept in bytes times its scale: `x.scale` is of `x.weight`."""
    scales = {name for name in tensors if name.endswith(".scale")}
    found = {name: one for name, one in tensors.items() if name not in scales}
    for name in scales:
        weight = name.removesuffix("scale") + "weight"
        found[weight] = found[weight] * tensors[name]
    return found


def find_data(folder: Path, name: str) -> Path:
    """Return a file of the models folder; where a user's folder lacks it, the shipped one."""
    for base in (folder, *SHIPPED):
        if (base / name).exists():
            return base / name
    return folder / name


def softmax(logits: Array, temperature: float = 1.0) -> Array:
    """Return probabilities over the last axis."""
    scaled = logits / temperature
    raised = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    found: Array = raised / raised.sum(axis=-1, keepdims=True)
    return found


def unit(vectors: Array) -> Array:
    """Return rows of length one; a row of zeros stays."""
    lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
