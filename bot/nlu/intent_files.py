"""Learnt intents in the user's cache, so that a start need not learn them again."""

import hashlib
import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder import Encoder
from bot.nlu.examples import IntentExamples
from bot.nlu.intents import IntentHeads, Scale, View
from bot.nlu.logistic import Logistic
from bot.nlu.out_of_scope import Outside
from bot.nlu.scope import scope_of

logger = logging.getLogger("alexia.models")
FORM = 5  # raised when heads are learnt or written otherwise
KEPT = 8  # files; the oldest go


def cached_file(
    intents: Sequence[IntentExamples],
    encoders: Mapping[str, Encoder],
    outside: Outside,
    default: str,
) -> Path:
    """Return where the heads of exactly these examples and encoders lie, or would lie."""
    names = sorted((view, encoder.name) for view, encoder in encoders.items())
    told = [FORM, [asdict(one) for one in intents], names, asdict(outside), default]
    key = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:32]
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "alexia"
    return base / "intents" / f"{key}.safetensors"


def save_heads(heads: IntentHeads, file: Path) -> None:
    """Write heads; a cache that cannot be written is told in the log and done without."""
    from safetensors.numpy import save_file

    tensors: dict[str, NDArray[Any]] = {}
    for name, view in heads.views.items():
        tensors |= {
            f"{name}.vectors": view.vectors,
            f"{name}.labels": view.labels,
            f"{name}.weights": view.logistic.weights,
            f"{name}.biases": view.logistic.biases,
        }
        if view.outside is not None and len(view.outside):
            tensors[f"{name}.outside"] = view.outside
    told = {
        "names": heads.names,
        "thresholds": dict(heads.thresholds),
        "languages": heads.languages,
        "views": {
            name: {
                "scale": asdict(view.scale), "held_out": view.held_out, "mistaken": view.mistaken
            }
            for name, view in heads.views.items()
        },
    }  # fmt: skip
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}.new")
        kept = {name: np.ascontiguousarray(part) for name, part in tensors.items()}
        save_file(kept, fresh, {"heads": json.dumps(told)})
        fresh.replace(file)
        for old in sorted(file.parent.glob("*.safetensors"), key=_age)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as reason:
        logger.warning("models: the intents are not kept (%s)", reason)


def load_heads(file: Path) -> IntentHeads | None:
    """Return the heads of a file, None when it is not there or cannot be read."""
    from safetensors import SafetensorError, safe_open

    if not file.exists():
        return None
    try:
        with safe_open(file, "np") as opened:
            told = json.loads((opened.metadata() or {})["heads"])
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
        names = tuple(told["names"])
        return IntentHeads(
            names=names,
            views={name: _view(name, names, tensors, body) for name, body in told["views"].items()},
            thresholds=told["thresholds"],
            languages=tuple(told["languages"]),
        )
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as reason:
        logger.warning("models: %s cannot be read (%s); learning anew", file.name, reason)
        return None


def _view(
    name: str, names: tuple[str, ...], tensors: Mapping[str, Any], body: Mapping[str, Any]
) -> View:
    return View(
        vectors=tensors[f"{name}.vectors"],
        labels=tensors[f"{name}.labels"],
        names=names,
        logistic=Logistic(weights=tensors[f"{name}.weights"], biases=tensors[f"{name}.biases"]),
        scope=scope_of(name),
        scale=Scale(**body["scale"]),
        held_out=body["held_out"],
        mistaken=tuple((tuple(pair), count) for pair, count in body["mistaken"]),
        outside=tensors.get(f"{name}.outside"),
    )


def _age(file: Path) -> float:
    return file.stat().st_mtime
