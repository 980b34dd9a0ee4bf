"""Checks across files: names that must exist, once all files are read."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.language import actions as a
from bot.language.desk import Reference, Scope
from bot.language.flows import Flow
from bot.language.places import Place
from bot.language.problems import Problem, did_you_mean
from bot.language.sections import Gathered
from bot.language.source import Source

GLOBALS = frozenset((
    "contact", "lead", "message", "chat", "captures", "bot", "vars", "env", "now", "today",
    "choices", "optouts_rate", "failed_rate", "replies_rate", "delivered_rate",
    "none", "true", "false",
))  # fmt: skip
CONTACT = frozenset((
    "name", "first_name", "number", "language", "tags", "consent", "fields", "timezone",
))  # fmt: skip
PARTS: Mapping[str, frozenset[str]] = {
    "lead": frozenset(("stage", "score", "owner", "fields", "notes")),
    "message": frozenset(("text", "media", "type", "time", "chat", "from")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What exists outside the files."""

    env: Collection[str] = ()
    intents: Collection[str] | None = None
    actions: Collection[str] | None = None


def check(gathered: Gathered, sources: Mapping[str, Source], world: World) -> list[Problem]:
    """Return what is wrong between the files."""
    teller = _Teller(sources)
    _duplicates(gathered, teller)
    for reference in gathered.references:
        _reference(reference, gathered, world, teller)
    for scope in gathered.scopes:
        _scope(scope, gathered, world, teller)
    for flow in gathered.flows.values():
        _flow(flow, teller)
    for owner, steps in _all_steps(gathered):
        _unreachable(owner, steps, teller)
    _cycles(gathered, teller)
    return teller.problems


