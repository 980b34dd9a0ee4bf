"""A rulebook made ready for deciding."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import timedelta

from bot.domain.data import dataclass
from bot.domain.understanding import Need
from bot.engine.index import Index, build_index
from bot.engine.owned import owned_by
from bot.engine.reads import needs_of
from bot.engine.reply import Reply
from bot.language import actions as a
from bot.language import triggers as t
from bot.language.blocks import blocks, every_step
from bot.language.changes import same_but_texts
from bot.language.flows import Flow
from bot.language.rulebook import LEAST_BUSY, Rulebook
from bot.language.rules import Rule
from bot.language.silence import is_silent

Version = Flow | Rule
Block = tuple[a.Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The rulebook in force, and older versions of flows that live conversations still run.

    Attributes:
        index: Finds what can fit a message.
        silent: Ids of the rules that never speak.
        fallbacks: Rules and flows that speak when nobody else did.
        silences: How long rules and flows wait for a silence.
        schedules: The schedules that rules and flows wait for, each once.
        heard: Names of events that some trigger waits for.
        needs: What of the models' readings is looked at: the language, and what some rule or flow
            asks for.
        is_guarded: Any message may say something sensitive, though nobody asked for it.
        hides: Some flow, also of an older version, has a sensitive slot.
        counts_busy: Some team gives a chat to whoever has the fewest.
        fixed: By the content of a rule that does nothing but say fixed words, what it says.
        owned: ``stop`` or ``start`` by each text that is such a word.
        longest_owned: Letters of the longest of them.
        counted: Names of events that some expression counts.
    """

    rulebook: Rulebook
    versions: Mapping[str, Version]
    older: Mapping[str, Version] = field(default_factory=dict)
    index: Index = field(default_factory=Index, compare=False)
    silent: frozenset[str] = frozenset()
    fallbacks: tuple[Rule | Flow, ...] = ()
    silences: tuple[timedelta, ...] = ()
    schedules: tuple[t.Schedule, ...] = ()
    heard: frozenset[str] = frozenset()
    needs: frozenset[Need] = frozenset()
    is_guarded: bool = False
    hides: bool = False
    counts_busy: bool = False
    fixed: Mapping[str, tuple[Reply, ...]] = field(default_factory=dict)
    owned: Mapping[str, str] = field(default_factory=dict)
    longest_owned: int = 0
    counted: frozenset[str] = frozenset()

    def version(self, digest: str) -> Version | None:
        """Return the flow or rule with that content, None when nobody keeps it."""
        return self.versions.get(digest) or self.older.get(digest)


def compile_rulebook(rulebook: Rulebook, older: Mapping[str, Version] | None = None) -> Compiled:
    """Return a rulebook ready for `decide`."""
    versions: dict[str, Version] = {rule.hash: rule for rule in rulebook.rules}
    versions.update({flow.hash: flow for flow in rulebook.flows.values()})
    versions.update({rule.hash: rule for one in rulebook.campaigns.values() for rule in one.rules})
    whats: list[Rule | Flow] = [*rulebook.rules, *rulebook.flows.values()]
    silent = frozenset(rule.id for rule in rulebook.rules if is_silent(rule))
    owned = owned_by(rulebook)
    kept = {digest: _current(one, rulebook) for digest, one in (older or {}).items()}
    return Compiled(
        rulebook=rulebook,
        versions=versions,
        older=kept,
        index=build_index(whats, rulebook.substitutions, silent),
        silent=silent,
        fallbacks=tuple(what for what in whats if _is_fallback(what)),
        silences=tuple(sorted(set(_silences(whats)))),
        schedules=schedules_of(whats),
        heard=frozenset(one.name for one in _triggers(whats) if isinstance(one, t.Event)),
        needs=needs_of(whats) | {Need.LANGUAGE},
        is_guarded=_is_guarded(rulebook, whats),
        hides=any(map(_hides, (*versions.values(), *kept.values()))),
        counts_busy=any(team.assign == LEAST_BUSY for team in rulebook.teams.values()),
        fixed={rule.hash: told for rule in rulebook.rules if rule.hash and (told := _fixed(rule))},
        owned=owned,
        longest_owned=max(map(len, owned), default=0),
        counted=rulebook.counted,
    )


