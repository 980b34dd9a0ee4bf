"""Labels that live in memory."""

from bot.domain.labels import Label, Labelled


class MemoryLabels:
    """Implements `ports.Labels`."""

    def __init__(self):
        self.worn = set()
        self.failure = None
        self.asked = 0
        self.made = []

    async def list_labelled(self):
        self._may()
        return frozenset(self.worn)

    async def list_labels(self):
        self._may()
        names = dict.fromkeys([*self.made, *sorted(one.label for one in self.worn)])
        return tuple(Label(id=str(n), name=name) for n, name in enumerate(names, 1))

    async def create(self, label):
        self._may()
        self.made.append(label)
        return next(one for one in await self.list_labels() if one.name == label)

    async def edit(self, label, name, place=None):
        self._may()
        old = next(one for one in await self.list_labels() if one.id == label)
        self.made = [name if one == old.name else one for one in self.made]
        return Label(id=label, name=name, place=place or 0)

    async def remove(self, label):
        self._may()
        gone = next(one.name for one in await self.list_labels() if one.id == label)
        self.made = [one for one in self.made if one != gone]
        self.worn = {one for one in self.worn if one.label != gone}

    async def put(self, chat, label, on):
        self._may()
        one = Labelled(chat=chat, label=label)
        (self.worn.add if on else self.worn.discard)(one)

    def _may(self):
        self.asked += 1
        if self.failure:
            raise self.failure
