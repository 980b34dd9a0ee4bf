"""Logs: one entry a record, text or JSON, without control characters and without numbers."""

import json
import logging
import re
import sys
import time
from contextvars import ContextVar
from typing import TextIO

CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
NUMBER = re.compile(r"(?<![\w.])\+?\d{8,15}(?![\w.])|(?<![\w.])\+?\d{8,15}(?=@)")
SHOWN_DIGITS = 4  # of a phone number, so that two people can be told apart
FORMATS = ("text", "json")
logger = logging.getLogger("alexia")
account_name: ContextVar[str] = ContextVar("account_name", default="")
"""The account whose task this is, "" in what belongs to none; tasks hand it on to theirs."""


def masked(text: str) -> str:
    """Return the text with phone numbers cut to their last digits."""
    return NUMBER.sub(lambda found: "…" + found[0][-SHOWN_DIGITS:], text)


def escaped(text: str) -> str:
    """Return the text on one line, with control characters spelled out."""
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


class LineFormatter(logging.Formatter):
    """Printable entries; from INFO upwards without phone numbers.

    As text the further lines of an entry stand indented, so that no message can look like an entry
    of its own; as JSON an entry is one line.

    Args:
        named: Say which account speaks.
    """

    def __init__(self, *, as_json: bool = False, named: bool = False) -> None:
        super().__init__()
        self._as_json = as_json
        self._named = named

    def format(self, record: logging.LogRecord) -> str:
        """Return the entry."""
        said = record.getMessage()
        trouble = self.formatException(record.exc_info) if record.exc_info else ""
        if record.levelno >= logging.INFO:
            said, trouble = masked(said), masked(trouble)
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        stamp = f"{at}.{int(record.msecs):03d}Z"
        session = account_name.get() if self._named else ""
        if self._as_json:
            entry = {"t": stamp, "level": record.levelname, "logger": record.name, "message": said}
            entry |= {"session": session} if session else {}
            return json.dumps({**entry, "error": trouble} if trouble else entry)
        first, *more = [escaped(line) for line in (*said.split("\n"), *trouble.splitlines())]
        speaker = f"[{session}] " if session else ""
        head = f"{stamp} {record.levelname:<7} {record.name}: {speaker}{first}"
        return "\n    ".join([head, *(line for line in more if line.strip())])


def set_up_logging(
    log_format: str = "text", level: int = logging.INFO, stream: TextIO | None = None, *,
    named: bool = False,
) -> None:  # fmt: skip
    """Send the logs of this process to a stream, stderr when None is given.

    Args:
        log_format: ``text`` or ``json``.
        named: Say in each line which account speaks; for several of them.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(LineFormatter(as_json=log_format == "json", named=named))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    logger.setLevel(level)
    logging.captureWarnings(capture=True)


def log_turn(chat: str, event: str, winner: str, sends: int, milliseconds: float) -> None:
    """Write the one line of a turn: who, what came, what won, how much leaves."""
    logging.getLogger("alexia.daemon").info(
        "%s %s: %s, %d to send, %.0f ms",
        "…" + chat.partition("@")[0][-SHOWN_DIGITS:],
        event,
        winner or "nobody speaks",
        sends,
        milliseconds,
    )
