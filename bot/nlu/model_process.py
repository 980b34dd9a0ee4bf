"""The line to the models' own process: a death or a hang there is noticed, and never felt here."""

import contextlib
import logging
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from bot.domain.understanding import Understanding
from bot.nlu.batches import Asked
from bot.nlu.choice import ModelChoice

logger = logging.getLogger("alexia.models")

HUNG = 30.0  # seconds for one batch, after which the process is ended
END_WITHIN = 2.0  # seconds
Answers = queue.SimpleQueue[object]


class ModelsLost(Exception):
    """The models' process is gone, or could not do what was asked."""


class Models(Protocol):
    """What reads texts and learns intents."""

    @property
    def pid(self) -> int | None:
        """The process in which they are, None while there is none."""

    def load(self, lost: Callable[[], None]) -> None:
        """Load them; ``lost`` is called when they are gone later. Raises ModelsLost."""

    def train(self, folder: Path) -> Mapping[str, int] | None:
        """Learn a folder's intents; return how many examples each has, None: the old ones stay.

        Raises:
            ModelsLost: They could not be learnt.
        """

    def read(self, batch: Sequence[Asked]) -> Sequence[Understanding]:
        """Return what is read of each text. Raises ModelsLost."""

    def close(self) -> None:
        """Let go of them. Can be called twice."""


class ModelProcess:
    """Implements `Models` in a process of their own, which ends with this one."""

    def __init__(self, folder: Path, default: str, choice: ModelChoice) -> None:
        self._given = folder, default, choice
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection[Any, Any] | None = None
        self._socket: socket.socket | None = None
        self._sending = threading.Lock()
        self._answers: dict[str, Answers] = {}
        self._lock = threading.Lock()
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process, None while there is none."""
        return None if self._process is None else self._process.pid

    def load(self, lost: Callable[[], None]) -> None:
        """Start the process and load the models there."""
        with self._lock:
            if self._closed:
                raise ModelsLost("closed")
            self._hang_up()
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = _start(theirs.fileno())
            self._socket = ours
            line: Connection[Any, Any] = Connection(os.dup(ours.fileno()))
            answers: dict[str, Answers] = {
                what: Answers() for what in ("loaded", "trained", "read")
            }
            self._line, self._answers = line, answers
        listening = threading.Thread(
            target=_listen, args=(line, answers, lost), name="alexia-models-line", daemon=True
        )
        listening.start()
        self._ask("loaded", None, "load", *self._given)

    def train(self, folder: Path) -> Mapping[str, int] | None:
        """Have the process learn."""
        found: Mapping[str, int] | None = self._ask("trained", None, "train", folder)
        return found

    def read(self, batch: Sequence[Asked]) -> Sequence[Understanding]:
        """Have the process read; one that hangs is ended."""
        try:
            found: Sequence[Understanding] | None = self._ask("read", HUNG, "read", batch)
        except queue.Empty:
            logger.error("models: no answer within %.0f s; their process is ended", HUNG)  # noqa: TRY400
            self._end()
            raise ModelsLost("hung") from None
        return [Understanding(failed="not loaded")] * len(batch) if found is None else found

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._closed = True
            self._hang_up()

    def _ask(self, what: str, within: float | None, *asked: object) -> Any:  # noqa: ANN401 - by `what`
        line, answers = self._line, self._answers
        if line is None:
            raise ModelsLost("not started")
        try:
            with self._sending:
                line.send(asked)
        except (OSError, ValueError) as gone:
            raise ModelsLost("gone") from gone
        answer = answers[what].get(timeout=within)
        if isinstance(answer, ModelsLost):
            raise answer
        return answer

    def _hang_up(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it is gone already
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None
        self._end(END_WITHIN)

    def _end(self, patience: float = 0.0) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _start(line: int) -> "subprocess.Popen[bytes]":
    """Start the process, which finds our code where this one does."""
    level = logging.getLogger("alexia").getEffectiveLevel()
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "bot.nlu.serving", str(line), str(level)],
        pass_fds=(line,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},  # noqa: PTH109
    )


def _listen(
    line: "Connection[Any, Any]", answers: Mapping[str, Answers], lost: Callable[[], None]
) -> None:
    """Hand on what the process tells, until it is gone."""
    while True:
        try:
            what, *told = line.recv()
        except (EOFError, OSError):
            break
        match what:
            case "log":
                name, level, text = told
                logging.getLogger(name).log(level, "%s", text)
            case "failed":
                answers[told[0]].put(ModelsLost(told[1]))
            case _:
                answers[what].put(told[0])
    line.close()
    for waiting in answers.values():
        waiting.put(ModelsLost("gone"))
    lost()
