"""What a report is asked for, and how that narrows a query."""

from datetime import datetime

from bot.domain.data import dataclass
from bot.reports.period import Period

MANY = "substr(chat, -4) IN ('c.us', '@lid', 'g.us')"
"""What leaves statuses and newsletters out: they are written to nobody in particular."""

PRIVATE = "substr(chat, -4) IN ('c.us', '@lid')"
"""A person's own chat: where an answer is owed."""

HEARD = "origin != 'history' AND kind NOT IN ('ciphertext', 'system', 'reaction')"
"""Messages of the inbox that somebody wrote since the bot listens."""

MESSAGE = "(body = '' OR body NOT LIKE '%\"target\"%')"
"""Rows of the outbox that are messages of their own, no reaction or edit."""

LEFT = "('handed', 'accepted', 'sent', 'delivered', 'read', 'played', 'uncertain', 'stuck')"
"""States of what was given to WhatsApp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a report is asked for.

    Attributes:
        now: Aware; what waits and who is muted is told of this moment.
        tag: Only people who wear it now; "" for all.
        texts: Whether words of customers may stand in it.
    """

    period: Period
    now: datetime
    tag: str = ""
    texts: bool = True

    def people(self, column: str) -> str:
        """Return SQL that holds for the wanted people, by a column of ids."""
        return self._among(column, "contact_id", "tags")

    def chats(self, column: str = "chat") -> str:
        """Return SQL that holds for chats with the wanted people, by a column of addresses."""
        return self._among(column, "address", "identities JOIN tags USING (contact_id)")

    @property
    def values(self) -> dict[str, object]:
        """Return what the queries name: ``:begin``, ``:end``, ``:now`` and ``:tag``."""
        period = self.period
        return {
            "begin": period.begin, "end": period.end, "now": self.now.timestamp(), "tag": self.tag,
        }  # fmt: skip

    def _among(self, column: str, what: str, where: str) -> str:
        if not self.tag:
            return "1"
        return f"{column} IN (SELECT {what} FROM {where} WHERE tag = :tag)"  # noqa: S608 - our words
