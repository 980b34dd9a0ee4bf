"""Runs steps: from where a frame rests to where it rests next, or to its end."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, assert_never

from bot.domain.contacts import Consent
from bot.domain.conversation import Frame, Handoff
from bot.domain.effects import (
    CallHttp,
    CancelTimer,
    DeleteLast,
    Notify,
    React,
    RunAction,
    SetVariable,
    StartTimer,
)
from bot.domain.leads import Lead
from bot.domain.values import Value
from bot.engine.compiled import Block, Version, locate
from bot.engine.conditions import holds
from bot.engine.draft import Draft
from bot.engine.slots import Given, choices_of, read_value
from bot.engine.words import saying
from bot.language import actions as a
from bot.language.flows import Flow, Slot
from bot.language.rules import Rule

HANDOFF = timedelta(hours=12)  # how long a handoff mutes the bot unless it says otherwise
MOST_REROUTES = 5


@dataclass(slots=True)
class Reroute:
    """A text that is to be handled as if the customer had written it."""

    text: str


class Runner:
    """Runs one frame's steps; the frame is always the top one."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.reroute: Reroute | None = None

    # ------------------------------------------------------------------ frames

    def start(self, flow: Flow, captures: Mapping[str, Value], *, called: bool = False) -> None:
        """Push a flow and run it from its beginning."""
        draft = self.draft
        if len(draft.frames) >= draft.turn.settings.stack:
            draft.errors.append(f"flow {flow.name}: over {draft.turn.settings.stack} open flows")
            return
        frame = Frame(flow=flow.name, version=flow.hash, since=draft.turn.now, called=called)
        draft.frames.append(frame)
        slots, saved = self._captured(flow, captures)
        draft.top(slots=slots, saved=saved)
        self._prefill(flow)
        self._timer_expire(flow)
        draft.trace(f"{flow.place} flow {flow.name}", "started")
        self.run([(flow.steps, 0)])

    def _captured(
        self, flow: Flow, captures: Mapping[str, Value]
    ) -> tuple[dict[str, Value], dict[str, Value]]:
        """Return captures as slots of the same name, and the others as saved values."""
        slots: dict[str, Value] = {}
        saved: dict[str, Value] = {}
        for name, value in captures.items():
            slot = flow.slots.get(name)
            if slot is None:
                saved[name] = value
                continue
            read = read_value(slot, str(value), self.draft)
            if isinstance(read, Given):
                slots[name] = read.value
        return slots, saved

    def _prefill(self, flow: Flow) -> None:
        for slot in flow.slots.values():
            if not slot.prefill or slot.type in ("yes_no", "text", "name", "any"):
                continue
            read = read_value(slot, self.draft.text, self.draft)
            if isinstance(read, Given) and slot.name not in self.draft.frames[-1].slots:
                self.draft.top(slots={**self.draft.frames[-1].slots, slot.name: read.value})

    def run_rule(self, rule: Rule, captures: Mapping[str, Value]) -> None:
        """Run a rule's steps in a frame of their own, which is gone unless they wait."""
        draft = self.draft
        frame = Frame(flow=f"rule:{rule.id}", version=rule.hash, since=draft.turn.now,
                      saved=dict(captures))  # fmt: skip
        draft.frames.append(frame)
        self.run([(rule.steps, 0)])

    def go_on(self, version: Version, path: str) -> None:
        """Go on behind the step at ``path``; the frame ends when it is no longer there."""
        way = locate(version, path)
        if not way:
            self.end(None)
            return
        block, index = way[-1]
        self.run([*way[:-1], (block, index + 1)])

    def go_to(self, version: Version, path: str) -> None:
        """Run from the step at ``path`` on."""
        way = locate(version, path)
        self.run(way) if way else self.end(None)

    def run(self, way: list[tuple[Block, int]]) -> None:
        """Run from a place in the tree until the frame rests, ends, or hands over."""
        way = [*way]
        while way:
            block, index = way.pop()
            if index >= len(block):
                self._close_block(way)
                continue
            step = block[index]
            way.append((block, index + 1))
            if not self._budget():
                return
            if not holds(step.condition, self.draft):
                continue
            self.draft.visit(step.place)
            if self._take(step, way):
                return
        self.end(None)

    def _budget(self) -> bool:
        draft = self.draft
        draft.steps_left -= 1
        if draft.steps_left > 0:
            return True
        draft.errors.append(f"over {draft.turn.settings.steps} steps in one turn")
        draft.frames.clear()
        self.hand_off("", "a flow ran without end", "high", HANDOFF)
        return False

    def _close_block(self, way: list[tuple[Block, int]]) -> None:
        """Leave a block; a loop that holds it may begin its next round."""
        if not way:
            return
        block, index = way[-1]
        owner = block[index - 1] if index else None
        if isinstance(owner, a.EachStep | a.RepeatStep) and owner.path in self._loops():
            self._next_round(owner, way)

    def _loops(self) -> Mapping[str, Value]:
        return self.draft.frames[-1].loops

    def end(self, value: Value) -> None:
        """End the frame on top with a value; what called it goes on."""
        draft = self.draft
        if not draft.frames:
            return
        frame = draft.frames.pop()
        for kind in ("remind", "expire", "ask_timeout"):
            draft.effects.append(CancelTimer(key=f"{kind}:{frame.flow}"))
        if not frame.called or not draft.frames:
            return
        below = draft.frames[-1]
        version = draft.compiled.version(below.version)
        if below.save_as:
            draft.top(saved={**below.saved, below.save_as: value}, save_as="")
        if version is not None:
            self.go_on(version, below.step)

    # ------------------------------------------------------------------ steps

    def _take(self, step: a.Step, way: list[tuple[Block, int]]) -> bool:  # noqa: C901, PLR0912, PLR0915
        """Do one step; True when the run stops here. One case a step."""
        draft = self.draft
        by = draft.frames[-1].flow if draft.frames[-1].flow.startswith("rule:") else (
            f"flow:{draft.frames[-1].flow}"
        )  # fmt: skip
        match step:
            case a.ReplyStep(text=text):
                draft.say(text, by)
            case a.ReactStep(emoji=emoji):
                draft.effects.append(React(emoji=draft.render(emoji), by=by))
            case a.AskStep():
                return self.ask(step)
            case a.SetStep(values=values):
                for name, setting in values.items():
                    self._set(name, draft.value(setting))
            case a.UnsetStep(names=names):
                for name in names:
                    self._unset(name)
            case a.TagStep(tags=tags, remove=remove):
                for tag in tags:
                    draft.tag(draft.render(tag), remove=remove)
            case a.LeadStep():
                self._lead(step)
            case a.HttpStep():
                return self._http(step)
            case a.RunStep():
                return self._run(step)
            case a.HandoffStep():
                return self._handoff(step, by)
            case a.NotifyStep(to=to, text=text):
                words = draft.words(text)
                draft.effects.append(Notify(to=draft.render(to), text=words, by=by))
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
                self._enter_loop(step, way)
            case a.BreakStep():
                self._leave_loop(way, again=False)
            case a.ContinueStep():
                self._leave_loop(way, again=True)
            case a.StartStep(flow=name):
                return self._hand_over(name)
            case a.CallStep():
                return self._call(step)
            case a.GotoStep(target=target):
                way[:] = locate(self._version(), target)
            case a.EndStep():
                return self._end(step)
            case a.EmitStep(event=event, data=data):
                draft.raise_event(event, {name: draft.value(one) for name, one in data.items()})
            case a.RerouteStep(text=text):
                self.reroute = Reroute(draft.render(text))
            case a.EditLastStep(text=text):
                draft.edit_last(draft.words(text), by)
            case a.DeleteLastStep():
                draft.effects.append(DeleteLast(by=by))
            case a.ConsentStep(given=given):
                consent = Consent.GIVEN if given else Consent.WITHDRAWN
                draft.contact = replace(draft.contact, consent=consent)
                draft.raise_event("consent.changed", {"consent": consent.value})
            case _:
                assert_never(step)
        return False

    def _version(self) -> Version:
        frame = self.draft.frames[-1]
        found = self.draft.compiled.version(frame.version)
        assert found is not None
        return found

    def _set(self, name: str, value: Value) -> None:
        draft = self.draft
        scope, dot, key = name.partition(".")
        if dot and scope == "contact":
            draft.contact = replace(draft.contact, fields={**draft.contact.fields, key: value})
        elif dot and scope == "vars":
            draft.variables[key] = value
            draft.effects.append(SetVariable(name=key, value=value))
        else:
            self.fill(name, value)

    def fill(self, name: str, value: Value) -> None:
        """Put a value into a slot, or among the saved values."""
        draft = self.draft
        flow = draft.flow
        slot = flow.slots.get(name) if flow else None
        frame = draft.frames[-1]
        if slot is None:
            draft.top(saved={**frame.saved, name: value})
            return
        draft.top(slots={**frame.slots, name: value})
        if slot.in_contact:
            draft.contact = replace(draft.contact, fields={**draft.contact.fields, name: value})

    def _unset(self, name: str) -> None:
        draft = self.draft
        scope, dot, key = name.partition(".")
        gone = key if dot and scope == "contact" else name
        frame = draft.frames[-1]
        draft.top(
            slots={one: value for one, value in frame.slots.items() if one != gone},
            saved={one: value for one, value in frame.saved.items() if one != gone},
        )
        fields = {one: value for one, value in draft.contact.fields.items() if one != gone}
        draft.contact = replace(draft.contact, fields=fields)

    def _lead(self, step: a.LeadStep) -> None:
        draft = self.draft
        before = draft.lead
        lead = before or Lead(contact_id=draft.contact.id, created_at=draft.turn.now)
        score = draft.render(step.score).strip()
        if score:
            try:
                points = int(float(score))
            except ValueError:
                points = 0
            relative = score[0] in "+-"
            lead = replace(lead, score=lead.score + points if relative else points)
        fields = {name: draft.value(one) for name, one in step.fields.items()}
        note = draft.render(step.note)
        lead = replace(
            lead,
            stage=draft.render(step.stage) or lead.stage,
            owner=draft.render(step.owner) or lead.owner,
            fields={**lead.fields, **fields},
            notes=(*lead.notes, note) if note else lead.notes,
        )
        draft.lead = lead
        if lead != before:
            name = "lead.created" if before is None else "lead.updated"
            draft.raise_event(name, {"stage": lead.stage, "score": lead.score})

    def _key(self, kind: str) -> str:
        self.draft.calls += 1
        return f"{self.draft.turn.cause}|{kind}|{self.draft.calls}"

    def _http(self, step: a.HttpStep) -> bool:
        draft = self.draft
        key = self._key("http")
        awaited = bool(step.save or step.on_error)
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
            )
        )
        if awaited:
            draft.top(step=step.path, awaiting=key)
        return awaited

    def _run(self, step: a.RunStep) -> bool:
        draft = self.draft
        key = self._key("run")
        arguments = {name: draft.value(one) for name, one in step.arguments.items()}
        awaited = bool(step.save or step.on_error)
        draft.effects.append(
            RunAction(key=key, name=step.action, arguments=arguments, awaited=awaited)
        )
        if awaited:
            draft.top(step=step.path, awaiting=key)
        return awaited

    def _handoff(self, step: a.HandoffStep, by: str) -> bool:
        draft = self.draft
        draft.say(step.reply, by)
        in_flow = not by.startswith("rule:")
        self.hand_off(
            draft.render(step.team), draft.render(step.note), step.priority, step.mute or HANDOFF
        )
        if not step.park:
            keep = 1 if not in_flow else 0
            for frame in draft.frames[: len(draft.frames) - keep]:
                for kind in ("remind", "expire", "ask_timeout"):
                    draft.effects.append(CancelTimer(key=f"{kind}:{frame.flow}"))
            draft.frames[:] = draft.frames[len(draft.frames) - keep :] if keep else []
        return in_flow

    def hand_off(self, team: str, note: str, priority: str, mute: timedelta) -> None:
        """Mute the bot in this chat and tell the team."""
        draft = self.draft
        handoff = Handoff(
            team=team or "team", until=draft.turn.now + mute, note=note, priority=priority
        )
        draft.conversation = replace(draft.conversation, handoff=handoff)
        draft.raise_event("handoff.started", {"team": team, "priority": priority})
        who = draft.contact.name or draft.contact.number
        draft.effects.append(
            Notify(to=team, text=f"{who} {draft.contact.number}: {note}".strip(), by="handoff")
        )

    def _wait(self, step: a.WaitStep, duration: timedelta) -> bool:
        draft = self.draft
        key = f"wait:{draft.frames[-1].flow}"
        draft.top(step=step.path, awaiting=key)
        draft.effects.append(StartTimer(key=key, kind="wait", due=draft.turn.now + duration))
        return True

    def _later(self, step: a.LaterStep) -> None:
        draft = self.draft
        due = draft.turn.now + step.after if step.after is not None else self._moment(step)
        if due is None:
            draft.errors.append(f"{step.place}: the time of 'later' cannot be read")
            return
        frame = draft.frames[-1]
        flow = draft.flow_of(frame)
        values = {name: self.draft.slot_value(frame, flow, name) for name in flow.slots} if flow \
            else {}  # fmt: skip
        payload: dict[str, Value] = {
            "version": frame.version, "step": step.path, "flow": frame.flow,
            "values": {**values, **frame.saved, **frame.slots},
        }  # fmt: skip
        name = step.name or f"{frame.flow}.{step.path}"
        draft.effects.append(
            StartTimer(
                key=f"later:{name}",
                kind="later",
                due=due,
                payload=payload,
                cancel_on_reply=step.cancel_on_reply,
                late=step.late,
            )
        )

    def _moment(self, step: a.LaterStep) -> datetime | None:
        said = self.draft.render(step.at, "iso").strip()
        try:
            moment = datetime.fromisoformat(said.replace(" ", "T"))
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=self.draft.local.tzinfo)

    def _enter_loop(self, step: a.EachStep | a.RepeatStep, way: list[tuple[Block, int]]) -> None:
        items = self.draft.value(step.of) if isinstance(step, a.EachStep) else None
        state: dict[str, Value] = {"n": 0, "items": list(items or [])}
        frame = self.draft.frames[-1]
        self.draft.top(loops={**frame.loops, step.path: state})
        self._next_round(step, way)

    def _next_round(self, step: a.EachStep | a.RepeatStep, way: list[tuple[Block, int]]) -> None:
        draft = self.draft
        frame = draft.frames[-1]
        state: Any = frame.loops[step.path]
        count = int(state["n"])
        if isinstance(step, a.EachStep):
            more = count < len(state["items"])
            if more:
                saved = {**frame.saved, step.name: state["items"][count]}
                if step.index:
                    saved[step.index] = count + 1
                draft.top(saved=saved)
        else:
            condition = step.condition_while.evaluate(draft.names(), draft.form())
            more = count < step.most and bool(condition)
        if more:
            draft.top(loops={**frame.loops, step.path: {**state, "n": count + 1}})
            way.append((step.steps, 0))
        else:
            draft.top(loops={one: held for one, held in frame.loops.items() if one != step.path})

    def _leave_loop(self, way: list[tuple[Block, int]], *, again: bool) -> None:
        while way:
            way.pop()
            if not way:
                return
            block, index = way[-1]
            owner = block[index - 1] if index else None
            if isinstance(owner, a.EachStep | a.RepeatStep):
                if again:
                    self._next_round(owner, way)
                return

    def _hand_over(self, name: str) -> bool:
        draft = self.draft
        flow = draft.compiled.rulebook.flows.get(name)
        captures = {**draft.frames[-1].saved} if draft.frames else {}
        self.end(None)
        if flow is not None:
            self.start(flow, captures)
        return True

    def _call(self, step: a.CallStep) -> bool:
        draft = self.draft
        flow = draft.compiled.rulebook.flows.get(step.flow)
        if flow is None:
            return False
        arguments = {name: draft.value(one) for name, one in step.arguments.items()}
        draft.top(step=step.path, save_as=step.save)
        depth = len(draft.frames)
        self.start(flow, arguments, called=True)
        return len(draft.frames) != depth or True

    def _end(self, step: a.EndStep) -> bool:
        draft = self.draft
        value = draft.value(step.value) if step.value is not None else None
        if step.all:
            while draft.frames:
                self.end(None)
            return True
        self.end(value)
        if step.flow and draft.frames:
            self.end(None)
        return True

    # ------------------------------------------------------------------ questions

    def ask(self, step: a.AskStep) -> bool:
        """Ask for a slot, unless it is filled; True when the frame rests here."""
        draft = self.draft
        frame = draft.frames[-1]
        flow = draft.flow
        if flow is None or step.slot not in flow.slots:
            return False
        slot = flow.slots[step.slot]
        if not step.force and draft.slot_value(frame, flow, step.slot) is not None:
            return False
        draft.top(step=step.path, retries=0, awaiting="", asked_at=draft.turn.now)
        self.question(step, slot)
        self._timers_of_question(step, flow)
        return True

    def question(self, step: a.AskStep, slot: Slot) -> None:
        """Put the question."""
        draft = self.draft
        text = step.text or slot.ask
        choices = list(choices_of(slot, draft)) if slot.type == "choice" else []
        draft.say(text, f"flow:{draft.frames[-1].flow}", {"choices": choices})

    def _timers_of_question(self, step: a.AskStep, flow: Flow) -> None:
        draft = self.draft
        if flow.remind is not None:
            draft.effects.append(
                StartTimer(
                    key=f"remind:{flow.name}",
                    kind="remind",
                    due=draft.turn.now + flow.remind.after,
                    payload={"flow": flow.name, "left": flow.remind.times},
                    cancel_on_reply=True,
                    late=timedelta(hours=1),
                )
            )
        if step.timeout is not None:
            draft.effects.append(
                StartTimer(
                    key=f"ask_timeout:{flow.name}",
                    kind="ask_timeout",
                    due=draft.turn.now + step.timeout,
                    payload={"flow": flow.name, "step": step.path},
                )
            )

    def _timer_expire(self, flow: Flow) -> None:
        draft = self.draft
        due = draft.turn.now + flow.expire
        payload: dict[str, Value] = {"flow": flow.name}
        draft.effects.append(
            StartTimer(key=f"expire:{flow.name}", kind="expire", due=due, payload=payload)
        )

    def touch(self) -> None:
        """Count the expiry of every open flow from now: the customer wrote."""
        for frame in self.draft.frames:
            flow = self.draft.flow_of(frame)
            if flow is not None:
                self._timer_expire(flow)

    def give_up(self, step: a.AskStep, slot: Slot) -> None:
        """Do what is to be done when all tries for a slot are used."""
        draft = self.draft
        what = step.on_fail or slot.on_fail
        draft.visit(step.place, "failed")
        flow = draft.flow
        assert flow is not None
        match what:
            case "skip":
                self.go_on(flow, step.path)
            case "cancel":
                self.cancel()
            case "default":
                self.fill(slot.name, draft.value(slot.default))
                self.go_on(flow, step.path)
            case tuple():
                way = locate(flow, step.path)
                block, index = way[-1]
                self.run([*way[:-1], (block, index + 1), (what, 0)])
            case _:
                draft.send(saying("handoff", draft.language), f"flow:{flow.name}")
                draft.frames.clear()
                self.hand_off("", f"could not read {slot.name}", "", HANDOFF)

    def cancel(self) -> None:
        """Cancel the flow on top, with what its author wants said."""
        draft = self.draft
        flow = draft.flow
        if flow is None:
            return
        steps = flow.on.get("cancel")
        if steps:
            self.run([(steps, 0)])
            return
        owned = draft.compiled.rulebook.cancel
        if owned is not None and owned.reply is not None:
            draft.say(owned.reply, f"flow:{flow.name}")
        else:
            draft.send(saying("cancelled", draft.language), f"flow:{flow.name}")
        self.end(None)
