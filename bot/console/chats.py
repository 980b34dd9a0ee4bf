"""WAHA's routes for chats and their messages; pin, mute and history in words of our own."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.console.asked import body_of, chat_in, chat_of, desk_of, key_of, needs, text_in
from bot.console.desk import Bot, Desk
from bot.console.keys import Role
from bot.console.refusals import Refusal
from bot.domain.bodies import Edit, Revoke
from bot.domain.messages import ChatId, MessageId

AT = "/api/{session}/chats"
ACTIONS = ("archive", "unarchive", "unread", "pin", "unpin", "mute", "unmute")
LONGEST_TEXT = 65_536  # characters; WhatsApp's own limit of a message
LONGEST_MUTE = timedelta(days=3650)
MOST_OLDER = 10_000  # messages read back for one request


class ChatRoutes:
    """Chats over the running bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def routes(self) -> list[Route]:
        """Return the routes with the role that each needs."""
        see, do = Role.VIEWER, Role.OPERATOR
        chat = AT + "/{chat}"
        message = chat + "/messages/{message}"
        return [
            Route(AT, needs(see, self.every), methods=["GET"]),
            *(Route(f"{chat}/{action}", needs(do, self._keep(action)), methods=["POST"])
              for action in ACTIONS),
            Route(f"{chat}/messages/read", needs(do, self._keep("read")), methods=["POST"]),
            Route(f"{chat}/history", needs(do, self.older), methods=["POST"]),
            Route(message, needs(do, self.revoke), methods=["DELETE"]),
            Route(message, needs(do, self.edit), methods=["PUT"]),
            Route("/api/forwardMessage", needs(do, self.forward), methods=["POST"]),
        ]  # fmt: skip

    async def every(self, request: Request) -> Response:
        """List the chats as the phone keeps them."""
        return JSONResponse(await self._desk(request).chats.list_chats())

    def _keep(self, action: str) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            """Change how a chat is kept."""
            length = await _length(request) if action == "mute" else None
            await self._desk(request).chats.keep(_chat(request), action, length)
            return JSONResponse({"success": True}, 201)

        return endpoint

    async def older(self, request: Request) -> Response:
        """Read a chat back, without any rule hearing of it."""
        desk, chat = self._desk(request), _chat(request)
        more = (await body_of(request)).get("more", 100)
        if not isinstance(more, int) or isinstance(more, bool) or not 0 < more <= MOST_OLDER:
            raise Refusal(400, f"'more' is a whole number up to {MOST_OLDER}")
        return JSONResponse({"chat": chat, "stored": await desk.chats.older(chat, more)}, 201)

    async def revoke(self, request: Request) -> Response:
        """Take a message of ours back for everyone."""
        change = Revoke(target=_message(request))
        await self._desk(request).transport.amend(_chat(request), change)
        return JSONResponse({"success": True})

    async def edit(self, request: Request) -> Response:
        """Change a text of ours."""
        text = text_in(await body_of(request), "text", LONGEST_TEXT)
        change = Edit(target=_message(request), text=text)
        await self._desk(request).transport.amend(_chat(request), change)
        return JSONResponse({"success": True})

    async def forward(self, request: Request) -> Response:
        """Forward a message to another chat."""
        body = await body_of(request)
        desk = desk_of(self._bot, body.get("session"))
        (chat, bare), to = key_of(body, "messageId"), chat_in(body)
        ids = await desk.chats.forward(chat, bare, to, secrets.token_hex(8))
        return JSONResponse({"ids": [f"true_{to}_{one}" for one in ids]}, 201)

    def _desk(self, request: Request) -> Desk:
        return desk_of(self._bot, request.path_params["session"])


def _chat(request: Request) -> ChatId:
    return chat_of(request.path_params["chat"])


def _message(request: Request) -> MessageId:
    """Return the bare id of the message in the path, written whole or bare."""
    given = str(request.path_params["message"])
    return key_of({"id": given}, "id")[1] if "_" in given else MessageId(given)


async def _length(request: Request) -> timedelta | None:
    if not await request.body():
        return None
    seconds = (await body_of(request)).get("seconds", 0)
    most = LONGEST_MUTE.total_seconds()
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds <= most:
        raise Refusal(400, "'seconds' is how long the chat is muted, a whole number")
    return timedelta(seconds=seconds)
