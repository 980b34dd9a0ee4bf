"""Reads the top-level sections of a file into one gathering of all files."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from bot.domain.leads import Decay
from bot.domain.values import Value
from bot.language.campaigns import Campaign
from bot.language.cron import WEEKDAYS
from bot.language.desk import Desk, Reference, Scope
from bot.language.flows import SLOT_TYPES, Flow, Slot
from bot.language.folding import fold
from bot.language.hours import Hours
from bot.language.leads import Owner, Qualify
from bot.language.pieces import Piece
from bot.language.read_away import read_away
from bot.language.read_campaigns import read_campaign
from bot.language.read_conditions import parse_days, parse_span, read_conditions
from bot.language.read_flows import read_flow, read_list, read_slot
from bot.language.read_leads import KEYS, read_decay, read_owners, read_qualify, read_score
from bot.language.read_rules import read_rule
from bot.language.read_slas import read_sla
from bot.language.read_texts import read_text
from bot.language.rulebook import ALL, ASSIGN, Member, Team, Variable, Words
from bot.language.rules import Rule
from bot.language.segments import ABOUT_PEOPLE, Segment, every_part
from bot.language.slas import Sla
from bot.language.source import Entry, Items, Node, Scalar, Table
from bot.language.texts import Text
from bot.language.zones import read_timezone

SECTIONS = (
    "version", "rules", "flows", "replies", "lists", "hours", "campaigns", "fields", "vars",
    "teams", "optout", "cancel", "back", "phrases", "substitutions", "segments", "leads",
    "sla", "canned",
)  # fmt: skip


@dataclass(slots=True)
class Gathered:
    """What all files say together, before it is checked across files."""

    rules: list[Rule] = field(default_factory=list)
    flows: dict[str, Flow] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    replies: dict[str, Text] = field(default_factory=dict)
    canned: dict[str, Text] = field(default_factory=dict)
    hours: dict[str, Hours] = field(default_factory=dict)
    fields: dict[str, Slot] = field(default_factory=dict)
    segments: dict[str, Segment] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    stages: tuple[str, ...] | None = None
    owners: tuple[Owner, ...] | None = None
    decay: Decay | None = None
    qualify: Qualify | None = None
    slas: dict[str, Sla] = field(default_factory=dict)
    stop: Words | None = None
    start: Words | None = None
    cancel: Words | None = None
    back: Words | None = None
    substitutions: dict[str, str] = field(default_factory=dict)
    scopes: list[Scope] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)


def read_known(desk: Desk, tree: Table) -> None:
    """Take in what patterns and choices need: lists and phrases."""
    for name, entry in _mapping(desk, tree, "phrases").items():
        desk.known.phrases[name] = desk.text(entry.value) or ""
    for name, entry in _mapping(desk, tree, "lists").items():
        desk.known.lists[name] = _list(desk, entry.value)


def _list(desk: Desk, node: Node) -> dict[str, tuple[str, ...]]:
    """Return a list's items; of a plain one with `[ ]` in it each wording is an item of its own."""
    if isinstance(node, Table):
        return read_list(desk, node)
    return dict.fromkeys(desk.synonyms(node), ())


def read_top(desk: Desk, tree: Table, into: Gathered) -> None:
    """Take in what stands before the rules in the order of sections, not of the file."""
    desk.table(tree, SECTIONS, "a file")
    _version(desk, tree)
    _shared(desk, tree, into)
    _words(desk, tree, into)
    into.references.extend(desk.references)
    into.scopes = list({id(scope): scope for scope in into.scopes}.values())


def read_pieces(desk: Desk, tree: Table) -> list[Piece]:
    """Return what `rules:` says, item by item."""
    if "rules" not in tree.entries:
        return []
    node = tree.entries["rules"].value
    if isinstance(node, Items):
        return [_piece(desk, item) for item in desk.each(node)]
    if not (isinstance(node, Scalar) and not node.text):
        desk.wrong(node, "a list of rules: begin each with '- id:'")
    return []


