"""The limits of one account, asked for one message at a time."""

import sqlite3
from collections.abc import Iterable
from dataclasses import field
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.delivery.pacing import (
    DAY,
    RAMP,
    Campaigns,
    Growth,
    Halts,
    Lane,
    Pace,
    Pacing,
    jitter_after,
    next_slot,
    ramped,
)
from bot.delivery.restriction import Restriction
from bot.domain.data import dataclass
from bot.domain.messages import AccountId
from bot.domain.outgoing import Outgoing, Why
from bot.store import incidents, ledger
from bot.store.incidents import Incident

HOUR = timedelta(hours=1)
TALKING = timedelta(hours=1)  # whoever wrote within it is in a talk: nothing is quiet for that
LOOK_AGAIN = timedelta(seconds=15)  # before a message is looked at again that waits for others
GROWS = timedelta(seconds=1)  # before a pace that grows is looked at again
DAYS_KNOWN = HOUR  # for which the number of earlier days is taken as it was
NAMES = {timedelta(minutes=1): "minute", HOUR: "hour", DAY: "day"}
BEGINNING = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Hold:
    """A message, or all of its lane, may leave at this moment at the earliest."""

    until: datetime
    why: str
    whole_lane: bool = False


@dataclass(slots=True)
class Round:
    """What a claim knows while it goes through the messages that are due.

    Attributes:
        sent: When the account sent, ascending; as far back as its longest window.
        probing: A first message is tried in this claim, to see whether a restriction is over.
        begun: Lanes of which something leaves in this claim.
        up_for: Since how long the account is up again after a down-time.
        has_blocked: Whether anybody at all is blocked.
    """

    db: sqlite3.Connection
    account: AccountId
    now: datetime
    sent: list[datetime]
    restriction: Restriction | None
    probing: bool = False
    begun: set[Lane] = field(default_factory=set)
    up_for: timedelta = RAMP
    has_blocked: bool = True


class Limits:
    """Looks into the ledger; what it remembers itself is only how long a warm-up has lasted."""

    def __init__(self, pacing: Pacing, zone: tzinfo) -> None:
        """Take the limits and the business's time zone."""
        self._pacing = pacing
        self._zone = zone
        self._days: dict[tuple[AccountId, str], tuple[datetime, int]] = {}

    def account(self, here: Round) -> Hold | None:
        """Rule over all sends of the account."""
        if not self._pacing.account:
            return None
        hold = first_of(
            here.now,
            ((next_slot(here.sent, ramped(pace, here.up_for), here.now), f"the pace: {said(pace)}")
             for pace in self._pacing.account),
            whole_lane=True,
        )  # fmt: skip
        if hold is None or here.up_for >= RAMP:
            return hold
        return Hold(
            min(hold.until, here.now + GROWS), f"{hold.why}, after a down-time", whole_lane=True
        )

    def group(self, here: Round, outgoing: Outgoing) -> Hold | None:
        """Rule over what the bot says in one group."""
        paces = self._pacing.group if outgoing.chat.endswith("@g.us") else ()
        if not paces:
            return None
        longest = max(pace.window for pace in paces)
        said_there = ledger.said_since(here.db, here.account, outgoing.chat, here.now - longest)
        return first_of(
            here.now,
            ((next_slot(said_there, pace, here.now), f"{said(pace)} in one group")
             for pace in paces),
        )  # fmt: skip

    def by_itself(self, here: Round, outgoing: Outgoing) -> Hold | None:
        """Rule over what the bot starts by itself."""
        db, account, now, pacing = here.db, here.account, here.now, self._pacing
        holds = list(self._quiet(here, outgoing))
        if pacing.started:
            started = ledger.started_since(db, account, outgoing.chat, now - HOUR)
            holds += [
                (next_slot(started, pace, now), f"by itself {said(pace)} to one contact")
                for pace in pacing.started
            ]
        if pacing.same_text is not None and outgoing.text:
            window = pacing.same_text.window
            same = ledger.same_text_since(db, account, outgoing.text, now - window)
            slot = next_slot(same, pacing.same_text, now)
            holds.append((slot, f"the same text {said(pacing.same_text)}"))
        if pacing.new_chats is not None and ledger.is_new_chat(db, account, outgoing.chat):
            holds.append(self._grown(here, pacing.new_chats, "new chats"))
        return first_of(now, holds)

    def _quiet(self, here: Round, outgoing: Outgoing) -> Iterable[tuple[datetime, str]]:
        quiet, now = self._pacing.quiet, here.now
        if quiet is None:
            return
        who = ledger.partner(here.db, here.account, outgoing.chat)
        talking = who.heard_at is not None and now - who.heard_at < TALKING
        if not talking or outgoing.why is Why.CAMPAIGN:
            local = now.astimezone(ZoneInfo(who.timezone) if who.timezone else self._zone)
            yield quiet.until(local), "quiet hours at the contact"

    def campaign(self, here: Round, outgoing: Outgoing) -> Hold | None:
        """Rule over campaigns."""
        if why := self.halt(here):
            return Hold(here.now + LOOK_AGAIN, why, whole_lane=True)
        limits = self._pacing.campaigns
        if limits is None:
            return None
        return self._gap(here, outgoing, limits) or self._campaign_pace(here, outgoing, limits)

    def _gap(self, here: Round, outgoing: Outgoing, limits: Campaigns) -> Hold | None:
        last = ledger.last_campaign(here.db, here.account, outgoing.chat, outgoing.by)
        if last is None or last + limits.gap <= here.now:
            return None
        return Hold(last + limits.gap, f"one campaign a contact in {limits.gap / DAY:g} days")

    def _campaign_pace(self, here: Round, outgoing: Outgoing, limits: Campaigns) -> Hold | None:
        db, account, now = here.db, here.account, here.now
        last = ledger.last_campaign(db, account)
        hourly = ledger.campaigns_since(db, account, now - limits.hourly.window)
        holds = [
            (next_slot(hourly, limits.hourly, now), f"campaigns {said(limits.hourly)}"),
            self._grown(here, limits.warm_up, "campaigns"),
        ]
        if last is not None:
            after = jitter_after(last, limits.jitter, outgoing.message_id)
            holds.append((after, "a pause between two campaign messages"))
        return first_of(now, holds, whole_lane=True)

    def _grown(self, here: Round, growth: Growth, what: str) -> tuple[datetime, str]:
        """Return when a day's allowance that grows from day to day has room, and its words."""
        pace = Pace(most=growth.on(self.day(here, what)), window=DAY)
        return next_slot(used_today(here, what), pace, here.now), f"{what} {said(pace)}"

    def day(self, here: Round, what: str) -> int:
        """Return on how many earlier days an allowance was used ("campaigns" or "new chats")."""
        known = self._days.get((here.account, what))
        if known is not None and here.now - known[0] < DAYS_KNOWN:
            return known[1]
        count = ledger.campaign_days if what == "campaigns" else ledger.new_chat_days
        days = count(here.db, here.account, here.now - DAY)
        self._days[here.account, what] = here.now, days
        return days

    def halt(self, here: Round) -> str:
        """Return why campaigns stand still, "" when they do not."""
        halts = self._pacing.halts
        return "" if halts is None else _halt(here, halts)


