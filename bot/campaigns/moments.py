"""When a campaign comes round: each planned moment once, whatever the clocks do. Pure.

A moment is planned on the wall's clock (``2026-10-25 02:30``), and becomes one instant in each
zone: one that the clocks leave out is the instant at which they pass it, one that they show twice
is the first of the two.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.data import dataclass
from bot.engine.schedules import next_moment
from bot.language.campaigns import Campaign
from bot.language.triggers import Schedule

CONTACT = "contact"
WIDEST = timedelta(hours=26)  # between the clocks of the most distant zones
MOST_AHEAD = 2_000  # moments that are looked through at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A planned moment.

    Attributes:
        local: On the wall's clock, without a zone.
        begins: When it comes in the first of the zones, UTC.
    """

    local: datetime
    begins: datetime


def zone_of(campaign: Campaign, business: str) -> str:
    """Return the zone in which a campaign's moments count, for who has none of their own."""
    return business if campaign.timezone in ("", CONTACT) else campaign.timezone


def moments(
    campaign: Campaign, zones: Collection[str], after: datetime, until: datetime
) -> list[Moment]:
    """Return the planned moments that begin after one instant and not after another, in order.

    Args:
        zones: In which people are; the first one to reach a moment begins it.
    """
    found: dict[datetime, Moment] = {}
    for local in _locals(campaign, after, until):
        begins = min(instant(local, zone) for zone in zones)
        if after < begins <= until:
            found.setdefault(begins, Moment(local=local, begins=begins))
    return [found[begins] for begins in sorted(found)]


def next_one(campaign: Campaign, zones: Collection[str], after: datetime) -> Moment | None:
    """Return the first planned moment after an instant, None when none comes."""
    best: Moment | None = None
    for local in _locals(campaign, after, None):
        begins = min(instant(local, zone) for zone in zones)
        if best is not None and local - best.local > WIDEST:
            break
        if begins > after and (best is None or begins < best.begins):
            best = Moment(local=local, begins=begins)
    return best


def instant(local: datetime, zone: str) -> datetime:
    """Return the instant, UTC, at which the clocks of a zone show a moment first."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def dues(local: datetime, zones: Collection[str]) -> Mapping[str, datetime]:
    """Return, by zone, when a planned moment comes there."""
    return {zone: instant(local, zone) for zone in zones}


def _locals(campaign: Campaign, after: datetime, until: datetime | None) -> Iterator[datetime]:
    """Yield the moments on the wall's clock that may begin between two instants, in order."""
    if campaign.at is not None:
        yield campaign.at
        return
    if not campaign.cron:
        return
    schedule = Schedule(cron=campaign.cron)
    wall: datetime | None = after.astimezone(UTC) - WIDEST
    for _ in range(MOST_AHEAD):
        assert wall is not None
        wall = next_moment(schedule, wall, UTC)  # on the wall's clock, which knows no summer time
        if wall is None or (until is not None and wall > until + WIDEST):
            return
        yield wall.replace(tzinfo=None)
