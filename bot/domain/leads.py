"""Leads: people with a stage and a score."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from bot.domain.data import dataclass
from bot.domain.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What the business hopes for from one contact; at most one open lead a contact."""

    contact_id: int
    stage: str = "new"
    score: int = 0
    owner: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    created_at: datetime | None = None
