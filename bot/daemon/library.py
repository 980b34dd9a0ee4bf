"""Reads the files of all accounts; those that several share are read once."""

import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from bot.config import Config
from bot.daemon.settling import State, state_of, wait_settled
from bot.domain.data import dataclass
from bot.extensions import Actions, find_actions
from bot.language.problems import Problem
from bot.language.reading import Memory
from bot.rulebook_files import Loaded, load_rulebook

Folders = tuple[Path, Path]
"""Of the rules and of the flows."""
Settle = Callable[[Path, Collection[str], Sequence[Path]], State]
"""Waits until nobody writes the files; takes and returns what `wait_settled` does."""

MOST_READINGS = 5  # of files that are written again whenever they are read


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the folders of an account found."""

    loaded: Loaded
    actions: Actions


class Library:
    """One reader at a time: what one account has read is there for the next.

    Args:
        known_intents: Asked at each reading; None when no models are there to ask.
        settle: Called after each reading, which counts when nothing has moved since; blocks.
    """

    def __init__(
        self, known_intents: Callable[[], frozenset[str] | None], *, settle: Settle = wait_settled
    ) -> None:
        self._known_intents = known_intents
        self._settle = settle
        self._files: dict[Folders, tuple[str, ...]] = {}  # that were there at the last look
        self._memories: dict[Folders, Memory] = {}
        self._reading = threading.Lock()

    def read(self, config: Config) -> Found:
        """Read the files of the account that ``config`` knows; blocks."""
        folders = (config.rules_folder, config.flows_folder)
        found, is_whole = self._try(config, folders)
        for _ in range(MOST_READINGS - 1):
            if is_whole:
                break
            found, is_whole = self._try(config, folders)
        self._files[folders] = found.loaded.files
        return found

    def _try(self, config: Config, folders: Folders) -> tuple[Found, bool]:
        """Read the files; tell too whether nobody was writing them.

        Most edits are whole when they are seen: reading them takes the time in which they settle.
        """
        before = state_of(config.folder, folders)
        found = self._read(config, folders)
        settled = self._settle(config.folder, self._files.get(folders, ()), folders)
        return found, settled == before

    def _read(self, config: Config, folders: Folders) -> Found:
        with self._reading:
            actions = find_actions(config.folder)
            loaded = load_rulebook(
                config.folder,
                env_names=config.env,
                known_intents=self._known_intents(),
                known_actions=actions.signatures,
                languages=config.languages,
                memory=self._memories.setdefault(folders, Memory()),
                folders=folders,
            )
            told = [*actions.problems, *missing_folders(config)]
            return Found(loaded.joined(told), actions)


def missing_folders(config: Config) -> list[Problem]:
    """Return a problem for each folder that an account names and that is not there."""
    account = config.sessions[0]
    return [
        _missing(config, named)
        for named in (account.rules, account.flows)
        if named is not None and not (config.folder / named).is_dir()
    ]


def _missing(config: Config, named: Path) -> Problem:
    place = config.origins.get("sessions", "config.yaml").split(":")
    line, column = place[1:3] if len(place) > 2 else ("1", "1")
    return Problem(
        file=place[0],
        line=int(line),
        column=int(column),
        code="E001",
        message=f"the folder {str(named)!r} of the session {config.sessions[0].name!r} is missing",
        help="make it, or name another",
    )
