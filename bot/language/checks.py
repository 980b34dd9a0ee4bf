"""Checks across files: names that must exist, once all files are read."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field

from bot.domain.data import dataclass
from bot.language import actions as a
from bot.language.blocks import every_step, flow_blocks
from bot.language.desk import Reference, Scope
from bot.language.doubts import tell_doubts
from bot.language.fields import Misfit, Where, fit
from bot.language.flows import Slot
from bot.language.loanwords import END, ENDS, NAMES, OWNED
from bot.language.places import Place
from bot.language.problems import clipped, did_you_mean
from bot.language.rulebook import told_by_name
from bot.language.sections import Gathered
from bot.language.segments import named_in
from bot.language.signatures import Signature, mistakes
from bot.language.source import Teller
from bot.language.templates import Expression, Template
from bot.language.unequal import tell_unequal
from bot.language.winning import tell_losers

GLOBALS = frozenset((
    "contact", "lead", "message", "chat", "captures", "bot", "vars", "lists", "env", "now",
    "today", "choices", "optouts_rate", "failed_rate", "replies_rate", "delivered_rate",
    "none", "true", "false",
))  # fmt: skip
UNHEARD = frozenset(("message", "captures", "choices"))
"""What cannot be named where nobody wrote."""
CONTACT = frozenset((
    "name", "first_name", "number", "language", "tags", "consent", "fields", "timezone",
    "first_seen", "last_seen",
))  # fmt: skip
PARTS: Mapping[str, frozenset[str]] = {
    "lead": frozenset(("stage", "score", "owner", "fields", "notes")),
    "message": frozenset(
        (
            "text",
            "media",
            "type",
            "time",
            "chat",
            "from",
            "reaction",
            "votes",
            "quoted",
            "location",
            "contact",
            "file",
            "mentioned",
            "view_once",
        )
    ),
    "chat": frozenset(
        ("id", "group", "last_reply", "flow", "slot", "slots", "tries", "team", "member")
    ),
}
LOCAL = ("slot", "step", "kept")  # references that lead into their own flow or rule
WRITTEN_OUT = {
    "flow": "choose between flows with  branch:",
    "step": "choose between steps with  branch:",
    "slot": "choose between slots with  branch:",
}
"""Kinds of names that no expression gives, and what to do instead."""
ASKS = "only flows ask: write a flow with this slot, and in the rule  - start: its_name"
WITH_PARTS = frozenset(("any", "list", "location"))
"""Types of slots whose values have parts, or may have them."""
HOLDS = {
    "media": "it holds the file's name, else what it is; of the message itself there are"
    " message.media, message.file and message.text",
}
MOST_LISTED = 12  # known names that a message lists


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What exists outside the files.

    Attributes:
        languages: That every reply with `lang` must have.
        lists: Names of the lists of all files.
        is_whole: False where a broken file may hold what others refer to.
    """

    env: Collection[str] = ()
    intents: Collection[str] | None = None
    actions: Mapping[str, Signature] | None = None
    languages: Collection[str] = ()
    lists: Collection[str] = ()
    is_whole: bool = True


def check(gathered: Gathered, world: World, teller: Teller) -> None:
    """Tell what is wrong between the files."""
    names = _Names(gathered, world)
    _duplicates(gathered, teller)
    for reference in gathered.references:
        if world.is_whole or reference.kind in LOCAL:
            _reference(reference, names, teller)
        takes = (world.actions or {}).get(reference.name)
        if reference.kind == "action" and takes is not None:
            for mistake in mistakes(reference.name, reference.place, reference.arguments, takes):
                teller.tell(*mistake)
    for scope in gathered.scopes:
        if scope.expressions or scope.braced:
            _scope(scope, names, teller)
    _cycles(gathered, teller)
    _fields(gathered, teller)
    _circles(gathered, teller)
    tell_doubts(gathered, world.languages, teller)
    tell_unequal(gathered, teller)
    tell_losers(gathered, teller)


