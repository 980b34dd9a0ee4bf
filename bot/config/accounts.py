"""The names of the accounts, and what must hold between several of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.config.keys import Reading, Written, shaped

MAIN = "default"
"""The account that lives in the data folder itself."""
SESSIONS = "sessions"
"""The folder in it where each other account has its own."""
SHAPE = r"[A-Za-z][\w-]{0,40}"
NAME = shaped(SHAPE, "a short name of letters, digits, - and _")
TAKEN = ("all", "contacts", "sessions", "v1")
"""Words that stand where a name stands in the addresses of the API."""


def check_accounts(
    reading: Reading, names: Sequence[str], profiles: Mapping[str, str], shared: Path | None
) -> None:
    """Note names and profiles that cannot be told apart.

    Args:
        profiles: By name, of the accounts that say where theirs is.
        shared: The profile that is named for all.
    """
    at = Written("", reading.origins.get("sessions", "config.yaml"))
    if not names:
        reading.problem(at, "E104 'sessions' needs at least one entry")
    folded = [name.casefold() for name in names]
    for name in sorted({name for name in names if folded.count(name.casefold()) > 1}):
        reading.problem(at, f"E203 the session name {name!r} is given twice")
    for name in names:
        if name.casefold() in TAKEN:
            reading.problem(at, f"E104 {name!r} cannot be the name of a session",
                            "addresses of the API use the word")  # fmt: skip
    for name, folder in profiles.items():
        others = [other for other, one in profiles.items() if one == folder and other != name]
        if others:
            reading.problem(at, f"E203 {name!r} has the browser profile of {others[0]!r}",
                            "each account needs its own")  # fmt: skip
    if shared is not None and len(names) - len(profiles) > 1:
        reading.problem(at, "E203 'whatsapp.profile' is one folder for several sessions",
                        "write profile: in each of them, or leave it out")  # fmt: skip
