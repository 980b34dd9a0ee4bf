"""The time that a report is about: days and hours as the clocks of the business show them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.data import dataclass

EPOCH = date(1970, 1, 1)
LOOK = timedelta(days=1)  # no zone changes its clocks twice within it


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From a moment to before another, both aware.

    Attributes:
        zone: Whose days and hours are meant.
    """

    since: datetime
    until: datetime
    zone: ZoneInfo

    @property
    def begin(self) -> float:
        """Return the first moment as epoch seconds."""
        return self.since.timestamp()

    @property
    def end(self) -> float:
        """Return the moment before which it ends as epoch seconds."""
        return self.until.timestamp()

    def days(self) -> list[date]:
        """Return the days of the zone that it touches, in order."""
        first = self.since.astimezone(self.zone).date()
        last = (self.until.astimezone(UTC) - timedelta(microseconds=1)).astimezone(self.zone).date()
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def local(self, column: str) -> str:
        """Return SQL that gives the clock time of a column of epoch seconds, as epoch seconds.

        SQLite knows no zones; it is told the offsets that hold in the period, and from when.
        """
        offsets = list(self._offsets())
        cases = " ".join(
            f"WHEN {column} < {ends:.6f} THEN {offset:d}" for offset, ends in offsets[:-1]
        )
        last = f"{offsets[-1][0]:d}"
        return f"({column} + CASE {cases} ELSE {last} END)" if cases else f"({column} + {last})"

    def hour(self, column: str) -> str:
        """Return SQL that gives the hour of a column of epoch seconds, for `day_and_hour`.

        A number, since making a date of every row would take as long as all the rest.
        """
        return f"CAST({self.local(column)} / 3600 AS INTEGER)"

    def _offsets(self) -> Iterator[tuple[int, float]]:
        """Yield the offsets from UTC in seconds, each with the moment at which it ends."""
        at = self.since.astimezone(UTC)
        end = self.until.astimezone(UTC)
        offset = self._offset(at)
        while at < end:
            later = min(at + LOOK, end)
            after = self._offset(later)
            if after != offset:
                yield offset, self._change(at, later).timestamp()
                offset = after
            at = later
        yield offset, end.timestamp()

    def _change(self, before: datetime, after: datetime) -> datetime:
        """Return the second between two moments at which the clocks change."""
        old = self._offset(before)
        low, high = int(before.timestamp()), int(after.timestamp()) + 1
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(datetime.fromtimestamp(middle, UTC)) == old:
                low = middle
            else:
                high = middle
        return datetime.fromtimestamp(high, UTC)

    def _offset(self, moment: datetime) -> int:
        offset = moment.astimezone(self.zone).utcoffset()
        return int(offset.total_seconds()) if offset else 0


def day_and_hour(number: int) -> tuple[date, int]:
    """Return the day and the hour of day, 0 to 23, that SQL of `Period.hour` gave."""
    days, hour = divmod(number, 24)
    return EPOCH + timedelta(days=days), hour


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day of a zone begins."""
    return datetime.combine(day, time(), zone)


def days_before(days: int, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the day began that lies so many days before today; 0: today."""
    return midnight(now.astimezone(zone).date() - timedelta(days=days), zone)
