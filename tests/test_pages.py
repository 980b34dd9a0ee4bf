"""What the pages on patterns and expressions show in their tables is what happens."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.language.folding import fold
from bot.language.printing import Form
from bot.language.read_patterns import parse_pattern
from bot.language.templates import parse_template
from bot.language.vocabulary import FILTERS, FUNCTIONS

DOCS = Path(__file__).parent.parent / "docs"
LISTS = {"sizes": {"small": ("little", "pequeña"), "large": ("big", "biggest")}}
PHRASES = {"want": "(i want|i would like|quiero)"}
FORM = Form(currency="BRL", now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
NAMES = {
    "contact": {"name": "Ana Souza"}, "count": 3, "total": Decimal("1234.5"), "nothing": None,
    "sizes": ["small", "large"], "day": date(2026, 11, 24), "today": date(2026, 11, 23),
    "now": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
}  # fmt: skip


def rows(page, heading):
    """Return the cells of the first table under a heading, its head left out."""
    text = (DOCS / page).read_text("utf-8").partition(f"\n## {heading}\n")[2]
    table = [line for line in text.partition("\n## ")[0].splitlines() if line.startswith("|")]
    return [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in table[2:]
    ]


def code(cell):
    return cell.strip("`")


@pytest.mark.parametrize(
    ("pattern", "message", "captures"), [row[2:] for row in rows("patterns.md", "The marks")]
)
def test_the_patterns_of_the_page_fit_as_it_says(pattern, message, captures):
    found = parse_pattern(code(pattern), LISTS, PHRASES).match(fold(message))

    told = (pair.split(" = ") for pair in captures.split(", ") if pair)
    assert {name: str(value) for name, value in found.items()} == {
        code(name): value for name, value in told
    }


@pytest.mark.parametrize(
    ("written", "gives"),
    [row for part in ("Operators", "Dates", "Filters") for row in rows("expressions.md", part)],
)
def test_the_expressions_of_the_page_give_what_it_says(written, gives):
    assert parse_template(f"{code(written)} ").render(NAMES, FORM) == f"{gives} "


def test_the_page_names_every_filter_and_function():
    filters = " ".join(written for written, _ in rows("expressions.md", "Filters"))
    functions = " ".join(written for written, _ in rows("expressions.md", "Functions"))

    assert [name for name in FILTERS if f"| {name}" not in filters] == []
    assert [name for name in FUNCTIONS if f"{name}(" not in functions] == []
