"""What follows from a turn. Pure: the same turn under the same rulebook decides the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from bot.domain.contacts import Consent
from bot.domain.conversation import Handoff
from bot.domain.effects import CancelTimer, Send, StartTimer
from bot.domain.messages import MessageKind
from bot.domain.outgoing import Why
from bot.domain.turns import (
    CallAnswered,
    Commanded,
    Decision,
    EventRaised,
    HumanReplied,
    MessageArrived,
    TimerFired,
    Turn,
)
from bot.domain.understanding import Need
from bot.domain.values import Value
from bot.engine.compete import (
    Candidate,
    fallback,
    possible_flows,
    possible_rules,
    ranked,
)
from bot.engine.compiled import Compiled, locate
from bot.engine.conditions import holds
from bot.engine.draft import Draft
from bot.engine.question import open_question, speak
from bot.engine.slots import FREE
from bot.engine.steps import HANDOFF, MOST_REROUTES, Runner
from bot.engine.words import START, STOP, saying
from bot.language import actions as a
from bot.language.flows import Flow
from bot.language.folding import fold
from bot.language.places import NOWHERE
from bot.language.rulebook import Words
from bot.language.rules import Rule

MOST_SENTIMENTS = 20


def needs(turn: Turn, compiled: Compiled) -> frozenset[Need]:
    """Return which readings of the models this turn would look at."""
    if not isinstance(turn.event, MessageArrived) or turn.event.is_late:
        return frozenset()
    folded = fold(turn.event.message.text)
    if not folded.words or _owned_word(folded.text, compiled) is not None:
        return frozenset()
    return compiled.needs | {Need.LANGUAGE}


def decide(turn: Turn, compiled: Compiled) -> Decision:
    """Return what follows from a turn."""
    draft = Draft(turn, compiled)
    runner = Runner(draft)
    match turn.event:
        case MessageArrived(is_late=is_late):
            _message(draft, runner, is_late=is_late)
        case HumanReplied():
            _human(draft)
        case TimerFired():
            _timer(draft, runner, turn.event)
        case CallAnswered():
            _answered(draft, runner, turn.event)
        case EventRaised():
            _event(draft, runner)
        case Commanded(command=command, argument=argument):
            _commanded(draft, runner, command, argument)
    return draft.finish()


# ---------------------------------------------------------------------- messages


def _message(draft: Draft, runner: Runner, *, is_late: bool) -> None:
    _listen(draft)
    if _guard(draft):
        return
    before = draft.contact, draft.lead
    if is_late:
        _miss(draft)
        draft.trace("guard:late", "skipped", "the message is older than max_reply_age")
    elif _is_muted(draft):
        draft.trace("guard:handoff", "skipped", "a person has this chat")
        _speak_best(draft, runner, [rule for rule in possible_rules(draft) if rule.during_handoff])
    else:
        _speak(draft, runner)
    _silent(draft, runner, before)
    _silence_timers(draft)


def _miss(draft: Draft) -> None:
    """Keep what came too late to be answered, and say so once where the owner wants that."""
    notice = draft.turn.settings.missed_notice
    told = notice.get(draft.language) or next(iter(notice.values()), "")
    if told and "missed" not in draft.contact.tags and not _is_muted(draft):
        draft.send(told, "guard:late")
    draft.tag("missed")


def _listen(draft: Draft) -> None:
    """Take in language, tone and time of the message."""
    understanding = draft.turn.understanding
    conversation = draft.conversation
    language = understanding.language
    if language is not None and not (draft.conversation.language and _asks_for_any_text(draft)):
        conversation = replace(conversation, language=language)
        draft.contact = replace(draft.contact, language=language)
    if understanding.sentiment is not None:
        tones = (*conversation.sentiments, understanding.sentiment)[-MOST_SENTIMENTS:]
        conversation = replace(conversation, sentiments=tones)
    draft.conversation = replace(conversation, last_message_at=draft.turn.now)
    runner = Runner(draft)
    runner.touch()


def _asks_for_any_text(draft: Draft) -> bool:
    """Tell whether the open question takes names, places and such: they are of no language."""
    flow = draft.flow
    way = locate(flow, draft.frames[-1].step) if flow is not None else []
    step = way[-1][0][way[-1][1]] if way else None
    slot = flow.slots.get(step.slot) if flow and isinstance(step, a.AskStep) else None
    return slot is not None and slot.type in FREE


@lru_cache(maxsize=64)
def _texts(words: tuple[str, ...]) -> frozenset[str]:
    """Return words as messages are compared with them."""
    return frozenset(fold(word).text for word in words)


def _owned_word(text: str, compiled: Compiled) -> str | None:
    """Return ``stop`` or ``start`` when the whole text is such a word."""
    rulebook = compiled.rulebook
    for name, section, known in (("stop", rulebook.stop, STOP), ("start", rulebook.start, START)):
        words = section.words if section is not None and section.words else known
        if text and text in _texts(words):
            return name
    return None


def _guard(draft: Draft) -> bool:
    """Handle what never reaches the rules; True when the turn ends here."""
    message = draft.message
    assert message is not None
    if message.chat.startswith("status@") or message.chat.endswith("@newsletter"):
        draft.trace("guard:status", "skipped")
        return True
    bare = "".join(sign for sign in draft.text if sign.isalnum() or sign.isspace() or sign in "'-")
    word = _owned_word(fold(bare).text, draft.compiled)
    if word is None or message.is_group:
        return False
    rulebook = draft.compiled.rulebook
    section: Words | None = rulebook.stop if word == "stop" else rulebook.start
    consent = Consent.WITHDRAWN if word == "stop" else Consent.GIVEN
    if word == "start" and draft.contact.consent is not Consent.WITHDRAWN:
        return False
    again = draft.contact.consent is consent
    draft.contact = replace(draft.contact, consent=consent)
    draft.winner = f"guard:opt{'out' if word == 'stop' else 'in'}"
    if not again:
        draft.raise_event("consent.changed", {"consent": consent.value})
    said = draft.words(section.reply if section else None) or saying(
        "stopped" if word == "stop" else "started", draft.language
    )
    draft.effects.append(Send(text=said, why=Why.CONSENT, by=draft.winner))
    for frame in draft.frames:
        draft.effects.append(CancelTimer(key=f"remind:{frame.flow}"))
    return True


def _is_muted(draft: Draft) -> bool:
    handoff = draft.conversation.handoff
    if handoff is None:
        return False
    if handoff.until > draft.turn.now:
        return True
    draft.conversation = replace(draft.conversation, handoff=None)
    draft.raise_event("handoff.ended", {"team": handoff.team})
    return False


def _speak(draft: Draft, runner: Runner, depth: int = 0) -> None:
    """Let the best speak: the system band, the open question, or all rules and flows."""
    _menu_choice(draft)
    question = open_question(draft, runner)
    if question is not None:
        rules = possible_rules(draft)
        band = [one for one in rules if one.during_flow == "interrupt" and not one.goes_on]
        if not _speak_best(draft, runner, band):
            depth_before = len(draft.frames)
            if not question.answer_resume():
                question.handle()
            if 0 < len(draft.frames) < depth_before:
                _resume(draft, runner)
    else:
        _compete(draft, runner)
    _rerouted(draft, runner, depth)


def _menu_choice(draft: Draft) -> None:
    """Read a bare number, with no question open, as the entry of the last menu."""
    menu = draft.conversation.menu
    text = draft.text.strip().rstrip(".)")
    if draft.frames or not menu or not text.isdigit() or not 0 < int(text) <= len(menu):
        return
    draft.text = menu[int(text) - 1]
    draft.folded = fold(draft.text, draft.compiled.rulebook.substitutions)
    draft.conversation = replace(draft.conversation, menu=())


def _compete(draft: Draft, runner: Runner) -> None:
    rules = possible_rules(draft)
    for greeting in ranked([rule for rule in rules if rule.goes_on], draft):
        draft.trace(greeting.path, "spoke", "and leaves the turn to the others")
        speak(draft, runner, greeting)
        draft.captures = {}
    flows = possible_flows(draft)
    if _speak_best(draft, runner, [*[r for r in rules if not r.goes_on], *flows]):
        return
    if (
        not draft.text.strip()
        and draft.message is not None
        and (draft.message.kind is MessageKind.REACTION)
    ):
        return
    found = [one for one in (fallback(what, draft) for what in _fallbacks(draft)) if one]
    if found:
        _win(draft, runner, min(found, key=lambda one: one.rank))


def _fallbacks(draft: Draft) -> list[Rule | Flow]:
    compiled = draft.compiled
    return [
        what for what in compiled.fallbacks
        if (what.id not in compiled.silent if isinstance(what, Rule) else not what.private)
    ]  # fmt: skip


def _speak_best(draft: Draft, runner: Runner, whats: Sequence[Rule | Flow]) -> bool:
    found = ranked(whats, draft)
    if not found:
        return False
    for loser in found[1:]:
        draft.trace(loser.path, "lost", f"to {found[0].name}")
    _win(draft, runner, found[0])
    return True


def _win(draft: Draft, runner: Runner, winner: Candidate) -> None:
    draft.winner = winner.name
    draft.trace(winner.path, "won")
    speak(draft, runner, winner)


def _resume(draft: Draft, runner: Runner) -> None:
    """A flow ended over another one: come back to what was open below."""
    below = open_question(draft, runner)
    if below is not None and not draft.frames[-1].awaiting:
        below.resume()


def _rerouted(draft: Draft, runner: Runner, depth: int) -> None:
    reroute = runner.reroute
    if reroute is None:
        return
    runner.reroute = None
    if depth >= MOST_REROUTES:
        draft.errors.append("a text was rerouted too often")
        return
    draft.text = reroute.text
    draft.folded = fold(draft.text, draft.compiled.rulebook.substitutions)
    _speak(draft, runner, depth + 1)


def _silent(draft: Draft, runner: Runner, before: tuple[object, object]) -> None:
    """Run the silent rules, whatever else happened."""
    del before
    frames = draft.frames
    for found in ranked(possible_rules(draft, silent=True), draft):
        kept, winner = [*frames], draft.winner
        draft.trace(found.path, "silent")
        speak(draft, runner, found)
        draft.captures = {}
        draft.winner = winner
        if len(frames) > len(kept):
            frames[:] = [*frames[len(kept) :], *kept] if kept else frames


def _silence_timers(draft: Draft) -> None:
    """Begin to count the silence that rules wait for."""
    for rule, duration in draft.compiled.silences:
        draft.effects.append(
            StartTimer(
                key=f"silence:{rule.id}",
                kind="silence",
                due=draft.turn.now + duration,
                payload={"rule": rule.id},
                cancel_on_reply=True,
            )
        )


# ---------------------------------------------------------------------- other events


def _human(draft: Draft) -> None:
    """A person wrote from the phone: the bot keeps quiet here."""
    settings = draft.turn.settings
    if draft.folded.text in {fold(text).text for text in settings.takeover_ignore}:
        draft.trace("guard:takeover", "skipped", "the text is one of takeover.ignore")
        return
    draft.winner = "guard:takeover"
    until = draft.turn.now + settings.takeover
    draft.conversation = replace(draft.conversation, handoff=Handoff(team="phone", until=until))
    for frame in draft.frames:
        for kind in ("remind", "ask_timeout"):
            draft.effects.append(CancelTimer(key=f"{kind}:{frame.flow}"))
    draft.raise_event("human.reply", {})


def _timer(draft: Draft, runner: Runner, fired: TimerFired) -> None:
    draft.why = Why.STARTED
    draft.winner = f"timer:{fired.key}"
    match fired.kind:
        case "remind":
            _remind(draft, fired)
        case "expire":
            _expire(draft, runner, str(fired.payload.get("flow")))
        case "ask_timeout":
            _ask_timeout(draft, runner, fired)
        case "wait":
            _go_on(draft, runner, fired.key, Why.ANSWER)
        case "later":
            _later(draft, runner, fired)
        case "silence":
            rules = [r for r in draft.compiled.rulebook.rules if r.id == fired.payload.get("rule")]
            for rule in rules:
                if all(holds(condition, draft) for condition in rule.conditions):
                    runner.run_rule(rule, {})
        case _:
            draft.trace(f"timer:{fired.key}", "skipped", "nobody knows this kind")


def _remind(draft: Draft, fired: TimerFired) -> None:
    flow = draft.flow
    if flow is None or flow.remind is None or flow.name != fired.payload.get("flow"):
        return
    if _is_muted(draft):
        return
    draft.visit(flow.place, "remind")
    draft.say(flow.remind.text, f"flow:{flow.name}")
    left = int(str(fired.payload.get("left", 1))) - 1
    if left > 0:
        draft.effects.append(
            StartTimer(
                key=fired.key,
                kind="remind",
                due=draft.turn.now + flow.remind.after,
                payload={"flow": flow.name, "left": left},
                cancel_on_reply=True,
                late=timedelta(hours=1),
            )
        )


def _expire(draft: Draft, runner: Runner, name: str) -> None:
    if not any(frame.flow == name for frame in draft.frames):
        return
    while draft.frames and draft.frames[-1].flow != name:
        runner.end(None)
    if not draft.frames:
        return
    flow = draft.flow
    steps = flow.on.get("timeout") if flow else None
    draft.visit(flow.place if flow else NOWHERE, "timeout")
    draft.trace(f"flow {name}", "expired")
    if steps:
        runner.run([(steps, 0)])
    else:
        runner.end(None)


def _ask_timeout(draft: Draft, runner: Runner, fired: TimerFired) -> None:
    question = open_question(draft, runner)
    if question is None or question.step.path != fired.payload.get("step"):
        return
    draft.visit(question.step.place, "timeout")
    steps = question.step.on_timeout
    if steps is None:
        runner.go_on(question.flow, question.step.path)
        return
    way = locate(question.flow, question.step.path)
    block, index = way[-1]
    runner.run([*way[:-1], (block, index + 1), (steps, 0)])


def _later(draft: Draft, runner: Runner, fired: TimerFired) -> None:
    version = draft.compiled.version(str(fired.payload.get("version")))
    if version is None:
        name = str(fired.payload.get("flow", ""))
        version = draft.compiled.rulebook.flows.get(name)
    way = locate(version, str(fired.payload.get("step"))) if version is not None else []
    step = way[-1][0][way[-1][1]] if way else None
    if version is None or not isinstance(step, a.LaterStep):
        draft.trace(fired.key, "skipped", "its step is gone from the files")
        return
    values = fired.payload.get("values")
    saved: dict[str, Value] = dict(values) if isinstance(values, dict) else {}
    draft.captures = saved
    if step.unless is not None and holds(step.unless, draft):
        draft.trace(fired.key, "skipped", "its `unless` holds")
        return
    if _is_muted(draft) or draft.contact.consent is Consent.WITHDRAWN:
        draft.trace(fired.key, "skipped", "muted, or opted out")
        return
    rule = Rule(id=f"later:{fired.key}", triggers=(), steps=step.steps, hash=version.hash)
    runner.run_rule(rule, saved)


def _answered(draft: Draft, runner: Runner, answered: CallAnswered) -> None:
    """The result of a call goes on with the steps that wait for it."""
    if not draft.frames or draft.frames[-1].awaiting != answered.key:
        draft.trace("call", "skipped", "nobody waits for it any more")
        return
    frame = draft.frames[-1]
    version = draft.compiled.version(frame.version)
    if version is None:
        version = draft.compiled.rulebook.flows.get(frame.flow)
    way = locate(version, frame.step) if version is not None else []
    step = way[-1][0][way[-1][1]] if way else None
    draft.top(awaiting="")
    if version is None or not isinstance(step, a.HttpStep | a.RunStep):
        runner.end(None)
        return
    draft.winner = frame.flow if frame.flow.startswith("rule:") else f"flow:{frame.flow}"
    depth = len(draft.frames)
    block, index = way[-1]
    behind = [*way[:-1], (block, index + 1)]
    if answered.error or answered.status >= 400:
        draft.trace(str(step.place), "failed", answered.error or f"status {answered.status}")
        runner.run([*behind, (step.on_error or (), 0)])
    else:
        _save(runner, step, answered)
        runner.run(behind)
    if 0 < len(draft.frames) < depth:
        _back_to_question(draft, runner, frame.flow)


def _back_to_question(draft: Draft, runner: Runner, ended: str) -> None:
    """After a rule that answered over a flow, put the flow's question again."""
    question = open_question(draft, runner)
    if question is None:
        return
    if ended.startswith("rule:"):
        runner.question(question.step, question.slot)
    else:
        question.resume()


