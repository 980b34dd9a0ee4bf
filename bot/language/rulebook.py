"""All rules and flows in force, frozen."""

from collections.abc import Collection, Mapping
from dataclasses import field

from bot.domain.data import dataclass
from bot.domain.values import Value
from bot.language.campaigns import Campaign
from bot.language.flows import Flow, Slot
from bot.language.hours import Hours
from bot.language.leads import NO_LEAD_BOOK, LeadBook
from bot.language.places import NOWHERE, Place
from bot.language.rules import Rule
from bot.language.segments import Segment
from bot.language.slas import Sla
from bot.language.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words that the daemon owns (stop, start, cancel), and what it answers."""

    words: tuple[str, ...]
    reply: Text | None = None
    place: Place = NOWHERE


ALL, ROUND_ROBIN, LEAST_BUSY = ASSIGN = ("all", "round_robin", "least_busy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of a team.

    Attributes:
        languages: That they speak; none: all.
        tags: Of the contacts they look after; none: all.
    """

    name: str
    number: str = ""
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """People who are told things.

    Attributes:
        assign: Who gets a chat that is handed over: all, or one: round_robin or least_busy.
    """

    name: str
    members: tuple[Member, ...] = ()
    assign: str = ALL


def told_by_name(teams: Collection[Team]) -> dict[str, tuple[str, ...]]:
    """Return the numbers of all who can be told things by name: teams, and their members."""
    known = [one for team in teams for one in team.members]
    numbers = {one.name: {who.number for who in known if who.name == one.name} for one in known}
    alone = {name: tuple(found) for name, found in numbers.items() if len(found) == 1}
    return alone | {team.name: tuple(one.number for one in team.members) for team in teams}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A value that all contacts share."""

    name: str
    type: str = "any"
    default: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Everything of rules/ and flows/, checked. Replaced whole, never changed.

    Attributes:
        fields: Declared fields of a contact, as slots (type and default).
        lists: Name to items, each an item's name to its synonyms.
        back: None where no words lead back to the question before.
        stop, start, cancel: None where the files say nothing (the daemon has its own words).
        hash: Of all content; names the rulebook in outbox rows and logs.
    """

    rules: tuple[Rule, ...] = ()
    flows: Mapping[str, Flow] = field(default_factory=dict)
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    replies: Mapping[str, Text] = field(default_factory=dict)
    canned: Mapping[str, Text] = field(default_factory=dict)
    lists: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    hours: Mapping[str, Hours] = field(default_factory=dict)
    fields: Mapping[str, Slot] = field(default_factory=dict)
    segments: Mapping[str, Segment] = field(default_factory=dict)
    variables: Mapping[str, Variable] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    leads: LeadBook = NO_LEAD_BOOK
    slas: Mapping[str, Sla] = field(default_factory=dict)
    stop: Words | None = None
    start: Words | None = None
    cancel: Words | None = None
    back: Words | None = None
    substitutions: Mapping[str, str] = field(default_factory=dict)
    counted: frozenset[str] = frozenset()  # events that some `count(…)` asks for
    files: tuple[str, ...] = ()
    hash: str = ""

    @property
    def kept(self) -> Mapping[str, Slot]:
        """Return what a contact may hold: declared fields, and slots with ``scope: contact``."""
        slots = (slot for flow in self.flows.values() for slot in flow.slots.values())
        return {**{slot.name: slot for slot in slots if slot.in_contact}, **self.fields}


EMPTY = Rulebook()