def _fixed(rule: Rule) -> tuple[Reply, ...]:
    """Return what a rule says that does nothing but say fixed words, () of any other."""
    told = []
    for step in rule.steps:
        if (
            not isinstance(step, a.ReplyStep)
            or step.condition is not None
            or not step.text.is_fixed
        ):
            return ()
        told.append(Reply(text=step.text.variants[0].template.plain))
    return tuple(told)


def _is_guarded(rulebook: Rulebook, whats: Iterable[Rule | Flow]) -> bool:
    """Tell whether a sensitive slot may be filled by a message that does not answer its question.

    By a capture of its name, by what the models find in a message, or by its own `prefill`.
    """
    hidden = {
        slot.name: slot.prefill or _finds_entities(flow)
        for flow in rulebook.flows.values()
        for slot in flow.slots.values()
        if slot.sensitive
    }
    if not hidden or any(hidden.values()):
        return bool(hidden)
    return any(not hidden.keys().isdisjoint(t.captured_by(one)) for one in _triggers(whats))


def _hides(version: Version) -> bool:
    return isinstance(version, Flow) and any(one.sensitive for one in version.slots.values())


def _finds_entities(flow: Flow) -> bool:
    return any(isinstance(trigger, t.Intent) for trigger in flow.triggers)


def _current(older: Version, rulebook: Rulebook) -> Version:
    """Return the version that stands in for an older one: the newest, where only texts changed."""
    if not isinstance(older, Flow):
        return older
    newest = rulebook.flows.get(older.name)
    if newest is None or "pin" in (newest.on_edit, older.on_edit):
        return older
    return newest if same_but_texts(older, newest) else older


def _is_fallback(what: Rule | Flow) -> bool:
    return any(isinstance(trigger, t.Fallback) for trigger in what.triggers)


def _triggers(whats: Iterable[Rule | Flow]) -> Iterator[t.Trigger]:
    return (trigger for what in whats for trigger in what.triggers)


def _silences(whats: Iterable[Rule | Flow]) -> Iterator[timedelta]:
    return (one.duration for one in _triggers(_able(whats)) if isinstance(one, t.Silence))


def schedules_of(whats: Iterable[Rule | Flow]) -> tuple[t.Schedule, ...]:
    """Return the schedules that rules and flows wait for, each once."""
    found = (one for one in _triggers(_able(whats)) if isinstance(one, t.Schedule))
    return tuple({schedule.line: schedule for schedule in found}.values())


def _able(whats: Iterable[Rule | Flow]) -> Iterator[Rule | Flow]:
    return (what for what in whats if not isinstance(what, Rule) or what.enabled)


def all_blocks(version: Version) -> tuple[Block, ...]:
    """Return the top blocks of a flow or rule: its steps, and those of its ``on``."""
    if isinstance(version, Rule):
        return (version.steps,)
    fails = tuple(
        slot.on_fail for slot in version.slots.values() if isinstance(slot.on_fail, tuple)
    )
    return (version.steps, *version.on.values(), *fails)


def locate(version: Version, path: str) -> list[tuple[Block, int]]:
    """Return the way to a step, [] if there is none.

    Each block from the outermost, with the index of what comes next in it: behind the step that
    holds the inner block, and in the last block the step itself.
    """
    way = _locate(version.steps, path)
    if way:
        return way
    for block in all_blocks(version)[1:]:
        way = _locate(block, path)
        if way:
            return way
    return []


def _locate(block: Block, path: str) -> list[tuple[Block, int]]:
    for index, step in enumerate(block):
        if step.path == path:
            return [(block, index)]
    for index, step in enumerate(block):
        for inner in blocks(step):
            way = _locate(inner, path)
            if way:
                return [(block, index + 1), *way]
    return []


def ask_of(version: Version, slot: str) -> a.AskStep | None:
    """Return the first step that asks for a slot."""
    for block in all_blocks(version):
        for step in every_step(block):
            if isinstance(step, a.AskStep) and step.slot == slot:
                return step
    return None
