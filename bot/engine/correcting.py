"""The open question, and what a message corrects of what was answered before."""

from collections.abc import Sequence

from bot.engine.compete import Candidate
from bot.engine.corrections import Taken, anew, corrected
from bot.engine.draft import Draft
from bot.engine.filling import fill_from, first_refusal, heard_anywhere
from bot.engine.pending import Pending
from bot.engine.recounted import as_hour, recounted
from bot.engine.refused import forget, remember
from bot.engine.replies import compose
from bot.engine.restated import stated, to_change
from bot.engine.slots import OutOfBounds, is_free
from bot.engine.spans import COUNTS, Rest
from bot.engine.steps import Runner
from bot.engine.summed import shown
from bot.engine.triggers import BY_TEXT
from bot.engine.way import ask_of, back_to
from bot.language import actions as a
from bot.language.flows import Flow, Slot
from bot.language.templates import TemplateFailed


class Correcting(Pending):
    """What an open question does with corrections."""

    _wants_rule = False  # a rule knows the message by its words

    def __init__(self, draft: Draft, runner: Runner, flow: Flow, step: a.AskStep) -> None:
        super().__init__(draft, runner, flow, step)
        self.slot = flow.slots[step.slot]

    def _correct(self) -> bool:
        """Take an explicit correction of filled slots: a correcting word and their values."""
        draft = self.draft
        more = self._more()
        taken, rest = corrected(draft, self.flow, self.slot, alone=is_free(self.slot))
        taken = more or self._as_hour(taken)
        if not taken and self.slot.type == "yes_no" and not self._wants_rule:
            taken = anew(draft, self.flow, self.slot, shown(draft, self.flow, self.step))
        if not taken:
            return self._correct_caller() or self._correct_below()
        draft.top(retries=0)
        if self._put_right(self.flow, taken, rest):
            slots = [slot for slot, _ in taken]
            self._go_back(back_to(self.flow, slots, self.step.path))
        return True

    def _more(self) -> Taken:
        """Return the count that "one more" changes, where a confirmation shows it."""
        if self._wants_rule or self.slot.type != "yes_no":
            return []
        found = recounted(self.draft, self.flow, self.slot)
        shows = found is not None and found[0].name in shown(self.draft, self.flow, self.step)
        return [found] if found is not None and shows else []

    def _as_hour(self, taken: Taken) -> Taken:
        """Return what is corrected; a number that would be too many is an hour, where one may be.

        "Make it 7" of a table for two at six.
        """
        read = taken[0][1] if len(taken) == 1 else None
        if not isinstance(read, OutOfBounds) or taken[0][0].type not in COUNTS:
            return taken
        found = as_hour(self.draft, self.flow, self.slot, self.draft.text)
        return taken if found is None else [found]

    def _change(self, others: Sequence[Candidate]) -> bool:
        """Ask again for a slot that somebody wants to change: "I want to change the day".

        Args:
            others: Who fits the message too; who knows it by its words comes first.
        """
        draft = self.draft
        if others and any(one.hit.kind in BY_TEXT for one in others):
            return False
        slot = to_change(draft, self.flow, self.slot)
        if slot is None or ask_of(self.flow, slot) is None:
            return False
        draft.trace(f"{slot.place} slot {slot.name}", "emptied", "the customer changes it")
        draft.unset(slot.name)
        self._go_back(back_to(self.flow, [slot], self.step.path))
        return True

    def _correct_caller(self) -> bool:
        """Take a correction of what the flow holds that called this one, and leave this one."""
        draft = self.draft
        caller = draft.frames[-2] if len(draft.frames) > 1 and draft.frames[-1].called else None
        flow = None if caller is None else draft.flow_of(caller)
        if caller is None or flow is None:
            return False
        called = draft.frames.pop()
        taken, rest = corrected(draft, flow, self.slot, alone=is_free(self.slot))
        draft.frames.append(called)
        if not taken:
            return False
        self.runner.drop(len(draft.frames) - 1)
        if self._put_right(flow, taken, rest):
            slots = [slot for slot, _ in taken]
            self.runner.go_to(flow, back_to(flow, slots, caller.step) or caller.step)
        return True

    def _correct_below(self) -> bool:
        """Take what is said of a slot, by its name, of a flow that waits below this one."""
        draft = self.draft
        root = self.runner.root(len(draft.frames) - 1)
        for at in reversed(range(root)):
            above = draft.frames[at + 1 :]
            del draft.frames[at + 1 :]
            is_taken = self._correct_waiting()
            draft.frames += above
            if is_taken:
                self.runner.question(self.step, self.slot)
                return True
        return False

    def _correct_waiting(self) -> bool:
        """Correct the flow on top, which will go on from the question of what is corrected."""
        draft = self.draft
        flow = draft.flow
        before = draft.frames[-1]
        read = stated(draft, flow) if flow is not None and not before.awaiting else None
        if flow is None or read is None:
            return False
        slot, given = read
        held = draft.slot_value(before, flow, slot.name)
        self._conceal(slot)
        self.runner.fill(slot.name, given.value)
        if first_refusal(draft, slot.valid) is not None:
            self.runner.fill(slot.name, held)
            return False
        draft.trace(f"{slot.place} slot {slot.name}", "corrected", "it waits")
        draft.top(step=back_to(flow, [slot], before.step) or before.step)
        return True

    def _put_right(self, flow: Flow, taken: Taken, rest: Rest) -> bool:
        """Fill corrected slots; False where one is asked for again, since its value is refused."""
        draft = self.draft
        for slot, read in taken:
            draft.trace(f"{slot.place} slot {slot.name}", "corrected")
            self._conceal(slot)
            step = ask_of(flow, slot)
            if isinstance(read, OutOfBounds):
                draft.unset(slot.name)
                if step is not None:
                    self.runner.ask_again(step, slot, step.reask or slot.reask)
                    return False
                continue
            self.runner.fill(slot.name, read.value)
        fill_from(draft, flow, heard_anywhere(flow), rest)
        steps = [(slot, ask_of(flow, slot)) for slot, _ in taken]
        return all(step is None or self._checked(slot, step) for slot, step in steps)

    def _conceal(self, slot: Slot) -> None:
        """Keep a message from being shown that was meant for a sensitive slot, right or wrong."""
        self.draft.conceals |= slot.sensitive

    def _checked(self, slot: Slot, step: a.AskStep) -> bool:
        """Run a slot's `valid` checks; what fails empties it and says why."""
        draft = self.draft
        for check in slot.valid:
            try:
                if draft.work_out(check.expression):
                    continue
            except TemplateFailed as failure:
                draft.fail(failure)
                continue
            text = check.otherwise or step.reask or slot.reask
            draft.wrong = 1
            told = compose(draft, text, self.runner.names_of(slot)) if text is not None else None
            draft.wrong = 0
            refused = draft.slot_value(draft.frames[-1], draft.flow or self.flow, slot.name)
            draft.unset(slot.name)
            remember(draft, slot, refused)
            self.runner.ask_again(step, slot, told)
            return False
        forget(draft, slot)
        return True

    def _go_back(self, path: str | None) -> None:
        """Go on from a step; from the open question only where it is still open."""
        if path not in (None, self.step.path):
            self.runner.go_to(self.flow, path)
        else:
            self._again()