def used_today(here: Round, what: str) -> list[datetime]:
    """Return when an allowance was used within a day, ascending."""
    used = ledger.campaigns_since if what == "campaigns" else ledger.new_chats_since
    return used(here.db, here.account, here.now - DAY)


def _halt(here: Round, halts: Halts) -> str:
    db, account, now = here.db, here.account, here.now
    if incidents.unended(db, account, Incident.WARNING, Incident.WARNING_OVER):
        return "halted: WhatsApp shows a warning"
    after = incidents.last(db, account, Incident.FORGIVEN) or BEGINNING
    cuts = incidents.since(db, account, Incident.DISCONNECT, max(after, now - HOUR))
    if len(cuts) >= halts.disconnects:
        return f"halted: {halts.disconnects} disconnects within an hour"
    share = ledger.delivered_share(db, account, halts.delivered_of, after, now)
    if share is not None and share < halts.delivered:
        return f"halted: less than {halts.delivered:.0%} of the last {halts.delivered_of} arrived"
    heard = ledger.reactions_to_campaigns(db, account, halts.answered_of, after, now)
    if heard is None:
        return ""
    gone, replied = heard
    if gone > halts.optouts:
        return f"halted: more than {halts.optouts:.0%} of the last {halts.answered_of} opted out"
    if replied < halts.replies:
        return f"halted: less than {halts.replies:.0%} of the last {halts.answered_of} replied"
    return ""


def first_of(
    now: datetime, holds: Iterable[tuple[datetime, str]], *, whole_lane: bool = False
) -> Hold | None:
    """Return the hold that ends last, None when all are over."""
    later = [one for one in holds if one[0] > now]
    if not later:
        return None
    until, why = max(later)
    return Hold(until, why, whole_lane)


def said(pace: Pace) -> str:
    """Return a pace in words, like "20 a minute"."""
    window = NAMES.get(pace.window, f"{pace.window.total_seconds():.0f} s")
    return f"{pace.most} {'an' if window == 'hour' else 'a'} {window}"
