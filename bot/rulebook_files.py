"""Opens rules/ and flows/, and watches them. What they say is read by `language`.

May import: language.
Tests: tests/test_rulebook_files.py.
"""

import gc
import os
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.language.problems import Problem, in_order
from bot.language.reading import Memory, read_rulebook
from bot.language.rulebook import Rulebook

if TYPE_CHECKING:
    import asyncio

FOLDERS = ("rules", "flows")
WATCHED = ("rules", "flows", "models/intents", "extensions")
MOST_FILE = 1_000_001  # bytes that are read of one file; the reader refuses what is longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What the files say. ``rulebook`` is None when any problem is an error."""

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]
    files: tuple[str, ...]


def load_rulebook(
    folder: Path,
    *,
    env_names: Collection[str] = (),
    known_intents: Collection[str] | None = None,
    known_actions: Collection[str] | None = None,
    languages: Collection[str] = (),
    memory: Memory | None = None,
) -> Loaded:
    """Read all files of ``folder``/rules and ``folder``/flows.

    Args:
        languages: That every reply with `lang` must have.
        memory: Kept by the caller from one loading to the next: only what changed is read.
    """
    sources: dict[str, str | bytes] = {}
    problems: list[Problem] = []
    root = folder.resolve()
    for path in rule_files(folder):
        name = os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "replace")
        try:
            sources[name] = _content(path, root)
        except (OSError, RuntimeError) as reason:  # RuntimeError: a link that leads to itself
            told = getattr(reason, "strerror", None) or str(reason)
            problems.append(_problem(name, f"cannot be read: {told}", "check its permissions"))
        except _Outside:
            problems.append(_problem(name, "the file leads out of the folder", "copy it in"))
    with _without_collector():
        rulebook, found = read_rulebook(
            sources, env_names=env_names, known_intents=known_intents,
            known_actions=known_actions, languages=languages, memory=memory,
        )  # fmt: skip
    return Loaded(
        rulebook=None if problems else rulebook,
        problems=in_order([*problems, *found]),
        files=tuple(sources),
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Read many small objects that stay: looking for garbage among them doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Outside(Exception):
    """A link that leads out of the folder."""


def _content(path: Path, root: Path) -> bytes:
    """Return what a file holds, as far as it is read."""
    if path.is_symlink() and not path.resolve(strict=True).is_relative_to(root):
        raise _Outside
    if path.exists() and not path.is_file():
        raise OSError(None, "it is not a plain file")
    with path.open("rb") as file:
        return file.read(MOST_FILE)


def rule_files(folder: Path) -> list[Path]:
    """Return the rule and flow files of a folder, in order of their names."""
    return sorted(
        path
        for name in FOLDERS
        for path in (folder / name).rglob("*")
        if path.suffix in (".yaml", ".yml") and not path.name.startswith(".") and not path.is_dir()
    )


def _problem(file: str, message: str, help_: str) -> Problem:
    return Problem(file=file, line=1, column=1, code="E001", message=message, help=help_)


async def watch_rulebook(
    folder: Path, stop: "asyncio.Event", also: Collection[Path] = ()
) -> AsyncIterator[set[str]]:
    """Yield the names of changed files, seen within some 50 ms, until ``stop`` is set.

    Args:
        also: Further files and folders to watch.
    """
    from watchfiles import awatch

    watched = [folder / name for name in WATCHED if (folder / name).is_dir()]
    watched += [path for path in also if path.exists()]
    if not watched:
        await stop.wait()
        return
    root = folder.resolve()  # noqa: ASYNC240 - once, before the watch begins
    async for changes in awatch(*watched, stop_event=stop, step=5, debounce=50):
        names = {_name(Path(path), root) for _, path in changes}
        kept = {name for name in names if name.endswith((".yaml", ".yml", ".py"))}
        if kept:
            yield kept


def _name(path: Path, root: Path) -> str:
    resolved = path.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else path.name


def describe_change(before: Rulebook, after: Rulebook) -> str:
    """Return what changed in a line, such as ``+2 rules, ~1 flow (pizza_order)``."""
    rules = _difference(
        {rule.id: rule.hash for rule in before.rules}, {rule.id: rule.hash for rule in after.rules}
    )
    flows = _difference(
        {name: flow.hash for name, flow in before.flows.items()},
        {name: flow.hash for name, flow in after.flows.items()},
    )
    parts = [*_told("rule", *rules), *_told("flow", *flows)]
    if parts:
        return ", ".join(parts)
    return "nothing changed" if before.hash == after.hash else "texts and lists changed"


def _difference(
    before: dict[str, str], after: dict[str, str]
) -> tuple[list[str], list[str], list[str]]:
    added = sorted(after.keys() - before.keys())
    removed = sorted(before.keys() - after.keys())
    changed = sorted(name for name in after.keys() & before.keys() if after[name] != before[name])
    return added, removed, changed


def _told(kind: str, added: list[str], removed: list[str], changed: list[str]) -> list[str]:
    signs = (("+", added), ("-", removed), ("~", changed))
    return [
        f"{sign}{len(names)} {kind}{'s' if len(names) > 1 else ''} ({', '.join(names[:5])})"
        for sign, names in signs
        if names
    ]
