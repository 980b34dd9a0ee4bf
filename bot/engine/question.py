"""What a message means to the open question."""

from bot.engine.compete import Candidate, possible, possible_flows, ranked
from bot.engine.compiled import ask_of, locate
from bot.engine.draft import Draft
from bot.engine.slots import (
    CORRECTABLE,
    FREE,
    Given,
    OutOfBounds,
    Read,
    read_choice,
    read_value,
    says_no,
    says_yes,
)
from bot.engine.steps import Runner
from bot.engine.triggers import BY_TEXT
from bot.engine.words import CANCEL, CORRECTING, saying
from bot.language import actions as a
from bot.language.flows import Flow, Slot
from bot.language.folding import fold
from bot.language.rules import Rule
from bot.language.templates import TemplateFailed


class Question:
    """The open question of the flow on top, and the message that may answer it."""

    def __init__(self, draft: Draft, runner: Runner, flow: Flow, step: a.AskStep) -> None:
        self.draft = draft
        self.runner = runner
        self.flow = flow
        self.step = step
        self.slot = flow.slots[step.slot]
        self.by = f"flow:{flow.name}"

    def handle(self) -> None:
        """Let the message answer, correct, cancel or digress."""
        draft = self.draft
        draft.winner = self.by
        if self._is_cancel():
            draft.trace(self.by, "cancelled")
            self.runner.cancel()
            return
        others = self._others()
        if self.slot.type in FREE and self._correct(briefly=True):
            return
        read = None if self._yields(others) else read_value(self.slot, draft.text, draft)
        if isinstance(read, Given):
            self._fill(read)
            return
        if read is None and self._correct():
            return
        if isinstance(read, OutOfBounds):
            self._wrong()
            return
        if others:
            self._digress(others[0])
            return
        self._wrong()

    def _is_cancel(self) -> bool:
        owned = self.draft.compiled.rulebook.cancel
        words = owned.words if owned is not None and owned.words else CANCEL
        return self.draft.folded.text in {fold(word).text for word in words}

    def _others(self) -> list[Candidate]:
        """Return who could speak instead, as far as the flow lets itself be interrupted."""
        interrupt = self.step.interrupt or self.flow.interrupt
        whats: list[Rule | Flow] = [
            what for what in possible(self.draft)
            if isinstance(what, Rule) and what.during_flow == "answer" and interrupt != "never"
        ]  # fmt: skip
        if interrupt in ("allow", "ask"):
            open_flows = {frame.flow for frame in self.draft.frames}
            whats += [
                flow for flow in possible_flows(self.draft) if flow.name not in open_flows
            ]  # fmt: skip
        return ranked(whats, self.draft)

    def _yields(self, others: list[Candidate]) -> bool:
        """A free text is no answer when a rule or flow knows it by its words."""
        if self.slot.type not in FREE:
            return False
        message = self.draft.message
        if message is not None and message.location is not None:
            return False
        return any(other.hit.kind in BY_TEXT for other in others)

    # ------------------------------------------------------------------ answers

    def _fill(self, read: Given) -> None:
        self.runner.fill(self.slot.name, read.value)
        self.draft.trace(f"{self.step.place} slot {self.slot.name}", "filled")
        if self._checked(self.slot, self.step):
            self.runner.go_on(self.flow, self.step.path)

    def _checked(self, slot: Slot, step: a.AskStep) -> bool:
        """Run a slot's `valid` checks; what fails empties it and says why."""
        draft = self.draft
        for check in slot.valid:
            try:
                if check.expression.evaluate(draft.names(), draft.form()):
                    continue
            except TemplateFailed as failure:
                draft.fail(failure)
                continue
            said = draft.words(check.otherwise)
            frame = draft.frames[-1]
            draft.top(slots={one: held for one, held in frame.slots.items() if one != slot.name})
            self._again(step, slot, said)
            return False
        return True

    def _wrong(self) -> None:
        self._again(self.step, self.slot, self.draft.words(self.step.reask or self.slot.reask, {
            "choices": list(self.slot.choices)}))  # fmt: skip

    def _again(self, step: a.AskStep, slot: Slot, said: str) -> None:
        """Ask again, or give up when all tries are used."""
        draft = self.draft
        retries = slot.retries if step.retries is None else step.retries
        used = draft.frames[-1].retries + 1
        if used > retries:
            draft.trace(f"{step.place} slot {slot.name}", "failed", "all tries are used")
            self.runner.give_up(step, slot)
            return
        draft.top(step=step.path, retries=used)
        draft.visit(step.place, "retry")
        if said:
            draft.send(said, self.by)
        else:
            draft.send(saying("reask", draft.language), self.by)
            self.runner.question(step, slot)

    # ------------------------------------------------------------------ corrections

    def _correct(self, *, briefly: bool = False) -> bool:
        """Take an explicit correction of a filled slot: a correcting word and a value.

        Args:
            briefly: The open question would take any text, so the value must be all that is said.
        """
        draft = self.draft
        rest = _after_correcting_word(draft)
        if rest is None or (briefly and len(rest.split()) > 1):
            return False
        frame = draft.frames[-1]
        for slot in self.flow.slots.values():
            filled = draft.slot_value(frame, self.flow, slot.name)
            if slot.type not in CORRECTABLE or filled is None or slot is self.slot:
                continue
            read = self._read_correction(slot, rest)
            if isinstance(read, Given) and read.value != filled:
                self._take_correction(slot, read)
                return True
        return False

    def _read_correction(self, slot: Slot, rest: str) -> Read:
        if slot.type == "choice" and slot.choices:
            found = read_choice(slot.choices, fold(rest), slot.fuzzy)
            return None if found is None or rest.strip().isdigit() else Given(found)
        return read_value(slot, rest, self.draft)

    def _take_correction(self, slot: Slot, read: Given) -> None:
        draft = self.draft
        self.runner.fill(slot.name, read.value)
        draft.trace(f"{slot.place} slot {slot.name}", "corrected")
        step = ask_of(self.flow, slot.name)
        if step is None:
            self.runner.question(self.step, self.slot)
        elif self._checked(slot, step):
            self.runner.go_to(self.flow, step.path)

    # ------------------------------------------------------------------ digressions

    def _digress(self, other: Candidate) -> None:
        """Let a rule answer, or another flow be pushed; then come back to the question."""
        draft = self.draft
        depth = len(draft.frames)
        draft.winner = other.name
        draft.trace(other.path, "won", "in the middle of a question")
        speak(draft, self.runner, other)
        if len(draft.frames) == depth and draft.frames[-1].step == self.step.path:
            self.runner.question(self.step, self.slot)

    def resume(self) -> None:
        """Come back after another flow has ended over this one."""
        draft = self.draft
        match self.flow.resume:
            case "auto":
                self.runner.question(self.step, self.slot)
            case "drop":
                self.runner.end(None)
            case _:
                draft.top(notes={**draft.frames[-1].notes, "resuming": True})
                draft.send(saying("resume", draft.language).format(self.flow.title), self.by)

    def answer_resume(self) -> bool:
        """Take the answer to "Shall we go on?"; False when the message is none."""
        draft = self.draft
        frame = draft.frames[-1]
        if not frame.notes.get("resuming"):
            return False
        notes = {name: held for name, held in frame.notes.items() if name != "resuming"}
        draft.top(notes=notes)
        draft.winner = self.by
        if says_no(draft.folded):
            self.runner.cancel()
            return True
        if says_yes(draft.folded):
            self.runner.question(self.step, self.slot)
            return True
        return False


