"""`/health` and `/metrics`: how the bot is, for whoever watches it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.console.desk import Bot, Health, NotYet
from bot.ports import LinkState
from bot.store import announcements, webhooks
from bot.store.counting import states

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

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class HealthRoutes:
    """Answers those who watch."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def health(self, _: Request) -> Response:
        """Answer 200 when ready, 503 when not; never waits for the browser or the database."""
        health = self._bot.health()
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
        lines = list(self._live())
        try:
            database = self._bot.database
        except NotYet:
            return PlainTextResponse("\n".join(lines) + "\n", media_type=PROMETHEUS)
        inbox, outbox, waiting, dead = await database.read(
            lambda db: (states(db, "inbox"), states(db, "outbox"), *webhooks.counts(db))
        )
        untold = await database.read(announcements.count)
        lines += gauge("inbox_messages", "Stored messages by state.", inbox, "state")
        lines += gauge("outbox_messages", "Messages of ours by state.", outbox, "state")
        lines += gauge("announcements_waiting", "Events not given on yet.", {"": untold})
        lines += gauge("webhooks_waiting", "Calls of webhooks to be made.", {"": waiting})
        lines += gauge("webhooks_dead", "Calls of webhooks that were given up.", {"": dead})
        return PlainTextResponse("\n".join(lines) + "\n", media_type=PROMETHEUS)

    def _live(self) -> Iterator[str]:
        bot, health, counts = self._bot, self._bot.health(), self._bot.counts
        sessions = {name: int(state is LinkState.READY) for name, state in health.sessions.items()}
        waiting, busy = bot.lanes
        yield from gauge("ready", "1 when the way in is proven.", {"": int(health.ready)})
        yield from gauge("session_ready", "1 when a session is ready.", sessions, "session")
        yield from counter("turns_total", "Decided turns.", counts.turns)
        yield from counter("sends_total", "Sends that turns reserved.", counts.sends)
        yield from counter("errors_total", "Errors that were logged.", counts.errors)
        yield from counter("reconnects_total", "Times a session became ready again.",
                           max(0, counts.connects - 1))  # fmt: skip
        yield from gauge("memory_bytes", "Memory of this process.", {"": memory()})
        yield from gauge("lanes", "Chats by what they do.", {"waiting": waiting, "busy": busy},
                         "state")  # fmt: skip


def word_for(health: Health) -> str:
    """Return one word for how the bot is."""
    if health.ready:
        return "ready"
    return WORDS[next(iter(health.sessions.values()), LinkState.STOPPED)]


def memory() -> int:
    """Return the resident memory of this process in bytes, 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)


def gauge(
    name: str, told: str, values: Mapping[str, int], label: str = ""
) -> Iterator[str]:  # fmt: skip
    """Yield the lines of a value that goes up and down, one for each label."""
    yield f"# HELP alexia_{name} {told}"
    yield f"# TYPE alexia_{name} gauge"
    for which, value in values.items():
        yield f'alexia_{name}{{{label}="{which}"}} {value}' if label else f"alexia_{name} {value}"


def counter(name: str, told: str, value: int) -> Iterator[str]:
    """Yield the lines of a value that only grows."""
    yield f"# HELP alexia_{name} {told}"
    yield f"# TYPE alexia_{name} counter"
    yield f"alexia_{name} {value}"
