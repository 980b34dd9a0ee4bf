"""People that live in memory."""

from bot.domain.profiles import Portrait


class MemoryPeople:
    """Implements `ports.People`."""

    def __init__(self):
        self.profiles = []
        self.blocked = set()
        self.portraits = {}
        self.asked = []
        self.failure = None

    async def list_profiles(self):
        self._may()
        return tuple(self.profiles)

    async def list_blocked(self):
        return frozenset(self.blocked)

    async def portrait(self, address, tag):
        self._may()
        self.asked.append((address, tag))
        return self.portraits.get(address, Portrait(about=""))

    async def ask_presence(self, address):
        self._may()
        self.asked.append(address)

    async def block(self, address, on):
        self._may()
        (self.blocked.add if on else self.blocked.discard)(address)
        return on

    def _may(self):
        if self.failure:
            raise self.failure
