"""The emulator as one object: a port, a folder, and everything between."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from bot.emulator import static
from bot.emulator.control import PAIRING_PATIENCE, Control
from bot.emulator.media import MediaFolder
from bot.emulator.pages import Pages
from bot.emulator.pageside import PageSide
from bot.emulator.phones import Phones
from bot.emulator.phoneside import PhoneSide
from bot.emulator.web import Router, Server
from bot.emulator.world import World


class Emulator:
    """A running emulator: ``async with Emulator(data=folder) as emulator: emulator.url``."""

    def __init__(
        self, *, data: Path, port: int = 0, pairing_patience: float = PAIRING_PATIENCE
    ) -> None:
        self._data = data
        self._patience = pairing_patience  # seconds that /control/pair waits for a code
        self.port = port

    @property
    def url(self) -> str:
        """Where the page is; the phones are at ``url + "phone"``."""
        return f"http://127.0.0.1:{self.port}/"

    async def start(self) -> None:
        """Read the state from the disk and open the port."""
        self._world = World(self._data)
        media = MediaFolder(self._data / "media")
        pages = Pages(self._world)
        self._phones = Phones(self._world, pages)
        router = Router()
        static.routes(router)
        PageSide(self._world, pages, self._phones, media).routes(router)
        PhoneSide(self._world, media).routes(router)
        Control(self._world, pages, self._phones, media, self._patience).routes(router)
        self._server = Server(router)
        self.port = await self._server.start(self.port)

    async def stop(self) -> None:
        """Close the port and the files."""
        await self._server.stop()
        await self._phones.stop()
        await self._world.ledger.close()

    async def __aenter__(self) -> "Emulator":
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()


async def serve(port: int, data: Path, *, on_ready: Callable[[int], None]) -> None:
    """Run an emulator until cancelled; ``on_ready`` is told the port."""
    async with Emulator(port=port, data=data) as emulator:
        on_ready(emulator.port)
        await asyncio.Event().wait()
