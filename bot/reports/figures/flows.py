"""How far customers came in flows, and what won how often. From the traces of turns."""
# ruff: noqa: S608 - only words of our own are put into the queries

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.domain.data import dataclass
from bot.reports.figures.spread import spread
from bot.reports.wanted import Wanted

ASKED = re.compile(r" flow (.+) > slot (\S+)$")
NAMED = re.compile(r"(?:^| )flow (.+)$")
ENDINGS = ("finished", "expired", "cancelled", "left")

Line = tuple[tuple[str, str, int, str], float, str, str]
"""Where (account, chat, contact, flow), when, what happened, and the slot that was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A question of a flow.

    Attributes:
        reached: Runs in which it was put.
        last: Runs that ended here without being finished.
        resting: Runs that still wait here.
    """

    slot: str
    reached: int
    last: int
    resting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """The runs of a flow that began in the period, followed to this day.

    Attributes:
        expired: The customer fell silent.
        cancelled: The customer called it off.
        left: Ended by something else: another flow, a handoff, a person, an edit of its file.
        under_way: Not over yet.
        steps: In the order in which customers meet them.
    """

    flow: str
    begun: int
    finished: int
    expired: int
    cancelled: int
    left: int
    under_way: int
    steps: tuple[Step, ...]

    @property
    def abandoned(self) -> int:
        """Return how many ended without being finished."""
        return self.expired + self.cancelled + self.left


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """How often a rule, flow or guard had the word, and what came of it.

    Attributes:
        name: ``rule:hours``, ``flow:order``.
        answered: Turns in which something was said.
        handoffs: Turns that handed the chat over.
        seconds: From the arrival of a message to the moment its answer was given to WhatsApp,
            the middle one; None where nothing was answered.
    """

    name: str
    turns: int
    people: int
    answered: int
    handoffs: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class _Run:
    flow: str
    end: str
    slots: tuple[str, ...]


def funnels(db: sqlite3.Connection, wanted: Wanted) -> tuple[Funnel, ...]:
    """Return the funnel of each flow that began, the most frequent first."""
    runs: defaultdict[str, list[_Run]] = defaultdict(list)
    for run in _runs(_lines(db, wanted), wanted.period.end):
        runs[run.flow].append(run)
    found = [_funnel(flow, of_flow) for flow, of_flow in runs.items()]
    return tuple(sorted(found, key=lambda one: (-one.begun, one.flow)))


def winners(db: sqlite3.Connection, wanted: Wanted) -> tuple[Winner, ...]:
    """Return who had the word, the most frequent first."""
    rows = db.execute(
        "SELECT winner, count(*), count(DISTINCT contact_id), sum(instr(effects, '\"Send\"') > 0),"
        " sum(instr(lines, '[\"handoff ') > 0) FROM traces WHERE winner != ''"
        f" AND at >= :begin AND at < :end AND {wanted.people('contact_id')}"
        " GROUP BY winner ORDER BY 2 DESC, 1",
        wanted.values,
    )
    times = _times(db, wanted)
    return tuple(
        Winner(
            name=name, turns=turns, people=people, answered=answered, handoffs=handoffs,
            seconds=spread(times.get(name, ())).median,
        )
        for name, turns, people, answered, handoffs in rows
    )  # fmt: skip


def _times(db: sqlite3.Connection, wanted: Wanted) -> dict[str, list[float]]:
    """Return how long each first answer took to our hands' end, by who gave it."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    rows = db.execute(
        "SELECT o.by, o.handed_at - i.received_at FROM inbox i JOIN outbox o"
        " ON o.ordinal = 0 AND o.why = 'answer'"
        " AND o.cause = i.account || '|' || i.chat || '|' || i.participant || '|' || i.message_id"
        " WHERE i.sent_at >= :begin AND i.sent_at < :end AND i.from_me = 0"
        " AND o.handed_at IS NOT NULL AND o.state NOT IN ('reserved', 'cancelled', 'failed')"
        f" AND {wanted.chats('i.chat')}",
        wanted.values,
    )
    for by, seconds in rows:
        found[by].append(seconds)
    return found


def _lines(db: sqlite3.Connection, wanted: Wanted) -> Iterator[Line]:
    """Yield what happened to flows since the period began, of one chat and flow together."""
    rows = db.execute(
        "SELECT t.account, t.chat, t.contact_id, t.at, json_extract(line.value, '$[0]') AS place,"
        " json_extract(line.value, '$[1]') AS outcome FROM traces t, json_each(t.lines) line"
        " WHERE t.at >= :begin AND instr(t.lines, 'flow ') AND outcome IN"
        " ('started', 'asked', 'finished', 'expired', 'cancelled', 'left')"
        f" AND {wanted.people('t.contact_id')} ORDER BY t.id, line.key",
        wanted.values,
    )
    found: list[Line] = []
    for account, chat, contact, at, place, outcome in rows:
        named = _named(place, outcome)
        if named is not None:
            found.append(((account, chat, contact, named[0]), at, outcome, named[1]))
    found.sort(key=lambda line: line[0])  # a stable sort: within a flow their order stays
    return iter(found)


def _named(path: str, outcome: str) -> tuple[str, str] | None:
    """Return the flow, and the slot that was asked, of a line of a trace; None for a rule's."""
    if outcome == "asked":
        asked = ASKED.search(path)
        return None if asked is None else (asked[1], asked[2])
    if path.startswith("flow:"):
        return path.removeprefix("flow:"), ""
    named = NAMED.search(path)
    return None if named is None else (named[1], "")


def _runs(lines: Iterable[Line], end: float) -> Iterator[_Run]:
    """Yield the runs that began before ``end``."""
    for (_, _, _, flow), of_one in groupby(lines, key=lambda line: line[0]):
        begun, ending, slots = False, "", list[str]()
        for _, at, what, slot in of_one:
            if what == "started":
                if begun:
                    yield _Run(flow, ending, tuple(slots))
                begun, ending, slots = at < end, "", []
            elif what == "asked":
                slots.append(slot)
            else:
                ending = ending or what
        if begun:
            yield _Run(flow, ending, tuple(slots))


def _funnel(flow: str, runs: list[_Run]) -> Funnel:
    ends = Counter(run.end for run in runs)
    return Funnel(
        flow=flow, begun=len(runs), finished=ends["finished"], expired=ends["expired"],
        cancelled=ends["cancelled"], left=ends["left"], under_way=ends[""], steps=_steps(runs),
    )  # fmt: skip


def _steps(runs: list[_Run]) -> tuple[Step, ...]:
    reached: Counter[str] = Counter()
    last: Counter[str] = Counter()
    resting: Counter[str] = Counter()
    places: defaultdict[str, list[int]] = defaultdict(list)
    for run in runs:
        slots = list(dict.fromkeys(run.slots))
        for place, slot in enumerate(slots):
            reached[slot] += 1
            places[slot].append(place)
        if run.slots and run.end != "finished":
            (last if run.end else resting)[run.slots[-1]] += 1
    order = sorted(reached, key=lambda slot: (sum(places[slot]) / reached[slot], slot))
    return tuple(
        Step(slot=slot, reached=reached[slot], last=last[slot], resting=resting[slot])
        for slot in order
    )
