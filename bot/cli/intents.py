"""The intents that a user's folder names, read without loading any model."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Config


def intent_names(config: "Config") -> frozenset[str] | None:
    """Return the names under ``models/intents``; None when the folder holds none."""
    names = set()
    for file in sorted((config.models_folder / "intents").glob("*.yaml")):
        names |= _names(file)
    return frozenset(names) or None


def _names(file: Path) -> set[str]:
    import yaml

    try:
        top = yaml.compose(file.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, OSError, UnicodeDecodeError):
        return set()
    found: set[str] = set()
    pairs = top.value if isinstance(top, yaml.MappingNode) else []
    for key, value in pairs:
        if key.value == "intents" and isinstance(value, yaml.MappingNode):
            found |= {name.value for name, _ in value.value}
        elif key.value == "name":
            found.add(value.value)
    return found
