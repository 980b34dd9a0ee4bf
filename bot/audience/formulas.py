"""Cells that no spreadsheet takes for a formula, and what they were before."""

import re

RISKY = "=+-@\t\r\n\0＝＋－＠"
"""A cell that begins so is a formula to a spreadsheet, or hides one (OWASP, CSV injection)."""

_AT_RISK = re.compile(f"'*[{re.escape(RISKY)}]")
_MADE_SAFE = re.compile(f"'+[{re.escape(RISKY)}]")


def safe_cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula; `as_it_was` turns it back."""
    text = "" if value is None else str(value)
    return f"'{text}" if _AT_RISK.match(text) else text


def as_it_was(cell: str) -> str:
    """Return what `safe_cell` was given; any other cell as it is."""
    return cell[1:] if _MADE_SAFE.match(cell) else cell
