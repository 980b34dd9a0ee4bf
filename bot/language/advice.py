"""Advice on rules and flows that work: what nobody reaches, and what only the order decides."""

from collections import defaultdict

from bot.language import actions as a
from bot.language import triggers as t
from bot.language.blocks import every_step
from bot.language.doubts import flow_blocks
from bot.language.folding import fold
from bot.language.rules import Rule
from bot.language.sections import Gathered
from bot.language.source import Teller


def tell_advice(gathered: Gathered, teller: Teller) -> None:
    """Tell A401 (a flow nobody starts), A402 (a reply nobody uses), A403 (a shared keyword)."""
    _unstarted(gathered, teller)
    _unused(gathered, teller)
    _shared_words(gathered, teller)


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
