"""Loops: each and repeat, their rounds and how they are left."""

from collections.abc import Mapping
from typing import Any

from bot.domain.values import Value
from bot.engine.hidden import reads_sensitive
from bot.engine.stack import Stack, Way
from bot.language import actions as a
from bot.language.templates import TemplateFailed

Loop = a.EachStep | a.RepeatStep


class Loops(Stack):
    """Runs blocks again and again; where a loop stands lies in its frame, so it can rest."""

    def close_block(self, way: Way) -> None:
        """Leave a block; a loop that holds it may begin its next round."""
        owner = _owner(way)
        if isinstance(owner, Loop) and owner.path in self.draft.frames[-1].loops:
            self._next_round(owner, way)

    def enter_loop(self, step: Loop, way: Way) -> None:
        """Begin a loop."""
        items: list[Value] = []
        if isinstance(step, a.EachStep):
            items = _items(self.draft.value(step.of))
        state: dict[str, Value] = {"n": 0, "items": items}
        self.draft.top(loops={**self.draft.frames[-1].loops, step.path: state})
        self._next_round(step, way)

    def leave_loop(self, way: Way, *, again: bool) -> None:
        """Leave the innermost loop, or go on with its next round."""
        while way:
            way.pop()
            owner = _owner(way)
            if isinstance(owner, Loop):
                if again:
                    self._next_round(owner, way)
                else:
                    self._forget(owner.path)
                return

    def leave_loops(self, way: Way) -> None:
        """Forget the loops that do not hold the place to go to."""
        holding = {
            owner.path for block, index in way[:-1] if isinstance(owner := block[index - 1], Loop)
        }
        loops = self.draft.frames[-1].loops
        self.draft.top(loops={path: held for path, held in loops.items() if path in holding})

    def _next_round(self, step: Loop, way: Way) -> None:
        draft = self.draft
        state: Any = draft.frames[-1].loops.get(step.path, {"n": 0, "items": []})
        count = int(state["n"])
        if isinstance(step, a.EachStep):
            more = count < len(state["items"])
            if more:
                hidden = reads_sensitive(draft, step.of)
                draft.fill(step.name, state["items"][count], sensitive=hidden)
            if more and step.index:
                draft.fill(step.index, count + 1)
        else:
            more = count < step.most and self._still(step)
        if not more:
            self._forget(step.path)
            return
        draft.top(loops={**draft.frames[-1].loops, step.path: {**state, "n": count + 1}})
        way.append((step.steps, 0))

    def _still(self, step: a.RepeatStep) -> bool:
        draft = self.draft
        try:
            return bool(draft.work_out(step.condition_while))
        except TemplateFailed as failure:
            draft.fail(failure)
            return False

    def _forget(self, path: str) -> None:
        loops = self.draft.frames[-1].loops
        self.draft.top(loops={one: held for one, held in loops.items() if one != path})


def _owner(way: Way) -> a.Step | None:
    """Return the step whose block was left last."""
    if not way:
        return None
    block, index = way[-1]
    return block[index - 1] if index else None


def _items(value: Value) -> list[Value]:
    match value:
        case None:
            return []
        case list() | tuple():
            return list(value)
        case Mapping():
            return list(value)
        case _:
            return [value]
