"""One message of the customer: guards, the open question or the best speaker, silent rules."""

from collections.abc import Sequence

from bot.domain.conversation import Frame
from bot.domain.data import replace
from bot.domain.messages import MessageKind
from bot.domain.understanding import BELIEVED, NOTHING_UNDERSTOOD
from bot.engine.beside import answer, beside
from bot.engine.choices import chosen_of
from bot.engine.clarifying import NOTE, take_meant
from bot.engine.compete import Candidate, fallback, possible, ranked
from bot.engine.compiled import locate
from bot.engine.draft import Draft
from bot.engine.guards import guard, is_heard, is_muted
from bot.engine.question import open_question
from bot.engine.replies import best_language
from bot.engine.schedules import schedule_timers, silence_timers
from bot.engine.silent import run_silent, silent_candidates, state_of
from bot.engine.slots import is_free
from bot.engine.speaking import join, share, speak
from bot.engine.steps import MOST_REROUTES, Runner
from bot.engine.triggers import BY_TEXT
from bot.language import actions as a
from bot.language.flows import Flow
from bot.language.rules import Rule

MOST_SENTIMENTS = 20
MEMBERS_HEARD = 5  # members of a group that may talk at once without being forgotten


def message_arrived(draft: Draft, runner: Runner, *, is_late: bool) -> None:
    """Decide about a message."""
    _listen(draft, runner)
    if guard(draft):
        return
    muted = is_muted(draft)
    silent = silent_candidates(draft)
    before = state_of(draft) if silent else None
    original = draft.text
    if is_late:
        _miss(draft, muted=muted)
        draft.trace("guard:late", "skipped", "the message is older than max_reply_age")
    elif muted:
        draft.trace("guard:handoff", "skipped", "a person has this chat")
        draft.in_handoff = True
        _speak_in_handoff(draft, runner)
        _rerouted(draft, runner)
    else:
        _speak(draft, runner)
        _rerouted(draft, runner)
    draft.hear_again(original)
    if before is not None:
        run_silent(draft, runner, silent, before)
    _silence_timers(draft)


def _miss(draft: Draft, *, muted: bool) -> None:
    """Keep what came too late to be answered, and say so once where the owner wants that."""
    notice = draft.turn.settings.missed_notice
    if notice and "missed" not in draft.contact.tags and not muted:
        draft.send(notice[best_language(draft, notice)], "guard:late")
    draft.tag("missed")


def _listen(draft: Draft, runner: Runner) -> None:
    """Take in language, tone and time of the message."""
    understanding = draft.understanding
    if understanding is not NOTHING_UNDERSTOOD:
        _note_readings(draft)
    before, language = draft.conversation, understanding.language
    if language is None or (before.language and draft.frames and _asks_for_any_text(draft)):
        language = before.language
    elif language != draft.contact.language:
        draft.contact = replace(draft.contact, language=language)
    tones = before.sentiments
    if understanding.sentiment is not None:
        tone = replace(understanding.sentiment, author=draft.author)
        tones = (*tones, tone)[-_most_sentiments(draft) :]
    draft.conversation = replace(
        before, language=language, sentiments=tones, last_message_at=draft.turn.now
    )
    draft.note_event("message.in")
    if draft.frames:
        runner.touch()


def _most_sentiments(draft: Draft) -> int:
    """Return how many tones are remembered: in a group those of several members."""
    return MOST_SENTIMENTS * (MEMBERS_HEARD if draft.author else 1)


def _note_readings(draft: Draft) -> None:
    """Note what the models read, for reports and whoever asks why; never the words themselves."""
    understanding = draft.understanding
    for best in understanding.intents[:1]:
        outcome = "read" if best.accepted else "unsure"
        draft.trace(f"intent {best.name}", outcome, f"{best.score:.2f}")
    tone = understanding.sentiment
    if tone is not None:
        draft.trace(f"sentiment {tone.label}", "read", f"{tone.score:.2f}")
    for kind, likely in understanding.appeals.items():
        if likely >= BELIEVED[kind]:
            draft.trace(f"appeal {kind}", "read", f"{likely:.2f}")


def _asks_for_any_text(draft: Draft) -> bool:
    """Tell whether the open question takes names, places and such: they are of no language."""
    flow = draft.flow
    way = locate(flow, draft.frames[-1].step) if flow is not None else []
    step = way[-1][0][way[-1][1]] if way else None
    slot = flow.slots.get(step.slot) if flow and isinstance(step, a.AskStep) else None
    return slot is not None and is_free(slot)


def _speak(draft: Draft, runner: Runner) -> None:
    """Let the best speak: the system band, the open question, or all rules and flows."""
    _menu_choice(draft)
    found = possible(draft)
    if draft.frames:
        _go_on_parked(draft, runner)
    if draft.is_spent:
        return
    question = open_question(draft, runner)
    _greet(draft, runner, found.greeting, in_flow=question is not None)
    before = list(draft.frames)
    if _speak_best(draft, runner, found.urgent):
        come_back(draft, runner, before)
    elif question is None:
        _compete(draft, runner, found.speaking)
    else:
        question.handle()
        come_back(draft, runner, before)


def _speak_in_handoff(draft: Draft, runner: Runner) -> None:
    """Let the rules speak that may although a person has the chat, and the flows they led to."""
    rules = [rule for rule in possible(draft).rules if rule.during_handoff]
    question = open_question(draft, runner) if is_heard(draft) else None
    if question is None or not is_heard(draft):
        _speak_best(draft, runner, rules)
        return
    before = list(draft.frames)
    if not _speak_best(draft, runner, [one for one in rules if one.during_flow == "interrupt"]):
        question.handle()
    come_back(draft, runner, before)


