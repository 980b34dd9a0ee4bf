"""Opens rules/ and flows/, and watches them. What they say is read by `language`.

May import: language.
Tests: tests/test_rulebook_files.py.
"""

import gc
import hashlib
import os
import re
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import aclosing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.data import dataclass
from bot.language.changes import same_but_texts
from bot.language.flows import Flow
from bot.language.problems import Problem, has_errors, in_order
from bot.language.reading import Memory, hash_of, read_rulebook, tell_files
from bot.language.rulebook import Rulebook
from bot.language.signatures import Signature

if TYPE_CHECKING:
    import asyncio

FOLDERS = ("rules", "flows")
WATCHED = ("rules", "flows", "models/intents", "extensions")
RULE_SUFFIXES = (".yaml", ".yml")
MISNAMED = re.compile(r"\.ya?ml(\.txt)?$", re.IGNORECASE)  # as a plain text editor may save it
SUFFIXES = (*RULE_SUFFIXES, ".py")
LOOK_AGAIN = 1000  # milliseconds between two looks for folders that were made meanwhile
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
    memory = Memory() if memory is None else memory
    for path in rule_files(folder, folders):
        name = os.fsencode(os.path.relpath(path, folder)).decode("utf-8", "replace")
        try:
            sources[name] = _content(path, root)
        except (OSError, RuntimeError) as reason:  # RuntimeError: a link that leads to itself
            told = getattr(reason, "strerror", None) or str(reason)
            problems.append(_problem(name, f"cannot be read: {told}", _remedy(path)))
        except _Outside:
            problems.append(_problem(name, "the file leads out of the folder", "copy it in"))
    with without_collector():
        rulebook, found = read_rulebook(
            sources, env_names=env_names, known_intents=known_intents,
            known_actions=known_actions, languages=languages, memory=memory,
        )  # fmt: skip
        lacking = tell_files(memory, lambda name: _lacking(root, name))
    passed_over = _passed_over(folder, folders)
    return Loaded(
        rulebook=None if problems else rulebook,
        problems=in_order([*problems, *passed_over, *found, *lacking]),
        sources=sources,
    )


def _lacking(root: Path, name: str) -> str:
    """Return why a file that a rule sends cannot be, "" when it can."""
    try:
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            return "it lies outside of the bot's folder"
        return "" if path.is_file() else "there is no such file"
    except (OSError, ValueError) as reason:
        return getattr(reason, "strerror", None) or str(reason)


@contextmanager
def without_collector() -> Iterator[None]:
    """Make many small objects that stay: looking for garbage among them doubles the time."""
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
    return sorted(path for path in _entries(folder, folders) if path.suffix in RULE_SUFFIXES)


def _entries(folder: Path, folders: Sequence[Path]) -> Iterator[Path]:
    for one in dict.fromkeys(folders or [folder / name for name in FOLDERS]):
        for path in one.rglob("*"):
            if not path.name.startswith(".") and not path.is_dir():
                yield path


def _passed_over(folder: Path, folders: Sequence[Path]) -> list[Problem]:
    """Tell of files that look like rule files and are not read for their name's end."""
    return [
        Problem(
            file=os.path.relpath(path, folder), line=1, column=1, code="W103",
            message="this file is not read: its name does not end in .yaml",
            help=f"call it {MISNAMED.sub('', path.name)}.yaml, or move it out of here",
        )
        for path in sorted(_entries(folder, folders))
        if path.suffix not in RULE_SUFFIXES and MISNAMED.search(path.name)
    ]  # fmt: skip


def _remedy(path: Path) -> str:
    """Return what to do about a file that cannot be opened."""
    if path.is_symlink():
        return "mend the link, or put the file itself in its place"
    return "check its permissions" if path.is_file() else "put a plain file in its place"


def _problem(file: str, message: str, help_: str) -> Problem:
    return Problem(file=file, line=1, column=1, code="E001", message=message, help=help_)


async def watch_rulebook(
    folder: Path, stop: "asyncio.Event", also: Collection[Path] = ()
) -> AsyncIterator[set[str]]:
    """Yield the names of changed files, seen within some 50 ms, until ``stop`` is set.

    A folder that is made, removed, or put in place of another is noticed within a second.

    Args:
        also: Further files and folders to watch.
    """
    root = folder.resolve()  # noqa: ASYNC240 - once, before the watch begins
    async for changed in watch_files([*(folder / name for name in WATCHED), *also], stop):
        yield {_name(path, root) for path in changed}


async def watch_files(places: Collection[Path], stop: "asyncio.Event") -> AsyncIterator[set[Path]]:
    """Yield the YAML and Python files that changed in there, until ``stop`` is set.

    They are seen within some 50 ms and told with links followed; a folder that is made, removed,
    or put in place of another is noticed within a second.
    """
    watched, fresh, came = _present(places), set[Path](), set[_State]()
    while not stop.is_set():
        async with aclosing(_changes(watched, stop)) as changes:
            async for changed in changes:
                missed = _states(fresh) ^ came  # while the watch of a new folder began
                fresh, came = set(), set()
                found = changed | _kept(str(path) for path, _ in missed)
                if found:
                    yield found
                if _present(places) != watched:
                    break
        before, watched = watched, _present(places)
        fresh = {path for path, identity in watched.items() if before.get(path) != identity}
        came = _states(fresh)
        found = _kept(str(path) for path, _ in came) | (before.keys() - watched.keys())
        if found:
            yield found


_State = tuple[Path, int]
"""A file, and when it was changed last."""


async def _changes(
    watched: Collection[Path], stop: "asyncio.Event"
) -> AsyncGenerator[set[Path], None]:
    """Yield files that changed, and now and then nothing, so that somebody looks around."""
    import asyncio

    from watchfiles import awatch

    while not watched and not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_AGAIN / 1000)
        yield set()
    with suppress(FileNotFoundError):  # a folder that is gone by now
        async for changes in awatch(
            *watched, stop_event=stop, step=5, debounce=50, rust_timeout=LOOK_AGAIN,
            yield_on_timeout=True,
        ):  # fmt: skip
            yield _kept(path for _, path in changes)


def _kept(paths: Iterable[str]) -> set[Path]:
    """Return those that are YAML or Python, with links followed."""
    return {Path(path).resolve() for path in paths if path.endswith(SUFFIXES)}


def _present(places: Iterable[Path]) -> dict[Path, int]:
    """Return those that are there, each with what tells it from another of the same name."""
    found: dict[Path, int] = {}
    for path in places:
        with suppress(OSError):
            found[path] = path.stat().st_ino
    return found


def _states(folders: Iterable[Path]) -> set[_State]:
    found: set[_State] = set()
    for folder in folders:
        for path in folder.rglob("*"):
            with suppress(OSError):
                if path.name.endswith(SUFFIXES):
                    found.add((path, path.stat().st_mtime_ns))
    return found


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
    campaigns = _difference(
        {name: one.hash for name, one in before.campaigns.items()},
        {name: one.hash for name, one in after.campaigns.items()},
    )
    parts += [
        f"{sign}{_many(len(names), 'campaign')} ({', '.join(names[:5])})"
        for sign, names in campaigns.items() if names
    ]  # fmt: skip
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
