"""Sets the schedules and silences of a rulebook in every known chat; they fire as timers do."""

import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta, tzinfo

from bot.engine.schedules import LAST, silence_timers, timers_of
from bot.language.triggers import Schedule
from bot.store import conversations, timers


def set_schedules(
    db: sqlite3.Connection, schedules: Collection[Schedule], zone: tzinfo, now: datetime
) -> None:
    """Let each chat wait for the next moment of each schedule, and for none that is gone.

    What came due meanwhile stays: the engine knows whether it is too late for it. Who is met
    later gets the same timers with the first turn.
    """
    fresh = timers_of(schedules, now, zone)
    timers.keep_schedules(db, {timer.key for timer in fresh}, now)
    for account, chat, fired in conversations.noted(db, LAST) if fresh else ():
        for timer in timers_of(schedules, now, zone, fired) if fired else fresh:
            timers.start(db, account, chat, timer)


def set_silences(db: sqlite3.Connection, spans: Collection[timedelta], now: datetime) -> None:
    """Let each chat that is silent wait for each silence that it has not passed yet.

    A silence that was passed before its rule was there is no event of it.
    """
    timers.keep_silences(db, {timer.key for timer in silence_timers(spans, now)})
    if not spans:
        return
    for account, chat, heard in conversations.heard_since(db, now - max(spans)):
        for timer in silence_timers(spans, heard):
            if timer.due > now:
                timers.start(db, account, chat, timer)