def _save(runner: Runner, step: a.HttpStep | a.RunStep, answered: CallAnswered) -> None:
    if isinstance(step, a.RunStep):
        if step.save:
            runner.fill(step.save, answered.body)
        return
    for name, path in step.save.items():
        runner.fill(name, pick(answered.body, path))


def pick(value: Value, path: str) -> Value:
    """Return what a path such as ``$.items[0].id`` points to, None when nothing is there."""
    import re

    for key, index, quoted in re.findall(r"\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]", path):
        if index:
            many = isinstance(value, (list, tuple)) and int(index) < len(value)
            value = value[int(index)] if many else None  # type: ignore[index]
        else:
            value = value.get(key or quoted) if isinstance(value, dict) else None
    return value


def _go_on(draft: Draft, runner: Runner, key: str, why: Why) -> None:
    if not draft.frames or draft.frames[-1].awaiting != key:
        return
    draft.why = why
    frame = draft.frames[-1]
    version = draft.compiled.version(frame.version)
    draft.top(awaiting="")
    if version is None:
        runner.end(None)
    else:
        runner.go_on(version, frame.step)


def _event(draft: Draft, runner: Runner) -> None:
    draft.why = Why.STARTED
    silent = possible_rules(draft, silent=True)
    if not _is_muted(draft) and not draft.frames:
        _speak_best(draft, runner, [*possible_rules(draft), *possible_flows(draft)])
    for found in ranked(silent, draft):
        speak(draft, runner, found)


def _commanded(draft: Draft, runner: Runner, command: str, argument: str) -> None:
    draft.winner = f"command:{command}"
    match command:
        case "resume":
            draft.conversation = replace(draft.conversation, handoff=None)
            draft.raise_event("handoff.ended", {})
        case "handoff":
            runner.hand_off(argument, "asked for by a person", "", HANDOFF)
        case "end":
            while draft.frames:
                runner.end(None)
        case "start":
            draft.why = Why.STARTED
            flow = draft.compiled.rulebook.flows.get(argument)
            if flow is not None:
                runner.start(flow, {})
        case _:
            draft.trace(f"command:{command}", "skipped", "nobody knows this command")
