"""What the models read: intents, and the tone over time. From the traces of turns."""
# ruff: noqa: S608 - only words of our own are put into the queries

import sqlite3
from collections import Counter
from datetime import date

from bot.domain.data import dataclass
from bot.reports.period import day_and_hour
from bot.reports.wanted import Wanted

TONES = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What texts were for. ``unsure``: the best guess was too weak to act on."""

    name: str
    read: int
    unsure: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """How the messages of a day sounded."""

    negative: int = 0
    neutral: int = 0
    positive: int = 0

    @property
    def count(self) -> int:
        """Return how many messages were read."""
        return self.negative + self.neutral + self.positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What the models read; only texts that some rule or flow wanted to have read.

    Attributes:
        days: Every day of the period.
    """

    intents: tuple[Intent, ...]
    tones: Tone
    days: tuple[tuple[date, Tone], ...]


def readings(db: sqlite3.Connection, wanted: Wanted) -> Readings:
    """Return what the models read, the most frequent intent first."""
    intents: Counter[tuple[str, str]] = Counter()
    tones: Counter[tuple[date, str]] = Counter()
    for what, outcome, hour, count in db.execute(_read(wanted), wanted.values):
        kind, _, name = what.partition(" ")
        if kind == "intent":
            intents[name, outcome] += count
        else:
            tones[day_and_hour(hour)[0], name] += count
    names = {name for name, _ in intents}
    found = [
        Intent(name=name, read=intents[name, "read"], unsure=intents[name, "unsure"])
        for name in names
    ]
    days = tuple((day, _tone(tones, day)) for day in wanted.period.days())
    return Readings(
        intents=tuple(sorted(found, key=lambda one: (-one.read, -one.unsure, one.name))),
        tones=_sum([tone for _, tone in days]), days=days,
    )  # fmt: skip


def _read(wanted: Wanted) -> str:
    return (
        "SELECT json_extract(line.value, '$[0]') AS what,"
        f" json_extract(line.value, '$[1]') AS outcome, {wanted.period.hour('t.at')} AS hour,"
        " count(*) FROM traces t, json_each(t.lines) line"
        " WHERE t.at >= :begin AND t.at < :end"
        " AND (instr(t.lines, '[\"intent ') OR instr(t.lines, '[\"sentiment '))"
        " AND outcome IN ('read', 'unsure') AND (what LIKE 'intent %' OR what LIKE 'sentiment %')"
        f" AND {wanted.people('t.contact_id')} GROUP BY 1, 2, 3"
    )


def _tone(tones: Counter[tuple[date, str]], day: date) -> Tone:
    negative, neutral, positive = (tones[day, name] for name in TONES)
    return Tone(negative=negative, neutral=neutral, positive=positive)


def _sum(every: list[Tone]) -> Tone:
    return Tone(
        negative=sum(one.negative for one in every), neutral=sum(one.neutral for one in every),
        positive=sum(one.positive for one in every),
    )  # fmt: skip
