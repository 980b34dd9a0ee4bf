"""The WebSocket: what happens, as it happens."""

import asyncio
import json

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.console.desk import Bot
from bot.console.feed import Listener

BEHIND = 1013  # a WebSocket's code for "try again later"
DEFAULT = "*"


class Live:
    """Serves ``/ws?session=*&events=message,message.ack``."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def serve(self, socket: WebSocket) -> None:
        """Tell one client what happens until it goes, or falls behind."""
        query = socket.query_params
        wanted, sessions = query.get("session", "*"), self._bot.sessions
        if wanted not in ("*", *sessions):
            await socket.close(1008, "there is no such session")
            return
        events = query.get("events", "") or DEFAULT
        listener = Listener(frozenset(one.strip() for one in events.split(",") if one.strip()))
        heard = [one.audience for name, one in sessions.items() if wanted in ("*", name)]
        for audience in heard:
            audience.join(listener)
        await socket.accept()
        hearing = asyncio.ensure_future(_hear(socket))
        telling = asyncio.ensure_future(_tell(socket, listener))
        try:
            await asyncio.wait((hearing, telling), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for audience in heard:
                audience.leave(listener)
            hearing.cancel()
            telling.cancel()
            await asyncio.gather(hearing, telling, return_exceptions=True)


async def _hear(socket: WebSocket) -> None:
    """Wait until the client goes; what it says changes nothing."""
    try:
        while True:
            await socket.receive_text()
    except (WebSocketDisconnect, KeyError):
        return


async def _tell(socket: WebSocket, listener: Listener) -> None:
    while True:
        event = await listener.waiting.get()
        if event is None:
            await socket.close(BEHIND, "too slow")
            return
        await socket.send_text(json.dumps(event, ensure_ascii=False))
