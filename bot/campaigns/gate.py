"""Whether one message of a campaign may leave now: the campaign's own pace, hours and state.

The governor asks this beside the limits of the account, in the transaction in which it hands the
message: what is promised of a campaign holds for what leaves, not for what was planned.
"""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.campaigns.moments import CONTACT, zone_of
from bot.domain.campaigns import RunState, run_of
from bot.domain.outgoing import Outgoing
from bot.engine.hours import is_open, next_open
from bot.language.campaigns import BY, Campaign
from bot.language.rulebook import Rulebook
from bot.store import campaigns, ledger

Wait = tuple[datetime, str]
"""The earliest moment, and why not before."""

LOOK_AGAIN = timedelta(seconds=5)  # before a message of a paused run is looked at again
NEVER_OPEN = timedelta(days=1)  # before hours that never open are looked at again
DAY = timedelta(days=1)


class Gate:
    """Knows the campaigns in force, and looks into the store for the rest."""

    def __init__(self, rulebook: Callable[[], Rulebook], timezone: str) -> None:
        """Take how to get the rulebook in force, and the business's time zone."""
        self._rulebook = rulebook
        self._timezone = timezone

    def ask(self, db: sqlite3.Connection, outgoing: Outgoing, now: datetime) -> Wait | None:
        """Return until when a message waits, None when nothing of its campaign is against it."""
        number = run_of(outgoing.cause)
        run = None if number is None else campaigns.load_run(db, number)
        if run is None:
            return None
        if run.state is RunState.PAUSED:
            return now + LOOK_AGAIN, f"the campaign is paused: {run.detail}"
        campaign = self._rulebook().campaigns.get(run.campaign)
        if campaign is None:
            return now + LOOK_AGAIN, "the campaign is gone from the files"
        waits = [
            *self._paced(db, campaign, outgoing, now),
            *self._within_hours(db, campaign, outgoing, now),
        ]
        later = [one for one in waits if one[0] > now]
        return max(later) if later else None

    def _paced(
        self, db: sqlite3.Connection, campaign: Campaign, outgoing: Outgoing, now: datetime
    ) -> list[Wait]:
        paces = [campaign.rate] if campaign.rate else []
        paces += [(campaign.daily_cap, DAY)] if campaign.daily_cap else []
        longest = max((window for _, window in paces), default=campaign.jitter)
        if longest is None:
            return []
        since = now - max(longest, campaign.jitter or longest)
        by = f"{BY}{campaign.name}"
        left, waits = campaigns.left_since(db, outgoing.account, by, since, now), list[Wait]()
        for most, window in paces:
            if len(left) >= most:
                waits.append((left[-most] + window, f"{campaign.name}: {most} in {_said(window)}"))
        if campaign.jitter and left:
            share = crc32(outgoing.message_id.encode()) / 0xFFFFFFFF
            waits.append((left[-1] + share * campaign.jitter, "a random pause of the campaign"))
        return waits

    def _within_hours(
        self, db: sqlite3.Connection, campaign: Campaign, outgoing: Outgoing, now: datetime
    ) -> list[Wait]:
        hours = self._rulebook().hours.get(campaign.hours)
        if hours is None:
            return []
        own = ledger.partner(db, outgoing.account, outgoing.chat).timezone
        at_contact = own if campaign.timezone == CONTACT else ""
        zone = ZoneInfo(at_contact or hours.timezone or zone_of(campaign, self._timezone))
        if is_open(hours, None, now, zone):
            return []
        opens = next_open(hours, now, now, zone)
        return [(opens or now + NEVER_OPEN, f"outside the hours '{campaign.hours}'")]


def _said(window: timedelta) -> str:
    seconds = int(window.total_seconds())
    for size, letter in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds % size == 0:
            return f"{seconds // size}{letter}"
    return f"{seconds}s"
