"""Conditions on people as tests of SQL: who is meant is found set by set, not one by one.

What SQL cannot tell (an expression with a filter, a mood) is let pass and marked so; the engine
looks at those people afterwards.
"""
# ruff: noqa: S608 - only words of our own are put into the queries

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.data import dataclass
from bot.language import conditions as c
from bot.language.flows import Slot
from bot.language.segments import Segment
from bot.language.templates import Template
from bot.store import sieve_expressions
from bot.store.ageing import score_at
from bot.store.consents import CONSENTING
from bot.store.sieve_expressions import Sieve, field_of

VALUES = "(SELECT value FROM json_each(?))"
PRIVATE = "chat NOT LIKE '%@g.us'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the tests are made with.

    Attributes:
        language: Of those of whom none is known.
        now: In the business's time zone.
    """

    fields: Mapping[str, Slot]
    segments: Mapping[str, Segment]
    language: str
    now: datetime


ANYBODY = Sieve("1")
UNTOLD = Sieve("1", is_exact=False)


def sieve_of(conditions: Sequence[c.Condition], ground: Ground, *, how: str = "AND") -> Sieve:
    """Return the test of all of these conditions, or with ``OR`` of any.

    It is about a row ``c`` of contacts with its lead ``l``.
    """
    tests = [_sieve(one, ground) for one in conditions]
    if not tests:
        return ANYBODY if how == "AND" else Sieve("0")
    exact = all(one.is_exact for one in tests)
    if not exact and how == "OR":
        return UNTOLD
    return Sieve(
        f"({f' {how} '.join(one.sql for one in tests)})",
        tuple(value for one in tests for value in one.values),
        exact,
    )


def _sieve(condition: c.Condition, ground: Ground) -> Sieve:
    match condition:
        case c.All(parts=parts):
            return sieve_of(parts, ground)
        case c.Any(parts=parts):
            return sieve_of(parts, ground, how="OR")
        case c.Not(part=part):
            inner = _sieve(part, ground)
            if not inner.is_exact:
                return UNTOLD
            return Sieve(f"NOT coalesce({inner.sql}, 0)", inner.values)
        case c.HasTag(tags=tags):
            return Sieve(
                f"c.id IN (SELECT contact_id FROM tags WHERE tag IN {VALUES})", (json.dumps(tags),)
            )
        case c.LeadIs():
            return _lead(condition, score_at(ground.now))
        case c.LanguageIs(codes=codes):
            return _language(codes, ground.language)
        case c.InFlow(flow=flow):
            return _in_flow(flow)
        case c.ConsentIs(value=value):
            return Sieve(f"({CONSENTING})" if value else "c.consent != 'given'")
        case _:
            return _of_fields(condition, ground)


def _of_fields(condition: c.Condition, ground: Ground) -> Sieve:
    match condition:
        case c.InSegment(names=names):
            parts = [
                c.All(parts=ground.segments[name].conditions, place=condition.place)
                for name in names
                if name in ground.segments
            ]
            return sieve_of(parts, ground, how="OR")
        case c.ContactIs(fields=fields):
            tests = [_equals(ground.fields.get(name), value) for name, value in fields.items()]
            return Sieve(
                f"({' AND '.join(one.sql for one in tests)})" if tests else "1",
                tuple(value for one in tests for value in one.values),
                all(one.is_exact for one in tests),
            )
        case c.Holds(expression=expression):
            found = sieve_expressions.read(expression.source, ground.fields, ground.now)
            return UNTOLD if found is None else found
        case _:
            return UNTOLD


def _equals(field: Slot | None, value: Template) -> Sieve:
    """Return whether a field says what is written, where both are plain words."""
    if field is None or not value.is_plain:
        return UNTOLD
    held, plain = field_of(field), value.plain
    if held is None:
        return UNTOLD
    if held.kind == "text":
        return Sieve(f"{held.sql} IS ?", (*held.values, plain))
    if held.kind == "flag" and plain in ("true", "false"):
        return Sieve(f"{held.sql} IS ?", (*held.values, int(plain == "true")))
    return UNTOLD


def _lead(condition: c.LeadIs, score: str) -> Sieve:
    tests, values = ["l.id IS NOT NULL"], list[object]()
    if condition.stages:
        tests.append(f"l.stage IN {VALUES}")
        values.append(json.dumps(condition.stages))
    if condition.score is not None:
        operator, bound = condition.score
        tests.append(f"{score} {operator} ?")
        values.append(bound)
    if condition.owner is not None:
        tests.append("l.owner = ?")
        values.append(condition.owner)
    return Sieve(f"({' AND '.join(tests)})", tuple(values))


def _language(codes: Sequence[str], default: str) -> Sieve:
    """Return whether a language is spoken: the talk's, else the person's, else the business's."""
    talk = "json_extract(state, '$.language')"
    talks = f"SELECT contact_id FROM conversations WHERE {PRIVATE} AND {talk}"
    own = "coalesce(c.language, ?)"
    fits = f"({{0}} IN {VALUES} OR substr({{0}}, 1, 2) IN {VALUES})"
    wanted = json.dumps(list(codes))
    in_talk = f"{talks} IS NOT NULL AND {fits.format(talk)}"
    return Sieve(
        f"(c.id IN ({in_talk}) OR c.id NOT IN ({talks} IS NOT NULL) AND {fits.format(own)})",
        (wanted, wanted, default, wanted, default, wanted),
    )


def _in_flow(flow: str) -> Sieve:
    """Return whether a private chat of theirs has a flow on top; a rule that waits is none."""
    inside = f"SELECT contact_id FROM conversations WHERE {PRIVATE} AND flow"
    if flow in ("any", "none"):
        sign = "IN" if flow == "any" else "NOT IN"
        return Sieve(f"c.id {sign} ({inside} != '' AND flow NOT LIKE 'rule:%')")
    return Sieve(f"c.id IN ({inside} = ?)", (flow,))
