"""Holds a chat while the words of a message are yet to be read, so that its order is kept."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.messages import Message, MessageId, MessageKind
from bot.inbound.lanes import Lane

PATIENCE = 2.0  # seconds that a chat waits for words; some come after hours, or never
YOUNG = timedelta(seconds=10)  # only for those of a message that was sent so lately


class Undeciphered:
    """Messages that came without their words a moment ago."""

    def __init__(self, wake: Callable[[Lane], None]) -> None:
        """Take what wakes a chat."""
        self._wake = wake
        self._awaited: dict[Lane, set[MessageId]] = {}
        self._held: set[Lane] = set()

    def note(self, messages: Sequence[Message], now: datetime) -> None:
        """Note which messages lack their words, and which have got them."""
        for one in messages:
            lane = (one.account, one.chat)
            if one.kind is not MessageKind.CIPHERTEXT:
                self._read(lane, one.id)
            elif not one.from_me and abs(now - one.sent_at) < YOUNG:
                self._awaited.setdefault(lane, set()).add(one.id)
                asyncio.get_running_loop().call_later(PATIENCE, self._read, lane, one.id)

    def holds(self, lane: Lane) -> bool:
        """Tell whether a chat is to wait; it is woken when it need not any more."""
        if lane not in self._awaited:
            return False
        self._held.add(lane)
        return True

    def _read(self, lane: Lane, message_id: MessageId) -> None:
        awaited = self._awaited.get(lane)
        if awaited is None:
            return
        awaited.discard(message_id)
        if not awaited:
            del self._awaited[lane]
            if lane in self._held:
                self._held.discard(lane)
                self._wake(lane)
