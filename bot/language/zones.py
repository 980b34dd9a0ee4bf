"""Reads names of time zones."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.language.desk import Desk
from bot.language.source import Node


def read_timezone(desk: Desk, node: Node | None) -> str:
    """Return the IANA name of a time zone, "" without one."""
    name = desk.word(node)
    if name is None or node is None:
        return ""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        desk.wrong(node, "a time zone, such as America/Sao_Paulo")
        return ""
    return name
