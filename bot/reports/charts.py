"""Charts as SVG, drawn by hand: columns piled upon each other, with a scale and a legend."""

from collections.abc import Sequence

from bot.reports.layout import Chart
from bot.reports.markup import Markup, element, joined

WIDTH, HEIGHT = 720, 230  # of the drawing; the page scales it
LEFT, RIGHT, TOP, BOTTOM = 44, 6, 12, 26  # around the columns
FILLS = ("#1d4ed8", "#0f766e", "#b45309", "#7c3aed")
"""On white each has a contrast of at least 4.5 (WCAG 2.2, 1.4.11 asks for 3)."""
TONES = {"positive": "#0f766e", "neutral": "#8a94a6", "negative": "#b91c1c"}
WIDEST = 40  # a column, where there are few
MOST_LABELS = 16  # along the bottom
STEPS = (1, 2, 5)  # a scale goes up in these, times a power of ten
LINES = 4  # of a scale, at least half of them


def draw(chart: Chart) -> Markup:
    """Return the chart; a reader that does not see it is told its title and led to the table."""
    labels = [str(row[0]) for row in chart.table.rows]
    names = [chart.table.columns[place].title for place in chart.series]
    values = [[_number(row[place]) for place in chart.series] for row in chart.table.rows]
    top = scale(max(map(sum, values), default=0))
    fills = [TONES.get(name, FILLS[number % len(FILLS)]) for number, name in enumerate(names)]
    drawing = element(
        "svg",
        [
            element("title", f"{chart.title}; the table below holds the figures"),
            *_grid(top), *_columns(values, top[-1], fills, labels), *_labels(labels),
        ],
        {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "class": "chart"},
    )  # fmt: skip
    return joined([_legend(names, fills), drawing])


def scale(most: float) -> list[int]:
    """Return the marks of a scale from 0 to at least ``most``, 3 to 6 of them, all round."""
    step, power = 1, 0
    while step * LINES < most:
        power += 1
        step = STEPS[power % 3] * 10 ** (power // 3)
    marks = list(range(0, step * LINES + 1, step))
    return [mark for mark in marks if mark - step < most or mark <= step]


def _grid(marks: Sequence[int]) -> list[Markup]:
    found: list[Markup] = []
    for mark in marks:
        y = _y(mark, marks[-1])
        ends = {"x1": LEFT, "x2": WIDTH - RIGHT, "y1": y, "y2": y, "class": "line"}
        found.append(element("line", (), ends))
        at = {"x": LEFT - 6, "y": y + 4, "text-anchor": "end"}
        found.append(element("text", f"{mark:,}", at))
    return found


def _columns(
    values: Sequence[Sequence[float]], top: float, fills: Sequence[str], labels: Sequence[str]
) -> list[Markup]:
    slot = _slot(len(values))
    width = min(slot * 0.72, WIDEST)
    found: list[Markup] = []
    for number, pile in enumerate(values):
        under = 0.0
        parts: list[Markup] = [element("title", f"{labels[number]}: {sum(pile):,.0f}")]
        for value, fill in zip(pile, fills, strict=True):
            if value:
                upper = _y(under + value, top)
                shape = {
                    "x": round(LEFT + (number + 0.5) * slot - width / 2, 2), "y": upper,
                    "width": round(width, 2), "height": round(_y(under, top) - upper, 2),
                    "fill": fill,
                }  # fmt: skip
                parts.append(element("rect", (), shape))
                under += value
        found.append(element("g", parts))
    return found


def _labels(labels: Sequence[str]) -> list[Markup]:
    width = _slot(len(labels))
    every = -(-len(labels) // MOST_LABELS)
    return [
        element(
            "text", label[5:] if len(label) == len("2026-11-23") else label,
            {
                "x": round(LEFT + (number + 0.5) * width, 2), "y": HEIGHT - 8,
                "text-anchor": "middle",
            },
        )
        for number, label in enumerate(labels)
        if number % every == 0
    ]  # fmt: skip


def _legend(names: Sequence[str], fills: Sequence[str]) -> Markup:
    keys = [
        element("li", [_key(fill), name]) for name, fill in zip(names, fills, strict=True)
    ]  # fmt: skip
    return element("ul", keys, {"class": "legend"})


def _key(fill: str) -> Markup:
    square = element("rect", (), {"width": 10, "height": 10, "fill": fill})
    return element("svg", [square], {"viewBox": "0 0 10 10", "aria-hidden": "true"})


def _slot(count: int) -> float:
    return (WIDTH - LEFT - RIGHT) / max(count, 1)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 2)


def _number(value: str | int | float | None) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
