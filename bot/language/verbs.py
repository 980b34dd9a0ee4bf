"""What a reader of one verb of a step is: the modules that read steps share this shape."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.language.actions import Step
from bot.language.desk import Desk
from bot.language.source import Node

Values = Mapping[str, Node]
"""What stands beside the verb, by key."""

Base = dict[str, Any]
"""What every step has: its path, its condition, its place."""

Reader = Callable[[Desk, Node, Values, Base], Step | None]
"""Reads what stands behind the verb; None when it is told to the desk as wrong."""

Verbs = Mapping[str, tuple[Reader, tuple[str, ...]]]
"""Readers by verb, each with the keys that may stand beside the verb."""