class _Teller:
    """Collects problems with the source line of their place."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self.problems: list[Problem] = []

    def tell(self, place: Place, code: str, message: str, help: str = "") -> None:  # noqa: A002
        source = self._sources.get(place.file)
        line = source.line(place.line) if source else ""
        self.problems.append(Problem(
            file=place.file, line=place.line, column=place.column, code=code, message=message,
            help=help, source_line=line,
        ))  # fmt: skip


def _duplicates(gathered: Gathered, teller: _Teller) -> None:
    seen: dict[str, Place] = {}
    for rule in gathered.rules:
        if rule.id and rule.id in seen:
            first = seen[rule.id]
            teller.tell(rule.place, "E203", f"two rules have the id '{rule.id}' (the other:"
                        f" {first.file}:{first.line})", "give one of them another id")  # fmt: skip
        seen.setdefault(rule.id, rule.place)


def _reference(found: Reference, gathered: Gathered, world: World, teller: _Teller) -> None:
    code, known = _known(found, gathered, world)
    if known is None or found.name in known or "$(" in found.name:
        return
    near = did_you_mean(found.name, known)
    hint = f"did you mean '{near}'?" if near else f"known: {', '.join(sorted(known)) or 'none'}"
    teller.tell(found.place, code, f"there is no {found.kind} '{found.name}'", hint)


def _known(
    found: Reference, gathered: Gathered, world: World
) -> tuple[str, Collection[str] | None]:
    flow = gathered.flows.get(found.scope.removeprefix("flow:"))
    match found.kind:
        case "flow":
            return "E204", gathered.flows.keys()
        case "reply":
            return "E205", gathered.replies.keys()
        case "slot":
            return "E201", flow.slots.keys() if flow else ()
        case "step":
            return "E202", _paths_of(found, gathered)
        case "hours":
            return "E210", gathered.hours.keys()
        case "team":
            return "E210", gathered.teams.keys() | {"phone"}
        case "intent":
            return "W305", world.intents
        case "action":
            return "E210", world.actions
        case _:
            return "E210", None


def _paths_of(found: Reference, gathered: Gathered) -> set[str]:
    owner = found.scope.removeprefix("flow:").removeprefix("rule:")
    if found.scope.startswith("flow:") and owner in gathered.flows:
        return {step.path for step in every_step(_flow_steps(gathered.flows[owner]))}
    rules = (rule for rule in gathered.rules if rule.id == owner)
    return {step.path for rule in rules for step in every_step(rule.steps)}


def _flow_steps(flow: Flow) -> tuple[a.Step, ...]:
    return (*flow.steps, *(step for steps in flow.on.values() for step in steps))


def _scope(scope: Scope, gathered: Gathered, world: World, teller: _Teller) -> None:
    shared = scope.owner == "file"
    known = set(GLOBALS | scope.names)
    if shared:
        for other in gathered.scopes:
            known |= other.names
    fields = CONTACT | gathered.fields.keys() | {
        name for flow in gathered.flows.values() for name, slot in flow.slots.items()
        if slot.in_contact
    }  # fmt: skip
    owned: Mapping[str, Collection[str]] = {
        **PARTS, "contact": fields, "env": world.env, "vars": gathered.variables.keys(),
    }  # fmt: skip
    for _, expression in scope.expressions:
        for name in sorted(expression.names - known):
            _unknown(name, "", known, expression.place, teller)
        for first, second in sorted(expression.paths):
            if first in owned and first not in scope.names and second not in owned[first]:
                _unknown(second, f"{first}.", owned[first], expression.place, teller)


def _unknown(name: str, before: str, known: Collection[str], place: Place, teller: _Teller) -> None:
    near = did_you_mean(name, known)
    help_ = f"did you mean '{before}{near}'?" if near else ""
    if before == "env." and not near:
        help_ = f"list {name} under env: in the config"
    teller.tell(place, "E207", f"nothing is called '{before}{name}' here", help_)


def _flow(flow: Flow, teller: _Teller) -> None:
    asked = [step for step in every_step(flow.steps) if isinstance(step, a.AskStep)]
    for step in asked:
        slot = flow.slots.get(step.slot)
        if slot is not None and slot.ask is None and step.text is None:
            teller.tell(step.place, "W306", f"'{step.slot}' has no 'ask' text",
                        "add ask: to the slot")  # fmt: skip


def _all_steps(gathered: Gathered) -> Iterator[tuple[str, tuple[a.Step, ...]]]:
    for rule in gathered.rules:
        yield f"rule:{rule.id}", rule.steps
    for flow in gathered.flows.values():
        yield f"flow:{flow.name}", flow.steps


def _unreachable(owner: str, steps: tuple[a.Step, ...], teller: _Teller) -> None:
    targets = {step.target for step in every_step(steps) if isinstance(step, a.GotoStep)}

    def look(block: tuple[a.Step, ...]) -> None:
        ended = False
        for step in block:
            if ended and step.path not in targets:
                teller.tell(step.place, "W303", "this step is never reached: the one before it"
                            " leaves")  # fmt: skip
                break
            ended = step.condition is None and _leaves(step, owner)
            for inner in blocks(step):
                look(inner)

    look(steps)


def _leaves(step: a.Step, owner: str) -> bool:
    match step:
        case a.GotoStep() | a.StartStep() | a.EndStep() | a.BreakStep() | a.ContinueStep():
            return True
        case a.HandoffStep(park=park):
            return owner.startswith("flow:") and not park
        case _:
            return False


def _cycles(gathered: Gathered, teller: _Teller) -> None:
    calls = {
        name: [step for step in every_step(flow.steps) if isinstance(step, a.CallStep)]
        for name, flow in gathered.flows.items()
    }

    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        for step in calls.get(start, ()):
            if step.flow == goal:
                return True
            if step.flow not in seen and reaches(step.flow, goal, seen | {step.flow}):
                return True
        return False

    for name, steps in calls.items():
        for step in steps:
            if step.flow == name or reaches(step.flow, name, {step.flow}):
                teller.tell(step.place, "E208", f"'{name}' calls itself through '{step.flow}'")


def blocks(step: a.Step) -> tuple[tuple[a.Step, ...], ...]:
    """Return the blocks of steps inside a step."""
    match step:
        case a.BranchStep(arms=arms):
            return tuple(arm.steps for arm in arms)
        case a.EachStep(steps=steps) | a.RepeatStep(steps=steps) | a.LaterStep(steps=steps):
            return (steps,)
        case a.HttpStep(on_error=error) | a.RunStep(on_error=error):
            return (error or (),)
        case a.AskStep(on_timeout=timeout, on_fail=fail):
            return (timeout or (), fail if isinstance(fail, tuple) else ())
        case _:
            return ()


def every_step(steps: tuple[a.Step, ...]) -> Iterator[a.Step]:
    """Yield all steps, those inside others too."""
    for step in steps:
        yield step
        for block in blocks(step):
            yield from every_step(block)