def _go_on_parked(draft: Draft, runner: Runner) -> None:
    """A handoff that parked the flow is over: the flow goes on behind it."""
    if draft.frames[-1].notes.get("parked"):
        draft.winner = f"flow:{draft.frames[-1].flow}"
        go_on_parked(draft, runner)
        draft.is_spent = True


def go_on_parked(draft: Draft, runner: Runner) -> None:
    """Go on behind the handoff at which the frame on top is parked."""
    frame = draft.frames[-1]
    draft.top(notes={})
    version = draft.compiled.version(frame.version)
    if version is None:
        runner.end(None)
    else:
        runner.go_on(version, frame.step)


def _greet(draft: Draft, runner: Runner, rules: Sequence[Rule], *, in_flow: bool) -> None:
    """Let the rules speak that leave the turn to the others."""
    if in_flow:
        rules = [rule for rule in rules if rule.during_flow != "wait"]
    for greeting in ranked(rules, draft):
        draft.trace(greeting.path, "spoke", "and leaves the turn to the others")
        speak(draft, runner, greeting)
        draft.captures = {}


def _menu_choice(draft: Draft) -> None:
    """Read a number or a place, with no question open, as the entry of the last menu."""
    if NOTE in draft.conversation.notes and take_meant(draft):
        return
    menu = draft.conversation.menu
    if not menu or draft.open_flow:
        return
    chosen = chosen_of(menu, draft.text)
    if chosen is None:
        return
    draft.hear(chosen)
    draft.conversation = replace(draft.conversation, menu=())


def _compete(draft: Draft, runner: Runner, rules: Sequence[Rule]) -> None:
    whats: list[Rule | Flow] = [*rules, *possible(draft).flows]
    if _begin_beside(draft, runner, whats) or _speak_best(draft, runner, whats):
        return
    if draft.message is not None and draft.message.kind is MessageKind.REACTION:
        return
    if not draft.compiled.fallbacks:
        return
    found = [one for one in (fallback(what, draft) for what in _fallbacks(draft)) if one]
    if found:
        _win(draft, runner, min(found, key=lambda one: one.rank), "since nothing else fits")


def _begin_beside(draft: Draft, runner: Runner, whats: Sequence[Rule | Flow]) -> bool:
    """Answer what is asked beside words that begin a flow, then begin it; False where nothing is.

    The flow's question stands at the end. Of several rules one speaks, and what wins by the whole
    message in another way has the turn alone.

    Args:
        whats: What competes for the whole message.
    """
    text, found = draft.text, beside(draft, in_flow=False)
    if found is None:
        return False
    winner = next(iter(ranked(whats, draft)), None)
    begun = _begun_by(draft, found.rest)
    names = [one.name for _, one in found.asked]
    if begun is None or winner is None or winner.name not in (begun.name, *names):
        draft.hear_again(text)
        return False
    answer(draft, runner, found.asked)
    _win(draft, runner, begun)
    return True


def _begun_by(draft: Draft, text: str) -> Candidate | None:
    """Return the flow that a part of a message begins by its words, where it wins."""
    draft.hear(text)
    found = possible(draft)
    best = next(iter(ranked([*found.speaking, *found.flows], draft)), None)
    is_begun = best is not None and isinstance(best.what, Flow) and best.hit.kind in BY_TEXT
    return best if is_begun else None


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
        if not share(found[0], loser):
            draft.trace(loser.path, "lost", f"to {found[0].name}")
    depth = len(draft.frames)
    _win(draft, runner, found[0])
    if len(draft.frames) == depth:
        join(draft, runner, found[0], found[1:])
    return True


def speak_best(draft: Draft, runner: Runner, whats: Sequence[Rule | Flow]) -> bool:
    """Let the best of these speak; False when none fits."""
    return _speak_best(draft, runner, whats)


def _win(draft: Draft, runner: Runner, winner: Candidate, why: str = "") -> None:
    draft.winner = winner.name
    draft.trace(winner.path, "won", why)
    speak(draft, runner, winner)


def come_back(draft: Draft, runner: Runner, before: Sequence[Frame]) -> None:
    """Come back to what was open below, when what stood above it has ended.

    After a rule its question is simply put again; after a flow the customer may be asked first.
    """
    depth = len(before)
    while 0 < len(draft.frames) < depth and not runner.reroutes and is_heard(draft):
        below = open_question(draft, runner)
        depth = len(draft.frames)
        if below is None or before[depth].called:
            return
        if before[depth].flow.startswith("rule:"):
            below.put_again()
        elif draft.goes_straight_on:
            below.go_on()
        else:
            below.resume()


def _rerouted(draft: Draft, runner: Runner) -> None:
    """Handle the texts that rules gave back, as if the customer had written them."""
    for _ in range(MOST_REROUTES):
        if not runner.reroutes or draft.has_stopped:
            return
        draft.hear(runner.reroutes.pop(0))
        draft.understanding = NOTHING_UNDERSTOOD
        draft.captures = {}
        (_speak_in_handoff if draft.in_handoff else _speak)(draft, runner)
    if runner.reroutes:
        draft.errors.append("a text was rerouted too often")
        runner.reroutes.clear()


def _silence_timers(draft: Draft) -> None:
    """Begin to count the silence that rules and flows wait for, and set their schedules."""
    if draft.compiled.schedules and draft.turn.conversation.version > 0:  # else set in any case
        draft.effects += schedule_timers(draft)
    if draft.compiled.silences:
        draft.effects += silence_timers(draft.compiled.silences, draft.turn.now)
