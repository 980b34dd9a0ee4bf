"""Doubles of the world outside: http services, Python actions and the models."""

import asyncio
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from bot.domain.effects import CallHttp, RunAction
from bot.domain.turns import CallAnswered
from bot.domain.understanding import NOTHING_UNDERSTOOD, Need, Understanding
from bot.ports import Understander
from bot.testing.lines import HttpMock, Mock
from bot.testing.values import fits_glob, same

LEAST_ERROR = 400  # HTTP status from which on an answer is a failure
LEAST_SERVER_ERROR = 500  # … and from which on a call is tried again


class Outside:
    """Answers calls from mocks, and keeps what was called.

    Attributes:
        called: Every attempt, in order.
        unmocked: Calls that no mock answers, in words.
    """

    def __init__(self, mock: Mock) -> None:
        self._mock = mock
        self._taken: dict[int, int] = {}
        self.called: list[CallHttp] = []
        self.unmocked: list[str] = []

    def answer(self, call: CallHttp | RunAction) -> CallAnswered:
        """Return what the call comes to, its retries made."""
        if isinstance(call, RunAction):
            return self._run(call)
        answered = self._once(call)
        for _ in range(call.retries):
            if not answered.error or answered.status < LEAST_SERVER_ERROR:
                break
            answered = self._once(call)
        return answered

    def _run(self, action: RunAction) -> CallAnswered:
        actions = self._mock.actions
        if action.name not in actions:
            self.unmocked.append(
                f"the action {action.name} is not mocked; add it under  mock: {{run: {{…}}}}"
            )
            return CallAnswered(key=action.key, status=0, body=None, error="not mocked")
        value = actions[action.name]
        if isinstance(value, Mapping) and set(value) == {"error"}:
            return CallAnswered(key=action.key, status=0, body=None, error=str(value["error"]))
        return CallAnswered(key=action.key, status=200, body=value)

    def _once(self, call: CallHttp) -> CallAnswered:
        self.called.append(call)
        for number, mock in enumerate(self._mock.http):
            if _answers(mock, call):
                turn = self._taken[number] = self._taken.get(number, -1) + 1
                status = mock.statuses[min(turn, len(mock.statuses) - 1)]
                body = mock.replies[min(turn, len(mock.replies) - 1)]
                error = f"status {status}" if status >= LEAST_ERROR else ""
                return CallAnswered(key=call.key, status=status, body=body, error=error)
        told = f"the http call {call.method} {call.url} is not mocked"
        self.unmocked.append(f"{told}; add it under  mock: {{http: [{{url: …, reply: …}}]}}")
        return CallAnswered(key=call.key, status=0, body=None, error="not mocked")


def _answers(mock: HttpMock, call: CallHttp) -> bool:
    return (
        fits_glob(call.url, mock.url)
        and mock.method in ("", call.method)
        and (mock.json is None or same(call.json, mock.json))
    )


class ScriptedUnderstander:
    """Implements `ports.Understander` from mocks: by whole message, exact before glob.

    Capital letters do not matter.
    """

    def __init__(self, readings: Mapping[str, Understanding]) -> None:
        self._readings = readings
        self._folded = {text.strip().casefold(): reading for text, reading in readings.items()}

    async def understand(
        self,
        text: str,
        needs: AbstractSet[Need],  # noqa: ARG002 - the port's signature
        hint: str | None = None,  # noqa: ARG002
    ) -> Understanding:
        """Return the reading that the test gives this text."""
        exact = self._readings.get(text) or self._folded.get(text.strip().casefold())
        if exact is not None:
            return exact
        fitting = [glob for glob in self._readings if glob != "*" and fits_glob(text, glob)]
        if fitting:
            return self._readings[fitting[0]]
        return self._readings.get("*", NOTHING_UNDERSTOOD)

    def intents(self) -> Mapping[str, int]:
        """Return nothing: a mock knows no examples."""
        return {}


class PatientUnderstander:
    """The real models, asked from where nothing may wait: the caller's thread waits for them.

    Attributes:
        failed: Why the models gave nothing, once; "" while they answer.
    """

    def __init__(self, models: Callable[[], Understander]) -> None:
        """Take how the models are opened; they are when the first text comes."""
        self._open = models
        self._models: Understander | None = None
        self.failed = ""

    async def understand(
        self, text: str, needs: AbstractSet[Need], hint: str | None = None
    ) -> Understanding:
        """Read one text."""
        if self._models is None:
            self._models = self._open()
        found = asyncio.run(_ask(self._models, text, needs, hint))
        self.failed = self.failed or found.failed
        return found

    def intents(self) -> Mapping[str, int]:
        """Return the known intents."""
        return {} if self._models is None else self._models.intents()


async def _ask(
    models: Understander, text: str, needs: AbstractSet[Need], hint: str | None
) -> Understanding:
    return await models.understand(text, needs, hint)
