"""Waits until nobody is in the midst of writing rule files.

An editor that empties a file before it writes it, or takes it away before it puts the new one in
its place, must not leave the bot without rules for a moment, in which it would answer nobody.
"""

import os
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from bot.rulebook_files import rule_files

LONGEST = 1.0  # seconds; what is still empty or gone then is meant so
STILL = 0.02  # seconds since the last change after which a file counts as written


def wait_settled(
    folder: Path,
    known: Collection[str],
    folders: Sequence[Path] = (),
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Return when each rule file is there, holds something and rests; after a second in any case.

    Args:
        known: Names, relative to ``folder``, of the files that were there before.
        folders: Where the rules and flows are, instead of in ``folder``.
        clock: Seconds of the clock by which files are dated.
    """
    end = clock() + LONGEST
    while clock() < end and _is_being_written(folder, known, rule_files(folder, folders), clock()):
        sleep(STILL)


def _is_being_written(
    folder: Path, known: Collection[str], found: Sequence[Path], now: float
) -> bool:  # fmt: skip
    gone = set(known) - {os.path.relpath(path, folder) for path in found}
    return bool(gone) or any(_is_unfinished(path, now) for path in found)


def _is_unfinished(path: Path, now: float) -> bool:
    try:
        state = path.stat()
    except OSError:  # gone meanwhile, or a link to nowhere: the reader tells it
        return False
    return state.st_size == 0 or abs(now - state.st_mtime) < STILL
