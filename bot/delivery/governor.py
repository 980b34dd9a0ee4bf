"""Decides what may leave now: the limits of the account over all its sends, kept over restarts.

What may not leave waits, and the outbox keeps why. Nothing is dropped, but what somebody must not
get any more who opted out, or who is blocked.
"""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.delivery.limits import LOOK_AGAIN, Hold, Limits, Round
from bot.delivery.pacing import LANES, RAMP, Lane, Pacing
from bot.delivery.restriction import Restriction, restricted_pause, restriction_of
from bot.domain.data import dataclass
from bot.domain.messages import AccountId
from bot.domain.outgoing import Outgoing, Why
from bot.domain.receipts import Standing
from bot.store import holding, incidents, ledger, outbox, profiles
from bot.store.incidents import Incident

logger = logging.getLogger("alexia.courier")

ROUNDS = 8  # looks at the outbox in one claim, each past those that have to wait
SURE = 3  # refusals without a reason, before a new chat is taken for restricted
FAILING = timedelta(minutes=1)  # around them, within which other chats must work

BY_ITSELF = (Lane.STARTED, Lane.CAMPAIGNS)
RESTRICTED = "WhatsApp restricts new chats"
REFUSED = "WhatsApp's restriction reaches this chat too"
OPTED_OUT = "the contact opted out"
BLOCKED = "the contact is blocked"


@dataclass(frozen=True, slots=True)
class Drop:
    """A message must not leave any more."""

    why: str


Ruling = Hold | Drop | None
"""What is decided of a message; None: it may leave."""


AskCampaign = Callable[[sqlite3.Connection, Outgoing, datetime], tuple[datetime, str] | None]
"""Tells until when, and why, a campaign itself holds one of its messages; None: it does not."""