def _piece(desk: Desk, item: Node) -> Piece:
    before = len(desk.references)
    rule = read_rule(desk, item)
    scopes = () if rule is None else (desk.scope,)
    return Piece(rule, scopes, tuple(desk.references[before:]))


def read_rest(desk: Desk, tree: Table, into: Gathered) -> None:
    """Take in what stands behind the rules in the order of sections."""
    before = len(desk.references)
    for name, entry in _mapping(desk, tree, "flows").items():
        flow = read_flow(desk, entry)
        into.scopes.append(desk.scope)
        if flow is not None:
            into.flows[name] = flow
    for name, entry in _mapping(desk, tree, "campaigns").items():
        campaign = read_campaign(desk, entry)
        into.scopes.append(desk.scope)
        if campaign is not None:
            into.campaigns[name] = campaign
    for name, entry in _mapping(desk, tree, "segments").items():
        into.segments[name] = _segment(desk, entry)
        into.scopes.append(desk.scope)
    _leads(desk, tree, into)
    _slas(desk, tree, into)
    _canned(desk, tree, into)
    into.references.extend(desk.references[before:])
    into.scopes = list({id(scope): scope for scope in into.scopes}.values())


def _canned(desk: Desk, tree: Table, into: Gathered) -> None:
    """Take in replies that people send: there is no message and no slot to speak of."""
    for name, entry in _mapping(desk, tree, "canned").items():
        desk.scope = Scope(f"canned:{name}")
        into.scopes.append(desk.scope)
        text = read_text(desk, entry.value)
        if text is not None:
            into.canned[name] = text


def _slas(desk: Desk, tree: Table, into: Gathered) -> None:
    """Take in the promises, and as rules what is done when one is missed."""
    for entry in _mapping(desk, tree, "sla").values():
        desk.scope = Scope(f"sla:{entry.name}")
        into.scopes.append(desk.scope)
        sla, rules = read_sla(desk, entry)
        if sla is not None and sla.levels:
            into.slas[entry.name] = sla
        into.rules += [rule for rule, _ in rules]
        into.scopes += [scope for _, scope in rules]


def _leads(desk: Desk, tree: Table, into: Gathered) -> None:
    """Take in what is said of leads; ways to score are rules."""
    if not (told := _mapping(desk, tree, "leads")):
        return
    desk.table(tree.entries["leads"].value, KEYS, "leads")
    desk.scope = Scope("leads:")
    into.scopes.append(desk.scope)
    if "stages" in told:
        into.stages = desk.words(told["stages"].value)
    if "owner" in told:
        into.owners = read_owners(desk, told["owner"].value)
    if "decay" in told:
        into.decay = read_decay(desk, told["decay"].value)
    if "qualify" in told:
        into.qualify = read_qualify(desk, told["qualify"].value)
    for node in desk.each(told["scores"].value if "scores" in told else None):
        rule = read_score(desk, node)
        into.scopes.append(desk.scope)
        if rule is not None:
            into.rules.append(rule)


def _mapping(desk: Desk, tree: Table, section: str) -> dict[str, Entry]:
    entry = tree.entries.get(section)
    if entry is None or (isinstance(entry.value, Scalar) and not entry.value.text):
        return {}
    if not isinstance(entry.value, Table):
        desk.wrong(entry.value, f"a mapping of {section}", f"begin each with its name:  {section}:"
                   " {its_name: ...}; no '- ' and no id")  # fmt: skip
        return {}
    return entry.value.entries


def _version(desk: Desk, tree: Table) -> None:
    entry = tree.entries.get("version")
    if entry is None:
        desk.tell(tree.place, "E102", "'version' is missing", "begin the file with: version: 1")
    elif not isinstance(entry.value, Scalar) or entry.value.text != "1":
        desk.wrong(entry.value, "a version that is known here; write 1")


