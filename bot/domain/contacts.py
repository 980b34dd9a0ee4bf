"""People: who writes to the business."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from shlex import quote

from bot.domain.data import dataclass
from bot.domain.values import Value


class Consent(StrEnum):
    """What a person allowed us."""

    UNKNOWN = "unknown"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"  # the bot starts nothing by itself any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One person, whatever addresses WhatsApp knows them by.

    Attributes:
        number: E.164 with `+`, or "" while only a hidden address is known.
        fields: The fields declared in the rule files, and slots with ``scope: contact``.
        sensitive: Names of fields that are shown to nobody.
        is_new: True while the person's first message is being decided.
    """

    id: int
    number: str = ""
    name: str = ""
    language: str | None = None
    tags: frozenset[str] = frozenset()
    fields: Mapping[str, Value] = field(default_factory=dict)
    consent: Consent = Consent.UNKNOWN
    first_seen: datetime | None = None
    last_seen: datetime | None = None  # of the message before this one; None on the first
    is_new: bool = False
    timezone: str | None = None
    sensitive: frozenset[str] = frozenset()

    @property
    def first_name(self) -> str:
        """Return the first word of the name, "" when there is none."""
        return self.name.split()[0] if self.name.split() else ""


def nobody_known(who: str | None) -> str:
    """Return what is said where a name, number or id fits nobody, and where to look."""
    return f"nobody known is {who!r}; {where_to_look(who)}"


def where_to_look(who: str | None) -> str:
    """Return the command that finds somebody whose name, number or id was not found as it is."""
    if who and any(letter.isalpha() for letter in who) and "@" not in who:
        return f"`alexia contacts list {quote(who)}` finds those whose names begin so"
    return "`alexia contacts list` names those there are"
