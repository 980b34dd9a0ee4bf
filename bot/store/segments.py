"""Who is in a segment now: asked of SQL, and of the engine only where SQL cannot tell."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.conversation import Conversation
from bot.domain.messages import AccountId, ChatId
from bot.domain.numbers import chat_of
from bot.domain.turns import EventRaised, Turn, TurnSettings
from bot.engine.compiled import Compiled
from bot.engine.conditions import hold
from bot.engine.draft import Draft
from bot.language.conditions import Condition
from bot.store import contacts, conversations, leads, variables
from bot.store.ageing import ageing
from bot.store.sieve import Ground, sieve_of
from bot.store.sieve_expressions import Sieve

BATCH = 500  # people that the engine looks at together
FROM = "FROM contacts c LEFT JOIN leads l ON l.contact_id = c.id"


class Segments:
    """The segments of a rulebook over a database."""

    def __init__(
        self, db: sqlite3.Connection, compiled: Compiled, settings: TurnSettings, now: datetime
    ) -> None:
        self._db = db
        self._compiled = compiled
        self._settings = settings
        self._now = now
        accounts = db.execute("SELECT DISTINCT account FROM conversations").fetchall()
        self._accounts = json.dumps([row["account"] for row in accounts])

    def names(self) -> tuple[str, ...]:
        """Return the names of all segments."""
        return tuple(self._compiled.rulebook.segments)

    def members(self, name: str) -> list[int]:
        """Return who is in a segment, oldest first. Raises KeyError when there is none."""
        return self.who_fit(self._compiled.rulebook.segments[name].conditions)

    def who_fit(self, conditions: Sequence[Condition]) -> list[int]:
        """Return of whom all conditions hold, oldest first."""
        sieve = self.sieve(conditions)
        rows = self._db.execute(f"SELECT c.id {FROM} WHERE {sieve.sql} ORDER BY c.id", sieve.values)
        ids = [int(row[0]) for row in rows]
        if sieve.is_exact:
            return ids
        return [one for one, draft in self._drafts(ids) if hold(conditions, draft)]

    def sieve(self, conditions: Sequence[Condition]) -> Sieve:
        """Return the test of SQL that these conditions make."""
        rulebook, settings = self._compiled.rulebook, self._settings
        ground = Ground(
            fields=rulebook.fields, segments=rulebook.segments, language=settings.language,
            now=self._now.astimezone(ZoneInfo(settings.timezone)),
        )  # fmt: skip
        return sieve_of(conditions, ground)

    def _drafts(self, ids: Sequence[int]) -> Iterator[tuple[int, Draft]]:
        """Yield people, each as the engine sees them now, in their latest private chat."""
        shared = variables.load(self._db)
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            known, talks = leads.rows_of(self._db, part), self._talks(part)
            seen = ageing(self._db, self._now)
            for row in contacts.rows_of(self._db, part):
                contact, held = contacts.contact_of(self._db, row), known.get(row["id"])
                lead = None if held is None else leads.lead_of(self._db, held, seen)
                turn = Turn(
                    cause="segment", event=EventRaised(name="segment", data={}),
                    conversation=talks.get(contact.id) or _no_talk(contact.number),
                    contact=contact, lead=lead,
                    now=self._now, seed=0, settings=self._settings, variables=shared,
                )  # fmt: skip
                yield contact.id, Draft(turn, self._compiled)

    def _talks(self, ids: Sequence[int]) -> dict[int, Conversation]:
        """Return the latest private talk of each person who has one."""
        rows = self._db.execute(
            "SELECT i.contact_id, v.account, v.chat, v.version, v.state FROM identities i"
            " CROSS JOIN conversations v"
            " ON v.account IN (SELECT value FROM json_each(?)) AND v.chat = i.address"
            " WHERE i.contact_id IN (SELECT value FROM json_each(?)) ORDER BY v.last_message_at",
            (self._accounts, json.dumps(list(ids))),
        )
        return {
            row["contact_id"]: conversations.parse(
                self._db,
                (AccountId(row["account"]), ChatId(row["chat"])),
                row["version"],
                row["state"],
            )
            for row in rows
        }


def _no_talk(number: str) -> Conversation:
    return Conversation(chat=chat_of(number))
