"""What a report shows, whatever form it is written in: sections of facts, charts and tables."""

from typing import Literal

from bot.domain.data import dataclass

Kind = Literal["text", "count", "share", "seconds", "score"]
"""How a value is to be read: a share is 0..1, seconds are a length of time."""

Value = str | int | float | None
"""None: there is nothing to tell, such as a share of nothing."""

NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One figure with its name."""

    label: str
    value: Value
    kind: Kind = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    title: str
    kind: Kind = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under columns. ``key``: its name in files, unique in the report."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of a table: its first column along the bottom, others piled upon each other.

    Attributes:
        series: Which columns, by their place.
    """

    title: str
    table: Table
    series: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One matter.

    Attributes:
        note: What the figures mean, in a sentence or two.
        charts: Pictures, each with its table behind it.
        rules: Rules ready to be pasted into a file.
    """

    key: str
    title: str
    note: str = ""
    facts: tuple[Fact, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def all_tables(self) -> tuple[Table, ...]:
        """Return every table, also those behind charts."""
        return (*(chart.table for chart in self.charts), *self.tables)


def shown(value: Value, kind: Kind) -> str:
    """Return a value as people read it."""
    match value, kind:
        case None, _:
            return NOTHING
        case ((int() | float()), "share"):
            return f"{100 * value:.1f} %"
        case ((int() | float()), "seconds"):
            return _length(value)
        case ((int() | float()), "score"):
            return f"{value:.1f}"
        case ((int() | float()), _):
            return f"{value:,}"
        case text, _:
            return str(text)


def share(part: int, whole: int) -> float | None:
    """Return which part of a whole it is, 0..1; None of nothing."""
    return part / whole if whole else None


def _length(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} days {hours % 24} h"