class Governor:
    """Rules over the sends of accounts. All that it knows lies in the store."""

    def __init__(self, pacing: Pacing, zone: tzinfo | None = None) -> None:
        """Take the limits and the business's time zone."""
        self.pacing = pacing
        self.limits = Limits(pacing, zone or ZoneInfo("UTC"))
        self._closed: dict[tuple[AccountId, Lane], Hold] = {}
        self._up_since: dict[AccountId, datetime] = {}
        self._looked: dict[AccountId, datetime] = {}  # when it was last asked what may leave
        self.on_restricted: Callable[[sqlite3.Connection, AccountId, datetime | None], None] = (
            _unheard
        )
        self.ask_campaign: AskCampaign = _free

    # ------------------------------------------------------------------ what may leave

    def choose(
        self, db: sqlite3.Connection, account: AccountId, now: datetime, most: int
    ) -> list[Outgoing]:
        """Return what may be handed now, and keep of all else that is due why it waits."""
        self._mind_clock(db, account, now)
        sent = ledger.sent_since(db, account, now - self._longest()) if self.pacing.account else []
        here = Round(db, account, now, sent, self.restriction(db, account))
        here.up_for = now - self._up_since.get(account, now - RAMP)
        here.has_blocked = profiles.has_blocked(db)
        kept: list[Outgoing] = []
        for _ in range(ROUNDS):
            due = outbox.next_due(db, account, now, most, self._open(here))
            known = {one.id for one in kept}
            fresh = [one for one in due if one.id not in known]
            passed = self._pass(here, fresh)
            kept += passed
            if len(passed) == len(fresh):
                break
        for lane in Lane:
            if closed := self._shut(account, lane, now):
                holding.hold_all(db, account, _whys(lane), closed.why, now)
        return kept

    def closed(self, account: AccountId, why: Why, now: datetime) -> Hold | None:
        """Return until when nothing of a kind leaves, and why; None when something may."""
        return self._shut(account, LANES[why], now)

    def note_up(self, account: AccountId, now: datetime) -> None:
        """Begin slowly: the account is up again after a down-time."""
        self._up_since[account] = now
        self._closed.clear()

    def _mind_clock(self, db: sqlite3.Connection, account: AccountId, now: datetime) -> None:
        """At first, and when the clock is set back, let nothing wait for what it was."""
        last = self._looked.get(account)
        self._looked[account] = now
        if last is not None and now >= last - holding.AHEAD:
            return
        if last is not None:
            logger.warning("this computer's clock was set back by %s", last - now)
            self._closed.clear()
            if account in self._up_since:
                self._up_since[account] = min(self._up_since[account], now)
            holding.release(db, account)
        if changed := holding.set_back(db, account, now):
            logger.warning("%d messages were dated by a clock that was ahead", changed)

    def _pass(self, here: Round, due: Sequence[Outgoing]) -> list[Outgoing]:
        passed: list[Outgoing] = []
        for outgoing in due:
            lane = LANES[outgoing.why]
            if self._is_closed(here, lane):
                continue
            match self.rule(here, outgoing):
                case None:
                    passed.append(outgoing)
                    here.sent.append(here.now)
                    here.begun.add(lane)
                case Drop(why=why):
                    holding.suppress(here.db, outgoing.id, why, here.now)
                case Hold(whole_lane=True) as hold:
                    self._close(here.account, lane, hold)
                case Hold(until=until, why=why):
                    holding.hold(here.db, outgoing.id, until, why)
        return passed

    def rule(self, here: Round, outgoing: Outgoing) -> Ruling:
        """Return what is decided of one message."""
        lane = LANES[outgoing.why]
        by_itself = lane in BY_ITSELF
        if by_itself and ledger.partner(here.db, here.account, outgoing.chat).has_left:
            return Drop(OPTED_OUT)
        is_bot = outgoing.why is not Why.PERSON
        if is_bot and here.has_blocked and profiles.is_blocked(here.db, outgoing.chat):
            return Drop(BLOCKED)
        if here.restriction is not None and (held := self._first_message(here, outgoing)):
            return held
        if lane is Lane.CAMPAIGNS and (held := self._campaign(here, outgoing)):
            return held
        if by_itself and (held := self.limits.by_itself(here, outgoing)):
            return held
        if lane is Lane.PEOPLE:
            return None
        return self.limits.group(here, outgoing) or self.limits.account(here)

    def _campaign(self, here: Round, outgoing: Outgoing) -> Hold | None:
        own = self.ask_campaign(here.db, outgoing, here.now)
        return self.limits.campaign(here, outgoing) if own is None else Hold(*own)

    def halt(self, db: sqlite3.Connection, account: AccountId, now: datetime) -> str:
        """Return why campaigns stand still, "" when they do not."""
        return self.limits.halt(Round(db, account, now, [], None))

    # ------------------------------------------------------------------ WhatsApp's restriction

    def restriction(self, db: sqlite3.Connection, account: AccountId) -> Restriction | None:
        """Return the account's restriction in force."""
        return restriction_of(incidents.unended(db, account, Incident.RESTRICTED, Incident.LIFTED))

    def note_restricted(self, db: sqlite3.Connection, outgoing: Outgoing, now: datetime) -> None:
        """Take a message back that WhatsApp refused since the account is restricted.

        What was on its way when the restriction was noticed says nothing new.
        """
        account = outgoing.account
        known = self.restriction(db, account)
        if ledger.is_new_chat(db, account, outgoing.chat):
            holding.give_back(db, outgoing.id, RESTRICTED, outgoing.attempts)
        else:
            again = now + restricted_pause(outgoing.attempts)
            outbox.postpone(db, outgoing.id, again, REFUSED, outgoing.attempts)
            holding.hold(db, outgoing.id, again, REFUSED)
        if known is not None and (outgoing.handed_at or now) < known.probe_at:
            return
        incidents.note(db, account, Incident.RESTRICTED, now)
        if known is None:
            self.on_restricted(db, account, now)

    def seems_restricted(
        self, db: sqlite3.Connection, outgoing: Outgoing, standing: Standing | None
    ) -> bool:
        """Tell whether only new chats fail, where WhatsApp refuses without saying why."""
        if standing is None or standing.ack >= 0 or standing.code is not None:
            return False
        if outgoing.attempts < SURE or not ledger.is_new_chat(db, outgoing.account, outgoing.chat):
            return False
        since = (outgoing.handed_at or outgoing.due_at) - FAILING
        return ledger.has_answered_a_chat(db, outgoing.account, since)

    def lift_if_over(self, db: sqlite3.Connection, account: AccountId, now: datetime) -> bool:
        """End the restriction when a first message got through since; True when it ended now."""
        known = self.restriction(db, account)
        if known is None or not ledger.has_begun_a_chat(db, account, known.since):
            return False
        self.lift(db, account, now)
        return True

    def lift(self, db: sqlite3.Connection, account: AccountId, now: datetime) -> None:
        """End the restriction, if there is one: first messages leave again."""
        if self.restriction(db, account) is None:
            return
        incidents.note(db, account, Incident.LIFTED, now)
        holding.release(db, account)
        self.on_restricted(db, account, None)

    def forgive(self, db: sqlite3.Connection, account: AccountId, now: datetime) -> None:
        """Try everything again: a person says that restriction and halts are over."""
        self.lift(db, account, now)
        incidents.note(db, account, Incident.FORGIVEN, now)
        holding.release(db, account)
        self._closed.clear()

    def _first_message(self, here: Round, outgoing: Outgoing) -> Hold | None:
        """Rule over a message while the account is restricted; one now and then is a try."""
        restriction = here.restriction
        assert restriction is not None
        if not ledger.is_new_chat(here.db, here.account, outgoing.chat):
            return None
        at = restriction.probe_at
        if here.now < at or here.probing:
            return Hold(here.now + LOOK_AGAIN, RESTRICTED)
        if ledger.has_new_chat_in_flight(here.db, here.account, at):
            return Hold(here.now + LOOK_AGAIN, RESTRICTED)
        here.probing = True
        return None

    # ------------------------------------------------------------------ lanes

    def _longest(self) -> timedelta:
        return max(pace.window for pace in self.pacing.account)

    def _close(self, account: AccountId, lane: Lane, hold: Hold) -> None:
        self._closed[account, lane] = hold

    def _is_closed(self, here: Round, lane: Lane) -> bool:
        """Tell whether nothing of a lane leaves now.

        What the bot starts by itself leaves one by one, so that the ledger knows of each.
        """
        if (
            lane in BY_ITSELF
            and lane in here.begun
            and (self._counts_each or (lane is Lane.CAMPAIGNS and self.ask_campaign is not _free))
        ):
            return True
        return self._shut(here.account, lane, here.now) is not None

    def _shut(self, account: AccountId, lane: Lane, now: datetime) -> Hold | None:
        held = self._closed.get((account, lane))
        return held if held is not None and held.until > now else None

    @property
    def _counts_each(self) -> bool:
        pacing = self.pacing
        return bool(pacing.started or pacing.same_text or pacing.new_chats or pacing.campaigns)

    def _open(self, here: Round) -> tuple[Why, ...]:
        return tuple(why for why, lane in LANES.items() if not self._is_closed(here, lane))


def _whys(lane: Lane) -> tuple[Why, ...]:
    return tuple(why for why, one in LANES.items() if one is lane)


def _unheard(db: sqlite3.Connection, account: AccountId, since: datetime | None) -> None:
    """Stand in where nobody listens to restrictions."""


def _free(db: sqlite3.Connection, outgoing: Outgoing, now: datetime) -> None:
    """Stand in where campaigns have no pace of their own."""