@dataclass(slots=True)
class _Names:
    """What may be referred to."""

    gathered: Gathered
    world: World
    steps: dict[str, set[str]] = field(default_factory=dict)  # scope's owner to its paths
    owned: dict[str, Collection[str]] = field(default_factory=dict)  # what may follow a dot
    shared: frozenset[str] = frozenset()  # names that a shared reply may use
    is_open: bool = False  # an event's data may name more

    def __post_init__(self) -> None:
        gathered = self.gathered
        in_contact = {
            name for flow in gathered.flows.values() for name, slot in flow.slots.items()
            if slot.in_contact
        }  # fmt: skip
        self.owned = {**PARTS, "env": self.world.env, "lists": self.world.lists}
        if self.world.is_whole:
            self.owned["contact"] = CONTACT | gathered.fields.keys() | in_contact
            self.owned["vars"] = gathered.variables.keys()
        self.shared = frozenset().union(*(scope.names for scope in gathered.scopes))
        self.is_open = any(scope.is_open for scope in gathered.scopes)

    def of(self, found: Reference) -> tuple[str, Collection[str] | None]:
        """Return the code and the known names for a kind of reference, None: all exist."""
        gathered, world = self.gathered, self.world
        match found.kind:
            case "flow":
                return "E204", gathered.flows.keys()
            case "reply":
                return "E205", gathered.replies.keys()
            case "slot":
                flow = gathered.flows.get(found.scope.removeprefix("flow:"))
                return "E201", flow.slots.keys() if flow else ()
            case "step":
                return "E202", self._steps_of(found.scope)
            case "intent":
                return "W305", world.intents
            case "file":
                return "W309", None
            case "kept":
                return "E207", self._names_in(found.scope)
            case "open slot":
                flows = gathered.flows.values()
                return "E201", {name for flow in flows for name in flow.slots}
            case kind:
                return "E210", self._declared(kind)

    def _declared(self, kind: str) -> Collection[str] | None:
        """Return the names of a kind that is declared in a section or outside."""
        match kind:
            case "field":
                return self.owned.get("contact")
            case "list":
                return self.world.lists
            case "hours" | "segment" | "var":
                sections: Mapping[str, Mapping[str, object]] = {
                    "hours": self.gathered.hours, "segment": self.gathered.segments,
                    "var": self.gathered.variables,
                }  # fmt: skip
                return sections[kind].keys()
            case "stage":
                return self.gathered.stages
            case "told":
                return told_by_name(self.gathered.teams.values())
            case "member":
                return {who.name for one in self.gathered.teams.values() for who in one.members}
            case "team":
                return self.gathered.teams.keys() | {"phone"}
            case "action":
                return self.world.actions
            case _:
                return None

    def _names_in(self, owner: str) -> Collection[str] | None:
        """Return what a rule or flow keeps by name, None where an event may bring more."""
        mine = [scope for scope in self.gathered.scopes if scope.owner == owner]
        is_open = not mine or any(scope.is_open for scope in mine)
        return None if is_open else set[str]().union(*(scope.names for scope in mine))

    def _steps_of(self, owner: str) -> set[str]:
        if not self.steps:
            for name, steps in _all_steps(self.gathered):
                paths = {step.path for step in every_step(steps)}
                self.steps.setdefault(name, set()).update(paths)
        return self.steps.get(owner, set())


def _duplicates(gathered: Gathered, teller: Teller) -> None:
    seen: dict[str, Place] = {}
    for rule in gathered.rules:
        if rule.id and rule.id in seen:
            first = seen[rule.id]
            teller.tell(rule.place, "E203", f"two rules have the id '{rule.id}' (the other:"
                        f" {first.file}:{first.line})", "give one of them another id")  # fmt: skip
        seen.setdefault(rule.id, rule.place)


def _reference(found: Reference, names: _Names, teller: Teller) -> None:
    code, known = names.of(found)
    if "$(" in found.name and found.kind in WRITTEN_OUT:
        teller.tell(found.place, "E104", f"the name of a {found.kind} is written out, not worked"
                    " out", WRITTEN_OUT[found.kind])  # fmt: skip
        return
    if known is None or found.name in known or "$(" in found.name:
        return
    if found.kind == "kept":
        _unkept(found, names, teller)
        return
    near = did_you_mean(found.name, known)
    hint = f"did you mean '{near}'?" if near else _listed(known)
    if found.kind == "step" and found.name.lower() in ENDS:
        hint = END
    if found.kind == "slot" and found.scope.startswith("rule:"):
        hint = ASKS
    if found.kind == "open slot" and not near and found.name in names.shared:
        hint = f"a flow keeps it: declare it there:  slots: {{{found.name}: {{type: any}}}}"
    if found.kind in ("team", "told") and not near:
        hint = f"declare it:  teams: [{clipped(found.name)}]  ({hint})"
    kind = {"told": "team", "open slot": "slot", "var": "variable"}.get(found.kind, found.kind)
    lacks = "there are no" if kind == "hours" else "there is no"
    teller.tell(found.place, code, f"{lacks} {kind} '{clipped(found.name)}'", hint)


def _unkept(found: Reference, names: _Names, teller: Teller) -> None:
    """Tell of a name that is emptied and that nothing has filled."""
    flows = names.gathered.flows.values()
    is_slot = any(found.name in flow.slots for flow in flows)
    hint = f"a slot of the open flow is  chat.slots.{found.name}" if is_slot else ""
    teller.tell(found.place, "E207", f"nothing is called '{clipped(found.name)}' here", hint)


def _listed(known: Collection[str]) -> str:
    names = sorted(name for name in known if not name[:1].isdigit())  # no places in the tree
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return f"known: {', '.join(names[:MOST_LISTED]) or 'none'}{more}"