def _after_correcting_word(draft: Draft) -> str | None:
    """Return what stands behind correcting words at the start; None when there are none."""
    words, written = draft.folded.words, draft.folded.written
    phrases = sorted((fold(one).words for one in CORRECTING), key=len, reverse=True)
    at = 0
    moved = True
    while moved:
        moved = False
        for phrase in phrases:
            if phrase and words[at : at + len(phrase)] == phrase:
                at += len(phrase)
                moved = True
                break
    return " ".join(written[at:]) if at and at < len(words) else None


def speak(draft: Draft, runner: Runner, winner: Candidate) -> None:
    """Let a candidate speak: run a rule's steps, or start a flow."""
    from dataclasses import replace

    captures = dict(winner.hit.captures)
    draft.captures = captures
    if isinstance(winner.what, Rule):
        used = (*draft.conversation.uses.get(winner.what.id, ()), draft.turn.now)[-100:]
        if winner.what.cooldown is not None or winner.what.limit is not None:
            uses = {**draft.conversation.uses, winner.what.id: used}
            draft.conversation = replace(draft.conversation, uses=uses)
        runner.run_rule(winner.what, captures)
    else:
        runner.start(winner.what, captures)


def open_question(draft: Draft, runner: Runner) -> Question | None:
    """Return the open question, None when none is; a frame whose step is gone is moved or ended."""
    while draft.frames:
        frame = draft.frames[-1]
        flow = draft.flow_of(frame)
        if flow is None:
            if frame.awaiting and draft.compiled.version(frame.version) is not None:
                return None
            draft.frames.pop()
            continue
        flow = _moved(draft, flow)
        way = locate(flow, draft.frames[-1].step)
        step = way[-1][0][way[-1][1]] if way else None
        if isinstance(step, a.AskStep) and step.slot in flow.slots:
            return Question(draft, runner, flow, step)
        if draft.frames[-1].awaiting:
            return None
        draft.frames.pop()
    return None


def _moved(draft: Draft, flow: Flow) -> Flow:
    """Return the flow's newest version where the conversation can safely move to it."""
    newest = draft.compiled.rulebook.flows.get(flow.name)
    frame = draft.frames[-1]
    if newest is None or newest.hash == frame.version or flow.on_edit == "pin":
        return flow
    way = locate(flow, frame.step)
    step = way[-1][0][way[-1][1]] if way else None
    if not isinstance(step, a.AskStep):
        return flow
    fresh = ask_of(newest, step.slot)
    old, new = flow.slots.get(step.slot), newest.slots.get(step.slot)
    if fresh is None or old is None or new is None or old.type != new.type:
        return flow
    kept = {name: value for name, value in frame.slots.items() if name in newest.slots}
    draft.top(version=newest.hash, step=fresh.path, slots=kept)
    return newest