def _shared(desk: Desk, tree: Table, into: Gathered) -> None:
    desk.scope = Scope("file")
    into.scopes.append(desk.scope)
    desk.scope.names.add("choices")
    for name, entry in _mapping(desk, tree, "replies").items():
        text = read_text(desk, entry.value)
        if text is not None:
            into.replies[name] = text
    for name, entry in _mapping(desk, tree, "hours").items():
        into.hours[name] = _hours(desk, entry)
        away = read_away(desk, entry)
        if away is not None:
            into.rules.append(away)
            into.scopes.append(desk.scope)
            desk.scope = into.scopes[0]
    for name, entry in _mapping(desk, tree, "fields").items():
        slot = read_slot(desk, entry)
        if slot is not None:
            into.fields[name] = slot
    for name, entry in _mapping(desk, tree, "vars").items():
        into.variables[name] = _variable(desk, entry)
    for name, entry in _mapping(desk, tree, "substitutions").items():
        into.substitutions[fold(name).text] = desk.text(entry.value) or ""
    _teams(desk, tree, into)


def _segment(desk: Desk, entry: Entry) -> Segment:
    """Return who is meant."""
    desk.scope = Scope(f"segment:{entry.name}")
    conditions = read_conditions(desk, entry.value)
    for part in (part for one in conditions for part in every_part(one)):
        if not isinstance(part, ABOUT_PEOPLE):
            desk.tell(part.place, "E104", f"the segment '{entry.name}' tells people apart; this is"
                      " about a message or a moment", "leave it to a rule")  # fmt: skip
    return Segment(name=entry.name, conditions=conditions, place=entry.place)


def _variable(desk: Desk, entry: Entry) -> Variable:
    entries = desk.table(entry.value, ("type", "default", "note"), "a variable")
    value = {name: found.value for name, found in entries.items()}
    kind = desk.one_of(value["type"], "type", SLOT_TYPES) if "type" in value else "any"
    return Variable(name=entry.name, type=kind or "any", default=_plain(desk, value.get("default")))


def _plain(desk: Desk, node: Node | None) -> Value:
    """Return a value as it stands in the file: a text, a list or a mapping."""
    match node:
        case Items(nodes=nodes):
            return [_plain(desk, one) for one in nodes]
        case Table(entries=entries):
            return {name: _plain(desk, one.value) for name, one in entries.items()}
        case _:
            return desk.text(node)


def _teams(desk: Desk, tree: Table, into: Gathered) -> None:
    entry = tree.entries.get("teams")
    if entry is None:
        return
    if not isinstance(entry.value, Table):
        for name in desk.words(entry.value):
            into.teams[name] = Team(name=name)
        return
    for name, found in entry.value.entries.items():
        into.teams[name] = _team(desk, name, found.value)


def _team(desk: Desk, name: str, node: Node) -> Team:
    """Return a team: its members alone, or with who of them gets a chat."""
    if not (isinstance(node, Table) and {"members", "assign"} & node.entries.keys()):
        return Team(name=name, members=desk.all_of(node, lambda one: _member(desk, one)))
    entries = desk.table(node, ("members", "assign", "note"), "a team")
    value = {key: entry.value for key, entry in entries.items()}
    members = desk.all_of(value.get("members"), lambda one: _member(desk, one))
    assign = desk.one_of(value["assign"], "assign", ASSIGN) if "assign" in value else ALL
    if not members:
        desk.tell(node.place, "E102", f"'members' of the team '{name}' are missing")
    return Team(name=name, members=members, assign=assign or ALL)


def _member(desk: Desk, node: Node) -> Member | None:
    if isinstance(node, Scalar):
        if not any(letter.isalpha() for letter in node.text):
            desk.phone_number(node)
        return Member(name=node.text, number=node.text) if node.text else None
    keys = ("name", "number", "languages", "tags")
    entries = desk.table(node, keys, "a member of a team")
    value = {name: entry.value for name, entry in entries.items()}
    number = desk.phone_number(value.get("number"))
    return Member(
        name=desk.text(value.get("name")) or number, number=number,
        languages=desk.words(value.get("languages")), tags=desk.words(value.get("tags")),
    )  # fmt: skip


