"""The stack of open frames, and the run from where one rests to where it rests next."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.domain.conversation import Frame, Handoff
from bot.domain.data import replace
from bot.domain.effects import CancelTimer, StartTimer
from bot.domain.values import Value
from bot.engine.compiled import Block, Version, locate
from bot.engine.conditions import holds
from bot.engine.draft import Draft
from bot.engine.filling import capture, prefill
from bot.engine.members import of_frame, timer_key
from bot.engine.owed import come_from, owes
from bot.engine.reply import Reply
from bot.engine.teams import give
from bot.language import actions as a
from bot.language.flows import Flow
from bot.language.rules import Rule

HANDOFF = timedelta(hours=12)  # how long a handoff mutes the bot unless it says otherwise
OF_A_FRAME = ("remind", "expire", "ask_timeout")  # kinds of timers

WHY = " why"
"""Under this name, which no slot can have, a frame keeps why it does its last steps."""

Way = list[tuple[Block, int]]


class Stack:
    """Pushes, runs and ends frames; the one that runs is always the top one."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.reroutes: list[str] = []

    # ------------------------------------------------------------------ beginning

    def start(
        self, flow: Flow, captures: Mapping[str, Value], *, called: bool = False,
        sensitive: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        """Push a flow and run it from its beginning; one that is open already begins anew."""
        draft = self.draft
        again = next((n for n, one in enumerate(draft.frames) if one.flow == flow.name), None)
        if again is not None and not called:
            called = draft.frames[again].called
            self.drop(again)
        if len(draft.frames) >= draft.turn.settings.stack:
            self.exceed(f"over {draft.turn.settings.stack} open flows")
            return
        frame = Frame(
            flow=flow.name, version=flow.hash, since=draft.turn.now, called=called,
            in_handoff=draft.in_handoff,
            author=draft.frames[-1].author if called and draft.frames else draft.author,
        )  # fmt: skip
        draft.frames.append(frame)
        capture(draft, flow, captures, sensitive)
        prefill(draft, flow)
        self.touch()
        draft.trace(f"{flow.place} flow {flow.name}", "started")
        draft.raise_event("flow.started", {"flow": flow.name})
        self.run([(flow.steps, 0)])

    def run_rule(
        self, rule: Rule, captures: Mapping[str, Value], sensitive: frozenset[str] = frozenset()
    ) -> None:
        """Run a rule's steps in a frame of their own, which is gone unless they wait.

        Fixed words look at no frame and wait for nothing, so they are said without one.
        """
        draft = self.draft
        fixed = draft.compiled.fixed.get(rule.hash)
        if fixed is not None and len(fixed) <= draft.steps_left:
            self._say_all(rule, fixed)
            return
        frame = Frame(
            flow=f"rule:{rule.id}", version=rule.hash, since=draft.turn.now, saved=dict(captures),
            in_handoff=draft.in_handoff, sensitive=sensitive, author=draft.author,
        )  # fmt: skip
        draft.frames.append(frame)
        self.run([(rule.steps, 0)])

    def _say_all(self, rule: Rule, fixed: Sequence[Reply]) -> None:
        """Do what `run` does of steps that only say fixed words."""
        draft, by = self.draft, f"rule:{rule.id}"
        draft.steps_left -= len(fixed)
        draft.told_hidden = False
        for step, reply in zip(rule.steps, fixed, strict=True):
            draft.visit(step.place)
            draft.speak(reply, by)
            if draft.is_over_sends:
                self.exceed(f"over {draft.turn.settings.sends} sends in one turn")
            if draft.has_stopped:
                return

    # ------------------------------------------------------------------ running

    def go_on(self, version: Version, path: str) -> None:
        """Go on behind the step at ``path``; the frame ends when it is no longer there."""
        way = self._behind(version, path)
        if way:
            self.run(way)
        else:
            self.end(None)

    def _behind(self, version: Version, path: str) -> Way:
        """Return the way on behind a step, over the questions that an edit put before it."""
        behind, owed = come_from(self.draft, version, path)
        way = locate(version, behind)
        if not way:
            return []
        block, index = way[-1]
        return [*way[:-1], (block, index + 1), *([(owed, 0)] if owed else [])]

    def go_to(self, version: Version, path: str) -> None:
        """Run from the step at ``path`` on; loops that do not hold it are left."""
        way = locate(version, path)
        if not way:
            self.end(None)
            return
        self.leave_loops(way)
        is_owing = owes(self.draft.frames[-1])  # what it owes comes first; the step itself is done
        self.run(self._behind(version, path) if is_owing else way)

    def run_aside(self, version: Version, path: str, steps: Block) -> None:
        """Run some steps, then go on behind the step at ``path``."""
        self.run([*self._behind(version, path), (steps, 0)])

    def run(self, way: Way) -> None:
        """Run from a place in the tree until the frame rests, ends, or hands over."""
        way = [*way]
        draft = self.draft
        while way:
            block, index = way.pop()
            if index >= len(block):
                self.close_block(way)
                continue
            step = block[index]
            way.append((block, index + 1))
            draft.steps_left -= 1
            if draft.steps_left < 0:
                self.exceed(f"over {draft.turn.settings.steps} steps in one turn")
                return
            if not holds(step.condition, draft):
                continue
            draft.visit(step.place)
            rests = self.take(step, way)
            if draft.is_over_sends:
                self.exceed(f"over {draft.turn.settings.sends} sends in one turn")
            if rests or draft.has_stopped:
                return
        self.end(None)

    def take(self, step: a.Step, way: Way) -> bool:
        """Do one step; True when the run stops here."""
        raise NotImplementedError

    def close_block(self, way: Way) -> None:
        """Leave a block; a loop that holds it may begin its next round."""
        raise NotImplementedError

    def leave_loops(self, way: Way) -> None:
        """Forget the loops that do not hold the place to go to."""
        raise NotImplementedError

    # ------------------------------------------------------------------ ending

    def end(self, value: Value, *, sensitive: bool = False) -> None:
        """End the frame on top with a value; what called it goes on."""
        draft = self.draft
        if not draft.frames:
            return
        frame = draft.frames.pop()
        returns = frame.called and bool(draft.frames)
        how = "returned" if returns else "finished"
        self._note_end(frame, how, value, caller=self._caller(frame), sensitive=sensitive)
        self._silence(frame)
        if not returns:
            return
        below = draft.frames[-1]
        version = draft.compiled.version(below.version)
        if below.save_as:
            draft.top(save_as="")
            draft.fill(below.save_as, value, sensitive=sensitive)
        if version is not None:
            self.go_on(version, below.step)

    def drop(self, depth: int, why: str = "") -> None:
        """Take away all frames from ``depth`` on; nothing goes on for them.

        Args:
            why: cancelled or expired, where they are left for that.
        """
        left = self.draft.frames[depth:]
        callers = [self._caller(frame, depth + number) for number, frame in enumerate(left)]
        for frame, caller in zip(left, callers, strict=True):
            self._note_end(frame, "left", why=why, caller=caller)
            self._silence(frame)
        del self.draft.frames[depth:]

    def _caller(self, frame: Frame, at: int | None = None) -> str | None:
        """Return the flow that called the one at a depth, or above all; None where none did."""
        below = self.draft.frames[:at]
        is_called = frame.called and bool(below) and not below[-1].flow.startswith("rule:")
        return below[-1].flow if is_called else None

    def root(self, index: int) -> int:
        """Return where the flow stands that, through calls, led to the frame at ``index``."""
        while index > 0 and self.draft.frames[index].called:
            index -= 1
        return index

    def run_last(self, steps: Block, why: str) -> None:
        """Run what the flow on top does when it is cancelled or expires: it does not finish."""
        self.draft.top(saved={**self.draft.frames[-1].saved, WHY: why})
        self.run([(steps, 0)])

    def _note_end(
        self, frame: Frame, how: str, value: Value = None, *, why: str = "",
        caller: str | None = None, sensitive: bool = False,
    ) -> None:  # fmt: skip
        """Tell how a flow ended, and with what; a rule's steps are no flow."""
        if frame.flow.startswith("rule:"):
            return
        why = str(frame.saved.get(WHY, why))
        how = "left" if why else how
        self.draft.trace(f"flow {frame.flow}", "finished" if how == "returned" else how)
        told: dict[str, Value] = {
            "flow": frame.flow, "how": how, "why": why, "caller": caller, "value": value
        }  # fmt: skip
        hidden = frozenset(("value",)) if sensitive else frozenset()
        self.draft.raise_event("flow.ended", told, hidden)

    def _silence(self, frame: Frame) -> None:
        if frame.flow.startswith("rule:"):
            return  # a rule's steps ask nothing, so nothing counts their time
        for kind in OF_A_FRAME:
            self.draft.effects.append(CancelTimer(key=timer_key(kind, frame)))

    def exceed(self, what: str) -> None:
        """Stop what goes beyond a limit: an error event and a handoff, never a loop."""
        draft = self.draft
        if draft.has_stopped:
            return
        draft.errors.append(what)
        draft.trace(draft.winner, "failed", what)
        draft.raise_event("error", {"error": what})
        self.drop(0)
        self.hand_off("", what, "high", HANDOFF)
        draft.has_stopped = True

    def hand_off(
        self, team: str, note: str, priority: str, mute: timedelta, *, sensitive: bool = False
    ) -> None:
        """Mute the bot in this chat and tell the team. ``sensitive``: the note is shown to none."""
        draft = self.draft
        handoff = Handoff(
            team=team or "team", until=draft.turn.now + mute, note=note, priority=priority,
            is_note_sensitive=sensitive,
        )  # fmt: skip
        draft.conversation = replace(draft.conversation, handoff=handoff)
        draft.trace(f"handoff {team or 'team'}", "started")
        hidden = frozenset(("note",)) if sensitive else frozenset()
        told: dict[str, Value] = {"team": team, "priority": priority, "note": note}
        draft.raise_event("handoff.started", told, hidden)
        give(draft, team, "", note, sensitive=sensitive)

    # ------------------------------------------------------------------ keeping

    def fill(self, name: str, value: Value) -> None:
        """Put a value into a slot, or among the saved values."""
        self.draft.fill(name, value)

    def touch(self) -> None:
        """Count the expiry of every open flow from now: the customer wrote."""
        for frame in self.draft.frames:
            flow = self.draft.flow_of(frame)
            if flow is not None:
                due = self.draft.turn.now + flow.expire
                payload: dict[str, Value] = {"flow": flow.name}
                timer = StartTimer(key=timer_key("expire", frame), kind="expire", due=due,
                                   payload=payload)  # fmt: skip
                self.draft.effects.append(of_frame(timer, frame))
