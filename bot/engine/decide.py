"""What follows from a turn. Pure: the same turn under the same rulebook decides the same."""

from bot.domain.data import replace
from bot.domain.leads import standing_of
from bot.domain.outgoing import Why
from bot.domain.spam import CLEARED, GUARD
from bot.domain.turns import (
    CallAnswered,
    CampaignDue,
    Commanded,
    Decision,
    EventRaised,
    HumanReplied,
    MessageArrived,
    TimerFired,
    Turn,
)
from bot.engine.answered import call_answered
from bot.engine.campaigns import campaign_due
from bot.engine.compiled import Compiled
from bot.engine.draft import Draft
from bot.engine.events import event_raised
from bot.engine.guards import human_replied, needs
from bot.engine.leads import in_line, settle_lead
from bot.engine.messages import go_on_parked, message_arrived
from bot.engine.moving import migrate
from bot.engine.schedules import schedule_timers
from bot.engine.slas import settle_slas
from bot.engine.steps import HANDOFF, Runner
from bot.engine.timed import timer_fired

__all__ = ("decide", "needs")


def decide(turn: Turn, compiled: Compiled) -> Decision:
    """Return what follows from a turn."""
    draft = Draft(turn, compiled)
    runner = Runner(draft)
    match turn.event:
        case MessageArrived(is_late=is_late):
            message_arrived(draft, runner, is_late=is_late)
        case HumanReplied():
            human_replied(draft)
        case TimerFired() as fired:
            timer_fired(draft, runner, fired)
        case CallAnswered() as answered:
            call_answered(draft, runner, answered)
        case EventRaised() as event:
            event_raised(draft, runner, event)
        case Commanded() as told:
            _commanded(draft, runner, told)
        case CampaignDue() as due:
            campaign_due(draft, runner, due)
    if turn.conversation.version == 0 and not isinstance(turn.event, TimerFired):
        draft.effects += schedule_timers(draft)  # a chat that is new, whatever made it known
    _settle(draft)
    if draft.is_over_sends:
        runner.exceed(f"over {turn.settings.sends} sends in one turn")
    return draft.finish()


def _settle(draft: Draft) -> None:
    """Do what follows from the turn as a whole: for the lead, and for promises to who waits."""
    if draft.lead is not None:
        settle_lead(draft)
    settle_slas(draft)
    if draft.lead is not None:
        first_stage = draft.compiled.rulebook.leads.first_stage
        draft.effects = in_line(draft.effects, standing_of(draft.turn.lead), first_stage)


def _commanded(draft: Draft, runner: Runner, told: Commanded) -> None:
    """Do what a person told the bot about this chat."""
    command, argument = told.command, told.argument
    draft.winner = f"command:{command}"
    match command:
        case "allow":
            draft.tag(argument)
            _lift_spam(draft)
        case "resume":
            _lift_spam(draft)
            draft.conversation = replace(draft.conversation, handoff=None)
            draft.raise_event("handoff.ended", {})
            if draft.frames and draft.frames[-1].notes.get("parked"):
                go_on_parked(draft, runner)
        case "handoff":
            runner.hand_off(argument, "asked for by a person", "", told.mute or HANDOFF)
        case "end":
            runner.drop(0)
        case "start":
            draft.why = Why.STARTED
            flow = draft.compiled.rulebook.flows.get(argument)
            if flow is not None:
                runner.start(flow, {})
        case "say" | "answered":  # whoever waited for a person waits no longer
            draft.why = Why.PERSON
            draft.say(draft.compiled.rulebook.canned.get(argument), f"canned:{argument}")
        case "migrate" | "migrate_restart":
            migrate(draft, runner, argument, force=command == "migrate_restart")
        case _:
            draft.trace(f"command:{command}", "skipped", "nobody knows this command")


def _lift_spam(draft: Draft) -> None:
    """End the mute of the guard against spam; what was written before counts no more."""
    handoff = draft.conversation.handoff
    if handoff is not None and handoff.team == GUARD:
        notes = {**draft.conversation.notes, CLEARED: draft.turn.now}
        draft.conversation = replace(draft.conversation, handoff=None, notes=notes)
