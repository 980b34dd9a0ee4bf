"""Runs an action: beside the daemon's own loop, within its time, whatever it does."""

import asyncio
import inspect
import json
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from bot.domain.acting import EFFECTS, ActionEffect, ActionTurn
from bot.domain.effects import RunAction
from bot.domain.turns import CallAnswered
from bot.domain.values import Value, from_json, from_outside, to_json
from bot.extensions.finding import Action, Actions
from bot.language.printing import Form, show
from bot.language.signatures import Parameter

logger = logging.getLogger("alexia.actions")

MOST_RETURNED = 65_536  # letters of JSON, as much as is read of an http answer
MOST_HANGING = 32  # threads of actions that did not end in their time
YES = {"true": True, "yes": True, "false": False, "no": False}


class Mistyped(Exception):
    """An argument is not what the action takes."""


class PythonActions:
    """Implements `ports.ActionRunner` with the actions of a table, which is replaced by reloads."""

    def __init__(self, actions: Callable[[], Actions]) -> None:
        """Take where to find the table in force."""
        self._actions = actions
        self._hanging: set[threading.Thread] = set()

    async def run(self, action: RunAction, turn: ActionTurn) -> CallAnswered:
        """Run one action; a failure is told in ``error``, never raised."""
        found = self._actions().actions.get(action.name)
        if found is None:
            return _failed(action, f"there is no action {action.name!r}")
        try:
            returned = await self._run(found, turn, taken(action.arguments, found))
            return _answered(action, returned)
        except TimeoutError:
            return _failed(action, f"{action.name} did not end within {found.timeout:g} s")
        except Mistyped as reason:
            return _failed(action, f"{action.name}: {reason}")
        except Exception as failure:
            # the edge of user code: whatever an action raises is an error of its step
            logger.warning("action %s failed", action.name, exc_info=failure)
            return _failed(action, f"{type(failure).__name__}: {failure}")

    async def _run(
        self, action: Action, turn: ActionTurn, arguments: Mapping[str, Value]
    ) -> object:
        """Run it in a thread and a loop of its own: what blocks there holds up nobody else."""
        self._hanging = {one for one in self._hanging if one.is_alive()}
        if len(self._hanging) >= MOST_HANGING:
            raise RuntimeError(f"{MOST_HANGING} actions hang; restart the bot")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()

        def settle(result: object, failure: BaseException | None) -> None:
            if done.done():
                return
            if failure is None:
                done.set_result(result)
            else:
                done.set_exception(failure)

        def work() -> None:
            result, failure = None, None
            try:
                result = asyncio.run(_call(action, turn, arguments))
            except (Exception, SystemExit) as reason:  # noqa: BLE001 - the edge of user code
                failure = reason if isinstance(reason, Exception) else RuntimeError("it exits")
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, result, failure)

        thread = threading.Thread(target=work, name=f"action-{action.name}", daemon=True)
        thread.start()
        try:
            async with asyncio.timeout(action.timeout + 1):
                return await done
        finally:
            if thread.is_alive() and not done.done():
                self._hanging.add(thread)


async def _call(action: Action, turn: ActionTurn, arguments: Mapping[str, Value]) -> object:
    async with asyncio.timeout(action.timeout):
        returned = action.function(turn, **arguments)
        return await returned if inspect.isawaitable(returned) else returned


def taken(arguments: Mapping[str, Value], action: Action) -> dict[str, Value]:
    """Return arguments as the action's parameters want them. Raises Mistyped."""
    signature = action.signature
    for name in arguments:
        if name not in signature.parameters and not signature.is_open:
            raise Mistyped(f"it takes no {name!r}")
    for name, parameter in signature.parameters.items():
        if parameter.required and name not in arguments:
            raise Mistyped(f"{name!r} is missing")
    return {
        name: _as(value, name, signature.parameters.get(name, Parameter()))
        for name, value in arguments.items()
    }


def _as(value: Value, name: str, parameter: Parameter) -> Value:
    if value is None and parameter.optional:
        return None
    found: Value = value
    try:
        match parameter.kind:
            case "text":
                found = show(value, Form(mode="iso")) if value is not None else None
            case "integer":
                found = int(str(value)) if not isinstance(value, bool) else None
            case "number":
                found = value if isinstance(value, int | float) else float(str(value))
            case "yes_no":
                found = value if isinstance(value, bool) else YES.get(str(value).lower())
            case "list":
                found = list(value) if isinstance(value, list | tuple) else None
            case "map":
                found = value if isinstance(value, Mapping) else None
            case _:
                return value
    except ValueError:
        found = None
    if found is None:
        raise Mistyped(f"{name!r} is not of the right kind ({parameter.kind})")
    return found


def _answered(action: RunAction, returned: object) -> CallAnswered:
    """Tell effects from a value; a value is kept as it will be read back."""
    many = returned if isinstance(returned, list | tuple) else (returned,)
    effects: list[ActionEffect] = [one for one in many if isinstance(one, EFFECTS)]
    size = len(json.dumps([to_json(_parts(one)) for one in many]))
    if size > MOST_RETURNED:
        return _failed(action, f"it returned over {MOST_RETURNED} letters")
    if not effects:
        return CallAnswered(
            key=action.key, status=200, body=mended(from_json(to_json(returned))), name=action.name
        )
    if len(effects) != len(many):
        return _failed(action, "it returned effects and values mixed")
    whole = [type(one)(**_mended_parts(one)) for one in effects]
    return CallAnswered(
        key=action.key, status=200, body=None, name=action.name, effects=tuple(whole)
    )


def _parts(one: object) -> object:
    if not isinstance(one, EFFECTS):
        return one
    return {field.name: getattr(one, field.name) for field in fields(one)}


def _mended_parts(effect: ActionEffect) -> dict[str, Any]:
    held = {field.name: getattr(effect, field.name) for field in fields(effect)}
    return {name: mended(from_json(to_json(one))) for name, one in held.items()}


def mended(value: Value) -> Value:
    """Return a value whose texts can be stored and sent: lone surrogates and NUL are replaced."""
    match value:
        case str() | float():
            return from_outside(value)
        case Mapping():
            return {str(from_outside(name)): mended(one) for name, one in value.items()}
        case list() | tuple():
            return [mended(one) for one in value]
        case _:
            return value


def _failed(action: RunAction, reason: str) -> CallAnswered:
    return CallAnswered(key=action.key, status=0, body=None, error=reason, name=action.name)
