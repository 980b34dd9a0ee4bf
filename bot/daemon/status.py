"""What `alexia status` tells."""

import os
from pathlib import Path
from typing import Any

from bot import __version__
from bot.daemon.bookshelf import BookShelf
from bot.daemon.link import Link
from bot.language.problems import Problem
from bot.ports import LinkState
from bot.store import inbox, outbox
from bot.store.database import Database
from bot.whatsapp.supervisor import WhatsAppSession


async def status(
    database: Database, shelf: BookShelf, link: Link, session: WhatsAppSession, uptime: float
) -> dict[str, Any]:  # fmt: skip
    """Return the state of the daemon in the shape that other programs rely on."""
    waiting, leaving = await database.read(lambda db: (inbox.counts(db), outbox.counts(db)))
    ready, reasons = reasons_of(database, shelf, link, session)
    return {
        "version": __version__,
        "pid": os.getpid(),
        "uptime_s": round(uptime, 1),
        "ready": ready,
        "reasons": reasons,
        "rulebook": {
            "hash": shelf.rulebook.hash,
            "rules": len(shelf.rulebook.rules),
            "flows": len(shelf.rulebook.flows),
            "loaded_at": shelf.loaded_at.isoformat(),
            "rolled_back": shelf.rolled_back,
            "rejected": [plain(problem) for problem in shelf.rejected],
        },
        "sessions": [
            {
                "name": "default",
                "state": link.state.value,
                "account": link.account,
                "browser_pid": session.browser_pid,
            }
        ],
        "inbox": waiting,
        "outbox": leaving,
        "memory_mb": memory_mb(),
    }


def reasons_of(
    database: Database, shelf: BookShelf, link: Link, session: WhatsAppSession
) -> tuple[bool, list[str]]:
    """Return whether the bot is ready, and what stands against it or should be known."""
    ailment = session.ailment
    ready = link.state is LinkState.READY and not ailment and not database.trouble
    ready = ready and not link.safe_mode
    reasons = [*filter(None, [ailment]), *session.reasons]
    if link.state is not LinkState.READY:
        reasons = [f"WhatsApp is {link.state.value} {link.detail}".strip(), *reasons]
    if link.safe_mode:
        reasons = [*reasons, "safe mode: the last starts failed; all is stored, nothing is sent"]
    if database.trouble:
        reasons = [*reasons, f"the database cannot be written: {database.trouble}"]
    if shelf.rejected:
        reasons = [*reasons, "the rule files are broken; the last good ones are in force"]
    return ready, reasons


def plain(problem: Problem) -> dict[str, Any]:
    """Return a problem in the shape of `check --json`."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "help": problem.help,
    }


def memory_mb() -> float:
    """Return the resident memory of this process in MB (without the browser's)."""
    try:
        status_file = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    for line in status_file.splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0
