"""Fills the outbox in small steps: a few recipients at a time, each turn decided in its chat."""

import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.campaigns.figures import rates
from bot.campaigns.planning import Office
from bot.campaigns.rounds import Digest, changed_files, unread
from bot.domain.campaigns import OPEN, LeftOut, Recipient, Run, RunState
from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import CampaignDue
from bot.language.campaigns import Campaign
from bot.language.printing import Form
from bot.language.templates import TemplateFailed
from bot.store import campaigns

logger = logging.getLogger("alexia.campaigns")

AT_ONCE = 16
"""Recipients of a run that are on their way at once: few, so that a stop or a change comes soon."""
MOST_HELD = 500  # that wait in the outbox, those whom a limit holds for long among them
LOOK_AT_RATES = timedelta(seconds=5)  # between two looks at `stop_if`
MANY, LOOK_AT_MANY = 2_000, timedelta(minutes=1)  # the same where so many were sent
TELL = timedelta(seconds=10)  # between two tellings of how far a run is
EVENT = "campaign.progress"

Tell = Callable[[sqlite3.Connection, AccountId, str, dict[str, object]], None]
Lane = tuple[AccountId, ChatId]


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did: the chats in which turns wait now."""

    lanes: tuple[Lane, ...] = ()


class Runner:
    """Works on the runs that are open. All that it knows lies in the store.

    Args:
        tell: Notes an event for those who listen, in the transaction that it is part of.
        digest: Tells the content of a file that is sent.
    """

    def __init__(self, tell: Tell, digest: Digest = unread) -> None:
        self._tell = tell
        self._digest = digest
        self._other_files: dict[int, list[str]] = {}  # of runs: changed since a person looked
        self._rated: dict[int, tuple[datetime, dict[str, float | None]]] = {}
        self._told: dict[int, datetime] = {}

    def step(self, db: sqlite3.Connection, office: Office, now: datetime) -> Step:
        """Do a small step of each open run; one transaction."""
        lanes = list[Lane]()
        for run in campaigns.runs(db, (RunState.RUNNING,)):
            campaign = office.compiled.rulebook.campaigns.get(run.campaign)
            if campaign is None or campaign.hash != run.content:
                self._changed(db, run, campaign, now)
            elif files := self._other_files.pop(run.id, []):
                self._hold(db, run, f"{', '.join(files)} changed while it runs", now)
            elif why := self._stops(run, campaign, office, now):
                left = campaigns.leave_out_rest(db, run.id, now)
                campaigns.end(db, run.campaign)
                self.move(db, run, RunState.STOPPED, f"{why}; {left} get nothing", now)
            else:
                lanes += self._claim(db, run, campaign, now)
                self._maybe_done(db, run, campaign, now)
        return Step(tuple(lanes))

    def move(
        self, db: sqlite3.Connection, run: Run, state: RunState, detail: str, now: datetime
    ) -> None:
        """Let a run stand in another state, and tell it."""
        campaigns.move_run(db, run.id, state, detail, None if state in OPEN else now)
        log = logger.info if state is RunState.DONE else logger.warning
        log("campaign %s, run %d: %s%s", run.campaign, run.id, state.value,
            f" ({detail})" if detail else "")  # fmt: skip
        self.tell(db, run, now, state=state.value, detail=detail)

    def tell(
        self, db: sqlite3.Connection, run: Run, now: datetime, *, state: str = "", detail: str = ""
    ) -> None:
        """Tell how far a run is."""
        self._told[run.id] = now
        told: dict[str, object] = {
            "campaign": run.campaign, "run": run.id, "state": state or run.state.value,
            "detail": detail or None, "recipients": campaigns.counts(db, run.id),
        }  # fmt: skip
        self._tell(db, run.account, EVENT, told)

    def _changed(
        self, db: sqlite3.Connection, run: Run, campaign: Campaign | None, now: datetime
    ) -> None:
        """Hold a run whose file says something else than what a person started."""
        if campaign is None:
            self._hold(db, run, "it is gone from the files", now, "put it back")
        else:
            self._hold(db, run, "it changed while it runs", now)

    def _hold(
        self, db: sqlite3.Connection, run: Run, what: str, now: datetime, how: str = ""
    ) -> None:
        """Hold a run until a person has looked at what changed."""
        counts = campaigns.counts(db, run.id)
        got, left = counts.get("sent", 0), counts.get("planned", 0) + counts.get("claimed", 0)
        how = how or f"`alexia campaign preview {run.campaign}`, then resume it with the token"
        detail = f"{what}: {got} have the old version, {left} still wait; {how}"
        self.move(db, run, RunState.PAUSED, detail, now)

    def look(self, db: sqlite3.Connection, office: Office, now: datetime) -> None:
        """Look at what may hold or stop a run: its files and figures; to be called before `step`.

        Apart from it, since it only reads, and takes its time where very many were sent.
        """
        for run in campaigns.runs(db, (RunState.RUNNING,)):
            self._other_files[run.id] = changed_files(db, run.campaign, self._digest)
            campaign = office.compiled.rulebook.campaigns.get(run.campaign)
            if campaign is None or campaign.stop_if is None:
                continue
            looked, sent = self._rated.get(run.id, (now, {}))[0], campaigns.counts(db, run.id)
            pause = LOOK_AT_RATES if sent.get("sent", 0) < MANY else LOOK_AT_MANY
            if run.id not in self._rated or not timedelta(0) <= now - looked < pause:
                self._rated[run.id] = now, rates(db, run.id, now)

    def _stops(self, run: Run, campaign: Campaign, office: Office, now: datetime) -> str:
        """Return why a run stops by itself, "" when it does not."""
        _, known = self._rated.get(run.id, (now, None))
        if campaign.stop_if is None or known is None:
            return ""
        form = Form(timezone=office.settings.timezone, now=now)
        try:
            stops = bool(campaign.stop_if.evaluate(known, form))
        except TemplateFailed as failure:
            return f"its stop_if cannot be worked out ({failure})"
        if not stops:
            return ""
        said = ", ".join(
            f"{name} {share:.1%}" for name, share in known.items()
            if share is not None and name in campaign.stop_if.names
        )  # fmt: skip
        return f"stop_if holds ({said})"

    def _claim(
        self, db: sqlite3.Connection, run: Run, campaign: Campaign, now: datetime
    ) -> list[Lane]:
        soon, all_ = campaigns.under_way(db, run.id, now)
        free = min(AT_ONCE - soon, MOST_HELD - all_)
        waiting = campaigns.due(db, run.id, now, free) if free > 0 else []
        if not waiting:
            return []
        allowed = campaigns.allowed(db, [one.contact_id for one in waiting])
        lanes = list[Lane]()
        for one in waiting:
            why = allowed.get(one.contact_id, LeftOut.GONE)
            if why:
                campaigns.leave_out(db, run.id, one.contact_id, why)
            else:
                campaigns.claim(db, run, one, _due(run, campaign, one), now)
                lanes.append((run.account, one.chat))
        return lanes

    def _maybe_done(
        self, db: sqlite3.Connection, run: Run, campaign: Campaign, now: datetime
    ) -> None:
        if now - self._told.get(run.id, now - TELL) < TELL and not self._is_empty(db, run, now):
            return
        if self._is_empty(db, run, now):
            if not campaign.cron:
                campaigns.end(db, run.campaign)
            self.move(db, run, RunState.DONE, "", now)
        else:
            self.tell(db, run, now)

    def _is_empty(self, db: sqlite3.Connection, run: Run, now: datetime) -> bool:
        row = db.execute(
            "SELECT EXISTS (SELECT 1 FROM campaign_recipients WHERE run = ?"
            " AND state IN ('planned', 'claimed'))",
            (run.id,),
        ).fetchone()
        return not row[0] and not campaigns.under_way(db, run.id, now)[1]


def _due(run: Run, campaign: Campaign, one: Recipient) -> CampaignDue:
    return CampaignDue(
        run=run.id, campaign=run.campaign, variant=one.variant,
        version=campaign.version(one.variant),
    )  # fmt: skip
