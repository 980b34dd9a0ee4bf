"""Opens rules/ and flows/, and watches them. What they say is read by `language`.

May import: language.
Tests: tests/test_rulebook_files.py.
"""

import gc
import hashlib
import os
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.data import dataclass
from bot.language.changes import same_but_texts
from bot.language.flows import Flow
from bot.language.problems import Problem, has_errors, in_order
from bot.language.reading import Memory, hash_of, read_rulebook
from bot.language.rulebook import Rulebook
from bot.language.signatures import Signature

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
    sources: Mapping[str, bytes]

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of the files that could be read."""
        return tuple(self.sources)

    @property
    def hash(self) -> str:
        """Return what names these files, broken or not: the hash of their rulebook."""
        digests = {name: hashlib.sha256(one).digest() for name, one in self.sources.items()}
        return hash_of(digests)

    def joined(self, problems: Collection[Problem]) -> "Loaded":
        """Return the same with more problems; an error among them leaves no rulebook."""
        told = in_order([*self.problems, *problems])
        return replace(self, rulebook=None if has_errors(told) else self.rulebook, problems=told)


def load_rulebook(  # noqa: PLR0913 - what the files are checked against
    folder: Path,
    *,
    env_names: Collection[str] = (),
    known_intents: Collection[str] | None = None,
    known_actions: Mapping[str, Signature] | None = None,
    languages: Collection[str] = (),
    memory: Memory | None = None,
    folders: Sequence[Path] = (),
) -> Loaded:
    """Read all files of ``folder``/rules and ``folder``/flows, or of the ``folders`` instead.

    Args:
        languages: That every reply with `lang` must have.
        memory: Kept by the caller from one loading to the next: only what changed is read.
    """
    sources: dict[str, bytes] = {}
    problems: list[Problem] = []
    root = folder.resolve()
    for path in rule_files(folder, folders):
        name = os.fsencode(os.path.relpath(path, folder)).decode("utf-8", "replace")
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
        sources=sources,
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


def rule_files(folder: Path, folders: Sequence[Path] = ()) -> list[Path]:
    """Return the rule and flow files of a folder (or of ``folders``), in order of their names."""
    return sorted(
        path
        for one in dict.fromkeys(folders or [folder / name for name in FOLDERS])
        for path in one.rglob("*")
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
    watched = [folder / name for name in WATCHED if (folder / name).is_dir()]
    root = folder.resolve()  # noqa: ASYNC240 - once, before the watch begins
    async for changed in watch_files([*watched, *also], stop):
        yield {_name(path, root) for path in changed}


async def watch_files(
    watched: Collection[Path], stop: "asyncio.Event"
) -> AsyncIterator[set[Path]]:  # fmt: skip
    """Yield the YAML and Python files that changed in there, until ``stop`` is set.

    They are seen within some 50 ms and told with links followed. What is missing at the beginning
    is not watched.
    """
    from watchfiles import awatch

    there = [path for path in dict.fromkeys(watched) if path.exists()]
    if not there:
        await stop.wait()
        return
    async for changes in awatch(*there, stop_event=stop, step=5, debounce=50):
        kept = _kept(path for _, path in changes)
        if kept:
            yield kept


def _kept(paths: Iterable[str]) -> set[Path]:
    """Return those that are YAML or Python, with links followed."""
    named = (Path(path) for path in paths if path.endswith((".yaml", ".yml", ".py")))
    return {path.resolve() for path in named}


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def describe_change(before: Rulebook, after: Rulebook) -> str:
    """Return what changed in a line, such as ``+2 rules, ~1 flow (pizza_order: texts only)``."""
    rules = _difference(
        {rule.id: rule.hash for rule in before.rules}, {rule.id: rule.hash for rule in after.rules}
    )
    flows = _difference(
        {name: flow.hash for name, flow in before.flows.items()},
        {name: flow.hash for name, flow in after.flows.items()},
    )
    parts = [f"{sign}{_many(len(names), 'rule')}" for sign, names in rules.items() if names]
    for sign, names in flows.items():
        told = [_flow(name, before.flows.get(name), after.flows.get(name)) for name in names[:5]]
        if told:
            parts.append(f"{sign}{_many(len(names), 'flow')} ({', '.join(told)})")
    if parts:
        return ", ".join(parts)
    return "nothing changed" if before.hash == after.hash else "texts and lists changed"


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        "+": sorted(after.keys() - before.keys()),
        "-": sorted(before.keys() - after.keys()),
        "~": sorted(name for name in after.keys() & before.keys() if after[name] != before[name]),
    }


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _flow(name: str, before: Flow | None, after: Flow | None) -> str:
    only_texts = before is not None and after is not None and same_but_texts(before, after)
    return f"{name}: texts only" if only_texts else name
