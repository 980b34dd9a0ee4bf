"""What `alexia models list` tells."""

from pathlib import Path
from typing import Any

from bot.domain.errors import WeightsMissing
from bot.nlu.intents import read_examples
from bot.nlu.weights import find_minilm


def describe(models_folder: Path) -> list[dict[str, Any]]:
    """Return one row a model: its kind, name, state and detail."""
    examples, problems = read_examples(models_folder)
    rows: list[dict[str, Any]] = [
        {"kind": "intent", "name": name, "state": "ok", "detail": f"{len(texts)} examples"}
        for name, texts in sorted(examples.items())
    ]
    rows += [
        {"kind": "intents", "name": "", "state": "broken", "detail": told} for told in problems
    ]
    try:
        folder = str(find_minilm())
        rows.append({"kind": "encoder", "name": "minilm", "state": "ok", "detail": folder})
    except WeightsMissing as missing:
        rows.append(
            {"kind": "encoder", "name": "minilm", "state": "missing", "detail": str(missing)}
        )
    return rows
