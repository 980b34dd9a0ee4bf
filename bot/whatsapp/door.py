"""Whether a page is to be believed that nobody is logged in: while it starts, it may err. Pure.

WhatsApp Web finds out by itself who is logged in, and shows a code by itself where nobody is. For
a moment before that it may say that nobody is; asked for a code then, it would show one to an
account that is logged in. Nor is every login ours to use: the account may be open elsewhere.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.domain.messages import AccountId

OUT_AFTER = timedelta(
    seconds=5
)  # of a page that says so; one that shows a code is believed at once
OWN_CODE_WITHIN = timedelta(seconds=10)  # in which a page shows a code by itself


OPENED_ELSEWHERE = "opened elsewhere"  # WhatsApp's word for it is conflict


class Door:
    """Of one page after the other.

    Attributes:
        twin: Names the other session of this daemon that has an account, "" where none has it.
    """

    def __init__(self) -> None:
        self.twin: Callable[[AccountId], str] = _nobody
        self._page = ""
        self._since: datetime | None = None  # when the page first said that nobody is logged in
        self._shown = False  # a code, by this page

    def note_nobody(self, page: str, code: str, now: datetime) -> None:
        """Hear from a page that nobody is logged in, and which code it shows ("": none)."""
        if page != self._page:
            self._page, self._since, self._shown = page, None, False
        self._since = self._since or now
        self._shown = self._shown or bool(code)

    def note_somebody(self) -> None:
        """Hear that somebody is logged in."""
        self._since, self._shown = None, False

    def is_out(self, now: datetime) -> bool:
        """Tell whether nobody is logged in for sure."""
        return self._shown or self._lasted(now) >= OUT_AFTER

    def may_ask(self, now: datetime) -> bool:
        """Tell whether the page may be asked for a code, where it shows none."""
        return self._shown or self._lasted(now) >= OWN_CODE_WITHIN

    def elsewhere(self, found: Mapping[str, Any]) -> str:
        """Return where else the account of a page is open, so that it must rest here; "": nowhere.

        Two sessions with one number would answer each message twice.
        """
        if found["mode"] == "CONFLICT":
            return OPENED_ELSEWHERE
        twin = self.twin(AccountId(found["account"])) if found["account"] else ""
        return f"session {twin} has this number already" if twin else ""

    def _lasted(self, now: datetime) -> timedelta:
        return timedelta(0) if self._since is None else now - self._since


def _nobody(_: AccountId) -> str:
    """Stand in where there is one session."""
    return ""
