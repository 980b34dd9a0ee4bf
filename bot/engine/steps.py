"""Does the steps, one case a step."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import assert_never

from bot.domain.conversation import SPEAKS_FOR
from bot.domain.data import replace
from bot.domain.effects import (
    CallHttp,
    DeleteLast,
    Notify,
    React,
    RunAction,
    StartTimer,
)
from bot.domain.outgoing import Why
from bot.domain.values import Value
from bot.engine.asking import Asking
from bot.engine.clarifying import ask_which
from bot.engine.compiled import Version, locate
from bot.engine.conditions import holds
from bot.engine.fields import put_field, put_variable
from bot.engine.guards import end_handoff
from bot.engine.hidden import brings_sensitive, reads_sensitive, sensitive_names, sensitive_of
from bot.engine.leads import change_lead
from bot.engine.members import marked, of_frame, timer_key
from bot.engine.open_slots import put_open_slot
from bot.engine.replies import compose
from bot.engine.stack import HANDOFF, Way
from bot.engine.teams import give
from bot.language import actions as a
from bot.language.actions import OPEN, Setting

MOST_REROUTES = 5

__all__ = ("HANDOFF", "MOST_REROUTES", "Runner")


class Runner(Asking):
    """Runs steps."""

    def take(self, step: a.Step, way: Way) -> bool:  # noqa: C901, PLR0912, PLR0915
        """Do one step; True when the run stops here. One case a step."""
        draft = self.draft
        match step:
            case a.ReplyStep(text=text):
                draft.say(text, self.by)
            case a.ReactStep(emoji=emoji):
                draft.effects.append(React(emoji=draft.render(emoji).strip(), by=self.by))
            case a.AskStep():
                return self.ask(step)
            case a.SetStep(values=values):
                for name, setting in values.items():
                    hidden = reads_sensitive(draft, setting)
                    self._set(name, draft.value(setting), sensitive=hidden)
            case a.UnsetStep(names=names):
                for name in names:
                    self._set(name, None)
            case a.TagStep(tags=tags, remove=remove):
                for tag in tags:
                    draft.tag(draft.render(tag).strip(), remove=remove)
            case a.LeadStep():
                change_lead(draft, step, self.by)
            case a.HttpStep():
                return self._http(step)
            case a.RunStep():
                return self._run(step)
            case a.HandoffStep():
                return self._handoff(step)
            case a.AssignStep(team=team, member=member):
                self._assign(draft.render(team).strip(), draft.render(member).strip())
            case a.NotifyStep(to=to, text=text):
                whom, said = draft.render(to).strip(), compose(draft, text)
                draft.effects.append(
                    Notify(to=whom, text=said.text, by=self.by, is_sensitive=said.is_sensitive)
                )
            case a.WaitStep(duration=duration):
                return self._wait(step, duration)
            case a.LaterStep():
                self._later(step)
            case a.BranchStep(arms=arms):
                for number, arm in enumerate(arms):
                    if holds(arm.condition, draft):
                        draft.visit(step.place, f"arm {number}")
                        way.append((arm.steps, 0))
                        break
            case a.EachStep() | a.RepeatStep():
                self.enter_loop(step, way)
            case a.BreakStep():
                self.leave_loop(way, again=False)
            case a.ContinueStep():
                self.leave_loop(way, again=True)
            case a.StartStep():
                return self._hand_over(step)
            case a.CallStep():
                return self._call(step)
            case a.GotoStep(target=target):
                way[:] = locate(self._version(), target)
                self.leave_loops(way)
            case a.EndStep():
                return self._end(step)
            case a.EmitStep(event=event, data=data):
                told = {name: draft.value(one) for name, one in data.items()}
                draft.raise_event(event, told, sensitive_of(draft, data))
            case a.RerouteStep(text=text):
                self.reroutes.append(draft.render(text))
            case a.ClarifyStep():
                ask_which(draft, step, self.by)
            case a.EditLastStep(text=text):
                draft.edit_last(text, self.by)
            case a.DeleteLastStep():
                draft.effects.append(DeleteLast(by=self.by))
            case a.ConsentStep(given=given):
                draft.agree(self.by, agreed=given)
            case _:
                assert_never(step)
        return False

    def _version(self) -> Version:
        frame = self.draft.frames[-1]
        found = self.draft.compiled.version(frame.version)
        assert found is not None
        return found

    # ------------------------------------------------------------------ values

    def _set(self, name: str, value: Value, *, sensitive: bool = False) -> None:
        """Set or, with none, empty a slot, a field or a shared value."""
        draft = self.draft
        scope, dot, key = name.partition(".")
        if name.startswith(OPEN):
            put_open_slot(draft, name.removeprefix(OPEN), value, self.by, sensitive=sensitive)
        elif dot and scope == "contact":
            put_field(draft, key, value, self.by, sensitive=sensitive)
        elif dot and scope == "vars":
            put_variable(draft, key, value, self.by, sensitive=sensitive)
        elif value is None:
            draft.unset(name)
        else:
            draft.fill(name, value, sensitive=sensitive)

    # ------------------------------------------------------------------ calls

    def _key(self, kind: str) -> str:
        self.draft.calls += 1
        return f"{self.draft.turn.cause}|{kind}|{self.draft.calls}"

    def _is_awaited(self, step: a.HttpStep | a.RunStep) -> bool:
        if step.save or step.on_error:
            return True
        draft = self.draft
        chain = draft.frames[self.root(len(draft.frames) - 1) :]
        return any(flow is not None and "error" in flow.on for flow in map(draft.flow_of, chain))

    def _http(self, step: a.HttpStep) -> bool:
        draft = self.draft
        key, awaited = self._key("http"), self._is_awaited(step)
        draft.told_hidden = brings_sensitive(draft, step.save)
        draft.effects.append(
            CallHttp(
                key=key,
                method=step.method,
                url=draft.render(step.url, "url"),
                headers={name: draft.render(one, "iso") for name, one in step.headers.items()},
                json=draft.value(step.json, "iso") if step.json is not None else None,
                form=None
                if step.form is None
                else {name: draft.render(one, "iso") for name, one in step.form.items()},
                timeout=step.timeout or timedelta(seconds=5),
                retries=step.retries or 0,
                awaited=awaited,
                is_sensitive=draft.told_hidden,
            )
        )
        return self._rest(step, key) if awaited else False

    def _run(self, step: a.RunStep) -> bool:
        draft = self.draft
        key, awaited = self._key("run"), self._is_awaited(step)
        draft.told_hidden = brings_sensitive(draft, [step.save])
        arguments = {name: draft.value(one) for name, one in step.arguments.items()}
        draft.effects.append(
            RunAction(
                key=key, name=step.action, arguments=arguments, awaited=awaited,
                is_sensitive=draft.told_hidden,
            )
        )  # fmt: skip
        return self._rest(step, key) if awaited else False

    def _rest(self, step: a.Step, key: str) -> bool:
        draft = self.draft
        draft.top(step=step.path, awaiting=key)
        if draft.why is Why.CAMPAIGN:
            draft.top(notes={**draft.frames[-1].notes, SPEAKS_FOR: draft.winner})
        return True

    # ------------------------------------------------------------------ people and time

    def _handoff(self, step: a.HandoffStep) -> bool:
        draft = self.draft
        if step.is_over:
            end_handoff(draft)
            return False
        draft.say(step.reply, self.by)
        in_flow = draft.flow is not None
        team, draft.told_hidden = draft.render(step.team).strip(), False
        note = draft.render(step.note)
        self.hand_off(team, note, step.priority, step.mute or HANDOFF, sensitive=draft.told_hidden)
        if not in_flow:
            if not step.park:
                mine = draft.frames.pop()
                self.drop(0)
                draft.frames.append(mine)
            return False
        if step.park:
            draft.top(step=step.path, notes={"parked": True})
        else:
            self.drop(0)
        return True

    def _assign(self, team: str, member: str) -> None:
        """Give the chat to somebody else; a handoff goes on with them."""
        draft = self.draft
        handoff, teams = draft.conversation.handoff, draft.compiled.rulebook.teams
        home = (one.name for one in teams.values() if member in {who.name for who in one.members})
        team = team or (next(home, "") if member else "")
        if handoff is None:
            give(draft, team, member)
            return
        moved = replace(handoff, team=team or handoff.team)
        draft.conversation = replace(draft.conversation, handoff=moved)
        give(draft, team, member, handoff.note, sensitive=handoff.is_note_sensitive)

    def _wait(self, step: a.WaitStep, duration: timedelta) -> bool:
        draft = self.draft
        frame = draft.frames[-1]
        key = timer_key("wait", frame)
        if draft.why is Why.CAMPAIGN:  # what is said behind it is the campaign's too
            key = self._key("wait")
        timer = StartTimer(key=key, kind="wait", due=draft.turn.now + duration)
        draft.effects.append(of_frame(timer, frame))
        return self._rest(step, key)

    def _later(self, step: a.LaterStep) -> None:
        draft = self.draft
        due = draft.turn.now + step.after if step.after is not None else self._moment(step)
        if due is None:
            draft.errors.append(f"{step.place}: the time of 'later' cannot be read")
            return
        frame = draft.frames[-1]
        flow = draft.flow_of(frame)
        values = {name: draft.slot_value(frame, flow, name) for name in flow.slots} if flow else {}
        payload: dict[str, Value] = {
            "version": frame.version, "step": step.path, "flow": frame.flow,
            "values": {**values, **frame.saved, **frame.slots},
            "sensitive": list[Value](sorted(sensitive_names(draft))),
        }  # fmt: skip
        name = draft.render(step.name, "iso").strip() or f"{frame.flow}.{step.path}"
        timer = StartTimer(
            key=marked(f"later:{name}", frame), kind="later", due=due, payload=payload,
            cancel_on_reply=step.cancel_on_reply, late=step.late,
        )  # fmt: skip
        draft.effects.append(of_frame(timer, frame))

    def _moment(self, step: a.LaterStep) -> datetime | None:
        said = self.draft.render(step.at, "iso").strip()
        try:
            moment = datetime.fromisoformat(said.replace(" ", "T"))
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=self.draft.local.tzinfo)

    # ------------------------------------------------------------------ flows

    def _hand_over(self, step: a.StartStep) -> bool:
        """Give this frame's place to another flow; what called it waits for that one."""
        draft = self.draft
        flow = draft.compiled.rulebook.flows.get(step.flow)
        frame = draft.frames[-1]
        captures = frame.saved if frame.flow.startswith("rule:") else {}
        arguments, hidden = self._given(step.arguments)
        hidden |= frame.sensitive & captures.keys()
        self.drop(len(draft.frames) - 1)
        if flow is not None:
            given, kept = {**captures, **arguments}, draft.author
            draft.author = frame.author  # a flow of the whole group hands over to one such
            self.start(flow, given, called=frame.called, sensitive=hidden)
            draft.author = kept
        return True

    def _call(self, step: a.CallStep) -> bool:
        draft = self.draft
        flow = draft.compiled.rulebook.flows.get(step.flow)
        if flow is None:
            return False
        arguments, hidden = self._given(step.arguments)
        draft.top(step=step.path, save_as=step.save)
        self.start(flow, arguments, called=True, sensitive=hidden)
        return True

    def _given(self, arguments: Mapping[str, Setting]) -> tuple[dict[str, Value], frozenset[str]]:
        """Return what a flow is given, and the names of what is sensitive of it."""
        draft = self.draft
        values = {name: draft.value(one) for name, one in arguments.items()}
        return values, sensitive_of(draft, arguments)

    def _end(self, step: a.EndStep) -> bool:
        draft = self.draft
        value = draft.value(step.value) if step.value is not None else None
        if step.all:
            self.drop(0)
            return True
        if step.flow and draft.flow is None:
            self.drop(self._below(len(draft.frames) - 1))
            return True
        self.end(value, sensitive=reads_sensitive(draft, step.value))
        return True

    def _below(self, index: int) -> int:
        """Return where the flow begins that waits under the rule at ``index``."""
        return self.root(index - 1) if index > 0 else 0
