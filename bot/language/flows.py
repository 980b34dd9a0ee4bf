"""Conversation flows, as written."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from bot.domain.data import dataclass
from bot.language.actions import Setting, Step
from bot.language.conditions import Condition
from bot.language.places import NOWHERE, Place
from bot.language.regexes import RegexPattern
from bot.language.templates import Expression, Template
from bot.language.texts import Text
from bot.language.triggers import Trigger

SLOT_TYPES = (
    "text", "number", "integer", "money", "yes_no", "choice", "date", "time", "datetime", "email",
    "phone", "url", "name", "duration", "location", "media", "list", "any",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One entry of ``valid``: what must hold, and what is said otherwise."""

    expression: Expression
    otherwise: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One answer that a flow keeps.

    Attributes:
        choices: Name to synonyms, in order; empty when not a choice.
        choices_from: An expression that gives the choices at the moment of asking.
        least, most: Bounds as written, read by the slot's type.
        on_fail: handoff, skip, cancel, default, or steps.
        skip: Words that leave it empty, or at its default.
        called: Words for it; a value behind one of them is this slot's.
        in_contact: ``scope: contact``: kept with the person.
    """

    name: str
    type: str = "text"
    ask: Text | None = None
    reask: Text | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    choices_from: Template | None = None
    regex: RegexPattern | None = None
    least: Template | None = None
    most: Template | None = None
    valid: tuple[Check, ...] = ()
    retries: int = 3
    on_fail: str | tuple[Step, ...] = "handoff"
    default: Setting | None = None
    in_contact: bool = False
    prefill: bool = False
    sensitive: bool = False
    confirm: bool = False
    fuzzy: int = 0
    entity: str = ""
    skip: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """A nudge when an open question stays unanswered."""

    after: timedelta
    text: Text
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A conversation: slots to fill, steps to take.

    Attributes:
        reentry: ask, resume, restart or ignore.
        interrupt: allow, ask, answer_only or never.
        resume: ask, auto or drop.
        cancels: all: what called it ends with it when it is cancelled; this: that goes on.
        on_edit: safe, pin or restart.
        on: Steps for cancel, timeout, no_match, resume, error.
        hash: Of the flow's whole content; frames keep it.
    """

    name: str
    title: str = ""
    triggers: tuple[Trigger, ...] = ()
    conditions: tuple[Condition, ...] = ()
    slots: Mapping[str, Slot] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    remind: Remind | None = None
    expire: timedelta = timedelta(hours=24)
    reentry: str = "ask"
    interrupt: str = "allow"
    resume: str = "ask"
    cancels: str = "all"
    on_edit: str = "safe"
    private: bool = False
    on: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    hash: str = ""
    place: Place = NOWHERE
