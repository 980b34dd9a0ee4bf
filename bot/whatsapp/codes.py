"""When a login code that ran out is asked for again: often at first, then seldom. Pure."""

from datetime import datetime, timedelta

AGAIN = timedelta(seconds=5)  # between two asks
PATIENT = timedelta(minutes=30)  # of codes for nobody
SELDOM = timedelta(hours=1)  # between two asks after that


class Codes:
    """Asks for login codes while somebody may be there to scan them."""

    def __init__(self) -> None:
        self._since: datetime | None = None  # when somebody last wanted one
        self._asked: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        """True while codes are wanted at all."""
        return self._since is not None

    def want(self, now: datetime) -> None:
        """Somebody wants a code: a login begins, or a person looks."""
        self._since = now
        self._asked = None

    def forget(self) -> None:
        """The account is logged in."""
        self._since = self._asked = None

    def asks_now(self, now: datetime) -> bool:
        """Tell whether a new code is to be asked for, where there is none; then it counts as so."""
        if self._since is None:
            self.want(now)
        assert self._since is not None
        pause = AGAIN if now - self._since < PATIENT else SELDOM
        if self._asked is not None and now - self._asked < pause:
            return False
        self._asked = now
        return True
