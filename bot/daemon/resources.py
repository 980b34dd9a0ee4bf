"""What the bot uses of this machine: memory, file descriptors, threads. Linux tells; others: 0."""

import contextlib
import ctypes
import os
import resource
import threading
from pathlib import Path

from bot.domain.data import dataclass

MOST_FILES = 8192  # file descriptors that are asked for; every open page and client takes some


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What this process uses.

    Attributes:
        memory_mb: Resident memory in MB, without the browsers'.
        files: Open file descriptors.
        most_files: How many it may have.
        threads: How many there are.
    """

    memory_mb: float = 0.0
    files: int = 0
    most_files: int = 0
    threads: int = 0


def own_usage() -> Usage:
    """Return what this process uses now."""
    return Usage(
        memory_mb=_memory(os.getpid(), "VmRSS:", "status"),
        files=_open_files(),
        most_files=resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        threads=threading.active_count(),
    )


def resident_mb(pid: int | None) -> float:
    """Return the resident memory of one process in MB, 0 for none."""
    return 0.0 if pid is None else _memory(pid, "VmRSS:", "status")


def memory_of(pid: int | None) -> float:
    """Return the memory of a process and all below it in MB, shared parts counted once.

    Reads /proc: call it beside the loop.

    Args:
        pid: None for none.
    """
    family = () if pid is None else (pid, *_below(pid))
    return round(sum(_memory(one, "Pss:", "smaps_rollup") for one in family), 1)


def raise_limits() -> None:
    """Let this process have as many file descriptors as it may, up to `MOST_FILES`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def give_back_memory() -> None:
    """Give the machine back what the C library keeps of freed memory, where it can be asked to.

    Browsers that were opened anew, and large reads of a page, leave some megabytes of it. Takes
    milliseconds: call it beside the loop.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _memory(pid: int, name: str, file: str) -> float:
    """Return a line of a process's memory file in MB, 0 when it is gone."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/{file}").read_text(encoding="ascii").splitlines():
            if line.startswith(name):
                return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def _open_files() -> int:
    try:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - only their number is wanted
    except OSError:
        return 0


def _below(pid: int) -> list[int]:
    """Return all processes below one."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            above = int(entry.read_text(errors="replace").rpartition(")")[2].split()[1])
            parents.setdefault(above, []).append(int(entry.parent.name))
    found: list[int] = []
    left = list(parents.get(pid, ()))
    while left:
        one = left.pop()
        found.append(one)
        left += parents.get(one, [])
    return found
