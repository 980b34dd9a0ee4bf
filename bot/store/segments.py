"""Who is in a segment now: asked of SQL, and of the engine only where SQL cannot tell."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.messages import AccountId, ChatId
from bot.domain.numbers import chat_of
from bot.domain.turns import EventRaised, Turn, TurnSettings
from bot.engine.compiled import Compiled
from bot.engine.conditions import hold
from bot.engine.draft import Draft
from bot.language.conditions import Condition
from bot.store import contacts, leads, states, variables
from bot.store.ageing import ageing
from bot.store.columns import Columns
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
        if sieve.is_exact:
            asked = f"SELECT c.id {FROM} WHERE {sieve.sql} ORDER BY c.id"
            return [int(row[0]) for row in self._db.execute(asked, sieve.values)]
        columns = Columns(self._compiled, self._settings, self._ground)
        asked_of_sql = [one for one in conditions if self.sieve([one]).is_exact]
        checks = [(one, columns.check([one])) for one in conditions if one not in asked_of_sql]
        rest = [one for one, check in checks if check is None]
        found, unsure = list[int](), dict[int, Sequence[Condition]]()
        languages = self._languages() if columns.reads_language else {}
        for one, seen in columns.people(self._db, sieve, self._nobody(), languages):
            if seen is None:
                unsure[one] = conditions
            elif all(check(seen) for _, check in checks if check is not None):
                found.append(one)
                unsure |= {one: rest} if rest else {}
        drafts = self._drafts(sorted(unsure))
        out = {one for one, draft in drafts if not hold(unsure[one], draft)}
        return [one for one in sorted({*found, *unsure}) if one not in out]

    def told_by(self, conditions: Sequence[Condition]) -> str:
        """Return what can tell of whom conditions hold: sql, columns, or turns of the engine."""
        if self.sieve(conditions).is_exact:
            return "sql"
        columns = Columns(self._compiled, self._settings, self._ground)
        return "turns" if columns.check(conditions) is None else "columns"

    def sieve(self, conditions: Sequence[Condition]) -> Sieve:
        """Return the test of SQL that these conditions make."""
        return sieve_of(conditions, self._ground)

    @property
    def _ground(self) -> Ground:
        rulebook, settings = self._compiled.rulebook, self._settings
        return Ground(
            fields=rulebook.fields, segments=rulebook.segments, language=settings.language,
            now=self._now.astimezone(ZoneInfo(settings.timezone)),
        )  # fmt: skip

    def _nobody(self) -> Draft:
        """Return a draft about nobody, which knows what all people share."""
        turn = Turn(
            cause="segment", event=EventRaised(name="segment", data={}), conversation=_no_talk(""),
            contact=Contact(id=0), lead=None, now=self._now, seed=0, settings=self._settings,
            variables=variables.load(self._db),
        )  # fmt: skip
        return Draft(turn, self._compiled)

    def _languages(self) -> dict[int, str]:
        """Return the language of each person's latest talk, "" where it has none."""
        rows = self._db.execute(
            "SELECT i.contact_id, json_extract(v.state, '$.language') AS language"
            " FROM conversations v JOIN identities i ON i.address = v.chat"
            " ORDER BY v.last_message_at"
        )
        return {row["contact_id"]: row["language"] or "" for row in rows}

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
            row["contact_id"]: states.parse(
                self._db,
                (AccountId(row["account"]), ChatId(row["chat"])),
                row["version"],
                row["state"],
            )
            for row in rows
        }


def _no_talk(number: str) -> Conversation:
    return Conversation(chat=chat_of(number))
