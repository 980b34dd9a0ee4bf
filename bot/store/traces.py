"""What was decided in each turn, and why. Never what the customer wrote."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import Decision
from bot.store.times import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRecord:
    """The frame of a turn that goes into the trace."""

    account: AccountId
    chat: ChatId
    contact_id: int
    cause: str
    event: str
    at: datetime
    milliseconds: float
    rulebook: str


def keep(db: sqlite3.Connection, record: TurnRecord, decision: Decision) -> None:
    """Store the trace of a turn."""
    lines = [[line.path, line.outcome, line.why] for line in decision.trace.lines]
    effects = [type(effect).__name__ for effect in decision.effects]
    db.execute(
        "INSERT INTO traces (account, chat, contact_id, cause, event, at, winner, milliseconds,"
        " lines, effects, errors, rulebook) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            record.account, record.chat, record.contact_id, record.cause, record.event,
            seconds(record.at), decision.trace.winner, record.milliseconds, json.dumps(lines),
            json.dumps(effects), json.dumps(list(decision.errors)), record.rulebook,
        ),
    )  # fmt: skip
