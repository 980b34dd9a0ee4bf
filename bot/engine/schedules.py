"""When a schedule comes round next: cron lines with weekday names, and intervals."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.data import replace
from bot.domain.effects import StartTimer
from bot.domain.turns import TimerFired
from bot.domain.values import Value
from bot.engine.draft import Draft
from bot.language.cron import BOUNDS, parse_field
from bot.language.triggers import Schedule

LAST = "schedules"
"""Under this name a conversation's notes keep when each schedule came round last."""
LATE = timedelta(hours=1)  # a moment that was missed for longer is let go
FARTHEST = 366 * 5  # days that are looked through: 29 February comes round in them


def schedule_timers(draft: Draft) -> list[StartTimer]:
    """Return the timers of all schedules in this chat; they are the same whenever they are set."""
    schedules, chat = draft.compiled.schedules, draft.conversation.chat
    if not schedules or chat.startswith("status@") or chat.endswith("@newsletter"):
        return []
    return timers_of(schedules, draft.turn.now, _zone(draft), _fired(draft))


def come_round(draft: Draft, fired: TimerFired) -> bool:
    """Note that a schedule came round, and set its next moment; False when it is too late for it.

    Of moments that were missed only the latest counts: however long the bot was down, and
    whichever way the clock was set, each moment is answered once.
    """
    line = str(fired.payload.get("line"))
    schedule = next((one for one in draft.compiled.schedules if one.line == line), None)
    if schedule is None:
        draft.trace(fired.key, "skipped", "its rule is gone from the files")
        return False
    now, zone, moment = draft.turn.now, _zone(draft), fired.due
    later = next_moment(schedule, max(moment, now - LATE), zone)
    while later is not None and later <= now:
        moment, later = later, next_moment(schedule, later, zone)
    notes = {**draft.conversation.notes, LAST: {**_fired(draft), line: moment}}
    draft.conversation = replace(draft.conversation, notes=notes)
    draft.effects += [one for one in schedule_timers(draft) if one.key == fired.key]
    if now - moment > LATE:
        draft.trace(fired.key, "skipped", "the bot was down at its time, over an hour ago")
        return False
    return True


def _zone(draft: Draft) -> tzinfo:
    """Return the business's time zone: a schedule is one for all chats."""
    return ZoneInfo(draft.turn.settings.timezone)


def _fired(draft: Draft) -> Mapping[str, Value]:
    held = draft.conversation.notes.get(LAST)
    return held if isinstance(held, Mapping) else {}


def timers_of(
    schedules: Iterable[Schedule], now: datetime, zone: tzinfo,
    fired: Mapping[str, Value] | None = None,
) -> list[StartTimer]:  # fmt: skip
    """Return a timer for the next moment of each schedule.

    Args:
        fired: By a schedule's line its latest moment that came round: one that lies before it
            never comes again, though the clock may have been set back.
    """
    found = []
    for schedule in schedules:
        last = (fired or {}).get(schedule.line)
        due = next_moment(schedule, max(now, last) if isinstance(last, datetime) else now, zone)
        if due is not None:
            found.append(
                StartTimer(key=f"schedule:{schedule.line}", kind="schedule", due=due,
                           payload={"line": schedule.line})
            )  # fmt: skip
    return found


def silence_timers(spans: Iterable[timedelta], since: datetime) -> list[StartTimer]:
    """Return a timer for each silence that rules and flows wait for.

    Args:
        since: When the customer wrote last.
    """
    return [
        StartTimer(
            key=f"{SILENCE}{int(span.total_seconds())}", kind="silence", due=since + span,
            payload={"quiet": span}, cancel_on_reply=True,
        )
        for span in spans
    ]  # fmt: skip


SILENCE = "silence:"  # begins the keys of such timers


def next_moment(schedule: Schedule, after: datetime, zone: tzinfo) -> datetime | None:
    """Return the first moment after ``after`` (UTC) that a schedule names, None when none comes."""
    if schedule.every is not None:
        span = max(schedule.every, timedelta(minutes=1))
        begin = datetime(2024, 1, 1, tzinfo=UTC)
        return begin + span * ((after - begin) // span + 1)
    # a moment begins a minute: all turns within one have the same next moment
    return _next_of(schedule.cron, after.replace(second=0, microsecond=0), zone)


@lru_cache(maxsize=1024)
def _next_of(cron: str, after: datetime, zone: tzinfo) -> datetime | None:
    written = cron.split()
    if len(written) != len(BOUNDS):
        return None
    fields = [parse_field(one, place) for place, one in enumerate(written)]
    if None in fields:
        return None
    sets = [one or frozenset() for one in fields]
    local = after.astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)
    days = written[2] != "*", written[4] != "*"
    for ahead in range(FARTHEST):
        day = local.date() + timedelta(days=ahead)
        if day.month not in sets[3] or not _on(day.day in sets[2], day.weekday() in sets[4], days):
            continue
        for hour in sorted(sets[1]):
            for minute in sorted(sets[0]):
                moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
                if moment.astimezone(UTC) > after:
                    return moment.astimezone(UTC)
    return None


def _on(day: bool, weekday: bool, named: tuple[bool, bool]) -> bool:
    """Tell whether a day counts: as in cron, either will do when both are named."""
    return day or weekday if all(named) else day and weekday
