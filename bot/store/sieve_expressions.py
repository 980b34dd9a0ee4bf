"""Expressions on people as tests of SQL, where SQL says exactly what the engine would.

Read are comparisons of fields, lead and `contact.last_seen` with constants, the lead's score and
lengths of texts reckoned with whole numbers, `'x' in contact.tags`, `and`, `or`, `not`. Of all else
`read` says nothing, or only what it can of an `and`, and the engine works it out.
"""

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from jinja2 import Environment, TemplateSyntaxError, nodes

from bot.domain.data import dataclass
from bot.language.dates import moved, span_of
from bot.language.flows import Slot
from bot.language.templates import Template
from bot.store.ageing import score_at
from bot.store.times import seconds


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


@dataclass(frozen=True, slots=True)
class Held:
    """A value that is known of a person, NULL where none is.

    Attributes:
        kind: number, text, flag (0 or 1) or moment (epoch seconds).
    """

    kind: str
    sql: str
    values: tuple[object, ...] = ()


NUMBERS = frozenset(("integer", "number", "money"))
TEXTS = frozenset(("text", "choice", "name", "email", "phone", "url"))
SIGNS = {"lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
LEADS = {
    "stage": Held("text", "l.stage"), "owner": Held("text", "nullif(l.owner, '')"),
}  # fmt: skip
CONTACTS = {
    "last_seen": Held("moment", "c.last_seen"), "first_seen": Held("moment", "c.first_seen"),
    "consent": Held("flag", "(c.consent = 'given')"),
}  # fmt: skip
MOST_FACTOR = 1_000  # in what SQL reckons, so that its 64 bits hold the outcome
MOST_RECKONED = 3  # steps of reckoning, one within the other
NAME = "coalesce(nullif(c.name, ''), c.number)"
_ENVIRONMENT = Environment(variable_start_string="$(", variable_end_string=")", autoescape=True)


def field_of(field: Slot) -> Held | None:
    """Return the value of a declared field, None when SQL cannot compare its type."""
    path, default = f'$."{field.name}"', _default(field)
    if '"' in field.name or field.sensitive:
        return None
    found, kind = "json_extract(c.fields, ?)", "json_type(c.fields, ?)"
    if field.type in NUMBERS:
        inner = "CAST(json_extract(c.fields, ?) AS REAL)"
        sql = (
            f"CASE {kind} WHEN 'object' THEN {inner} WHEN 'integer' THEN {found}"
            f" WHEN 'real' THEN {found} ELSE ? END"
        )
        number = default if isinstance(default, int | float) else None
        return Held("number", sql, (path, f"{path}.v", path, path, number))
    if field.type in TEXTS:
        text = default if isinstance(default, str) else None
        return Held("text", f"CASE {kind} WHEN 'text' THEN {found} ELSE ? END", (path, path, text))
    if field.type == "yes_no":
        flag = int(default) if isinstance(default, bool) else None
        sql = f"CASE {kind} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE ? END"
        return Held("flag", sql, (path, flag))
    return None


def read(source: str, fields: Mapping[str, Slot], now: datetime) -> Sieve | None:
    """Return the test that an expression makes, None when SQL cannot make any of it.

    Of an ``and`` of which it can make a part, that part, which is not exact then.

    Args:
        now: In the business's time zone.
    """
    try:
        tree = _ENVIRONMENT.parse(f"$({source})")
    except (TemplateSyntaxError, RecursionError):
        return None
    output = tree.body[0]
    if len(tree.body) != 1 or not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        return None
    return _Reader(fields, now).part(output.nodes[0])


def register(db: sqlite3.Connection) -> None:
    """Give a connection the function that lengths are told by; SQLite's own stops at a NUL."""
    db.create_function("text_length", 1, len, deterministic=True)


class _Reader:
    def __init__(self, fields: Mapping[str, Slot], now: datetime) -> None:
        self._fields = fields
        self._now = now

    def part(self, node: nodes.Node) -> Sieve | None:
        """Return whether an expression holds; of an ``and`` as much as can be told."""
        found = self.test(node)
        if found is not None or not isinstance(node, nodes.And):
            return found
        parts = [one for side in (node.left, node.right) if (one := self.part(side)) is not None]
        if not parts:
            return None
        sql = " AND ".join(one.sql for one in parts)
        values = tuple(value for one in parts for value in one.values)
        return Sieve(f"({sql})", values, is_exact=False)

    def test(self, node: nodes.Node) -> Sieve | None:
        """Return whether a part of an expression holds."""
        match node:
            case nodes.And() | nodes.Or():
                both = self.test(node.left), self.test(node.right)
                if both[0] is None or both[1] is None:
                    return None
                how = "AND" if isinstance(node, nodes.And) else "OR"
                sql = f"({both[0].sql} {how} {both[1].sql})"
                return Sieve(sql, both[0].values + both[1].values)
            case nodes.Not():
                inner = self.test(node.node)
                return None if inner is None else Sieve(f"(NOT {inner.sql})", inner.values)
            case nodes.Compare() if len(node.ops) == 1:
                return self._compare(node.expr, node.ops[0].op, node.ops[0].expr)
            case _:
                return self._is_true(node)

    def _is_true(self, node: nodes.Node) -> Sieve | None:
        held = self._held(node)
        if held is None or held.kind == "moment":
            return None
        nothing = "''" if held.kind == "text" else "0"
        return Sieve(f"(coalesce({held.sql}, {nothing}) != {nothing})", held.values)

    def _compare(self, left: nodes.Node, sign: str, right: nodes.Node) -> Sieve | None:
        if sign in ("in", "notin"):
            return self._tagged(left, right, wears=sign == "in")
        held = self._held(left)
        if held is None:
            return None
        known, value = self._constant(right, held.kind)
        if not known:
            return None
        if sign in ("eq", "ne"):
            is_ = "IS" if sign == "eq" else "IS NOT"
            return Sieve(f"({held.sql} {is_} ?)", (*held.values, value))
        if value is None or held.kind not in ("number", "moment"):
            return None
        return Sieve(f"coalesce({held.sql} {SIGNS[sign]} ?, 0)", (*held.values, value))

    def _tagged(self, left: nodes.Node, right: nodes.Node, *, wears: bool) -> Sieve | None:
        match left, right:
            case (
                nodes.Const(value=str(tag)),
                nodes.Getattr(node=nodes.Name(name="contact"), attr="tags"),
            ):
                sign = "IN" if wears else "NOT IN"
                wearing = "(SELECT contact_id FROM tags WHERE tag = ?)"
                return Sieve(f"(c.id {sign} {wearing})", (tag,))
            case _:
                return None

    def _held(self, node: nodes.Node) -> Held | None:
        match node:
            case nodes.Getattr(node=nodes.Name(name="contact"), attr=str(name)):
                if name in CONTACTS:
                    return CONTACTS[name]
                field = self._fields.get(name)
                return None if field is None else field_of(field)
            case nodes.Getattr(node=nodes.Name(name="lead"), attr=str(name)) if name in LEADS:
                return LEADS[name]
            case _:
                return self._whole(node)

    def _whole(self, node: nodes.Node, steps: int = 0) -> Held | None:
        """Return a whole number: the score, a length, or one of them reckoned with a number."""
        match node:
            case nodes.Getattr(node=nodes.Name(name="lead"), attr="score"):
                return Held("number", score_at(self._now))
            case nodes.Filter(name="length", node=nodes.Node() as inner, args=[], kwargs=[]):
                return self._length(inner)
            case (
                nodes.Add(left=left, right=nodes.Const(value=int() as by))
                | nodes.Sub(left=left, right=nodes.Const(value=int() as by))
                | nodes.Mul(left=left, right=nodes.Const(value=int() as by))
                | nodes.Mod(left=left, right=nodes.Const(value=int() as by))
            ) if steps < MOST_RECKONED and 0 < by <= MOST_FACTOR and not isinstance(by, bool):
                held = self._whole(left, steps + 1)
                return None if held is None else _reckoned(held, node, by)
            case _:
                return None

    def _length(self, node: nodes.Node) -> Held | None:
        match node:
            case nodes.Getattr(node=nodes.Name(name="contact"), attr="name"):
                return Held("number", f"text_length(coalesce({NAME}, ''))")
            case nodes.Getattr(node=nodes.Name(name="lead"), attr=str(name)) if name in LEADS:
                return Held("number", f"text_length(coalesce({LEADS[name].sql}, ''))")
            case _:
                return None

    def _constant(self, node: nodes.Node, kind: str) -> tuple[bool, object]:
        """Return whether a part is a constant of a kind, and that constant."""
        match kind, node:
            case _, nodes.Const(value=None):
                return True, None
            case "moment", _:
                moment = self._moment(node)
                return moment is not None, None if moment is None else seconds(moment)
            case "flag", nodes.Const(value=bool() as value):
                return True, int(value)
            case "text", nodes.Const(value=str() as value):
                return True, value
            case "number", nodes.Neg(node=nodes.Const(value=(int() | float()) as value)):
                return not isinstance(value, bool), -value
            case "number", nodes.Const(value=(int() | float()) as value):
                return not isinstance(value, bool), value
            case _:
                return False, None

    def _moment(self, node: nodes.Node) -> datetime | None:
        match node:
            case nodes.Name(name="now"):
                return self._now
            case (
                nodes.Sub(left=nodes.Name(name="now"), right=nodes.Const(value=str(said)))
                | nodes.Add(left=nodes.Name(name="now"), right=nodes.Const(value=str(said)))
            ):
                span = span_of(said)
                if span is None:
                    return None
                found = moved(self._now, span, -1 if isinstance(node, nodes.Sub) else 1)
                return found if isinstance(found, datetime) else None
            case _:
                return None


def _reckoned(held: Held, node: nodes.BinExpr, by: int) -> Held:
    """Return a whole number reckoned with another; none counts as 0, as the engine has it."""
    number = f"coalesce({held.sql}, 0)"
    if isinstance(node, nodes.Mod):  # of what is below 0 too, where SQL's has the other sign
        return Held("number", f"(({number} % {by} + {by}) % {by})", held.values)
    return Held("number", f"({number} {node.operator} {by})", held.values)


def _default(field: Slot) -> object:
    """Return the constant that stands where nothing is known, None when there is none."""
    default = field.default
    if not isinstance(default, Template) or not default.is_plain:
        return None
    plain = default.plain
    if field.type in TEXTS:
        return None if plain in ("none", "null") else plain
    try:
        found: object = json.loads(plain)
    except ValueError:
        return None
    return found
