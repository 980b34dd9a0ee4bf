"""One thread that reads texts in small batches; a hung or dead model never holds a caller."""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence

from bot.domain.data import dataclass
from bot.domain.understanding import Need, Understanding

logger = logging.getLogger("alexia.models")

WIDEST = 32  # texts a batch
CROWD = 4 * WIDEST  # texts that are sorted by length together before they are cut into batches
GATHERED = 0.005  # seconds that a batch waits for company
DEEPEST = 4096  # texts that may wait; more are answered as unknown at once
ALMOST = 0.9  # of a deadline without any progress: the models hang
LONGEST_WAIT = 20  # deadlines that a text waits while batches keep coming back


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One text and what is to be read from it."""

    text: str
    needs: frozenset[Need]
    language: str  # that of the text, as far as it can be told


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    asked: Asked
    answer: "asyncio.Future[Understanding]"
    loop: asyncio.AbstractEventLoop


Work = Callable[[], None]
Read = Callable[[Sequence[Asked]], Sequence[Understanding]]


class ModelThread:
    """Runs work and batches of texts, one after the other, in a thread of its own."""

    def __init__(self, read: Read, *, deadline: float) -> None:
        self._read = read
        self._deadline = deadline
        self._queue: queue.Queue[_Waiting | Work | None] = queue.Queue(DEEPEST)
        self._moved = time.monotonic()  # when the thread last finished something
        self._busy = False
        self._crowded = False  # the last batch held more than one text
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="alexia-models", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        if not self._thread.is_alive():
            self._thread.start()

    def submit(self, work: Work) -> None:
        """Have something done between two batches, such as loading or training."""
        self._queue.put(work)

    def close(self) -> None:
        """End after the batch at hand; what still waits or comes is told to be unknown."""
        self._closed = True
        while True:
            try:
                left = self._queue.get_nowait()
            except queue.Empty:
                break
            if isinstance(left, _Waiting):
                _answer(left, Understanding(failed="closed"))
        self._queue.put(None)

    async def ask(self, asked: Asked) -> Understanding:
        """Return what was read; empty, with the reason, when it does not come in time."""
        if self._stuck():
            return Understanding(failed="deadline")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(asked=asked, answer=loop.create_future(), loop=loop)
        try:
            self._queue.put_nowait(waiting)
        except queue.Full:
            return Understanding(failed="overload")
        if self._closed:  # looked at once it is in the queue: closing empties that only once
            return Understanding(failed="closed")
        return await self._answer_of(waiting)

    async def _answer_of(self, waiting: _Waiting) -> Understanding:
        begun = time.monotonic()
        while True:
            done, _ = await asyncio.wait({waiting.answer}, timeout=self._deadline)
            if done:
                return waiting.answer.result()
            now = time.monotonic()
            idle = now - max(self._moved, begun) > self._deadline * ALMOST
            if idle or now - begun > self._deadline * LONGEST_WAIT:
                waiting.answer.cancel()
                return Understanding(failed="deadline")

    def _stuck(self) -> bool:
        return self._busy and time.monotonic() - self._moved > self._deadline * ALMOST

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            self._moved, self._busy = time.monotonic(), True
            try:
                if first is None:
                    return
                self._step(first)
            except Exception:
                logger.exception("models: a batch failed")
            finally:
                self._moved, self._busy = time.monotonic(), False

    def _step(self, first: "_Waiting | Work") -> None:
        if not isinstance(first, _Waiting):
            first()
            return
        crowd, after = self._company(first)
        crowd.sort(key=lambda one: len(one.asked.text))
        for at in range(0, len(crowd), WIDEST):
            self._read_batch(crowd[at : at + WIDEST])
            self._moved = time.monotonic()
        if after is not None:
            after()

    def _read_batch(self, crowd: Sequence[_Waiting]) -> None:
        batch = [one for one in crowd if not one.answer.cancelled()]
        try:
            found = self._read([one.asked for one in batch]) if batch else []
        except Exception:
            logger.exception("models: %d texts could not be read", len(batch))
            found = [Understanding(failed="broken")] * len(batch)
        for one, understood in zip(batch, found, strict=True):
            _answer(one, understood)

    def _company(self, first: _Waiting) -> tuple[list[_Waiting], Work | None]:
        """Gather what waits already, and, in a crowd, what comes within a few milliseconds.

        Work that comes between is handed back, to be done after.
        """
        batch, until = [first], time.monotonic() + (GATHERED if self._crowded else 0.0)
        self._crowded = False
        while len(batch) < CROWD:
            left = until - time.monotonic()
            try:
                more = self._queue.get(timeout=left) if left > 0 else self._queue.get_nowait()
            except queue.Empty:
                break
            if not isinstance(more, _Waiting):
                if more is None:
                    self._queue.put(None)
                return batch, more
            batch.append(more)
            self._crowded = True
        return batch, None


def _answer(waiting: _Waiting, understood: Understanding) -> None:
    def tell() -> None:
        if not waiting.answer.done():
            waiting.answer.set_result(understood)

    try:
        waiting.loop.call_soon_threadsafe(tell)
    except RuntimeError:
        logger.debug("models: nobody waits any more")
