"""What the page of the phones asks, under ``/phone/``; it changes things by the control API."""

import json

from bot.emulator.ledger import Entry
from bot.emulator.media import MediaFolder
from bot.emulator.web import Answer, Request, Response, Router, Stream, json_response
from bot.emulator.world import World

MOST_LINES = 2000  # of the ledger that a freshly opened phone page is given
SHOWN = frozenset({"message", "person", "group", "account", "change", "event", "faults"})
SAFE_KINDS = ("image/", "audio/", "video/")


class PhoneSide:
    """The handlers of the phone page."""

    def __init__(self, world: World, media: MediaFolder) -> None:
        self._world = world
        self._media = media

    def routes(self, router: Router) -> None:
        """Add the handlers to a router."""
        router.add("GET", "/phone/data", self.data)
        router.add("GET", "/phone/events", self.events)
        router.add("GET", "/phone/media/*", self.medium)

    async def data(self, request: Request) -> Answer:
        """Everything that the phones show when the page opens."""
        del request
        world = self._world
        return json_response(
            {
                "accounts": [one.as_json() for one in world.accounts.values()],
                "people": [one.as_json() for one in world.people.values()],
                "groups": [one.as_json() for one in world.groups.values()],
                "messages": [one.as_entry() for one in world.messages[-MOST_LINES:]],
            }
        )

    async def events(self, request: Request) -> Answer:
        """The stream of what changes."""
        del request
        stream = Stream()

        def show(entry: Entry) -> None:
            if entry["k"] in SHOWN:
                stream.push(entry)

        stream.on_close = self._world.listen(show)
        return stream

    async def medium(self, request: Request) -> Answer:
        """A file of a message; only pictures, sounds and films are shown, the rest is saved."""
        sha256 = request.path.rpartition("/")[2]
        body = await self._media.read(sha256)
        kind = request.query.get("kind", "")
        if kind.startswith(SAFE_KINDS) and kind != "image/svg+xml" and kind.isascii():
            return Response(body=body, kind=json.dumps(kind)[1:-1])
        return Response(
            body=body,
            kind="application/octet-stream",
            headers={"Content-Disposition": "attachment"},
        )
