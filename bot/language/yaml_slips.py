"""What is wrong with a text that is no YAML: where its author went wrong, and a remedy."""

import re
from collections.abc import Sequence
from typing import Any

import yaml

from bot.domain.data import dataclass

ESCAPE = """inside "..." a backslash is an escape: use single quotes for a regex:  regex: '\\d+'"""
COLON = "a text holding ': ' must be quoted, or the indentation is off:  reply: \"Price: 10\""
NO_BREAK = frozenset("\xa0\u2007\u202f\u3000")  # spaces that YAML takes for letters
UNSEEN = "put plain spaces in their place: text copied from a page or a chat often brings others"
BEGINS = "quote a text that begins with '@', '`' or '%'"
BRACKETS = 'inside { } or [ ] quote a text that holds brackets:  {if: "items[0] > 1"}'
FLOWING = """quote a text that holds brackets or quotes:  {if: "x in ['a', 'b']"};"""
ENDS = f"{FLOWING} or a closing }} or ] is missing"
INDENT = "the indentation is off, or a text must be quoted"
BLOCK = "a text of several lines begins below the '|' or '>'; quote one that begins with the sign"
NO_COLON = (
    "behind a key stands ': '; lines of a text below '|' stand further in than the key before it"
)
DASH = "quote a text that begins with '- '; a list begins on a line of its own"
APOSTROPHE = "inside '...' an apostrophe is written twice, 'It''s'; or use double quotes"
AROUND = "put quotes around the whole text:  reply: '\"Two\" for one'"
HELPS = (
    ("scanning an alias", "a value cannot start with '*'. Quote WhatsApp bold:  \"*bold* text\""),
    ("unknown escape", ESCAPE),
    ("mapping values are not allowed", COLON),
    ("sequence entries are not allowed", DASH),
    ("mapping keys are not allowed", "quote a text that begins with '? '"),
    ("scanning a block scalar", BLOCK),
    ("scanning a simple key", NO_COLON),
    ("expected <block end>", INDENT),
    ("did not find expected ',' or", ENDS),
    ("did not find expected", INDENT),
    ("maximum nesting depth", "flatten it"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Where a quoted text stands. Lines and columns count from 0, as YAML's marks do."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What is told of a broken file. Lines and columns count from 1."""

    line: int
    column: int
    said: str
    help: str


def slip_of(lines: Sequence[str], reason: yaml.YAMLError, quoted: Quoted | None) -> Slip:
    """Return where the author of a text went wrong, as far as that can be told.

    Args:
        quoted: The last quoted text before the place at which YAML stopped.
    """
    parts = (getattr(reason, "context", None), getattr(reason, "problem", None))
    said = " ".join(part for part in parts if part) or "unreadable characters"
    begun, mark = (getattr(reason, f"{part}_mark", None) for part in ("context", "problem"))
    mark = mark or begun
    found = None
    if mark is not None and begun is not None:
        found = _unclosed(lines, said, begun, mark) or _uneven(lines, said, mark)
    if mark is not None and quoted is not None:
        found = _behind_quote(lines, said, mark, quoted) or found
    if found is not None:
        return found
    if mark is not None and begun is not None and not _line(lines, mark.line).strip():
        mark = begun  # the end of the file tells nobody anything
    line, column = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
    return Slip(line=line, column=column, said=said, help=_help(lines, said, line, column))


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number] if 0 <= number < len(lines) else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _unclosed(lines: Sequence[str], said: str, begun: Any, mark: Any) -> Slip | None:  # noqa: ANN401 - of libyaml or of PyYAML
    """Return where a quote or bracket is opened that nothing closes."""
    sign = _line(lines, begun.line)[begun.column : begun.column + 1]
    if "scanning a quoted scalar" in said and "end of stream" in said:
        what, help_ = "quote", f"end the text with {sign}"
    elif "parsing a flow" in said and mark.line > begun.line and sign in "[{":
        if _indent(_line(lines, mark.line)) > _indent(_line(lines, begun.line)):
            return None
        closing = "]" if sign == "[" else "}"
        what, help_ = "bracket", f"end it with {closing}, or quote a text that begins with {sign}"
    else:
        return None
    return Slip(
        line=begun.line + 1, column=begun.column + 1, help=help_,
        said=f"the {what} {sign} that is opened here is never closed",
    )  # fmt: skip


def _behind_quote(lines: Sequence[str], said: str, mark: Any, quoted: Quoted) -> Slip | None:  # noqa: ANN401 - of libyaml or of PyYAML
    """Return what a quote does that ends a text too soon, or too late."""
    between = _line(lines, mark.line)[quoted.end_column : mark.column]
    if "did not find expected" not in said or quoted.end_line != mark.line or between.strip():
        return None
    sign = _line(lines, quoted.line)[quoted.column : quoted.column + 1]
    if quoted.line < quoted.end_line:
        return Slip(
            line=quoted.line + 1, column=quoted.column + 1,
            said=f"the text that begins here with {sign} ends only in line {quoted.end_line + 1}",
            help=f"is the closing {sign} of this line missing?",
        )  # fmt: skip
    return Slip(
        line=quoted.end_line + 1, column=quoted.end_column,
        said=f"the text ends at this {sign}, and more stands behind it",
        help=APOSTROPHE if sign == "'" else AROUND,
    )  # fmt: skip


_KEY = re.compile(r"^ *(?:- +)*(?=[^\s#-])([\w.@-]+) *:")


def _uneven(lines: Sequence[str], said: str, mark: Any) -> Slip | None:  # noqa: ANN401 - of libyaml or of PyYAML
    """Return a line that stands nearly under the key of the line above."""
    line = _line(lines, mark.line)
    own, above = _KEY.match(line), _KEY.match(_above(lines, mark.line))
    if "parsing a block" not in said or mark.column != _indent(line) or not own or not above:
        return None
    if own.start(1) == above.start(1) or abs(own.start(1) - above.start(1)) > 3:
        return None
    return Slip(
        line=mark.line + 1, column=mark.column + 1, said=said,
        help=f"'{own[1]}' stands {own.start(1)} blanks in and '{above[1]}' above it"
        f" {above.start(1)}: keys of one thing stand below one another",
    )  # fmt: skip


def _above(lines: Sequence[str], number: int) -> str:
    """Return the last line before one that says something."""
    return next((one for one in reversed(lines[:number]) if one.strip(" \t")), "")


def _help(lines: Sequence[str], said: str, number: int, column: int) -> str:
    line = _line(lines, number - 1)
    near = range(max(number - 2, 1), number + 1)
    if any(_line(lines, one - 1).lstrip(" ")[:1] in NO_BREAK for one in near):
        return f"a line begins with no-break spaces: {UNSEEN}"
    if "cannot start any token" in said or "\t" in line[: max(column, 1)]:
        if "\t" in line[:column]:
            return "YAML forbids tabs for indentation: use two spaces"
        begins = line[max(column, 1) - 1 : column]
        return BEGINS if begins in ("@", "`", "%") else BRACKETS
    return next((help_ for needle, help_ in HELPS if needle in said), "")
