"""What the engine would decide for a text, without anything being sent or stored."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.daemon.bookshelf import turn_settings
from bot.daemon.clock import now
from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.effects import Send
from bot.domain.messages import AccountId, ChatId, Message, MessageId, MessageKind
from bot.domain.spam import OFF
from bot.domain.turns import Decision, MessageArrived, Turn
from bot.engine.compiled import Compiled, compile_rulebook
from bot.engine.decide import needs
from bot.testing.ranking import rank

if TYPE_CHECKING:
    from bot.config import Config
    from bot.language.rulebook import Rulebook

LOADED_WITHIN = 60.0  # seconds; nobody else waits for the answer
NOBODY = ChatId("0@c.us")
ACCOUNT = AccountId("1@c.us")


def why(config: "Config", rulebook: "Rulebook", text: str, who: str | None) -> dict[str, Any]:
    """Return what would win for a text, the ranked candidates, and the replies.

    Args:
        who: A stored person, by number, id or name; None for somebody new.

    Raises:
        DatabaseRefused: A person is named and there is no database.
    """
    compiled = compile_rulebook(rulebook)
    turn = _turn(config, text, who)
    if turn is None:
        return {"winner": None, "lines": [], "replies": [], "candidates": [], "unknown": who}
    decision, candidates = rank(_understood(config, turn, compiled), compiled)
    decision = _guarded(config, turn, decision)
    return {**_told(decision), "candidates": candidates, "waiting": _waiting(config, turn)}


def _guarded(config: "Config", turn: Turn, decision: Decision) -> Decision:
    """Return what the guard against spam leaves of a decision."""
    from bot.inbound.spam_guard import judged, written_before
    from bot.store.reading import reading

    if config.spam.guard == OFF or not isinstance(turn.event, MessageArrived):
        return decision
    message, before = turn.event.message, []
    if turn.conversation.chat != NOBODY:
        with reading(config.database) as db:
            before = written_before(db, turn, message)
    return judged(turn, message, decision, before)


def _waiting(config: "Config", turn: Turn) -> list[dict[str, Any]]:
    """Return what waits to leave in the chat of a turn."""
    from bot.store.reading import reading, waiting_in

    if turn.conversation.chat == NOBODY:
        return []
    with reading(config.database) as db:
        return waiting_in(db, turn.conversation.chat)


def _turn(config: "Config", text: str, who: str | None) -> Turn | None:
    from bot.store import contacts, conversations, leads, variables
    from bot.store.keyring import configured, file_beside, read_file
    from bot.store.people import find_contact
    from bot.store.reading import reading

    fresh = _fresh_turn(config, text)
    if who is None:
        return fresh
    keys = configured(config.storage.key.value) or read_file(file_beside(config.database))
    with reading(config.database, keys) as db:
        contact_id = find_contact(db, who)
        row = db.execute(
            "SELECT v.account, v.chat FROM conversations v WHERE v.contact_id = ?"
            " ORDER BY v.last_message_at DESC LIMIT 1",
            (contact_id,),
        ).fetchone()
        contact = None if row is None else contacts.find(db, row["chat"])
        if row is None or contact is None:
            return None
        lane = AccountId(row["account"]), ChatId(row["chat"])
        return replace(
            fresh,
            event=MessageArrived(message=_message(text, *lane)),
            conversation=conversations.load(db, *lane),
            contact=contact,
            lead=leads.load(db, contact.id, fresh.now),
            variables=variables.load(db),
        )


def _fresh_turn(config: "Config", text: str) -> Turn:
    contact = Contact(id=0, number="+0", name="", language=config.language)
    return Turn(
        cause="why",
        event=MessageArrived(message=_message(text, ACCOUNT, NOBODY)),
        conversation=Conversation(chat=NOBODY),
        contact=contact,
        lead=None,
        now=now(),
        seed=0,
        settings=turn_settings(config),
    )


def _message(text: str, account: AccountId, chat: ChatId) -> Message:
    return Message(
        account=account, chat=chat, id=MessageId("WHY"), sender=chat, text=text,
        kind=MessageKind.TEXT, sent_at=now(),
    )  # fmt: skip


def _understood(config: "Config", turn: Turn, compiled: Compiled) -> Turn:
    """Ask the models, if a rule reads what they say."""
    wanted = needs(turn.event, compiled)
    if not wanted or not config.models.enabled or not isinstance(turn.event, MessageArrived):
        return turn
    from bot.nlu.understander import open_configured

    understander = open_configured(config)
    understander.start()
    understander.wait(LOADED_WITHIN)
    try:
        text, hint = turn.event.message.text, turn.contact.language
        return replace(turn, understanding=asyncio.run(understander.understand(text, wanted, hint)))
    finally:
        understander.close()


def _told(decision: Decision) -> dict[str, Any]:
    trace = decision.trace
    return {
        "winner": trace.winner or None,
        "lines": [
            {"path": line.path, "outcome": line.outcome, "why": line.why} for line in trace.lines
        ],
        "replies": [effect.text for effect in decision.effects if isinstance(effect, Send)],
        "errors": list(decision.errors),
    }
