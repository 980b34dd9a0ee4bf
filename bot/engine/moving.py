"""Live conversations under change: a frame moves to its flow's new version where that is safe."""

from collections import Counter
from collections.abc import Iterable

from bot.domain.conversation import Frame
from bot.domain.data import replace
from bot.domain.outgoing import Why
from bot.engine.compiled import Compiled, ask_of, locate
from bot.engine.draft import Draft
from bot.engine.owed import goes_back_to, going_back_to, with_owed
from bot.engine.steps import Runner
from bot.engine.words import saying
from bot.language import actions as a
from bot.language.flows import Flow


def moved(draft: Draft, runner: Runner, flow: Flow) -> Flow | None:
    """Return the version that the frame on top goes on with; None when the turn is over with it."""
    newest = draft.compiled.rulebook.flows.get(flow.name)
    frame = draft.frames[-1]
    if newest is None or newest.hash == frame.version or "pin" in (newest.on_edit, flow.on_edit):
        return flow
    if newest.on_edit == "restart":
        draft.winner = f"flow:{flow.name}"
        draft.send(saying("restarted", draft.language), draft.winner)
        draft.trace(f"{newest.place} flow {flow.name}", "restarted", "its file was edited")
        runner.start(newest, {})
        return None
    after = moved_frame(frame, flow, newest)
    if after is None:
        return flow
    draft.frames[-1] = after
    draft.trace(f"{newest.place} flow {flow.name}", "moved", "to the edited version")
    return newest


def moved_frame(frame: Frame, old: Flow, new: Flow) -> Frame | None:
    """Return a frame as it goes on in a new version of its flow, None where that is not safe."""
    step, back = new_place(old, new, frame.step), goes_back_to(frame)
    after = new_place(old, new, back) if back else ""
    if step is None or after is None:
        return None
    kept = {name: value for name, value in frame.slots.items() if name in new.slots}
    hidden = frame.sensitive | {name for name in kept if new.slots[name].sensitive}
    moved = replace(frame, version=new.hash, step=step, slots=kept, sensitive=hidden)
    return with_owed(going_back_to(moved, after), old, new)


def migrate(draft: Draft, runner: Runner, name: str, *, force: bool) -> None:
    """Move a flow that is open here to its newest version, where that is safe.

    Args:
        force: Where it is not safe, the customer is told and the flow begins again.
    """
    newest = draft.compiled.rulebook.flows.get(name)
    old_ones = [
        index for index, one in enumerate(draft.frames)
        if newest is not None and one.flow == name and one.version != newest.hash
    ]  # fmt: skip
    if newest is None or not old_ones:
        draft.trace(f"flow {name}", "skipped", "nothing is left to move")
        return
    for index in old_ones if not force else old_ones[:1]:  # a restart begins one anew
        _migrate(draft, runner, newest, index, force=force)


def _migrate(draft: Draft, runner: Runner, newest: Flow, index: int, *, force: bool) -> None:
    name, frame = newest.name, draft.frames[index]
    old = draft.flow_of(frame)
    after = None if old is None else moved_frame(frame, old, newest)
    if after is not None:
        draft.frames[index] = after
        draft.trace(f"{newest.place} flow {name}", "moved", "a person asked for it")
    elif force:
        draft.why = Why.STARTED
        draft.winner = f"flow:{name}"
        draft.send(saying("restarted", draft.language), draft.winner)
        draft.trace(f"{newest.place} flow {name}", "restarted", "a person asked for it")
        runner.start(newest, {})
    else:
        draft.trace(f"{newest.place} flow {name}", "skipped", "it cannot move from where it rests")


def told_moves(frames: Iterable[Frame], compiled: Compiled) -> list[str]:
    """Return, flow by flow, how many live conversations go on with an edited version.

    Such as ``pizza_order: 12 live, 11 moved, 1 finishes on a1b2c3``; nothing of unchanged flows.
    """
    live: dict[str, list[Frame]] = {}
    for frame in frames:
        live.setdefault(frame.flow, []).append(frame)
    told = []
    for name, open_ones in sorted(live.items()):
        newest = compiled.rulebook.flows.get(name)
        stays = [one for one in open_ones if newest is None or one.version != newest.hash]
        if not stays or name.startswith("rule:"):
            continue
        old = Counter(one.version for one in stays if not _moves(one, newest, compiled))
        parts = [f"{len(open_ones)} live"]
        if len(stays) > old.total():
            parts.append(f"{len(stays) - old.total()} moved")
        parts += [
            f"{count} finish{'es' if count == 1 else ''} on {version[:6]}"
            for version, count in sorted(old.items())
        ]
        told.append(f"{name}: {', '.join(parts)}")
    return told


def _moves(frame: Frame, newest: Flow | None, compiled: Compiled) -> bool:
    old = compiled.version(frame.version)
    if newest is None or not isinstance(old, Flow) or "pin" in (newest.on_edit, old.on_edit):
        return False
    return newest.on_edit == "restart" or new_place(old, newest, frame.step) is not None


def new_place(old: Flow, new: Flow, path: str) -> str | None:
    """Return where a conversation that rests at an ask stands in a new version, None if nowhere."""
    way = locate(old, path)
    step = way[-1][0][way[-1][1]] if way else None
    if not isinstance(step, a.AskStep):
        return None
    same = locate(new, path)
    at_same = same[-1][0][same[-1][1]] if same else None
    fresh = at_same if isinstance(at_same, a.AskStep) and at_same.slot == step.slot else None
    fresh = fresh or ask_of(new, step.slot)
    before, after = old.slots.get(step.slot), new.slots.get(step.slot)
    if fresh is None or before is None or after is None or before.type != after.type:
        return None
    return fresh.path