def _hours(desk: Desk, entry: Entry) -> Hours:
    entries = desk.table(entry.value, ("timezone", "days", "holidays", "away", "note"), "hours")
    value = {name: found.value for name, found in entries.items()}
    dates, countries = _holidays(desk, value.get("holidays"))
    return Hours(
        name=entry.name,
        timezone=read_timezone(desk, value.get("timezone")),
        days=_days(desk, value.get("days")),
        holidays=dates,
        countries=countries,
        place=entry.place,
    )


def _days(desk: Desk, node: Node | None) -> dict[int, tuple[tuple[int, int], ...]]:
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    if node is None or not isinstance(node, Table):
        if node is not None:
            desk.wrong(node, "a mapping of days, such as {mon-fri: 09:00-18:00}")
        return found
    for entry in node.entries.values():
        days = parse_days(entry.name)
        if days is None:
            desk.tell(entry.place, "E104", f"'{entry.name}' is not a weekday or a span of them;"
                      " write mon-fri or sat", _short(entry.name))  # fmt: skip
            continue
        spans = desk.all_of(entry.value, lambda item: _span(desk, item))
        for day in days:
            found[day] = tuple(sorted({*found.get(day, ()), *spans}))
    return found


def _short(name: str) -> str:
    """Return a hint where a weekday is written out."""
    near = next((day for day in WEEKDAYS if name.lower().startswith(day)), "")
    return f"did you mean '{near}'?" if near else ""


def _span(desk: Desk, node: Node) -> tuple[int, int] | None:
    if isinstance(node, Scalar) and node.text in ("closed", ""):
        return None
    span = parse_span(desk.text(node) or "")
    if span is None:
        desk.wrong(node, "a span of time, such as 09:00-18:00")
    return span


def _countries() -> Collection[str]:
    """Return the codes of countries whose holidays are known."""
    from holidays import list_supported_countries

    return list_supported_countries()


def _holidays(desk: Desk, node: Node | None) -> tuple[frozenset[date], tuple[str, ...]]:
    dates, countries = set(), []
    for item in desk.each(node):
        said = desk.word(item) or ""
        if re.fullmatch(r"[A-Z]{2}", said):
            if said in _countries():
                countries.append(said)
            else:
                desk.wrong(item, "a country whose holidays are known, such as BR, ES or US")
            continue
        try:
            dates.add(date.fromisoformat(said))
        except ValueError:
            desk.wrong(item, "a date such as 2026-12-25, or a country code")
    return frozenset(dates), tuple(countries)


def _words(desk: Desk, tree: Table, into: Gathered) -> None:
    optout = _mapping(desk, tree, "optout")
    if "optout" in tree.entries and optout:
        desk.table(tree.entries["optout"].value, ("stop", "start", "note"), "an optout")
    for name, entry in optout.items():
        if name in ("stop", "start"):
            words = _owned(desk, entry.value)
            into.stop, into.start = (words, into.start) if name == "stop" else (into.stop, words)
    if "cancel" in tree.entries:
        into.cancel = _owned(desk, tree.entries["cancel"].value, or_nothing=True)
    if "back" in tree.entries:
        into.back = _owned(desk, tree.entries["back"].value, or_nothing=True)


def _owned(desk: Desk, node: Node, *, or_nothing: bool = False) -> Words:
    entries = desk.table(node, ("words", "reply", "note"), "words")
    value = {name: entry.value for name, entry in entries.items()}
    words = value.get("words")
    place = node.place if words is None else words.place
    reply = value.get("reply")
    is_silent = or_nothing and isinstance(reply, Scalar) and reply.text == "none"
    said = Text(place=place) if is_silent else read_text(desk, reply)
    return Words(words=desk.words(words), reply=said, place=place)
