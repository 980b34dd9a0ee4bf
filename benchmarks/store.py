"""Durable writes: a message in, the conversation's state, a reply in the outbox; all on disk.

    python -m benchmarks.store
    python -m benchmarks.store --messages 5000 --rounds 5

Ours through `Database` with 64 messages in flight, beside two others on the same tables: the
floor (plain `executemany` of ready rows, 64 messages a commit) and one ORM session a message. Every
commit of all three has `synchronous=FULL`. Prints messages a second and the ratios in one JSON
line; ends with 1 when ours is below half of the floor or ten times the ORM.
"""

import argparse
import asyncio
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.conversation import Conversation
from bot.domain.messages import AccountId, ChatId, Message, MessageId, MessageKind
from bot.domain.outgoing import Why
from bot.store import conversations, drafts, inbox
from bot.store.database import Database
from bot.store.tables import ConversationRow, InboxRow, OutboxRow

ACCOUNT = AccountId("5511900000001@c.us")
IN_FLIGHT = 64
FLOOR, ORM = 0.5, 10.0  # the ratios that are promised
CHATS = 500

UNNAMED = ("id", "sealed", "hushed", "member")  # columns that stay at their default here


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    speeds: dict[str, list[float]] = {"ours": [], "floor": [], "orm": []}
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="alexia-store-") as folder:
            place = Path(folder)
            speeds["floor"].append(_floor(place / "floor.db", options.messages))
            speeds["ours"].append(asyncio.run(_ours(place / "ours.db", options.messages)))
            speeds["orm"].append(_orm(place / "orm.db", max(options.messages // 20, 50)))
        print(f"round {number + 1}: {_rounded(speeds, -1)}", file=sys.stderr)
    of_floor = [ours / floor for ours, floor in zip(speeds["ours"], speeds["floor"], strict=True)]
    of_orm = [ours / orm for ours, orm in zip(speeds["ours"], speeds["orm"], strict=True)]
    medians = {name: round(statistics.median(found)) for name, found in speeds.items()}
    share, times = statistics.median(of_floor), statistics.median(of_orm)
    print(json.dumps({
        "benchmark": "store", **{f"{name}_per_s": speed for name, speed in medians.items()},
        "of_floor": round(share, 2), "times_orm": round(times, 1), "rounds": options.rounds,
        "cores": os.cpu_count(),
    }))  # fmt: skip
    return 0 if share >= FLOOR and times >= ORM else 1


def _rounded(speeds: dict[str, list[float]], place: int) -> dict[str, int]:
    return {name: round(found[place]) for name, found in speeds.items()}


def _message(number: int) -> Message:
    chat = ChatId(f"55119{number % CHATS:08d}@c.us")
    return Message(
        account=ACCOUNT, chat=chat, id=MessageId(f"M{number}"), sender=chat,
        text=f"what about topic{number}?", kind=MessageKind.TEXT, sent_at=datetime.now(UTC),
    )  # fmt: skip


def _reply(chat: ChatId, number: int, now: datetime) -> drafts.Draft:
    return drafts.Draft(
        account=ACCOUNT, chat=chat, text=f"The answer to topic {number}.", why=Why.ANSWER,
        by="rule:faq", due_at=now,
    )  # fmt: skip


# ---------------------------------------------------------------------- ours


async def _ours(path: Path, count: int) -> float:
    database = Database(path)
    messages = [_message(number) for number in range(count)]
    versions: dict[ChatId, int] = {}

    def store(db: sqlite3.Connection, taken: Sequence[Message]) -> list[None]:
        now = datetime.now(UTC)
        inbox.record_all(db, taken, now)
        rows: list[drafts.Row] = []
        states: list[conversations.Next] = []
        for one in taken:
            version = versions.get(one.chat, 0)
            state = Conversation(
                chat=one.chat, version=version, last_reply=one.text, last_message_at=now
            )
            states.append((ACCOUNT, 1, state))
            versions[one.chat] = version + 1
            draft = _reply(one.chat, version, now)
            rows += drafts.rows_of(db, database.secret, str(one.key), [draft], now)
        conversations.keep_all(db, states)
        drafts.reserve_all(db, rows)
        return [None] * len(taken)

    waiting = iter(messages)

    async def hand() -> None:
        for one in waiting:
            await database.write_each(store, one)

    begun = time.perf_counter()
    await asyncio.gather(*(hand() for _ in range(IN_FLIGHT)))
    spent = time.perf_counter() - begun
    stored = await database.read(_counted)
    database.close()
    assert stored == (count, count, min(count, CHATS)), stored
    return count / spent


def _counted(db: sqlite3.Connection) -> tuple[int, ...]:
    tables = ("inbox", "outbox", "conversations")
    return tuple(
        int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our names
        for table in tables
    )


# ---------------------------------------------------------------------- the floor


def _rows(number: int, now: float) -> tuple[tuple[object, ...], ...]:
    chat = f"55119{number % CHATS:08d}@c.us"
    text = f"what about topic{number}?"
    arrived = (
        ACCOUNT, chat, "", f"M{number}", chat, "", text, "text", now, now, 0, "live", "",
        "waiting", 0, "", None,
    )  # fmt: skip
    state = (ACCOUNT, chat, 1, number // CHATS + 1, json.dumps({"last_reply": text}), "", "", None,
             now)  # fmt: skip
    reply = (
        f"{ACCOUNT}|{chat}||M{number}", 0, ACCOUNT, chat, f"3EB0{number:018X}", "The answer.",
        "answer", "rule:faq", "", "reserved", now, now,
    )  # fmt: skip
    return arrived, state, reply


def _floor(path: Path, count: int) -> float:
    Database(path).close()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous=FULL")
    rows = [_rows(number, time.time()) for number in range(count)]
    begun = time.perf_counter()
    for start in range(0, count, IN_FLIGHT):
        arrived, states, replies = zip(*rows[start : start + IN_FLIGHT], strict=True)
        db.execute("BEGIN IMMEDIATE")
        db.executemany(
            "INSERT INTO inbox (account, chat, participant, message_id, sender, sender_name, text,"
            " kind, sent_at, received_at, from_me, origin, extra, state, attempts, detail,"
            " decided_at, sealed) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'')",
            arrived,
        )
        db.executemany(
            "INSERT OR REPLACE INTO conversations VALUES (?,?,?,?,?,?,?,?,?,0,'')", states
        )
        db.executemany(
            "INSERT INTO outbox (cause, ordinal, account, chat, message_id, text, why, by, quoted,"
            " state, created_at, due_at, attempts, epoch, detail, rulebook, body, mentions,"
            " held_why, sealed) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0,0,'','','','','','')",
            replies,
        )
        db.execute("COMMIT")
    spent = time.perf_counter() - begun
    assert _counted(db) == (count, count, min(count, CHATS))
    db.close()
    return count / spent


# ---------------------------------------------------------------------- one ORM session a message


def _orm(path: Path, count: int) -> float:
    from sqlalchemy import event
    from sqlmodel import Session, create_engine

    Database(path).close()
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def durable(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA synchronous=FULL")

    begun = time.perf_counter()
    for number in range(count):
        arrived, state, reply = _rows(number, time.time())
        with Session(engine) as session:
            session.add(InboxRow(**_named(InboxRow, arrived)))
            session.merge(ConversationRow(**_named(ConversationRow, state)))
            session.add(OutboxRow(**_named(OutboxRow, reply)))
            session.commit()
    spent = time.perf_counter() - begun
    engine.dispose()
    return count / spent


def _named(table: type, row: Sequence[object]) -> dict[str, Any]:
    """Return a row's values by the names of its columns."""
    fields = vars(table)["__table__"].columns.keys()
    names = [name for name in fields if name not in UNNAMED]
    if table is OutboxRow:
        names = [
            "cause", "ordinal", "account", "chat", "message_id", "text", "why", "by", "quoted",
            "state", "created_at", "due_at",
        ]  # fmt: skip
    return dict(zip(names, row, strict=True))


if __name__ == "__main__":
    sys.exit(main())
