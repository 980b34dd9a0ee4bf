"""Keeps the bot quiet where somebody floods, repeats, advertises or insults: told, and undone."""

import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.conversation import Handoff
from bot.domain.effects import RaiseEvent
from bot.domain.messages import Message
from bot.domain.spam import CLEARED, GUARD, MUTE, OFF, TOLD, Verdict, Written
from bot.domain.turns import Decision, Trace, TraceLine, Turn
from bot.domain.values import Value
from bot.engine.spam import is_allowed, is_stranger, weigh
from bot.store.written import written_since

logger = logging.getLogger("alexia.guard")

EVENT = "spam.detected"
WINNER = "guard:spam"


def guard(db: sqlite3.Connection, turn: Turn, message: Message, decision: Decision) -> Decision:
    """Return what follows from a message of a person: what was decided, or silence.

    What was written lies in the store, so that a restart forgets nothing. A chat that a person
    has is not judged, nor is who the owner trusts, nor a group.
    """
    if turn.settings.spam.guard == OFF or message.is_group:
        return decision
    return judged(turn, message, decision, written_before(db, turn, message))


def judged(turn: Turn, message: Message, decision: Decision, before: Sequence[Written]) -> Decision:
    """Return what follows from a message behind others of the same person."""
    rules, handoff = turn.settings.spam, turn.conversation.handoff
    if handoff is not None and handoff.until > turn.now:
        return _unheard(turn, handoff) if handoff.team == GUARD else decision
    if is_allowed(turn.contact, rules):
        return decision
    written = [*before, Written(message.sent_at, message.text)]
    verdict = weigh(written, rules, is_stranger=is_stranger(turn.contact, rules, turn.now))
    if verdict.score < rules.threshold or not verdict.signals:
        return decision
    return _mute(turn, verdict) if rules.guard == MUTE else _report(turn, verdict, decision)


def written_before(db: sqlite3.Connection, turn: Turn, message: Message) -> list[Written]:
    """Return what counts of that person's messages before this one, oldest first."""
    rules = turn.settings.spam
    since = message.sent_at - max(rules.window, rules.repeat_window)
    cleared = turn.conversation.notes.get(CLEARED)
    if isinstance(cleared, datetime):
        since = max(since, cleared)
    return written_since(db, message, since)


def _unheard(turn: Turn, handoff: Handoff) -> Decision:
    why = f"muted until {handoff.until.isoformat(timespec='minutes')}: {handoff.note}"
    return _silent(turn, (TraceLine(path=WINNER, outcome="skipped", why=why),))


def _mute(turn: Turn, verdict: Verdict) -> Decision:
    until = turn.now + turn.settings.spam.mute
    chat = turn.conversation.chat
    logger.warning("…%s is muted: %s", chat.partition("@")[0][-4:], verdict.why)
    handoff = Handoff(team=GUARD, until=until, note=verdict.why)
    muted = replace(turn.conversation, handoff=handoff, last_message_at=turn.now)
    decision = _silent(replace(turn, conversation=muted), _lines(verdict, "muted"))
    return replace(decision, effects=(_event(verdict, muted=True),))


def _report(turn: Turn, verdict: Verdict, decision: Decision) -> Decision:
    """Let the decision stand and tell of the spam, once in the time of a mute."""
    lines = (*decision.trace.lines, *_lines(verdict, "reported"))
    trace = replace(decision.trace, lines=lines)
    told = turn.conversation.notes.get(TOLD)
    if isinstance(told, datetime) and turn.now - told < turn.settings.spam.mute:
        return replace(decision, trace=trace)
    notes = {**decision.conversation.notes, TOLD: turn.now}
    return replace(
        decision, trace=trace, conversation=replace(decision.conversation, notes=notes),
        effects=(*decision.effects, _event(verdict, muted=False)),
    )  # fmt: skip


def _lines(verdict: Verdict, outcome: str) -> tuple[TraceLine, ...]:
    signals = [
        TraceLine(path=f"spam:{one.name}", outcome="scored", why=f"{one.score:.2f}: {one.why}")
        for one in verdict.signals
    ]
    why = f"{verdict.score:.2f}: {verdict.why}"
    return (*signals, TraceLine(path=WINNER, outcome=outcome, why=why))


def _event(verdict: Verdict, *, muted: bool) -> RaiseEvent:
    signals: list[Value] = [one.name for one in verdict.signals]
    data: dict[str, Value] = {
        "reason": verdict.why, "signals": signals, "score": round(verdict.score, 2),
        "muted": muted,
    }  # fmt: skip
    return RaiseEvent(name=EVENT, data=data)


def _silent(turn: Turn, lines: tuple[TraceLine, ...]) -> Decision:
    return Decision(
        conversation=turn.conversation, contact=turn.contact, lead=turn.lead,
        trace=Trace(winner=WINNER, lines=lines),
    )  # fmt: skip
