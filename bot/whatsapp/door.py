"""Whether a page is to be believed that nobody is logged in: while it starts, it may err. Pure.

WhatsApp Web finds out by itself who is logged in, and shows a code by itself where nobody is. For
a moment before that it may say that nobody is; asked for a code then, it would show one to an
account that is logged in.
"""

from datetime import datetime, timedelta

OUT_AFTER = timedelta(
    seconds=5
)  # of a page that says so; one that shows a code is believed at once
OWN_CODE_WITHIN = timedelta(seconds=10)  # in which a page shows a code by itself


class Door:
    """Of one page after the other."""

    def __init__(self) -> None:
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

    def _lasted(self, now: datetime) -> timedelta:
        return timedelta(0) if self._since is None else now - self._since
