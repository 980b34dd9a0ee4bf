"""Campaigns as people ask for them: those of the files and those that ran, and how far each is."""

import sqlite3
from datetime import datetime
from typing import Any

from bot.campaigns.moments import next_one
from bot.campaigns.planning import zones_of
from bot.campaigns.rounds import CHANGED
from bot.domain.campaigns import OPEN, Run
from bot.language.campaigns import BY, Campaign
from bot.language.rulebook import Rulebook
from bot.store import campaigns, outbox
from bot.store.campaigns import Known

Row = dict[str, Any]

NEW, GONE = "new", "gone from the files"


def rows(
    db: sqlite3.Connection, rulebook: Rulebook | None, timezone: str, now: datetime
) -> list[Row]:
    """Return the campaigns by name, with the last run of each.

    Args:
        rulebook: None where the files cannot be read.
        timezone: Of the business.
    """
    known = {one.name: one for one in campaigns.all_known(db)}
    return [
        _row(db, rulebook, name, known.get(name), timezone, now)
        for name in sorted(known.keys() | (rulebook.campaigns.keys() if rulebook else set()))
    ]


def _row(
    db: sqlite3.Connection, rulebook: Rulebook | None, name: str, known: Known | None,
    timezone: str, now: datetime,
) -> Row:  # fmt: skip
    run = next(reversed(campaigns.runs_of(db, name)), None)
    counts = {} if run is None else campaigns.counts(db, run.id)
    campaign = None if rulebook is None else rulebook.campaigns.get(name)
    moment = None
    if known is not None and known.is_started and campaign is not None:
        moment = next_one(campaign, zones_of(db, campaign, timezone), known.came_round or now)
    started = None if known is None else known.started
    return {
        "name": name,
        "state": _state(known, is_gone=rulebook is not None and campaign is None),
        "started_at": None if started is None else started.isoformat(),
        "comes_at": None if moment is None else moment.begins.isoformat(),
        "run": None if run is None else run.id,
        "run_state": None if run is None else run.state.value,
        "planned": sum(counts.values()) - counts.get("suppressed", 0),
        "sent": 0 if run is None else campaigns.count_sent(db, run.id),
        "left_out": counts.get("suppressed", 0),
        "detail": _detail(known, campaign, run),
        "may_have_left": outbox.count_unknown(db, f"{BY}{name}"),
    }  # fmt: skip


def _detail(known: Known | None, campaign: Campaign | None, run: Run | None) -> str | None:
    """Return what is to be known of it: why it will not begin, or what became of its last run."""
    if known is not None and known.is_started and campaign is not None:
        is_open = run is not None and run.state in OPEN
        if known.content != campaign.hash and not is_open:
            return CHANGED
    return None if run is None or not run.detail else run.detail


def _state(known: Known | None, *, is_gone: bool) -> str:
    return GONE if is_gone else NEW if known is None else known.state
