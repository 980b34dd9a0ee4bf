"""The intents of a models folder, as users write them."""

import re
from pathlib import Path
from typing import Any

from bot.domain.data import dataclass

FEWEST = 3  # examples below which an intent is hardly to be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One text that a user wrote, and its language where it is told."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentExamples:
    """What a user wrote of one intent."""

    name: str
    examples: tuple[Example, ...]
    negatives: tuple[str, ...] = ()
    threshold: float | None = None  # None: found by itself


def read_intents(folder: Path) -> tuple[tuple[IntentExamples, ...], list[str]]:
    """Return the intents of ``folder``/intents/*.yaml, and printable problems."""
    import yaml

    found: dict[str, IntentExamples] = {}
    problems: list[str] = []
    for file in sorted((folder / "intents").glob("*.yaml")):
        name = f"models/intents/{file.name}"
        try:
            text = file.read_text(encoding="utf-8")
            tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it builds texts only
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as reason:
            mark = getattr(reason, "problem_mark", None)
            place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else f"{name}:1:1"
            problems.append(f"{place}: E001 not valid YAML")
            continue
        for intent in _intents(_Written(name, text), tree, problems):
            if intent.name in found:
                place = _Written(name, text).place(intent.name)
                problems.append(f"{place}: E105 the intent '{intent.name}' is there twice")
            found[intent.name] = intent
    return tuple(found.values()), problems


def warnings_of(intents: tuple[IntentExamples, ...]) -> list[str]:
    """Return what a user may want to mend: too few examples, one text under two intents."""
    told = [
        f"the intent '{intent.name}' has {_counted(intent.examples)}; write at least {FEWEST}"
        for intent in intents
        if 0 < len(intent.examples) < FEWEST
    ]
    owner: dict[str, str] = {}
    for intent in intents:
        for example in intent.examples:
            key = " ".join(example.text.casefold().split())
            if owner.setdefault(key, intent.name) != intent.name:
                told.append(
                    f"'{example.text}' is under '{owner[key]}' and '{intent.name}';"
                    " leave it under one"
                )
    return told


def _counted(examples: tuple[Example, ...]) -> str:
    return "1 example" if len(examples) == 1 else f"{len(examples)} examples"


@dataclass(frozen=True, slots=True)
class _Written:
    """A file as it is written."""

    name: str
    text: str

    def place(self, intent: str) -> str:
        """Return where an intent stands, the file's first line where that cannot be told."""
        key = re.compile(rf"""(\s*(?:name:\s*)?)["']?{re.escape(intent)}["']?\s*(?::|#|$)""")
        for number, line in enumerate(self.text.splitlines(), start=1):
            if found := key.match(line):
                return f"{self.name}:{number}:{found.end(1) + 1}"
        return f"{self.name}:1:1"


def _intents(file: _Written, tree: Any, problems: list[str]) -> list[IntentExamples]:  # noqa: ANN401 - parsed YAML
    if isinstance(tree, dict) and "name" in tree:
        listed: Any = {tree["name"]: tree}
    else:
        listed = tree.get("intents") if isinstance(tree, dict) else None
    if not isinstance(listed, dict):
        problems.append(f"{file.name}:1:1: E102 'intents' is missing")
        return []
    return [_intent(file, str(name), body, problems) for name, body in listed.items()]


def _intent(file: _Written, name: str, body: Any, problems: list[str]) -> IntentExamples:  # noqa: ANN401
    tree = body if isinstance(body, dict) else {"examples": body}
    language = tree.get("language")
    examples = _examples(tree.get("examples"), str(language) if language else None)
    if not examples:
        problems.append(
            f"{file.place(name)}: E102 the intent '{name}' has no examples;"
            f" write at least {FEWEST} under it"
        )
    return IntentExamples(
        name=name,
        examples=tuple(examples),
        negatives=tuple(example.text for example in _examples(tree.get("negatives"), None)),
        threshold=_threshold(file, name, tree.get("threshold"), problems),
    )


def _examples(given: Any, language: str | None) -> list[Example]:  # noqa: ANN401
    if isinstance(given, dict):
        return [one for name, texts in given.items() for one in _examples(texts, str(name))]
    if not isinstance(given, list):
        return []
    return [Example(text=str(text), language=language) for text in given if str(text).strip()]


def _threshold(file: _Written, name: str, given: Any, problems: list[str]) -> float | None:  # noqa: ANN401
    if given in (None, "auto"):
        return None
    try:
        threshold = float(given)
    except (TypeError, ValueError):
        threshold = -1.0
    if 0 <= threshold <= 1:
        return threshold
    problems.append(
        f"{file.place(name)}: E104 the threshold of '{name}' is not 'auto' or from 0 to 1"
    )
    return None
