"""Files through the page in parts: neither the page nor the daemon stands still for a large one."""

import base64
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from bot.domain.errors import MediumLost, SendUncertain, TransportDown
from bot.domain.messages import MessageId
from bot.ports import WantedMedium

PART = 512 * 1024  # bytes that travel at once
OPEN_WITHIN = 120.0  # seconds in which WhatsApp hands out a file
PART_WITHIN = 15.0  # seconds

Ask = Callable[[dict[str, Any], float], Awaitable[dict[str, Any]]]


async def put(ask: Ask, message_id: MessageId, data: bytes) -> str:
    """Bring a file into the page; return the token under which it is sent.

    Raises:
        TransportDown: It did not get there; nothing was sent.
    """
    token = f"out-{message_id}"
    for number, start in enumerate(range(0, max(len(data), 1), PART)):
        part = base64.b64encode(data[start : start + PART]).decode()
        command = {"do": "add", "token": token, "number": number, "data": part}
        await _value(ask, command, PART_WITHIN)
    return token


async def read(ask: Ask, wanted: WantedMedium) -> AsyncGenerator[bytes]:
    """Return the bytes of a message's file, in parts.

    Raises:
        MediumLost: WhatsApp has it no more, or it is too large.
        TransportDown: There is no page that answers.
    """
    token = f"in-{secrets.token_hex(8)}"
    command = {
        "do": "open", "of": wanted.chat, "id": wanted.id, "token": token, "most": wanted.most,
        "moment": wanted.sent_at.timestamp() - 1,
    }  # fmt: skip
    opened = await _value(ask, command, OPEN_WITHIN)
    size = int(opened["size"])
    for start in range(0, size, PART):
        part = {"do": "part", "token": token, "from": start, "to": min(start + PART, size)}
        yield base64.b64decode(await _value(ask, part, PART_WITHIN))
    await _value(ask, {"do": "close", "token": token}, PART_WITHIN)


async def _value(ask: Ask, command: dict[str, Any], deadline: float) -> Any:  # noqa: ANN401 - JSON
    try:
        answer = await ask(command, deadline)
    except SendUncertain as cut:
        raise TransportDown(cut.reason) from cut
    if answer["ok"]:
        return answer["value"]
    code = str(answer["code"])
    if command["do"] == "open":
        large = code == "too_large"
        raise MediumLost("too large" if large else code, for_good=large)
    raise TransportDown(f"{command['do']}: {code}")
