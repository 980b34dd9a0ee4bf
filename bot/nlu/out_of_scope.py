"""Generic texts that intents learn from what to leave alone: models/out_of_scope.yaml."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.domain.data import dataclass
from bot.nlu.heads import Array, find_data

logger = logging.getLogger("alexia.models")
MOST_OUTSIDE = 200  # generic texts that are read
MOST_ASKED = 200  # and texts of topics
ASKED_HERE = 0.65  # likeness to an example from which on a topic is one that intents are for
FILE = "out_of_scope.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Texts that no intent is meant for, and topics that many businesses are asked about."""

    texts: tuple[str, ...] = ()
    topics: tuple[tuple[str, ...], ...] = ()

    def asked(self) -> tuple[str, ...]:
        """Return the texts of all topics, one topic after the other."""
        return tuple(text for topic in self.topics for text in topic)

    def away(self, asked: Array, examples: Array) -> list[bool]:
        """Tell of each text of the topics whether its topic comes near no example."""
        near = (asked @ examples.T).max(axis=1)
        found: list[bool] = []
        for topic in self.topics:
            own = near[len(found) : len(found) + len(topic)]
            found += [bool(np.max(own) < ASKED_HERE)] * len(topic)
        return found


def read_outside(folder: Path) -> Outside:
    """Return the generic texts of a folder of models, none where they cannot be read."""
    import yaml

    file = find_data(folder, FILE)
    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
        texts = _texts(tree["texts"])[:MOST_OUTSIDE]
        topics = [_texts(one) for one in (tree.get("topics") or {}).values()]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as no:
        logger.warning("models: without %s (%s)", file.name, no)
        return Outside()
    while sum(map(len, topics)) > MOST_ASKED:
        topics.pop()
    return Outside(texts=texts, topics=tuple(one for one in topics if one))


def _texts(listed: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(text) for text in listed)