def _scope(scope: Scope, names: _Names, teller: Teller) -> None:
    known = GLOBALS | scope.names
    if scope.owner.startswith(("campaign:", "segment:", "leads:", "canned:")):
        known -= UNHEARD - scope.names
    if scope.owner == "file":
        if not names.world.is_whole:
            return
        known |= names.shared
    for sign, name, place in scope.braced:
        meant = name if name in scope.names else OWNED.get(name, "")
        if meant:
            teller.tell(place, "W210", f"'{sign}' is not a template here", f"write $({meant})")
    is_open = scope.is_open or (scope.owner == "file" and names.is_open)
    for expression in scope.expressions:
        for name in () if is_open else sorted(expression.names - known):
            _unknown(name, "", known, expression, teller)
        for first, second in sorted(expression.paths):
            owned = names.owned.get(first)
            if owned is not None and first not in scope.names and second not in owned:
                _unknown(second, f"{first}.", owned, expression, teller)
    _plain_slots(scope, names, teller)


def _plain_slots(scope: Scope, names: _Names, teller: Teller) -> None:
    """Tell what is asked of a slot that holds one value and has no parts: `photo.name`."""
    flow = names.gathered.flows.get(scope.owner.removeprefix("flow:"))
    for expression in scope.expressions if flow is not None else ():
        for first, second in sorted(expression.paths):
            slot = flow.slots.get(first) if flow is not None else None
            if slot is not None and slot.type not in WITH_PARTS:
                teller.tell(expression.place, "W315", f"'{first}.{second}' says nothing:"
                            f" '{first}' is a {slot.type} and has no parts",
                            HOLDS.get(slot.type, f"write $({first})"))  # fmt: skip


def _unknown(
    name: str, before: str, known: Collection[str], named_in: Expression | Template, teller: Teller
) -> None:
    near = did_you_mean(name, known) if name not in NAMES or before else ""
    is_text = not before and re.search(rf"(?:[=!]=|\bin) *{name}\b", named_in.source)
    help_ = f"a text stands in quotes: '{name}'" if is_text else ""
    help_ = NAMES.get(name, help_) if not before else ""
    help_ = f"did you mean '{before}{near}'?" if near else help_
    if before == "env." and not near:
        help_ = f"list {name} under env: in the config"
    if before == "contact." and not near:
        help_ = f"declare it in a rule file:  fields: {{{clipped(name)}: {{type: text}}}}"
    told = f"nothing is called '{before}{clipped(name)}' here"
    teller.tell(named_in.place, "E207", told, help_)


def _all_steps(gathered: Gathered) -> Iterator[tuple[str, tuple[a.Step, ...]]]:
    for rule in gathered.rules:
        yield f"rule:{rule.id}", rule.steps
    for flow in gathered.flows.values():
        for block in flow_blocks(flow):
            yield f"flow:{flow.name}", block
    for campaign in gathered.campaigns.values():
        for rule in campaign.rules:
            yield f"campaign:{campaign.name}", rule.steps


def _circles(gathered: Gathered, teller: Teller) -> None:
    """Tell segments that are made of themselves."""
    parts = {name: named_in(segment) for name, segment in gathered.segments.items()}
    for name, segment in gathered.segments.items():
        seen, waiting = set[str](), list(parts[name])
        while waiting:
            part = waiting.pop()
            if part not in seen:
                seen.add(part)
                waiting += parts.get(part, ())
        if name in seen:
            teller.tell(segment.place, "E208", f"the segment '{name}' is made of itself",
                        "write out what one of them means")  # fmt: skip


def _fields(gathered: Gathered, teller: Teller) -> None:
    """Tell fields with a name that is taken, and constants that are no value of their field."""
    for name, slot in gathered.fields.items():
        if name in CONTACT:
            teller.tell(slot.place, "E104", f"every contact has '{name}' already",
                        "take another name")  # fmt: skip
        _constant(slot, slot.default, f"the default of '{name}'", teller)
    if not gathered.fields:
        return
    for _, block in _all_steps(gathered):
        for step in every_step(block):
            for name, value in step.values.items() if isinstance(step, a.SetStep) else ():
                scope, _, key = name.partition(".")
                if scope == "contact" and key in gathered.fields:
                    _constant(gathered.fields[key], value, f"'{name}'", teller)


def _constant(slot: Slot, value: object, what: str, teller: Teller) -> None:
    if not isinstance(value, Template) or not value.is_plain or value.plain in ("none", "null"):
        return
    found = fit(slot, value.plain, Where())
    if isinstance(found, Misfit):
        teller.tell(value.place, "E104", f"{what}: {found.why}", found.remedy)


def _cycles(gathered: Gathered, teller: Teller) -> None:
    calls = {
        name: [
            step
            for block in flow_blocks(flow)
            for step in every_step(block)
            if isinstance(step, a.CallStep)
        ]
        for name, flow in gathered.flows.items()
    }
    for name, steps in calls.items():
        for step in steps:
            if name in _reached(step.flow, calls):
                teller.tell(step.place, "E208", f"'{name}' calls itself through '{step.flow}'",
                            "use 'start' to hand over, or 'goto' to go back")  # fmt: skip


def _reached(start: str, calls: Mapping[str, list[a.CallStep]]) -> set[str]:
    """Return the flows that calls lead to from one, that one among them."""
    seen, waiting = {start}, [start]
    while waiting:
        for step in calls.get(waiting.pop(), ()):
            if step.flow not in seen:
                seen.add(step.flow)
                waiting.append(step.flow)
    return seen
