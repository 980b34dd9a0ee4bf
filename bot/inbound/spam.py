"""Who is no customer: somebody blocked, a loop of bots, the account's own automatic greeting."""

import logging
import sqlite3
from datetime import timedelta

from bot.domain.conversation import Handoff
from bot.domain.data import replace
from bot.domain.effects import RaiseEvent
from bot.domain.messages import Message
from bot.domain.turns import Decision, HumanReplied, MessageArrived, Trace, TraceLine, Turn
from bot.language.folding import fold
from bot.store import inbox, outbox, profiles

logger = logging.getLogger("alexia.guard")

LOOP_WINDOW = timedelta(seconds=60)
LOOP_TEXTS = 5  # the same text so often within the window is a machine's
LOOP_MUTE = timedelta(minutes=30)
ECHO_LETTERS = 12  # a shorter text of ours may well be a customer's own word
GREETING_WINDOW = timedelta(days=1)
GREETING_CHATS = 3  # one identical text from the phone in so many chats is WhatsApp's own greeting


def judge(
    db: sqlite3.Connection, turn: Turn, *, loop_guard: bool, has_blocked: bool
) -> Decision | None:
    """Return what is decided in place of the rules; None when they decide.

    Args:
        has_blocked: Whether anybody at all is blocked.
    """
    match turn.event:
        case MessageArrived(message=message) if has_blocked and profiles.is_blocked(
            db, message.sender
        ):
            return _unanswered(turn, "guard:blocked", "the contact is blocked")
        case MessageArrived(message=message) if loop_guard and not _is_muted(turn):
            reason = loop(db, message)
            return _quiet(turn, reason) if reason else None
        case HumanReplied(message=message) if is_greeting(db, message):
            why = f"the same text stands in {GREETING_CHATS} chats: WhatsApp's own"
            return _unanswered(turn, "guard:greeting", why)
        case _:
            return None


def _unanswered(turn: Turn, guard: str, why: str) -> Decision:
    """Return the decision that nothing follows from an event."""
    line = TraceLine(path=guard, outcome="skipped", why=why)
    return Decision(
        conversation=turn.conversation, contact=turn.contact, lead=turn.lead,
        trace=Trace(winner=guard, lines=(line,)),
    )  # fmt: skip


def loop(db: sqlite3.Connection, message: Message) -> str:
    """Return why the other side seems to be a bot that answers ours; "" when it does not."""
    said = fold(message.text).text
    if not said:
        return ""
    since = message.sent_at - LOOP_WINDOW
    heard = inbox.texts_since(db, message.account, message.chat, since, message.sent_at)
    if _times(said, heard) >= LOOP_TEXTS:
        return f"the same text {LOOP_TEXTS} times within a minute"
    if len(said) < ECHO_LETTERS:
        return ""
    ours = outbox.texts_since(db, message.account, message.chat, since)
    return "it repeats what we sent" if _times(said, ours) else ""


def is_greeting(db: sqlite3.Connection, message: Message) -> bool:
    """Tell whether a text from the phone is sent by WhatsApp Business itself, to everybody."""
    if not message.text.strip():
        return False
    since = message.sent_at - GREETING_WINDOW
    return inbox.chats_told(db, message.account, message.text, since) >= GREETING_CHATS


def _times(said: str, texts: list[str]) -> int:
    return sum(fold(text).text == said for text in texts)


def _is_muted(turn: Turn) -> bool:
    handoff = turn.conversation.handoff
    return handoff is not None and handoff.until > turn.now


def _quiet(turn: Turn, reason: str) -> Decision:
    until = turn.now + LOOP_MUTE
    conversation = replace(
        turn.conversation,
        handoff=Handoff(team="loop_guard", until=until, note=reason),
        last_message_at=turn.now,
    )
    logger.warning(
        "…%s is quiet for 30 min: %s", turn.conversation.chat.partition("@")[0][-4:], reason
    )
    line = TraceLine(path="guard:loop", outcome="skipped", why=reason)
    return Decision(
        conversation=conversation,
        contact=turn.contact,
        lead=turn.lead,
        effects=(RaiseEvent(name="loop.detected", data={"reason": reason}),),
        trace=Trace(winner="guard:loop", lines=(line,)),
    )
