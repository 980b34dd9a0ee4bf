"""What the facts of a decision make of templates and expressions."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from bot.engine.facts import Facts
from bot.engine.free_values import free_value
from bot.engine.hidden import knows_sensitive, tells_sensitive
from bot.engine.tables import TABLES
from bot.language.dates import between, days_between, months_between
from bot.language.templates import Expression, Template, TemplateFailed

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Evaluator(Facts):
    """Facts that templates and expressions are worked out over."""

    def names(
        self,
        wanted: Iterable[str],
        extra: Mapping[str, Any] | None = None,
        calls: Iterable[str] | None = None,
    ) -> dict[str, Any]:
        """Return what expressions may name, of our own tables only those that are wanted.

        Args:
            calls: Names of the functions that may be called; None: any.
        """
        found: dict[str, Any] = {
            name: make(self) for name in wanted if (make := TABLES.get(name)) is not None
        }
        for name in CALLS if calls is None else calls:
            found[name] = CALLS[name](self)
        found.update(self.captures)
        if self.frames:
            frame = self.frames[-1]
            flow = self.flow_of(frame)
            if flow is not None:
                found.update({name: self.known_value(frame, flow, name) for name in flow.slots})
            found.update(frame.saved)
            found.update(frame.slots)
        found.update(extra or {})
        return found

    def round_robin(self, team: str) -> str:
        """Return the next member of a team; whose turn it is, all chats share."""
        found = self.compiled.rulebook.teams.get(team)
        members = [one.name for one in found.members] if found else []
        return self.in_turn(team, members) if members else team

    def fail(self, failure: TemplateFailed) -> None:
        """Note an expression that could not be worked out."""
        what = "an expression over something sensitive could not be worked out"
        self.errors.append(f"{failure.place}: {what}" if self.told_hidden else str(failure))
        self.trace(str(failure.place), "failed", "an expression could not be worked out")

    def render(
        self, template: Template | None, mode: str = "text", extra: Mapping[str, Any] | None = None
    ) -> str:
        """Return a template's text; "" when it fails, which is noted."""
        if template is None:
            return ""
        if template.is_plain:
            return template.plain
        self._heed(template)
        try:
            return template.render(
                self.names(template.names, extra, template.calls), self.form(mode)
            )
        except TemplateFailed as failure:
            self.fail(failure)
            return ""

    def _heed(self, reader: Template | Expression) -> None:
        """Note whether what is worked out reads something sensitive."""
        if not self.told_hidden and knows_sensitive(self):
            self.told_hidden = tells_sensitive(self, reader)

    def work_out(self, expression: Expression) -> Any:  # noqa: ANN401 - any Value
        """Return an expression's value. Raises TemplateFailed."""
        self._heed(expression)
        return expression.evaluate(
            self.names(expression.names, calls=expression.calls), self.form()
        )

    def value(self, setting: object, mode: str = "text") -> Any:  # noqa: ANN401 - any Value
        """Return what a free value stands for."""
        match setting:
            case Template():
                try:
                    if setting.is_plain:
                        return free_value(setting.source)
                    self._heed(setting)
                    return setting.value(
                        self.names(setting.names, calls=setting.calls), self.form(mode)
                    )
                except TemplateFailed as failure:
                    self.fail(failure)
                    return None
            case dict():
                return {name: self.value(one, mode) for name, one in setting.items()}
            case tuple():
                return [self.value(one, mode) for one in setting]
            case _:
                return setting


def _parts_between(first: object, second: object, part: timedelta) -> int | None:
    """Return how often a span goes into the time from one moment to another."""
    span = between(first, second)
    return None if span is None else int(span / part)


CALLS: Mapping[str, Callable[[Evaluator], Callable[..., Any]]] = {
    "is_open": lambda facts: facts.is_open,
    "next_open": lambda facts: facts.next_open,
    "open_day": lambda facts: facts.open_day,
    "days_between": lambda _: days_between,
    "months_between": lambda _: months_between,
    "hours_between": lambda _: partial(_parts_between, part=HOUR),
    "minutes_between": lambda _: partial(_parts_between, part=MINUTE),
    "has_tag": lambda facts: lambda tag: tag in facts.contact.tags,
    "count": lambda facts: facts.count,
    "random": lambda facts: lambda items: facts.chance.pick(list(items)) if items else None,
    "round_robin": lambda facts: facts.round_robin,
}
"""What expressions may call, by name, as it is bound to a turn."""
