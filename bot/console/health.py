"""`/health` and `/metrics`: how the bot is, for whoever watches it."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.console.asked import desk_of
from bot.console.desk import Bot, Health, NotYet
from bot.console.figures import Figures
from bot.domain.errors import SessionDown
from bot.ports import LinkState
from bot.store import announcements, crm_jobs, ledger, webhooks
from bot.store.counting import own_turns, states

STATES: Mapping[LinkState, str] = {
    LinkState.STOPPED: "STOPPED",
    LinkState.STARTING: "STARTING",
    LinkState.QR: "SCAN_QR_CODE",
    LinkState.SYNCING: "STARTING",
    LinkState.READY: "WORKING",
    LinkState.OFFLINE: "STARTING",
    LinkState.CONFLICT: "FAILED",
    LinkState.LOGGED_OUT: "SCAN_QR_CODE",
    LinkState.FAILED: "FAILED",
}
"""A session's state in WAHA's words."""

WORDS: Mapping[LinkState, str] = {
    LinkState.STOPPED: "starting",
    LinkState.STARTING: "starting",
    LinkState.SYNCING: "starting",
    LinkState.QR: "login_required",
    LinkState.LOGGED_OUT: "login_required",
    LinkState.READY: "degraded",
    LinkState.OFFLINE: "degraded",
    LinkState.CONFLICT: "degraded",
    LinkState.FAILED: "failed",
}
"""How the whole bot is while it is not ready."""

PATIENCE = 2.0  # seconds for the figures of one session: a slow disk must not hide the others
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class HealthRoutes:
    """Answers those who watch."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def health(self, request: Request) -> Response:
        """Answer 200 when ready, 503 when not; never waits for the browser or the database.

        ``?session=NAME`` asks for one session alone.
        """
        named = request.query_params.get("session", "")
        if named:
            desk_of(self._bot, named)
        health = self._bot.health(named)
        return JSONResponse(
            {
                "status": word_for(health),
                "sessions": {name: STATES[state] for name, state in health.sessions.items()},
                "reasons": list(health.reasons),
            },
            200 if health.ready else 503,
        )

    async def metrics(self, _: Request) -> Response:
        """Answer in Prometheus's text form."""
        figures = Figures()
        self._live(figures)
        for desk in self._bot.sessions.values():
            stored = partial(_stored, figures=figures, session=desk.name)
            with contextlib.suppress(NotYet, SessionDown, TimeoutError):  # told when it runs again
                async with asyncio.timeout(PATIENCE):
                    await desk.database.read(stored)
        return PlainTextResponse(figures.text(), media_type=PROMETHEUS)

    def _live(self, figures: Figures) -> None:
        bot = self._bot
        figures.put("ready", int(bot.health().ready))
        figures.put("memory_bytes", memory())
        figures.put("errors_total", bot.counts.errors, session="")
        for name, desk in bot.sessions.items():
            counts, (waiting, busy) = desk.counts, desk.lanes
            figures.put("session_ready", int(desk.state is LinkState.READY), session=name)
            figures.put("account_restricted", int(desk.is_restricted), session=name)
            figures.put("turns_total", counts.turns, session=name)
            figures.put("sends_total", counts.sends, session=name)
            figures.put("errors_total", counts.errors, session=name)
            figures.put("reconnects_total", max(0, counts.connects - 1), session=name)
            figures.put("lanes", waiting, session=name, state="waiting")
            figures.put("lanes", busy, session=name, state="busy")


def _stored(db: sqlite3.Connection, figures: Figures, session: str) -> None:
    """Put what lies in the database of a session."""
    for state, count in states(db, "inbox").items():
        figures.put("inbox_messages", count, session=session, state=state)
    for state, count in own_turns(db).items():
        figures.put("events", count, session=session, state=state)
    for state, count in states(db, "outbox").items():
        figures.put("outbox_messages", count, session=session, state=state)
    for reason, count in ledger.held(db).items():
        figures.put("outbox_held", count, session=session, reason=reason)
    waiting, dead = webhooks.counts(db)
    figures.put("announcements_waiting", announcements.count(db), session=session)
    figures.put("webhooks_waiting", waiting, session=session)
    figures.put("webhooks_dead", dead, session=session)
    for target, counts in crm_jobs.counts(db).items():
        for state, count in counts.items():
            figures.put("crm_jobs", count, session=session, target=target, state=state)


def word_for(health: Health) -> str:
    """Return one word for how the bot is."""
    if health.ready:
        return "ready"
    if LinkState.READY in health.sessions.values():
        return "degraded"
    running = [state for state in health.sessions.values() if state is not LinkState.STOPPED]
    return WORDS[next(iter(running), LinkState.STOPPED)]


def memory() -> int:
    """Return the resident memory of this process in bytes, 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)
