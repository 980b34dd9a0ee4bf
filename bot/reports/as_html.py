"""The report as one page: no script, no request, readable without its pictures, fit for paper."""

from importlib.resources import files

from bot.reports.candidates import as_file
from bot.reports.charts import draw
from bot.reports.layout import Chart, Column, Fact, Section, Table, Value, shown
from bot.reports.markup import Markup, element, joined
from bot.reports.report import Report
from bot.reports.showing import heading

POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # nothing is fetched, nothing runs
SHORT = 12  # a table of so few rows is not torn by the end of a page
NARROW = 4  # a table of so few columns is as wide as it needs to be
BARRED = "share"  # of this kind of column each cell shows a bar too


def page(report: Report, sections: tuple[Section, ...]) -> str:
    """Return the whole page."""
    title = f"Report of {report.session}" if report.session != "default" else "Report"
    made = report.wanted.now.astimezone(report.wanted.period.zone).strftime("%Y-%m-%d %H:%M")
    head = joined(
        [
            Markup('<meta charset="utf-8">'),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            element("title", f"{title}, {heading(report)}"),
            element("style", Markup(_style())),
        ]
    )
    body = joined(
        [
            element("header", [element("h1", title), element("p", heading(report))]),
            element("nav", _contents(sections), {"aria-label": "Contents"}),
            element("main", map(_section, sections)),
            element("footer", element("p", f"Made by Alexia on {made}.")),
        ]
    )
    whole = element("html", [element("head", head), element("body", body)], {"lang": "en"})
    return f"<!DOCTYPE html>\n{whole}\n"


def _style() -> str:
    return files("bot.reports").joinpath("report.css").read_text("utf-8")


def _contents(sections: tuple[Section, ...]) -> Markup:
    links = (element("a", one.title, {"href": f"#{one.key}"}) for one in sections)
    return element("ul", [element("li", link) for link in links])


def _section(section: Section) -> Markup:
    children = [element("h2", section.title, {"id": section.key})]
    if section.note:
        children.append(element("p", section.note, {"class": "note"}))
    if section.facts:
        children.append(element("dl", map(_fact, section.facts)))
    children += [_chart(one) for one in section.charts]
    tables = [_table(one) for one in section.tables]
    children += tables
    if not (tables or section.facts or section.charts):
        children.append(element("p", "Nothing in this period.", {"class": "note"}))
    if section.rules:
        children += [
            element("h3", "As rules, to be filled in"),
            element("pre", element("code", as_file(section.rules))),
        ]
    return element("section", children, {"aria-labelledby": section.key})


def _fact(fact: Fact) -> Markup:
    parts = [element("dt", fact.label), element("dd", shown(fact.value, fact.kind))]
    return element("div", parts)


def _chart(chart: Chart) -> Markup:
    behind = [element("summary", f"{chart.title} as a table"), _table(chart.table)]
    parts = [element("figcaption", chart.title), draw(chart), element("details", behind)]
    return element("figure", parts)


def _table(table: Table) -> Markup:
    titles = [
        element("th", one.title, {"scope": "col", "class": one.kind}) for one in table.columns
    ]
    parts = [element("caption", table.title), element("thead", element("tr", titles))]
    rows = [element("tr", _cells(table.columns, row)) for row in table.rows]
    if not rows:
        empty = element("td", "none", {"colspan": len(titles), "class": "text"})
        rows = [element("tr", empty)]
    forms = [("narrow", len(titles) <= NARROW), ("short", len(rows) <= SHORT)]
    given = {
        "id": f"table-{table.key}", "class": " ".join(name for name, holds in forms if holds),
    }  # fmt: skip
    return element("table", [*parts, element("tbody", rows)], given)


def _cells(columns: tuple[Column, ...], row: tuple[Value, ...]) -> list[Markup]:
    cells: list[Markup] = []
    for number, (column, value) in enumerate(zip(columns, row, strict=True)):
        text, given = shown(value, column.kind), {"class": column.kind}
        if number == 0:
            cells.append(element("th", text, {"scope": "row", **given}))
        elif column.kind == BARRED and isinstance(value, float | int):
            cells.append(element("td", [_bar(float(value)), text], given))
        else:
            cells.append(element("td", text, given))
    return cells


def _bar(value: float) -> Markup:
    """Return a bar of a share, 0..1; the number stands beside it."""
    full = element("rect", (), {"width": 100, "height": 8, "class": "rest"})
    part = element("rect", (), {"width": round(100 * min(value, 1), 1), "height": 8})
    given = {"viewBox": "0 0 100 8", "class": "bar", "aria-hidden": "true"}
    return element("svg", [full, part], {**given, "preserveAspectRatio": "none"})
