"""Puts questions: their words, their timers, and what follows when nobody answers them well."""

from typing import Any

from bot.domain.effects import StartTimer
from bot.domain.values import Value
from bot.engine.choices import choices_of
from bot.engine.compiled import locate
from bot.engine.draft import Draft
from bot.engine.filling import UNCHECKED, first_refusal, unchecked
from bot.engine.loops import Loops
from bot.engine.members import of_frame, timer_key
from bot.engine.replies import compose
from bot.engine.reply import Reply
from bot.engine.stack import HANDOFF
from bot.engine.words import REMIND_LATE, saying
from bot.language import actions as a
from bot.language.flows import Flow, Remind, Slot
from bot.language.texts import Text


def reminder(draft: Draft, remind: Remind, left: int) -> StartTimer:
    """Return the timer of the next reminder of the flow on top.

    Args:
        left: How many more there are, that one among them.
    """
    frame = draft.frames[-1]
    timer = StartTimer(
        key=timer_key("remind", frame), kind="remind", due=draft.turn.now + remind.after,
        payload={"flow": frame.flow, "left": left}, cancel_on_reply=True, late=REMIND_LATE,
    )  # fmt: skip
    return of_frame(timer, frame)


class Asking(Loops):
    """Asks for slots. ``again``: wrong answers so far, for a question that is put again."""

    again: tuple[str, int, Text | None] | None = None

    def ask(self, step: a.AskStep) -> bool:
        """Ask for a slot, unless it is filled; True when the frame rests here."""
        draft = self.draft
        frame = draft.frames[-1]
        flow = draft.flow
        if flow is None or step.slot not in flow.slots:
            return False
        again, self.again = self.again, None
        mine = again is not None and again[0] == step.path
        filled = draft.slot_value(frame, flow, step.slot) is not None
        if filled and not mine and not step.force:
            return self._refused(step, flow.slots[step.slot])
        if step.slot in draft.skipped and not mine and not step.force:
            return False
        used, text = (again[1], again[2]) if again is not None and mine else (0, None)
        draft.top(step=step.path, retries=used, awaiting="", asked_at=draft.turn.now, notes={})
        self.question(step, flow.slots[step.slot], text)
        return True

    def _refused(self, step: a.AskStep, slot: Slot) -> bool:
        """Check a value that came before its checks could be made; True when it is refused."""
        draft = self.draft
        waiting = unchecked(draft)
        if slot.name not in waiting:
            return False
        left: list[Value] = [one for one in waiting if one != slot.name]
        draft.top(saved={**draft.frames[-1].saved, UNCHECKED: left})
        refusal = first_refusal(draft, slot.valid)
        if refusal is None:
            return False
        text = refusal.otherwise or step.reask or slot.reask
        told = compose(draft, text, self.names_of(slot)) if text is not None else None
        draft.unset(slot.name)
        draft.top(step=step.path, retries=0, awaiting="", asked_at=draft.turn.now, notes={})
        self.question(step, slot, told)
        return True

    def question(self, step: a.AskStep, slot: Slot, text: Text | Reply | None = None) -> None:
        """Put the question, and count its time from now."""
        draft, by = self.draft, self.by
        draft.trace(f"{step.place} {by.replace(':', ' ', 1)} > slot {slot.name}", "asked")
        if isinstance(text, Reply):
            draft.speak(text, by)
        else:
            draft.say(text or step.text or slot.ask, by, self.names_of(slot))
        self._timers_of(step)

    def names_of(self, slot: Slot) -> dict[str, Any]:
        """Return what the texts of a slot may name beside everything else."""
        chooses = slot.type in ("choice", "list")
        return {"choices": list(choices_of(slot, self.draft)) if chooses else []}

    @property
    def by(self) -> str:
        """Return who speaks: the flow or rule on top."""
        name = self.draft.frames[-1].flow if self.draft.frames else self.draft.winner
        return name if ":" in name else f"flow:{name}"

    def _timers_of(self, step: a.AskStep) -> None:
        draft = self.draft
        flow = draft.flow
        if flow is None:
            return
        if flow.remind is not None:
            draft.effects.append(reminder(draft, flow.remind, flow.remind.times))
        if step.timeout is not None:
            payload: dict[str, Value] = {"flow": flow.name, "step": step.path}
            due = draft.turn.now + step.timeout
            frame = draft.frames[-1]
            timer = StartTimer(
                key=timer_key("ask_timeout", frame), kind="ask_timeout", due=due, payload=payload
            )
            draft.effects.append(of_frame(timer, frame))

    # ------------------------------------------------------------------ when it goes wrong

    def ask_again(self, step: a.AskStep, slot: Slot, text: Text | Reply | None) -> None:
        """Ask again after a wrong answer, or give up when all tries are used.

        Args:
            text: What is said instead of the question; None for the question itself.
        """
        draft = self.draft
        flow = draft.flow
        assert flow is not None
        retries = slot.retries if step.retries is None else step.retries
        used = draft.frames[-1].retries + 1
        if used > retries:
            draft.trace(f"{step.place} slot {slot.name}", "failed", "all tries are used")
            self.give_up(step, slot, flow)
            return
        draft.visit(step.place, "retry")
        draft.top(step=step.path, retries=used, notes={})
        self.question(step, slot, text)

    def no_match(self, step: a.AskStep, slot: Slot) -> None:
        """Do what is to be done about a message that is no answer."""
        flow = self.draft.flow
        assert flow is not None
        steps = flow.on.get("no_match")
        text = step.reask or slot.reask
        retries = slot.retries if step.retries is None else step.retries
        used = self.draft.frames[-1].retries + 1
        if not steps or used > retries:
            self.ask_again(step, slot, text)
            return
        self.draft.visit(step.place, "retry")
        self.again = (step.path, used, text)
        self.run([*locate(flow, step.path), (steps, 0)])

    def give_up(self, step: a.AskStep, slot: Slot, flow: Flow) -> None:
        """Do what is to be done when all tries for a slot are used."""
        draft = self.draft
        what = step.on_fail or slot.on_fail
        draft.visit(step.place, "failed")
        match what:
            case "skip":
                self.go_on(flow, step.path)
            case "cancel":
                self.cancel()
            case "default":
                frame = draft.frames[-1]
                value = draft.value(slot.default)
                draft.top(slots={**frame.slots, slot.name: value})
                self.go_on(flow, step.path)
            case tuple():
                draft.top(retries=draft.frames[-1].retries + 1)  # for those who say `chat.tries`
                self.run_aside(flow, step.path, what)
            case _:
                draft.send(saying("handoff", draft.language), f"flow:{flow.name}")
                self.drop(0)
                self.hand_off("", f"could not read {slot.name}", "", HANDOFF)

    def cancel(self) -> None:
        """Cancel the open flow and what called it, with what its author wants said."""
        draft = self.draft
        flow = draft.flow
        if flow is None:
            return
        root = self.root(len(draft.frames) - 1)
        if flow.cancels == "this" and len(draft.frames) - 1 > root:
            self._cancel_this(flow)
            return
        while len(draft.frames) - 1 > root and "cancel" not in flow.on:
            self.drop(len(draft.frames) - 1, "cancelled")
            flow = draft.flow or flow
        steps = flow.on.get("cancel")
        if steps:
            draft.top(called=False)
            if len(draft.frames) - 1 > root:
                frame = draft.frames.pop()
                self.drop(root, "cancelled")
                draft.frames.append(frame)
            self.run_last(steps, "cancelled")
            return
        by = self.by
        self.drop(root, "cancelled")
        self._say_cancelled(by)

    def _cancel_this(self, flow: Flow) -> None:
        """Cancel a called flow alone; what called it goes on with nothing."""
        steps = flow.on.get("cancel")
        if not steps:
            self._say_cancelled(self.by)
        self.run_last(steps or (), "cancelled")

    def _say_cancelled(self, by: str) -> None:
        draft = self.draft
        owned = draft.compiled.rulebook.cancel
        if owned is not None and owned.reply is not None:
            draft.say(owned.reply, by)
        else:
            draft.send(saying("cancelled", draft.language), by)
