from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.messages import Message
from bot.domain.turns import TurnSettings
from bot.inbound.book import Book, make_book
from bot.inbound.next_event import Intake
from bot.inbound.pipeline import Pipeline
from bot.rulebook_files import load_rulebook
from bot.store import drafts, inbox
from bot.store.database import Database
from bot.testing.doubles import ScriptedUnderstander
from tests.make import NOW

RULES = """\
version: 1
rules:
  - id: echo
    when: {pattern: "say {what}"}
    do: {reply: "you said $(what), as loud as you could"}
  - id: other
    when: {fallback: true}
    do: {reply: "what do you mean by that?"}
"""


class Office:
    """A pipeline on a real store, with a clock of its own."""

    def __init__(self, database: Database, rulebook, intake: Intake) -> None:
        self.database = database
        self.now = NOW
        self.waits: list[timedelta] = []
        self.pipeline = Pipeline(
            database,
            ScriptedUnderstander({}),
            make_book(rulebook, TurnSettings()),
            clock=lambda: self.now,
            due_at=lambda why, text, start: start,
            intake=intake,
        )
        self.pipeline.on_wait = lambda lane, pause: self.waits.append(pause)

    async def take(self, *messages: Message) -> None:
        """Store messages and decide all that can be decided now."""
        lanes = await self.database.write(lambda db: inbox.record_all(db, messages, self.now))
        for lane in dict.fromkeys(lanes):
            while await self.pipeline.step(lane):
                pass

    async def said(self, chat: str | None = None) -> list[str]:
        """Return what is to be sent and was not cancelled, in order."""

        def texts(db) -> list[str]:
            rows = db.execute(
                "SELECT chat, text, message_id, sealed FROM outbox"
                " WHERE state != 'cancelled' ORDER BY id"
            )
            return [
                (row["sealed"] and drafts.opened(db, row["message_id"], row["sealed"])[0])
                or row["text"]
                for row in rows
                if chat in (None, row["chat"])
            ]

        return await self.database.read(texts)

    async def winners(self) -> list[str]:
        """Return who won each turn, in order."""
        return await self.database.read(
            lambda db: [
                row["winner"] for row in db.execute("SELECT winner FROM traces ORDER BY id")
            ]
        )

    def in_zone(self, zone: str) -> Book:
        """Return the book in force, for a business in another time zone."""
        return replace(self.pipeline.book, settings=TurnSettings(timezone=zone))

    def at(self, moment: datetime) -> None:
        self.now = moment


@pytest.fixture
def office(database, tmp_path) -> Callable[..., Office]:
    folder = tmp_path / "folder"
    (folder / "rules").mkdir(parents=True)

    def opened(rules: str = RULES, **intake) -> Office:
        (folder / "rules" / "a.yaml").write_text(rules, encoding="utf-8")
        loaded = load_rulebook(folder, env_names=())
        assert loaded.rulebook is not None, [str(problem) for problem in loaded.problems]
        return Office(database, loaded.rulebook, Intake(**intake))

    return opened
