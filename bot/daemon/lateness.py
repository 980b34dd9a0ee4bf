"""Messages that came too late to be answered: a backlog, or a clock that is wrong."""

from collections import deque
from datetime import datetime, timedelta

RECENT = timedelta(minutes=15)


class Lateness:
    """Counts what came too late within the last quarter of an hour."""

    def __init__(self) -> None:
        self._found: deque[datetime] = deque(maxlen=10_000)

    def note(self, at: datetime) -> None:
        """Note one that came too late."""
        self._found.append(at)

    def told(self, at: datetime) -> str:
        """Return what a person should know of it, "" where nothing came too late."""
        while self._found and at - self._found[0] > RECENT:
            self._found.popleft()
        if not self._found:
            return ""
        return (
            f"messages that came too late to be answered (max_reply_age): {len(self._found)} in the"
            " last 15 minutes; if they were new, this machine's clock is wrong"
        )
