"""Waits until nobody is in the midst of writing rule files.

An editor that empties a file before it writes it, or takes it away before it puts the new one in
its place, must not leave the bot without rules for a moment, in which it would answer nobody.
"""

import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bot.rulebook_files import rule_files

MEANT = 1.0  # seconds after which what stays empty or away is meant so
LONGEST = 10.0  # seconds; files that somebody writes without an end are read as they are then
STILL = 0.02  # seconds since the last change after which a file counts as written

State = Mapping[Path, tuple[int, int]]
"""When each rule file was written last, in nanoseconds, and its size in bytes."""


def state_of(folder: Path, folders: Sequence[Path] = ()) -> State:
    """Return how the rule files are now."""
    found: dict[Path, tuple[int, int]] = {}
    for path in rule_files(folder, folders):
        with suppress(OSError):  # gone meanwhile, or a link to nowhere: the reader tells it
            told = path.stat()
            found[path] = told.st_mtime_ns, told.st_size
    return found


def wait_settled(
    folder: Path,
    known: Collection[str],
    folders: Sequence[Path] = (),
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> State:
    """Return how the rule files are when each is there, holds something and rests.

    What is empty or away counts as meant when nothing has changed for a second.

    Args:
        known: Names, relative to ``folder``, of the files that were there before.
        folders: Where the rules and flows are, instead of in ``folder``.
        clock: Seconds of the clock by which files are dated.
    """
    waited = unchanged = 0.0
    state = state_of(folder, folders)
    while waited < LONGEST and (
        _is_fresh(state, clock())
        or (unchanged < MEANT and _is_unfinished(folder, known, state))
    ):  # fmt: skip
        sleep(STILL)
        waited += STILL
        before, state = state, state_of(folder, folders)
        unchanged = unchanged + STILL if state == before else 0.0
    return state


def _is_fresh(state: State, now: float) -> bool:
    return any(abs(now - written / 1e9) < STILL for written, _ in state.values())


def _is_unfinished(folder: Path, known: Collection[str], state: State) -> bool:
    gone = set(known) - {os.path.relpath(path, folder) for path in state}
    return bool(gone) or any(not size for _, size in state.values())
