"""How promises to people who waited were kept."""

from bot.reports.figures.service import Kept, Service
from bot.reports.layout import Column, Fact, Section, Table, share


def service(found: Service) -> Section:
    """Return the section on promises; without any it has no table."""
    begun = sum(one.begun for one in found.promises)
    missed = sum(one.missed for one in found.promises)
    tables = (
        _table("promises", "By promise", "promise", found.promises),
        _table("promises_by_team", "By team", "promise, team", found.teams),
        _table("promises_by_member", "By member", "promise, member", found.members),
    )
    return Section(
        key="service", title="Promises to people who wait",
        note="Waits that began in the period, followed to this day; times are open time.",
        facts=(
            Fact(label="Waits", value=begun), Fact(label="Missed", value=missed),
            Fact(label="Missed of waits", value=share(missed, begun), kind="share"),
        ),
        tables=tuple(table for table in tables if table.rows),
    )  # fmt: skip


def _table(key: str, title: str, what: str, found: tuple[Kept, ...]) -> Table:
    counts = ("waits", "met", "missed", "ended", "waiting")
    return Table(
        key=key, title=title,
        columns=(
            Column(title=what, kind="text"), *(Column(title=name) for name in counts),
            Column(title="missed of waits", kind="share"),
            Column(title="answer, median", kind="seconds"),
            Column(title="answer, slowest 5 %", kind="seconds"),
        ),
        rows=tuple(
            (
                one.name, one.begun, one.met, one.missed, one.ended, one.waiting,
                share(one.missed, one.begun), one.waited.median, one.waited.p95,
            )
            for one in found
        ),
    )  # fmt: skip
