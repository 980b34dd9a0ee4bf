"""Advice on rules and flows that work: what nobody reaches, and what only the order decides."""

from collections import defaultdict
from collections.abc import Iterator

from bot.language import actions as a
from bot.language import triggers as t
from bot.language.blocks import every_step, flow_blocks
from bot.language.folding import fold
from bot.language.rules import Rule
from bot.language.sections import Gathered
from bot.language.source import Teller


def tell_advice(gathered: Gathered, teller: Teller) -> None:
    """Tell what works and is hardly meant.

    A401: a flow nobody starts; A402: a reply nobody says; A403: a shared keyword; A405: a team
    that is told and has nobody with a number; A406: a handoff that is told to nobody.
    """
    _unstarted(gathered, teller)
    _unused(gathered, teller)
    _shared_words(gathered, teller)
    _told_to_nobody(gathered, teller)


def _unstarted(gathered: Gathered, teller: Teller) -> None:
    whole = [rule.steps for rule in gathered.rules]
    whole += [block for flow in gathered.flows.values() for block in flow_blocks(flow)]
    begun = {
        step.flow for block in whole for step in every_step(block)
        if isinstance(step, a.StartStep | a.CallStep)
    }  # fmt: skip
    for flow in gathered.flows.values():
        if not flow.triggers and flow.name not in begun:
            teller.tell(flow.place, "A401", f"nothing starts the flow '{flow.name}'",
                        "give it a 'when', or start or call it from a rule")  # fmt: skip


def _unused(gathered: Gathered, teller: Teller) -> None:
    named = {one.name for one in gathered.references if one.kind == "reply"}
    for name, text in gathered.replies.items():
        if name not in named:
            teller.tell(text.place, "A402", f"nobody says the reply '{name}'",
                        f"write \"@{name}\" where it belongs, or remove it")  # fmt: skip


def _told_to_nobody(gathered: Gathered, teller: Teller) -> None:
    """Tell of notes and handoffs that reach nobody on WhatsApp; once for each team."""
    hearing = {
        name for name, team in gathered.teams.items()
        if any(any(map(str.isdecimal, one.number)) for one in team.members)
    }  # fmt: skip
    told = {*hearing}
    for step in _all_steps(gathered):
        if isinstance(step, a.NotifyStep) and step.to.is_plain:
            name = step.to.source.strip()
            if name in gathered.teams and name not in told:
                told.add(name)
                teller.tell(step.place, "A405", f"on WhatsApp nobody is told: the team '{name}' has"
                            " no member with a number", f"such as  teams: {{{name}:"
                            ' [{name: Bea, number: "+5511912345678"}]}')  # fmt: skip
        is_handoff = isinstance(step, a.HandoffStep) and not step.is_over and step.team is None
        if is_handoff and "" not in told:
            told.add("")
            teller.tell(step.place, "A406", "on WhatsApp nobody is told of this handoff: it names"
                        " no team", "handoff: {team: desk}  with"
                        ' teams: {desk: [{name: Bea, number: "+5511912345678"}]}')  # fmt: skip


def _all_steps(gathered: Gathered) -> Iterator[a.Step]:
    for rule in gathered.rules:
        yield from every_step(rule.steps)
    for flow in gathered.flows.values():
        for block in flow_blocks(flow):
            yield from every_step(block)


def _shared_words(gathered: Gathered, teller: Teller) -> None:
    """Tell of a keyword in two rules that only the order of the files decides between."""
    seen: dict[tuple[object, ...], Rule] = {}
    told: dict[str, set[str]] = defaultdict(set)
    for rule in gathered.rules:
        if not rule.enabled or rule.goes_on or rule.joins or rule.conditions:
            continue
        for trigger in rule.triggers:
            if not isinstance(trigger, t.Keyword):
                continue
            for word in trigger.words:
                key = (rule.priority, trigger.match, trigger.language, fold(word).exact)
                first = seen.setdefault(key, rule)
                if first is not rule and first.id not in told[rule.id]:
                    told[rule.id].add(first.id)
                    teller.tell(trigger.place, "A403", f"'{word}' is a keyword of '{first.id}'"
                                f" too ({first.place.file}:{first.place.line}), which stands"
                                " first and wins", "give one of them a priority")  # fmt: skip
