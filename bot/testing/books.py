"""Rulebooks for tests: each folder is read once, and edited copies never touch a disk."""

import hashlib
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from bot.domain.data import dataclass
from bot.language.problems import Problem
from bot.language.reading import read_rulebook
from bot.language.rulebook import Rulebook
from bot.rulebook_files import load_rulebook, rule_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The rule files of a folder as a test has them, edits made, and what they say.

    Attributes:
        rulebook: None when any problem is an error.
    """

    sources: Mapping[str, bytes]
    rulebook: Rulebook | None
    problems: tuple[Problem, ...]

    @property
    def message(self) -> str:
        """Return the errors, each with its place."""
        return "\n".join(str(one) for one in self.problems if one.severity == "error")


class Books:
    """The rulebook of one folder, once for each set of environment names.

    Args:
        folders: Where its rules and flows are, when not in rules/ and flows/.
    """

    def __init__(self, folder: Path, folders: Sequence[Path] = ()) -> None:
        self._folder = folder
        self._folders = folders
        self._known: dict[object, Copy] = {}

    @property
    def loaded(self) -> list[Copy]:
        """Return what was loaded or edited so far, the oldest first."""
        return list(self._known.values())

    def load(self, env_names: Collection[str]) -> Copy:
        """Return what the folder holds."""
        names = frozenset(env_names)
        if names not in self._known:
            loaded = load_rulebook(self._folder, env_names=names, folders=self._folders)
            sources = {
                os.path.relpath(path, self._folder): path.read_bytes()
                for path in rule_files(self._folder, self._folders)
                if path.is_file()
            }
            self._known[names] = Copy(
                sources=sources, rulebook=loaded.rulebook, problems=loaded.problems
            )
        return self._known[names]

    def edit(self, before: Copy, env_names: Collection[str], file: str, text: bytes | None) -> Copy:
        """Return a copy in which one file has another text, or is gone."""
        sources = {name: one for name, one in before.sources.items() if name != file}
        if text is not None:
            sources[file] = text
        names = frozenset(env_names)
        digest = hashlib.sha256()
        for name in sorted(sources):
            digest.update(name.encode() + b"\0" + sources[name] + b"\0")
        key = names, digest.digest()
        if key not in self._known:
            rulebook, problems = read_rulebook(sources, env_names=names)
            self._known[key] = Copy(sources=sources, rulebook=rulebook, problems=problems)
        return self._known[key]
