"""Campaigns: messages to many people, as written."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta

from bot.domain.data import dataclass
from bot.language.actions import Step
from bot.language.conditions import Condition
from bot.language.hours import Hours
from bot.language.places import NOWHERE, Place
from bot.language.rules import Rule
from bot.language.segments import Segment, named_in
from bot.language.templates import Expression
from bot.language.texts import Text

ALL = "all"
"""How the only version of a campaign without variants is called."""
BY = "campaign:"
"""Before a campaign's name, where others are called ``rule:`` and ``flow:``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One of several versions of a campaign.

    Attributes:
        share: Of the recipients that get it, 0..1; those of one campaign add up to 1.
        steps: What is done before what all recipients get.
    """

    name: str
    share: float
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One message to many people.

    Attributes:
        audience: All of these hold for whoever gets it.
        exclude: Any of these leaves a contact out.
        at: The one moment, without a zone; None with `cron`, or when it begins at its start.
        cron: Five fields with weekday names, "" without.
        timezone: An IANA name, ``contact`` for that of each contact, "" for the business's.
        hours: Opening hours within which it is sent, "" for any.
        rate: At most so many within so long.
        jitter: The longest random pause between two of its messages.
        once: A contact gets it once, however often it comes round.
        stop_if: Over `RATES`.
        hash: Of all that is written of it.
    """

    name: str
    audience: tuple[Condition, ...]
    exclude: tuple[Condition, ...] = ()
    at: datetime | None = None
    cron: str = ""
    timezone: str = ""
    hours: str = ""
    rate: tuple[int, timedelta] | None = None
    jitter: timedelta | None = None
    daily_cap: int | None = None
    once: bool = False
    stop_if: Expression | None = None
    variants: tuple[Share, ...] = ()
    steps: tuple[Step, ...] = ()
    hash: str = ""
    place: Place = NOWHERE

    @property
    def shares(self) -> tuple[Share, ...]:
        """Return its versions; one that all get, where none are written."""
        return self.variants or (Share(name=ALL, share=1.0),)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return what each version does, as a rule that nothing but the campaign sets off."""
        return tuple(
            Rule(
                id=f"{BY}{self.name}", triggers=(), steps=(*one.steps, *self.steps),
                hash=self.version(one.name), place=self.place,
            )
            for one in self.shares
        )  # fmt: skip

    def version(self, variant: str) -> str:
        """Return what names the content of one of its versions."""
        return f"{self.hash}.{variant}"

    def rule(self, variant: str) -> Rule | None:
        """Return what a version does; None when there is none of that name."""
        wanted = self.version(variant)
        return next((one for one in self.rules if one.hash == wanted), None)


def sealed(
    campaign: Campaign, replies: Mapping[str, Text], hours: Mapping[str, Hours],
    segments: Mapping[str, Segment],
) -> Campaign:  # fmt: skip
    """Return a campaign whose hash covers what it refers to: shared replies, hours, segments."""
    said = _said((campaign.variants, campaign.steps))
    named, waiting = dict[str, str](), re.findall(REF, said)
    while waiting:
        name = waiting.pop()
        if name not in named and name in replies:
            named[name] = _said(replies[name])
            waiting += re.findall(REF, named[name])
    opened = _said(hours[campaign.hours]) if campaign.hours in hours else ""
    people = Segment(name="", conditions=(*campaign.audience, *campaign.exclude))
    meant, left = dict[str, str](), named_in(people)
    while left:
        name = left.pop()
        if name not in meant and name in segments:
            meant[name] = _said(segments[name].conditions)
            left += named_in(segments[name])
    whole = repr((campaign.hash, sorted(named.items()), opened, sorted(meant.items())))
    return replace(campaign, hash=hashlib.sha256(whole.encode()).hexdigest()[:12])


REF = r"\(ref '([^']+)'\)"


def _said(what: object) -> str:
    """Return all that something says, but where it stands."""
    match what:
        case Place():
            return ""
        case Mapping():
            return "{" + " ".join(f"{name}: {_said(one)}" for name, one in what.items()) + "}"
        case tuple() | list():
            return "[" + " ".join(_said(one) for one in what) + "]"
        case frozenset():
            return "[" + " ".join(sorted(_said(one) for one in what)) + "]"
        case _ if is_dataclass(what):
            parts = ((one.name, getattr(what, one.name)) for one in fields(what) if one.compare)
            return "".join(f"({name} {_said(value)})" for name, value in parts)
        case _:
            return repr(what)


RATES = ("optouts_rate", "failed_rate", "replies_rate", "delivered_rate")
"""What `stop_if` may look at: shares of a run's messages, 0..1."""
