"""Small questions that stand before the open one: go on? leave it? begin anew? is that right?"""

from collections.abc import Mapping

from bot.domain.values import Value
from bot.engine.compiled import locate
from bot.engine.draft import Draft
from bot.engine.reply import Reply
from bot.engine.steps import Runner
from bot.engine.words import AGAIN, saying
from bot.engine.yes_or_no import answer_of
from bot.language import actions as a
from bot.language.flows import Flow, Slot
from bot.language.folding import fold
from bot.language.printing import show

PENDING = "pending"
"""Under this name a frame's notes keep what was asked before its own question goes on."""


class Pending:
    """Asks and takes the small questions about the flow on top."""

    slot: Slot

    def __init__(self, draft: Draft, runner: Runner, flow: Flow, step: a.AskStep) -> None:
        self.draft = draft
        self.runner = runner
        self.flow = flow
        self.step = step
        self.by = f"flow:{flow.name}"

    def ask_pending(self, kind: str, **more: Value) -> None:
        """Ask one of the small questions; the next message is its answer, if it is one."""
        draft = self.draft
        notes: dict[str, Value] = {PENDING: {"kind": kind, **more}}
        draft.top(notes=notes)
        about = self.flow.title
        named = draft.compiled.rulebook.flows.get(str(more.get("flow")))
        if kind == "reentry" and named is not None:
            about = named.title
        if kind == "confirm":
            about = show(more.get("value"), draft.form())
        said = saying(kind, draft.language).format(about)
        hidden = kind == "confirm" and self.slot.sensitive
        draft.speak(Reply(text=said, is_sensitive=hidden), self.by)

    def answer_pending(self) -> bool:
        """Take the answer to a small question; False when there is none, or no answer to it."""
        draft = self.draft
        asked = draft.frames[-1].notes.get(PENDING)
        if asked is None or not isinstance(asked, Mapping):
            return False
        draft.top(notes={})
        yes, no = self._says(asked)
        if not yes and not no:
            return False
        match asked.get("kind"):
            case "resume":
                self.go_on() if yes else self.runner.cancel()
            case "leave":
                self._leave(asked) if yes else self._again()
            case "reentry":
                self._leave(asked) if no else self._back_to(str(asked.get("flow")))
            case "confirm":
                self._confirm(asked.get("value"), yes=yes)
            case _:
                return False
        return True

    def _says(self, asked: Mapping[str, Value]) -> tuple[bool, bool]:
        """Return whether the message says yes, and whether it says no (or: start again)."""
        folded = self.draft.folded
        if asked.get("kind") == "reentry":
            again = any(f" {fold(word).text} " in f" {folded.text} " for word in AGAIN)
            if again or folded.text in ("1", "2"):
                return folded.text == "1", folded.text != "1"
        said = answer_of(self.draft.text, self.slot)
        return said is True, said is False

    def _again(self) -> None:
        """Put the question; one that was answered while it waited is passed."""
        draft = self.draft
        filled = draft.slot_value(draft.frames[-1], self.flow, self.slot.name)
        if filled is None or self.step.force:
            self.runner.question(self.step, self.slot)
        else:
            self.runner.go_on(self.flow, self.step.path)

    def go_on(self) -> None:
        """Come back to the question, after what the author wants done first."""
        steps = self.flow.on.get("resume")
        if not steps:
            self._again()
            return
        self.runner.again = (self.step.path, self.draft.frames[-1].retries, None)
        self.runner.run([*locate(self.flow, self.step.path), (steps, 0)])

    def resume(self) -> None:
        """Come back after another flow has ended over this one."""
        match self.flow.resume:
            case "auto":
                self.go_on()
            case "drop":
                self.runner.drop(self.runner.root(len(self.draft.frames) - 1))
            case _:
                self.ask_pending("resume")

    def reenter(self, flow: Flow, captures: Mapping[str, Value]) -> None:
        """A trigger of a flow that is open already fits: go on, or begin it anew."""
        match flow.reentry:
            case "resume":
                self._back_to(flow.name)
            case "restart":
                self.runner.start(flow, captures)
            case _:
                self.ask_pending("reentry", flow=flow.name, captures=dict(captures))

    def _back_to(self, name: str) -> None:
        """Drop what lies over a flow and put its question again."""
        frames = self.draft.frames
        index = next(n for n, frame in enumerate(frames) if frame.flow == name)
        if index >= self.runner.root(len(frames) - 1):  # this one, or what called it
            self.go_on()
        else:
            self.runner.drop(index + 1)
            self.draft.goes_straight_on = True

    def _leave(self, asked: Mapping[str, Value]) -> None:
        flow = self.draft.compiled.rulebook.flows.get(str(asked.get("flow")))
        captures = asked.get("captures")
        if flow is None:
            self._again()
            return
        self.draft.winner = f"flow:{flow.name}"
        self.runner.start(flow, captures if isinstance(captures, Mapping) else {})

    def _confirm(self, value: Value, *, yes: bool) -> None:
        if yes:
            self.runner.fill(self.slot.name, value)
            self.runner.go_on(self.flow, self.step.path)
        else:
            self._again()
