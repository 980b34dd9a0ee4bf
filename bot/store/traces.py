"""What was decided in each turn, and why. Never what the customer wrote."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted

from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import Decision, TraceLine
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


def keep_all(db: sqlite3.Connection, traces: Sequence[tuple[TurnRecord, Decision]]) -> None:
    """Store the traces of turns."""
    db.executemany(
        "INSERT INTO traces (account, chat, contact_id, cause, event, at, winner, milliseconds,"
        " lines, effects, errors, rulebook) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        [_row(record, decision) for record, decision in traces],
    )


def _row(record: TurnRecord, decision: Decision) -> tuple[object, ...]:
    trace = decision.trace
    effects = tuple([type(effect).__name__ for effect in decision.effects])
    return (
        record.account, record.chat, record.contact_id, record.cause, record.event,
        seconds(record.at), trace.winner, record.milliseconds, _lines(trace.lines),
        _names(effects), json.dumps(decision.errors) if decision.errors else "[]", record.rulebook,
    )  # fmt: skip


def _lines(lines: Sequence[TraceLine]) -> str:
    """Return what was tried as JSON, written straight: every turn has some of it."""
    rows = [f"[{quoted(one.path)}, {quoted(one.outcome)}, {quoted(one.why)}]" for one in lines]
    return f"[{', '.join(rows)}]"


@lru_cache(maxsize=1024)
def _names(effects: tuple[str, ...]) -> str:
    """Return the kinds of a turn's effects as JSON: turns have few mixtures of them."""
    return json.dumps(effects)
