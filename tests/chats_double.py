"""Chats that live in memory."""

from datetime import timedelta

from bot.domain.chats import ChatKept
from bot.domain.messages import Origin
from tests.make import ANA, NOW, message


class MemoryChats:
    """Implements `ports.Chats`."""

    def __init__(self):
        self.done = []
        self.failure = None
        self.history = [
            message(f"old {n}", id=f"H{n}", sent_at=NOW - timedelta(hours=n), origin=Origin.HISTORY)
            for n in range(1, 6)
        ]

    async def list_chats(self):
        return (ChatKept(id=ANA, name="Ana", unread=2, is_archived=True, muted_until=NOW,
                         disappearing=timedelta(days=1), labels=("vip",)),)  # fmt: skip

    async def archive(self, chat, on):
        self._do("archive", chat, on)

    async def pin(self, chat, on):
        self._do("pin", chat, on)

    async def mute(self, chat, until):
        self._do("mute", chat, until)

    async def mark_unread(self, chat):
        self._do("unread", chat)

    async def older(self, chat, before, most, known=()):
        past = [one for one in self.history if one.sent_at <= before and one.chat == chat]
        past.sort(key=lambda one: one.sent_at)
        return tuple([one for one in past if one.id not in known][-most:])

    async def forward(self, chat, message_id, to, keep):
        self._do("forward", chat, message_id, to)
        await keep(["3EB0FF"])

    def _do(self, *what):
        if self.failure:
            raise self.failure
        self.done.append(what)
