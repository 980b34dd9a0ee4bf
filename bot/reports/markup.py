"""Elements of HTML and SVG: every text in them is escaped, since only they are not a bare text."""

from collections.abc import Iterable, Mapping
from html import escape


class Markup(str):
    """What may stand in a page as it is. Made by `element` alone."""

    __slots__ = ()


Child = str | Markup


def element(
    name: str, children: Child | Iterable[Child] = (), given: Mapping[str, object] | None = None
) -> Markup:
    """Return an element; children that are bare texts are escaped, and so are the attributes."""
    attributes = "".join(f' {key}="{escape(str(value))}"' for key, value in (given or {}).items())
    inner = children if isinstance(children, str) else Markup("".join(map(_safe, children)))
    return Markup(f"<{name}{attributes}>{_safe(inner)}</{name}>")


def joined(children: Iterable[Child]) -> Markup:
    """Return elements and texts behind each other."""
    return Markup("".join(map(_safe, children)))


def _safe(child: Child) -> str:
    return str(child) if isinstance(child, Markup) else escape(child)
