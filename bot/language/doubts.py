"""What is allowed and hardly meant: steps never reached, slots never used, languages missing."""

import re
from collections.abc import Collection, Iterator, Mapping

from bot.language import actions as a
from bot.language import triggers as t
from bot.language.blocks import blocks, every_step, flow_blocks
from bot.language.cancel_words import CANCEL
from bot.language.desk import Reference, Scope
from bot.language.filled import given_to, names_of
from bot.language.fitting_all import tell_fitting_all
from bot.language.flows import Flow, Slot
from bot.language.folding import fold, fold_keyword
from bot.language.optout_words import STOP
from bot.language.patterns import Pattern
from bot.language.rules import Rule
from bot.language.sections import Gathered
from bot.language.source import Teller
from bot.language.templates import Template
from bot.language.texts import Text
from bot.language.unfilled import tell_unfilled

Block = tuple[a.Step, ...]


def tell_doubts(gathered: Gathered, languages: Collection[str], teller: Teller) -> None:
    """Tell W303, W304, W306, W307, W308, W312, W313, W314, W316, W317 and W318."""
    for rule in gathered.rules:
        _told_by_each_chat(rule, teller)
        _unreachable((rule.steps,), teller, ends_at_handoff=False)
    for flow in gathered.flows.values():
        _unreachable(flow_blocks(flow), teller, ends_at_handoff=True)
        _silent_asks(flow, teller)
        _hidden_slots(flow, teller)
        _empty_spans(flow, teller)
    for campaign in gathered.campaigns.values():
        _unreachable(tuple(one.steps for one in campaign.rules), teller, ends_at_handoff=False)
    _dead_slots(gathered, teller)
    tell_unfilled(gathered, teller)
    tell_fitting_all(gathered, teller)
    _replaced_words(gathered, teller)
    _stopping_words(gathered, teller)
    _cancelling_words(gathered, teller)
    for reference in gathered.references:
        if reference.kind == "languages":
            _languages(reference, languages, teller)


# ---------------------------------------------------------------------- W303


def _unreachable(whole: tuple[Block, ...], teller: Teller, *, ends_at_handoff: bool) -> None:
    def is_target(step: a.Step) -> bool:
        targets = {
            one.target for block in whole for one in every_step(block)
            if isinstance(one, a.GotoStep)
        }  # fmt: skip
        return any(inner.path in targets for inner in every_step((step,)))

    def look(block: Block) -> None:
        left = ""
        for step in block:
            if left and not is_target(step):
                teller.tell(step.place, "W303", "this step is never reached: the one before it"
                            f" leaves with '{left}'", "remove it, or give it an 'id' that a"
                            " 'goto' leads to")  # fmt: skip
                break
            left = _leaves(step, ends_at_handoff)
            for inner in blocks(step):
                look(inner)

    for block in whole:
        look(block)


def _leaves(step: a.Step, ends_at_handoff: bool) -> str:
    """Return the verb by which a step always leaves its block, "" when it may go on."""
    if step.condition is not None:
        return ""
    match step:
        case a.GotoStep():
            return "goto"
        case a.StartStep():
            return "start"
        case a.EndStep():
            return "end"
        case a.BreakStep():
            return "break"
        case a.ContinueStep():
            return "continue"
        case a.HandoffStep(park=park, is_over=False):
            return "handoff" if ends_at_handoff and not park else ""
        case a.BranchStep(arms=arms) if any(arm.condition is None for arm in arms):
            ways = [_leaves_within(arm.steps, ends_at_handoff) for arm in arms]
            return ways[-1] if all(ways) else ""
        case _:
            return ""


def _leaves_within(block: Block, ends_at_handoff: bool) -> str:
    return next((left for step in block if (left := _leaves(step, ends_at_handoff))), "")


# ---------------------------------------------------------------------- W306, W307


def _silent_asks(flow: Flow, teller: Teller) -> None:
    for block in flow_blocks(flow):
        for step in every_step(block):
            slot = flow.slots.get(step.slot) if isinstance(step, a.AskStep) else None
            if isinstance(step, a.AskStep) and slot and slot.ask is None and step.text is None:
                teller.tell(step.place, "W306", f"'{step.slot}' has no 'ask' text",
                            "add ask: to the slot")  # fmt: skip


def _hidden_slots(flow: Flow, teller: Teller) -> None:
    """Tell loops whose item takes the place of a slot's answer."""
    for block in flow_blocks(flow):
        for step in every_step(block):
            if isinstance(step, a.EachStep) and step.name in flow.slots:
                teller.tell(step.place, "W312", f"each item takes the place of the slot"
                            f" '{step.name}'", "name it otherwise:  as: thing")  # fmt: skip


def _empty_spans(flow: Flow, teller: Teller) -> None:
    """Tell slots that no number fits."""
    for slot in flow.slots.values():
        least, most = (_number(one) for one in (slot.least, slot.most))
        if least is not None and most is not None and least > most:
            teller.tell(slot.place, "W313", f"no answer fits '{slot.name}': its 'min' is above its"
                        " 'max'", "exchange them")  # fmt: skip


def _number(bound: Template | None) -> float | None:
    """Return a bound that is written as a number."""
    plain = bound.plain if bound is not None and bound.is_plain else ""
    return float(plain) if re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", plain) else None


