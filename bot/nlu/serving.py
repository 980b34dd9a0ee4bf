"""The models' own process: reads texts and learns intents for the daemon that started it.

    python -m bot.nlu.serving FD

It ends when the other side of the line is gone, however that ended. What it says in its log goes
over the line too: there is one log.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.nlu.batches import Asked
from bot.nlu.choice import ModelChoice
from bot.nlu.niceness import step_aside, step_back

if TYPE_CHECKING:
    from bot.nlu.reading import TextModels

logger = logging.getLogger("alexia.models")


class Line:
    """What goes back to the daemon, one answer at a time."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection
        self._lock = threading.Lock()

    def tell(self, *told: object) -> None:
        """Send one answer. Ends the process when nobody listens any more."""
        try:
            with self._lock:
                self._connection.send(told)
        except OSError:
            os._exit(0)


class Told(logging.Handler):
    """Sends the log over the line."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def emit(self, record: logging.LogRecord) -> None:
        """Send one line of the log."""
        self._line.tell("log", record.name, record.levelno, record.getMessage())


class Service:
    """Does what the daemon asks for: texts in one thread, learning in another beside it."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._models: TextModels | None = None
        self._loading = ThreadPoolExecutor(1, initializer=step_aside)
        self._learning = ThreadPoolExecutor(1, initializer=step_back)
        self._reading = ThreadPoolExecutor(1)

    def load(self, folder: Path, default: str, choice: ModelChoice) -> None:
        """Load the models in the background."""
        self._loading.submit(self._answer, "loaded", self._load, folder, default, choice)

    def train(self, folder: Path) -> None:
        """Learn the intents of a folder in the background; the old ones serve meanwhile."""
        self._learning.submit(self._answer, "trained", self._train, folder)

    def read(self, batch: Sequence[Asked]) -> None:
        """Read texts in the background."""
        self._reading.submit(self._answer, "read", self._read, batch)

    def _answer(self, what: str, do: Any, *given: object) -> None:  # noqa: ANN401 - any of the three
        try:
            found = do(*given)
        except Exception as failure:
            logger.exception("models: %s failed", what)
            self._line.tell("failed", what, f"{type(failure).__name__}: {failure}"[:200])
        else:
            self._line.tell(what, found)

    def _load(self, folder: Path, default: str, choice: ModelChoice) -> None:
        from bot.nlu.reading import TextModels

        self._models = TextModels(folder, default=default, choice=choice)

    def _train(self, folder: Path) -> dict[str, int] | None:
        """Return the intents with their number of examples; None: the old ones stay."""
        from bot.nlu.examples import read_intents

        intents, problems = read_intents(folder)
        for problem in problems:
            logger.error("%s", problem)
        if self._models is None or (problems and not intents):
            return None
        self._models.folder = folder
        self._models.train(intents)
        return {intent.name: len(intent.examples) for intent in intents}

    def _read(self, batch: Sequence[Asked]) -> object:
        return None if self._models is None else self._models.read(batch)


def main() -> None:
    """Serve until the daemon is gone."""
    for wish in (signal.SIGINT, signal.SIGTERM):  # meant for the daemon, which ends us itself
        signal.signal(wish, signal.SIG_IGN)
    connection: Connection[Any, Any] = Connection(int(sys.argv[1]))
    line = Line(connection)
    logging.basicConfig(level=int(sys.argv[2]), handlers=[Told(line)])
    service = Service(line)
    while True:
        try:
            what, *given = connection.recv()
        except (EOFError, OSError):
            os._exit(0)
        getattr(service, what)(*given)


if __name__ == "__main__":
    main()
