"""Promises to people who wait: when a wait begins, when it is over, and what a missed one raises.

A wait is a timer that fires when the promised open time is over; whoever answers before cancels it.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.conversation import Handoff
from bot.domain.data import replace
from bot.domain.effects import BeginWait, CancelTimer, EndWait, MissWait, Send, StartTimer
from bot.domain.messages import MessageKind
from bot.domain.outgoing import Why
from bot.domain.turns import Commanded, HumanReplied, MessageArrived, TimerFired
from bot.domain.values import Value
from bot.engine.conditions import hold
from bot.engine.draft import Draft
from bot.engine.guards import TAKEN_OVER
from bot.engine.open_time import due_after, open_between
from bot.language.hours import Hours
from bot.language.slas import HANDOFF, MESSAGE, MISSED, Sla

WAITS = "waits"
"""Under this name a conversation's notes keep since when each promise is waited for."""
ANSWERED, ENDED = "answered", "ended"
"""How a wait is over: somebody answered, or there is nothing to wait for any more."""


def settle_slas(draft: Draft) -> None:
    """At the end of a turn: end the waits that are over, and begin those that began."""
    known = draft.compiled.rulebook.slas
    if not (known or WAITS in draft.conversation.notes):
        return
    if not draft.conversation.chat.endswith(("@c.us", "@lid")):
        return
    before, after = _held(draft, draft.turn.conversation.handoff), draft.conversation.handoff
    by = _who_answered(draft, after)
    for name in [*_running(draft)]:
        sla = known.get(name)
        if sla is None:
            _end(draft, name, ENDED)
        elif by and (by != "bot" or sla.waits_for == MESSAGE):
            _end(draft, name, ANSWERED, by)
        elif sla.waits_for == HANDOFF and before is not None and after is None:
            _end(draft, name, ENDED)
    for sla in known.values():
        since = _begins(draft, sla, before, after)
        if since is not None and sla.name not in _running(draft) and _is_meant(draft, sla, after):
            _begin(draft, sla, since)


def wait_missed(draft: Draft, fired: TimerFired) -> None:
    """Raise that a promise was not kept, and wait for its next escalation."""
    name, level = str(fired.payload.get("sla")), fired.payload.get("level")
    sla, since = draft.compiled.rulebook.slas.get(name), _running(draft).get(name)
    if sla is None or since is None or not isinstance(level, int):
        draft.trace(fired.key, "skipped", "nobody waits for it any more")
        return
    hours, zone = _hours(draft, sla)
    waited = open_between(hours, since, draft.turn.now, zone)
    conversation = draft.conversation
    draft.trace(f"sla {name}", "missed", f"level {level}")
    draft.raise_event(MISSED, {
        "sla": name, "level": level, "team": conversation.team, "member": conversation.member,
        "minutes": int(waited.total_seconds() // 60),
    })  # fmt: skip
    if level == 1:
        draft.effects.append(MissWait(sla=name))
    if level < len(sla.levels):
        _wait(draft, sla, fired.due, level + 1)


def _who_answered(draft: Draft, handoff: Handoff | None) -> str:
    """Return who answered in this turn: a person on the phone or by a command, or the bot."""
    match draft.turn.event:
        case HumanReplied():
            return "phone" if draft.winner == TAKEN_OVER else ""
        case Commanded(command="answered" | "say"):
            return "person"
        case _:
            pass
    said = [effect.why for effect in draft.effects if isinstance(effect, Send)]
    return "bot" if handoff is None and Why.ANSWER in said else ""


def _begins(
    draft: Draft, sla: Sla, before: Handoff | None, after: Handoff | None
) -> datetime | None:  # fmt: skip
    """Return since when somebody waits for what is promised, None when nobody began to."""
    match draft.turn.event:
        case HumanReplied():
            return None
        case MessageArrived(message=message) if sla.waits_for == MESSAGE:
            is_said = message.kind is not MessageKind.REACTION
            waits = not _who_answered(draft, after) and not draft.winner.startswith("guard:opt")
            return message.sent_at if is_said and waits else None
        case _:
            began = after is not None and after != before and sla.waits_for == HANDOFF
            return draft.turn.now if began else None


def _is_meant(draft: Draft, sla: Sla, handoff: Handoff | None) -> bool:
    team = "" if handoff is None else handoff.team
    return (not sla.teams or team in sla.teams) and hold(sla.conditions, draft)


def _begin(draft: Draft, sla: Sla, since: datetime) -> None:
    due = _wait(draft, sla, since, 1)
    if due is None:
        return
    _note(draft, {**_running(draft), sla.name: since})
    conversation = draft.conversation
    draft.effects.append(
        BeginWait(sla=sla.name, since=since, due=due, team=conversation.team,
                  member=conversation.member)
    )  # fmt: skip


def _wait(draft: Draft, sla: Sla, begin: datetime, level: int) -> datetime | None:
    """Let a timer fire when the time of a level is over; None when it never will be."""
    hours, zone = _hours(draft, sla)
    due = due_after(hours, begin, sla.levels[level - 1], zone)
    if due is not None:
        payload: dict[str, Value] = {"sla": sla.name, "level": level}
        draft.effects.append(
            StartTimer(key=f"sla:{sla.name}", kind="sla", due=due, payload=payload)
        )  # fmt: skip
    return due


def _end(draft: Draft, name: str, how: str, by: str = "") -> None:
    running = _running(draft)
    since, sla = running[name], draft.compiled.rulebook.slas.get(name)
    hours, zone = _hours(draft, sla)
    waited = open_between(hours, since, draft.turn.now, zone)
    _note(draft, {one: when for one, when in running.items() if one != name})
    draft.effects.append(CancelTimer(key=f"sla:{name}"))
    who = draft.conversation.member if by in ("phone", "person") else by
    draft.effects.append(EndWait(sla=name, how=how, by=who or by, waited=waited))


def _hours(draft: Draft, sla: Sla | None) -> tuple[Hours | None, ZoneInfo]:
    found = draft.compiled.rulebook.hours.get(sla.hours) if sla is not None else None
    zone = found.timezone if found is not None else ""
    return found, ZoneInfo(zone or draft.turn.settings.timezone)


def _held(draft: Draft, handoff: Handoff | None) -> Handoff | None:
    return handoff if handoff is not None and handoff.until > draft.turn.now else None


def _running(draft: Draft) -> Mapping[str, datetime]:
    held = draft.conversation.notes.get(WAITS)
    found = held.items() if isinstance(held, Mapping) else ()
    return {str(name): since for name, since in found if isinstance(since, datetime)}


def _note(draft: Draft, running: Mapping[str, datetime]) -> None:
    notes = {name: one for name, one in draft.conversation.notes.items() if name != WAITS}
    if running:
        notes[WAITS] = dict(running)
    draft.conversation = replace(draft.conversation, notes=notes)
