"""Conditions worked out over columns: each expression compiled once, each value read once a person.

An expression that SQL cannot make (`store.sieve_expressions`) but that reads nothing besides the
contact, the lead, the moment and what all share needs no turn of the engine. What it reads of each
person is read for all of them in one query; the rest of a condition is asked of SQL beside it.
"""
# ruff: noqa: S608 - only words of our own are put into the queries

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.data import dataclass
from bot.domain.turns import TurnSettings
from bot.domain.values import from_json
from bot.engine.compiled import Compiled
from bot.engine.draft import Draft
from bot.engine.free_values import free_value
from bot.language import conditions as c
from bot.language.printing import Form
from bot.language.templates import Expression, Template, TemplateFailed
from bot.store import cipher
from bot.store.ageing import score_at
from bot.store.sieve import Ground, sieve_of
from bot.store.sieve_expressions import Sieve
from bot.store.times import moment_or_none

READ = frozenset(("contact", "lead", "now", "today", "env", "vars"))
"""The tables that are known without a turn; slots, chats and messages are not."""
LEAD = {"stage": "l.stage", "score": "", "owner": "nullif(l.owner, '')"}  # of the score: `score_at`
_ALONE = re.compile(r"\b(?:count|random|round_robin|has_tag)\b|\b(?:contact|lead)\b(?!\s*\.\s*\w)")
"""A function that looks at one chat, or a table that is read whole."""

Row = Sequence[Any]
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """One person as an expression sees them."""

    row: Row
    names: Values
    form: Form


Check = Callable[[Seen], bool]


