"""Search and chat pages over many stored messages.

    python -m benchmarks.search --messages 100000

Ends with 1 when the p95 of a search or of a chat page is over 50 ms.
"""

import argparse
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.stage import ACCOUNT, percentile
from bot.console.history import messages
from bot.domain.messages import AccountId, ChatId, Message, MessageId, MessageKind
from bot.domain.outgoing import Why
from bot.store import drafts, inbox, search
from bot.store.opening import open_connection, prepare
from bot.store.words import add_new

TARGET = 50.0  # milliseconds
BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
CHATS = 500
BATCH = 500  # messages stored in one transaction
PAGE = 50  # messages of a chat page


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    options = parser.parse_args()
    chance = random.Random(7)
    with tempfile.TemporaryDirectory(prefix="alexia-search-") as folder:
        path = str(Path(folder) / "alexia.db")
        db = open_connection(path)
        prepare(db, path)
        words = [_word(chance) for _ in range(20_000)]
        begun = time.perf_counter()
        _fill(db, chance, words, options.messages)
        filled = time.perf_counter() - begun
        searches = [_timed(one) for one in _searches(db, chance, words, options.queries)]
        pages = [
            _timed(partial(messages, db, _chat(chance.randrange(CHATS)), PAGE))
            for _ in range(options.queries)
        ]
        db.close()
    found = percentile(searches, 0.95), percentile(pages, 0.95)
    print(json.dumps({
        "benchmark": "search", "messages": options.messages, "queries": options.queries,
        "search_p50_ms": round(percentile(searches, 0.5), 2), "search_p95_ms": round(found[0], 2),
        "search_max_ms": round(max(searches), 2),
        "page_p50_ms": round(percentile(pages, 0.5), 2), "page_p95_ms": round(found[1], 2),
        "stored_per_s": round(options.messages / filled),
    }))  # fmt: skip
    return 0 if max(found) <= TARGET else 1


def _fill(db: sqlite3.Connection, chance: random.Random, words: list[str], many: int) -> None:
    """Store messages, half of them ours, whose words are as uneven as those of a language."""
    for start in range(0, many, BATCH):
        db.execute("BEGIN IMMEDIATE")
        for number in range(start, min(start + BATCH, many)):
            text, at = _text(chance, words), BEGIN + timedelta(seconds=20 * number)
            chat = _chat(chance.randrange(CHATS))
            if number % 2:
                _say(db, chat, text, at, number)
            else:
                inbox.record_all(db, [_message(chat, text, at, number)], at)
        add_new(db)
        db.execute("COMMIT")
    db.execute("UPDATE inbox SET state = 'decided'")


def _searches(
    db: sqlite3.Connection, chance: random.Random, words: list[str], many: int
) -> list[Callable[[], object]]:
    """Return searches of all kinds: common and rare words, beginnings, persons, times, types."""
    made: list[Callable[[], object]] = []
    for number in range(many):
        common, rare = words[chance.randrange(5)], words[chance.randrange(1000, 20_000)]
        since = BEGIN + timedelta(seconds=20 * chance.randrange(100_000))
        chat = _chat(chance.randrange(CHATS))
        wanted = (
            search.Wanted(words=common),
            search.Wanted(words=rare),
            search.Wanted(words=f"{common} {words[chance.randrange(50)]}"),
            search.Wanted(words=f"{rare[:3]}*"),
            search.Wanted(words=common, chats=(chat,)),
            search.Wanted(words=common, until=since),
            search.Wanted(words=common, kind="image"),
        )[number % 7]
        made.append(partial(search.find_messages, db, wanted))
    return made


def _say(db: sqlite3.Connection, chat: ChatId, text: str, at: datetime, number: int) -> None:
    draft = drafts.Draft(
        account=AccountId(ACCOUNT), chat=chat, text=text, why=Why.ANSWER, by="bench", due_at=at
    )
    drafts.reserve(db, b"bench", f"bench|{number}", [draft], at)


def _message(chat: ChatId, text: str, at: datetime, number: int) -> Message:
    return Message(
        account=AccountId(ACCOUNT), chat=chat, id=MessageId(f"B{number}"), sender=chat, text=text,
        kind=MessageKind.IMAGE if number % 50 == 0 else MessageKind.TEXT, sent_at=at,
    )  # fmt: skip


def _text(chance: random.Random, words: list[str]) -> str:
    many = len(words)
    picked = [words[int(many ** chance.random()) - 1] for _ in range(chance.randint(3, 20))]
    return " ".join(picked)


def _word(chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijlmnoprstuvçãé", k=chance.randint(3, 9)))


def _chat(number: int) -> ChatId:
    return ChatId(f"55119{number:08d}@c.us")


def _timed(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes, in milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    sys.exit(main())
