"""Who is meant: conditions on people as tests of SQL, set by set, not one by one.

What SQL cannot tell (an expression, a mood, a field's value as it is printed) is let pass there and
looked at by the engine afterwards, as it looks at everybody again when the turn comes.
"""
# ruff: noqa: S608 - only words of our own are put into the queries

import json
from collections.abc import Sequence

from bot.domain.data import dataclass
from bot.language import conditions as c

VALUES = "(SELECT value FROM json_each(?))"
CHATS = "identities i JOIN conversations v ON v.account = ? AND v.chat = i.address"


@dataclass(frozen=True, slots=True)
class Sieve:
    """A test of a row ``c`` of contacts with its lead ``l``.

    Attributes:
        values: What stands for the marks, in order.
        is_exact: False where the engine must look at those whom it lets pass.
    """

    sql: str
    values: tuple[object, ...] = ()
    is_exact: bool = True


ANYBODY = Sieve("1")
UNTOLD = Sieve("1", is_exact=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tests are made: an account, and the language of those of whom none is known."""

    account: str
    language: str


def sieve_of(conditions: Sequence[c.Condition], place: Place, *, how: str = "AND") -> Sieve:
    """Return the test of all of these conditions, or with ``OR`` of any."""
    tests = [_sieve(one, place) for one in conditions]
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


def without_consent(conditions: Sequence[c.Condition]) -> tuple[c.Condition, ...]:
    """Return conditions without the one that all recipients must meet anyhow."""
    return tuple(one for one in conditions if not (isinstance(one, c.ConsentIs) and one.value))


def _sieve(condition: c.Condition, place: Place) -> Sieve:
    match condition:
        case c.All(parts=parts):
            return sieve_of(parts, place)
        case c.Any(parts=parts):
            return sieve_of(parts, place, how="OR")
        case c.Not(part=part):
            inner = _sieve(part, place)
            if not inner.is_exact:
                return UNTOLD
            return Sieve(f"NOT coalesce({inner.sql}, 0)", inner.values)
        case c.HasTag(tags=tags):
            held = f"SELECT 1 FROM tags t WHERE t.contact_id = c.id AND t.tag IN {VALUES}"
            return Sieve(f"EXISTS ({held})", (json.dumps(tags),))
        case c.LeadIs():
            return _lead(condition)
        case c.LanguageIs(codes=codes):
            spoken = "coalesce(c.language, ?)"
            codes_ = json.dumps(codes)
            return Sieve(
                f"({spoken} IN {VALUES} OR substr({spoken}, 1, 2) IN {VALUES})",
                (place.language, codes_, place.language, codes_),
            )
        case c.InFlow(flow=flow):
            return _in_flow(flow, place)
        case c.ConsentIs(value=value):
            return Sieve(f"c.consent {'=' if value else '!='} 'given'")
        case _:
            return UNTOLD


def _lead(condition: c.LeadIs) -> Sieve:
    tests, values = ["l.id IS NOT NULL"], list[object]()
    if condition.stages:
        tests.append(f"l.stage IN {VALUES}")
        values.append(json.dumps(condition.stages))
    if condition.score is not None:
        operator, bound = condition.score
        tests.append(f"l.score {operator} ?")
        values.append(bound)
    if condition.owner is not None:
        tests.append("l.owner = ?")
        values.append(condition.owner)
    return Sieve(f"({' AND '.join(tests)})", tuple(values))


def _in_flow(flow: str, place: Place) -> Sieve:
    """Return whether a chat of theirs has a flow on top; the rules that wait there are none."""
    base = f"EXISTS (SELECT 1 FROM {CHATS} WHERE i.contact_id = c.id AND v.flow"
    if flow in ("any", "none"):
        sql = f"{base} != '' AND v.flow NOT LIKE 'rule:%')"
        return Sieve(sql if flow == "any" else f"NOT {sql}", (place.account,))
    return Sieve(f"{base} = ?)", (place.account, flow))
