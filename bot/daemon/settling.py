"""Waits until nobody is in the midst of writing rule files.

An editor that empties a file before it writes it, or takes it away before it puts the new one in
its place, must not leave the bot without rules for a moment, in which it would answer nobody.
"""

import time
from collections.abc import Callable, Collection
from pathlib import Path

from bot.rulebook_files import rule_files

LONGEST = 1.0  # seconds; what is still empty or gone then is meant so
STILL = 0.02  # seconds since the last change after which a file counts as written


def wait_settled(
    folder: Path,
    known: Collection[str],
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Return when each rule file is there, holds something and rests; after a second in any case.

    Args:
        known: Names, relative to ``folder``, of the files that were there before.
        clock: Seconds of the clock by which files are dated.
    """
    end = clock() + LONGEST
    while clock() < end and _is_being_written(folder, known, clock()):
        sleep(STILL)


def _is_being_written(folder: Path, known: Collection[str], now: float) -> bool:
    found = rule_files(folder)
    gone = set(known) - {path.relative_to(folder).as_posix() for path in found}
    return bool(gone) or any(_is_unfinished(path, now) for path in found)


def _is_unfinished(path: Path, now: float) -> bool:
    try:
        state = path.stat()
    except OSError:  # gone meanwhile, or a link to nowhere: the reader tells it
        return False
    return state.st_size == 0 or abs(now - state.st_mtime) < STILL
