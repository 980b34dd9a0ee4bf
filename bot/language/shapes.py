"""What every key means: the words of the JSON Schema's hover texts and of the reference.

One row a key: its name, the kind of value, what it means, an example. A kind is a word of
`bot.language.schema.KINDS`, ``one of: …`` with the words allowed, ``list of KIND`` (one alone will
do), ``map of KIND`` or ``shape: NAME``.
"""

from bot.domain.data import dataclass
from bot.language.business_keys import BUSINESS
from bot.language.talk_keys import TALK


@dataclass(frozen=True, slots=True)
class Row:
    """One key."""

    key: str
    kind: str
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A mapping with known keys. ``name`` is what messages call it."""

    name: str
    meaning: str
    rows: dict[str, Row]
    required: tuple[str, ...] = ()


def _read(table: str) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {}
    shape = Shape("", "", {})
    for line in filter(str.strip, table.splitlines()):
        cells = [cell.strip() for cell in line.removeprefix("# ").split(" | ")]
        if line.startswith("# "):
            required = tuple(cells[2].split(", ")) if len(cells) > 2 and cells[2] else ()
            shape = shapes[cells[0]] = Shape(cells[0], cells[1].rstrip(" |"), {}, required)
        else:
            key, kind, meaning, *example = cells
            shape.rows[key] = Row(key, kind, meaning.rstrip(" |"), example[0] if example else "")
    return shapes


SHAPES = _read(f"{TALK}\n{BUSINESS}")