class Columns:
    """What is to be read of each person, gathered from the conditions that read it."""

    def __init__(self, compiled: Compiled, settings: TurnSettings, ground: Ground) -> None:
        self._rulebook = compiled.rulebook
        self._settings = settings
        self._ground = ground
        self._sieves: list[Sieve] = []
        self._paths: set[tuple[str, ...]] = set()
        self._names: set[str] = set()
        self.reads_language = False

    def check(self, conditions: Sequence[c.Condition], how: str = "AND") -> Check | None:
        """Return the test of all of these conditions, or with ``OR`` of any.

        None: the engine must look.
        """
        checks = [self._check(one) for one in conditions]
        found = [one for one in checks if one is not None]
        if len(found) < len(checks):
            return None
        if len(found) == 1:
            return found[0]
        if how == "OR":
            return lambda seen: any(one(seen) for one in found)
        return lambda seen: all(one(seen) for one in found)

    def _check(self, condition: c.Condition) -> Check | None:
        sieve = sieve_of([condition], self._ground)
        if sieve.is_exact:
            place = FIRST + len(self._sieves)
            self._sieves.append(sieve)
            return lambda seen: bool(seen.row[place])
        match condition:
            case c.Holds(expression=expression):
                return self._holds(expression)
            case c.All(parts=parts):
                return self.check(parts)
            case c.Any(parts=parts):
                return self.check(parts, "OR")
            case c.Not(part=part):
                inner = self._check(part)
                return None if inner is None else lambda seen: not inner(seen)
            case c.InSegment(names=names):
                known = [
                    self._ground.segments[one] for one in names if one in self._ground.segments
                ]
                parts = tuple(c.All(parts=one.conditions, place=condition.place) for one in known)
                return self.check(parts, "OR")
            case _:
                return None

    def _holds(self, expression: Expression) -> Check | None:
        leads = {path[1] for path in expression.paths if path[0] == "lead"}
        if not expression.names <= READ or not leads <= LEAD.keys():
            return None
        if _ALONE.search(expression.source):
            return None
        self._paths |= expression.paths
        self._names |= expression.names
        self.reads_language |= "|" in expression.source or ("contact", "language") in self._paths

        def holds(seen: Seen) -> bool:
            try:
                return bool(expression.evaluate(seen.names, seen.form))
            except TemplateFailed:
                return False

        return holds

    # ------------------------------------------------------------------ reading

    def people(
        self, db: sqlite3.Connection, who: Sieve, nobody: Draft, languages: Mapping[int, str]
    ) -> Iterator[tuple[int, Seen | None]]:
        """Yield people by id, None with those whom the engine must look at.

        Args:
            who: Tells of a row ``c`` of contacts with its lead ``l`` whether it is asked for.
            nobody: A draft about nobody, of whom what all share is taken.
            languages: By id, of those who spoke one in their talk.
        """
        tags = "(SELECT json_group_array(tag) FROM tags WHERE contact_id = c.id)"
        score = score_at(self._ground.now) if ("lead", "score") in self._paths else "NULL"
        columns = [
            "c.id", "c.name", "c.number", "c.language", "c.timezone", "c.consent", "c.first_seen",
            "c.last_seen", "c.fields" if self._reads_fields else "'{}'",
            tags if ("contact", "tags") in self._paths else "'[]'", "l.stage", score,
            "nullif(l.owner, '')", *(f"({one.sql})" for one in self._sieves),
        ]  # fmt: skip
        values = [value for one in self._sieves for value in one.values]
        cursor = db.cursor()
        cursor.row_factory = None
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM contacts c LEFT JOIN leads l ON l.contact_id = c.id"
            f" WHERE {who.sql} ORDER BY c.id",
            (*values, *who.values),
        )
        shared = nobody.names(self._names - {"contact", "lead", "now", "today"})
        for row in cursor:
            sealed = cipher.SEALED in row[FIELDS]
            yield row[0], None if sealed else self._seen(row, shared, languages)

    @property
    def _reads_fields(self) -> bool:
        return any(path[0] == "contact" and path[1] in self._declared for path in self._paths)

    @property
    def _declared(self) -> set[str]:
        known = {path[1] for path in self._paths if path[0] == "contact"}
        return known - OWN

    def _seen(self, row: Row, shared: Values, languages: Mapping[int, str]) -> Seen:
        zone = row[4] or self._settings.timezone
        language = languages.get(row[0]) or row[3] or self._settings.language
        now = self._ground.now
        form = _form(language, self._settings.currency, zone, now)
        names = {**shared, "contact": self._contact(row, language)}
        if "lead" in self._names:
            names["lead"] = {"stage": row[10], "score": row[11], "owner": row[12]}
        if not self._names.isdisjoint(("now", "today")):
            local = now.astimezone(ZoneInfo(zone))
            names |= {"now": local, "today": local.date()}
        return Seen(row, names, form)

    def _contact(self, row: Row, language: str) -> Values:
        stored = {} if row[FIELDS] == "{}" else json.loads(row[FIELDS])
        known: Values = {}
        for kind, name in self._paths:
            if kind != "contact":
                continue
            if name not in OWN:
                known[name] = from_json(stored[name]) if name in stored else self._default(name)
            else:
                known[name] = OWN_VALUES[name](row, language)
        return known

    def _default(self, name: str) -> object:
        slot = self._rulebook.fields.get(name)
        if slot is None or not isinstance(slot.default, Template):
            return None
        return free_value(slot.default.source)


FIELDS, FIRST = 8, 13  # places in a row: of the fields, and of the first test of SQL


OWN_VALUES: Mapping[str, Callable[[Row, str], object]] = {
    "name": lambda row, _: row[1] or row[2],
    "first_name": lambda row, _: row[1].split()[0] if row[1].split() else "",
    "number": lambda row, _: row[2],
    "language": lambda _, language: language,
    "tags": lambda row, _: sorted(json.loads(row[9])),
    "consent": lambda row, _: row[5] == "given",
    "timezone": lambda row, _: row[4],
    "first_seen": lambda row, _: moment_or_none(row[6]),
    "last_seen": lambda row, _: moment_or_none(row[7]),
}
OWN = OWN_VALUES.keys()


@lru_cache(maxsize=256)
def _form(language: str, currency: str, zone: str, now: datetime) -> Form:
    return Form(language=language, currency=currency, timezone=zone, mode="text", now=now)
