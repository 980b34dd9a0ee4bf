"""The rulebook in force, with what follows from it for commits."""

from collections.abc import Mapping
from dataclasses import field

from bot.domain.data import dataclass
from bot.domain.messages import ChatId
from bot.domain.turns import TurnSettings
from bot.engine.compiled import Compiled, Version, compile_rulebook
from bot.language.rulebook import Rulebook, told_by_name
from bot.language.triggers import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The rulebook in force, compiled, with what follows from it. Replaced whole."""

    compiled: Compiled
    hash: str
    settings: TurnSettings
    heard: frozenset[str] = frozenset()
    numbers: Mapping[str, tuple[ChatId, ...]] = field(default_factory=dict)


def make_book(
    rulebook: Rulebook, settings: TurnSettings, older: Mapping[str, Version] | None = None
) -> Book:
    """Return a rulebook ready for the pipeline.

    Args:
        older: Versions of flows and rules, by hash, that live conversations may still run.
    """
    return Book(
        compiled=compile_rulebook(rulebook, older),
        hash=rulebook.hash,
        settings=settings,
        heard=_heard(rulebook),
        numbers=_numbers(rulebook),
    )


def _heard(rulebook: Rulebook) -> frozenset[str]:
    """Return the names of events that some rule or flow listens to."""
    triggers = [trigger for rule in rulebook.rules for trigger in rule.triggers]
    triggers += [trigger for flow in rulebook.flows.values() for trigger in flow.triggers]
    return frozenset(trigger.name for trigger in triggers if isinstance(trigger, Event))


def _numbers(rulebook: Rulebook) -> dict[str, tuple[ChatId, ...]]:
    """Return the chats of each team, and of each of their members, with a number."""
    return {
        name: tuple(_chat(number) for number in numbers if _digits(number))
        for name, numbers in told_by_name(rulebook.teams.values()).items()
    }


def _chat(number: str) -> ChatId:
    return ChatId(f"{_digits(number)}@c.us")


def _digits(number: str) -> str:
    return "".join(letter for letter in number if letter.isdigit())
