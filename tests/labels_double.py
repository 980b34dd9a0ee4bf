"""Labels that live in memory."""

from bot.domain.labels import Labelled


class MemoryLabels:
    """Implements `ports.Labels`."""

    def __init__(self):
        self.worn = set()
        self.failure = None
        self.asked = 0

    async def list_labelled(self):
        self._may()
        return frozenset(self.worn)

    async def put(self, chat, label, on):
        self._may()
        one = Labelled(chat=chat, label=label)
        (self.worn.add if on else self.worn.discard)(one)

    def _may(self):
        self.asked += 1
        if self.failure:
            raise self.failure
