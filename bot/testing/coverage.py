"""What of a rulebook the tests ran: rules, steps, branches, retries, timeouts."""

from collections.abc import Iterable, Iterator

from bot.domain.data import dataclass
from bot.domain.turns import Visit
from bot.engine.compiled import all_blocks
from bot.language import actions as a
from bot.language.blocks import every_step
from bot.language.flows import Flow, Slot
from bot.language.places import Place
from bot.language.rulebook import Rulebook
from bot.language.rules import Rule

UNFAILING = frozenset(("text", "any"))  # slot types that take any answer
COUNTED = ("rules", "steps", "branches")  # what the percentage is of
KINDS = (*COUNTED, "retries", "timeouts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that a test can visit. ``name``: what it is called in a report."""

    kind: str
    name: str
    place: Place
    visits: frozenset[Visit]  # any of these will do


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was visited, and what never."""

    parts: tuple[Part, ...]
    visits: frozenset[Visit]

    def counts(self, kind: str) -> tuple[int, int]:
        """Return how many of a kind were visited, and how many there are."""
        parts = [part for part in self.parts if part.kind == kind]
        return sum(bool(part.visits & self.visits) for part in parts), len(parts)

    @property
    def missed(self) -> tuple[Part, ...]:
        """Return what was never visited, by file and line."""
        missed = (part for part in self.parts if not part.visits & self.visits)
        return tuple(sorted(missed, key=lambda part: (part.place, part.kind)))

    @property
    def percent(self) -> float:
        """Return the share of rules, steps and branches that were visited, 0..100."""
        counts = [self.counts(kind) for kind in COUNTED]
        total = sum(all_ for _, all_ in counts)
        return 100.0 * sum(seen for seen, _ in counts) / total if total else 100.0

    @property
    def line(self) -> str:
        """Return the figures on one line."""
        said = ", ".join(f"{kind} {seen}/{all_}" for kind in KINDS
                         for seen, all_ in [self.counts(kind)] if all_)  # fmt: skip
        return f"coverage {_cut(self.percent)} % ({said or 'nothing to visit'})"


def _cut(percent: float) -> str:
    """Return a share, never rounded up: 100 means all."""
    return f"{int(percent * 10) / 10:g}"


def measure(rulebook: Rulebook, visits: Iterable[Visit]) -> Coverage:
    """Return the coverage of a rulebook."""
    return Coverage(parts=tuple(_parts(rulebook)), visits=frozenset(visits))


def _parts(rulebook: Rulebook) -> Iterator[Part]:
    for rule in rulebook.rules:
        if not rule.enabled:
            continue
        steps = list(every_step(rule.steps))
        spoken = frozenset(_visit(step.place) for step in steps)
        yield Part(kind="rules", name=f"rule {rule.id}", place=rule.place, visits=spoken)
        yield from _steps(rule, f"rule {rule.id}")
    for flow in rulebook.flows.values():
        yield from _steps(flow, f"flow {flow.name}")
        yield from _silences(flow)


def _visit(place: Place, what: str = "step") -> Visit:
    return Visit(place.file, place.line, place.column, what)


def _steps(owner: Rule | Flow, name: str) -> Iterator[Part]:
    blocks = all_blocks(owner)
    for step in (step for block in blocks for step in every_step(block)):
        said = f"{name} > {step.path}"
        yield _part("steps", said, step.place, "step")
        match step:
            case a.BranchStep(arms=arms):
                for number, _ in enumerate(arms):
                    yield _part("branches", f"{said} way {number + 1}", step.place, f"arm {number}")
            case a.AskStep(slot=slot) if isinstance(owner, Flow) and slot in owner.slots:
                yield from _question(step, owner.slots[slot], said)
            case _:
                pass


def _part(kind: str, name: str, place: Place, what: str) -> Part:
    return Part(kind=kind, name=name, place=place, visits=frozenset([_visit(place, what)]))


def _question(step: a.AskStep, slot: Slot, name: str) -> Iterator[Part]:
    can_fail = slot.type not in UNFAILING or slot.regex is not None or slot.valid
    if can_fail:
        yield _part("retries", f"{name} wrong answer", step.place, "retry")
    if step.timeout is not None:
        yield _part("timeouts", f"{name} timeout", step.place, "timeout")


def _silences(flow: Flow) -> Iterator[Part]:
    if flow.remind is not None:
        yield _part("timeouts", f"flow {flow.name} remind", flow.place, "remind")
    if "timeout" in flow.on:
        yield _part("timeouts", f"flow {flow.name} expiry", flow.place, "timeout")