def _dead_slots(gathered: Gathered, teller: Teller) -> None:
    if not any(flow.slots for flow in gathered.flows.values()):
        return
    scopes = {scope.owner: scope for scope in gathered.scopes}
    kept = {
        path[1] for scope in gathered.scopes for one in scope.expressions
        for path in one.paths if path[0] == "contact"
    }  # fmt: skip
    given = given_to(gathered)
    for flow in gathered.flows.values():
        used = set(_used(flow, scopes.get(f"flow:{flow.name}"))) | given.get(flow.name, set())
        for slot in flow.slots.values():
            if slot.name not in used and not _is_filled_by_itself(slot, kept):
                teller.tell(slot.place, "W307", f"the slot '{slot.name}' is never asked, set or"
                            " used", f"add '- ask: {slot.name}', or remove it")  # fmt: skip


def _is_filled_by_itself(slot: Slot, kept: Collection[str]) -> bool:
    return slot.prefill or bool(slot.entity) or (slot.in_contact and slot.name in kept)


def _used(flow: Flow, scope: Scope | None) -> Iterator[str]:
    for trigger in flow.triggers:
        yield from t.captured_by(trigger)
    for block in flow_blocks(flow):
        for step in every_step(block):
            yield from names_of(step)
    for expression in scope.expressions if scope else ():
        yield from expression.names


# ---------------------------------------------------------------------- W308


def _replaced_words(gathered: Gathered, teller: Teller) -> None:
    if not gathered.substitutions:
        return
    whats: tuple[Rule | Flow, ...] = (*gathered.rules, *gathered.flows.values())
    for trigger in (trigger for what in whats for trigger in what.triggers):
        if isinstance(trigger, t.PatternTrigger):
            for pattern in trigger.patterns:
                _replaced(pattern, gathered.substitutions, teller)


def _replaced(pattern: Pattern, substitutions: Mapping[str, str], teller: Teller) -> None:
    for word in pattern.words():
        meant = substitutions.get(word)
        if meant is not None and word not in fold(meant).words:
            teller.tell(pattern.place, "W308", f"'{word}' is never seen here: before matching,"
                        f" substitutions reads it as '{meant}'",
                        f"write '{meant}' in the pattern" if meant else "leave it out")  # fmt: skip


# ---------------------------------------------------------------------- W314


def _stopping_words(gathered: Gathered, teller: Teller) -> None:
    """Tell words that never come here, since who writes them gets no more messages."""
    own = gathered.stop.words if gathered.stop is not None else ()
    stop = {fold(word).text for word in own or STOP}
    whats: tuple[Rule | Flow, ...] = (*gathered.rules, *gathered.flows.values())
    heard = [
        (one.words, one.place) for one in (gathered.cancel, gathered.back) if one is not None
    ] + [
        (trigger.words, trigger.place) for what in whats for trigger in what.triggers
        if isinstance(trigger, t.Keyword)
    ]  # fmt: skip
    for words, place in heard:
        for word in words:
            if fold_keyword(word).text in stop:
                teller.tell(place, "W314", f"'{word}' alone is never heard here: who writes it gets"
                            " no more messages", "leave it out, or name the words that do so:"
                            " optout: {stop: {words: [unsubscribe]}}")  # fmt: skip


def _cancelling_words(gathered: Gathered, teller: Teller) -> None:
    """Tell words that are meant for open questions, where they cancel the flow before."""
    own = gathered.cancel.words if gathered.cancel is not None else ()
    cancel = {fold(word).text for word in own or CANCEL}
    said = [
        (word, trigger.place) for rule in gathered.rules if rule.during_flow == "answer"
        for trigger in rule.triggers for word in _whole_messages(trigger)
    ]  # fmt: skip
    for word, place in said:
        if fold_keyword(word).text in cancel:
            teller.tell(place, "W314", f"'{word}' alone is never heard here while a question is"
                        " open: it cancels the flow", "say  during_flow: interrupt  or name other"
                        " words: cancel: {words: [forget it]}")  # fmt: skip


def _whole_messages(trigger: t.Trigger) -> tuple[str, ...]:
    match trigger:
        case t.Keyword(words=words):
            return words
        case t.PatternTrigger(patterns=patterns):
            return tuple(pattern.source for pattern in patterns)
        case _:
            return ()


# ---------------------------------------------------------------------- W304


def _languages(found: Reference, languages: Collection[str], teller: Teller) -> None:
    have = {name[:2] for name in found.name.split()}
    missing = [name for name in languages if name[:2] not in have]
    if missing:
        told = ", ".join(missing)
        teller.tell(found.place, "W304", f"the reply lacks a language: {told}",
                    f"add {missing[0]}: under lang: (languages: in the config names"
                    f" {', '.join(languages)})")  # fmt: skip


# ---------------------------------------------------------------------- W316


def _told_by_each_chat(rule: Rule, teller: Teller) -> None:
    """Tell of what a schedule says to a team in each chat, though it is the same for all."""
    if rule.conditions or not any(isinstance(one, t.Schedule) for one in rule.triggers):
        return
    for step in every_step(rule.steps):
        if isinstance(step, a.NotifyStep) and not step.condition and _is_for_all(step.text):
            teller.tell(step.place, "W316", "this is told once for each known chat: a schedule"
                        " comes round in all of them", "choose one chat by the rule's 'if', such"
                        " as  contact.number == '+5511912345678'")  # fmt: skip


def _is_for_all(text: Text) -> bool:
    names = [one.template.names for one in text.variants]
    return bool(names) and all(one <= {"today", "now", "vars", "bot"} for one in names)
