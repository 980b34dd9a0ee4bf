"""The part of WAHA's API that we speak: sending and reading."""

import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.console import history
from bot.console.asked import (
    LONGEST_TEXT,
    body_of,
    chat_in,
    chat_of,
    command_key,
    desk_of,
    key_of,
    needs,
    page_of,
    text_in,
)
from bot.console.desk import Answer, Bot, Desk
from bot.console.files import read_file
from bot.console.keys import Role
from bot.console.refusals import Refusal
from bot.domain.bodies import Attachment, Reaction
from bot.domain.messages import ChatId, MessageKind
from bot.domain.values import Value

FILES = {
    "sendImage": MessageKind.IMAGE,
    "sendFile": MessageKind.DOCUMENT,
    "sendVoice": MessageKind.VOICE,
    "sendVideo": MessageKind.VIDEO,
}
LONGEST_EMOJI = 32  # characters; families with skin tones are long


class WahaRoutes:
    """WAHA's routes over the running bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def routes(self) -> list[Route]:
        """Return the routes with the role that each needs."""
        posts = {
            "sendText": self.send_text,
            "startTyping": self.start_typing,
            "stopTyping": self.stop_typing,
            "sendSeen": self.send_seen,
            **dict.fromkeys(FILES, self.send_file),
        }
        gets = {
            "/api/contacts": self.contacts,
            "/api/contacts/all": self.contacts,
            "/api/{session}/lids": self.lids,
            "/api/{session}/chats/overview": self.overview,
            "/api/{session}/chats/{chat}/messages": self.messages,
        }
        return [
            *(Route(f"/api/{name}", needs(Role.OPERATOR, one), methods=["POST"])
              for name, one in posts.items()),
            Route("/api/reaction", needs(Role.OPERATOR, self.react), methods=["PUT", "POST"]),
            *(Route(path, needs(Role.VIEWER, one), methods=["GET"]) for path, one in gets.items()),
        ]  # fmt: skip

    async def send_text(self, request: Request) -> Response:
        """Put a text into the outbox."""
        body = await body_of(request)
        desk = desk_of(self._bot, body.get("session"))
        return await _send(desk, request, body, text_in(body, "text", LONGEST_TEXT))

    async def send_file(self, request: Request) -> Response:
        """Put a file into the outbox, with a caption: as image, document, voice note or video."""
        kind = FILES[request.url.path.rpartition("/")[2]]
        asked = await read_file(self._bot, request, kind)
        body = asked.body
        written = str(body.get("caption") or "").strip()
        caption = text_in(body, "caption", LONGEST_TEXT) if written else ""
        return await _send(asked.desk, request, body, caption, asked.file)

    async def start_typing(self, request: Request) -> Response:
        """Show "typing…" at the contact."""
        return await self._show_typing(request, typing=True)

    async def stop_typing(self, request: Request) -> Response:
        """Show it no more."""
        return await self._show_typing(request, typing=False)

    async def send_seen(self, request: Request) -> Response:
        """Give the contact blue ticks."""
        desk, chat = await self._chat(request)
        await desk.transport.mark_read(chat)
        return JSONResponse({"result": True}, 201)

    async def react(self, request: Request) -> Response:
        """Put an emoji on a message; an empty one takes ours back."""
        body = await body_of(request)
        desk = desk_of(self._bot, body.get("session"))
        chat, bare = key_of(body, "messageId")
        emoji = body.get("reaction", "")
        if not isinstance(emoji, str) or len(emoji) > LONGEST_EMOJI:
            raise Refusal(400, "'reaction' is one emoji, or empty")
        await desk.transport.amend(chat, Reaction(target=bare, emoji=emoji))
        return JSONResponse({"result": True})

    async def overview(self, request: Request) -> Response:
        """List the chats with their last message."""
        most, skipped = page_of(request)
        return JSONResponse(
            await self._desk(request).database.read(lambda db: history.overview(db, most, skipped))
        )

    async def messages(self, request: Request) -> Response:
        """List a chat's messages, the latest first."""
        chat = chat_of(request.path_params["chat"])
        most, skipped = page_of(request)
        return JSONResponse(
            await self._desk(request).database.read(
                lambda db: history.messages(db, chat, most, skipped)
            )
        )

    async def contacts(self, request: Request) -> Response:
        """List the people, or give the one with a ``contactId``."""
        desk = desk_of(self._bot, request.query_params.get("session"))
        if named := request.query_params.get("contactId"):
            chat = chat_of(named)
            found = await desk.database.read(lambda db: history.person(db, chat))
            if found is None:
                raise Refusal(404, "nobody is known there")
            return JSONResponse(found)
        most, skipped = page_of(request)
        return JSONResponse(await desk.database.read(lambda db: history.people(db, most, skipped)))

    async def lids(self, request: Request) -> Response:
        """List the hidden addresses whose number is known."""
        most, skipped = page_of(request)
        return JSONResponse(
            await self._desk(request).database.read(lambda db: history.lids(db, most, skipped))
        )

    async def _show_typing(self, request: Request, *, typing: bool) -> Response:
        desk, chat = await self._chat(request)
        await desk.transport.show_typing(chat, typing)
        return JSONResponse({"result": True}, 201)

    async def _chat(self, request: Request) -> tuple[Desk, ChatId]:
        body = await body_of(request)
        return desk_of(self._bot, body.get("session")), chat_in(body)

    def _desk(self, request: Request) -> Desk:
        return desk_of(self._bot, request.path_params["session"])


async def _send(
    desk: Desk, request: Request, body: Mapping[str, Value], text: str,
    file: Attachment | None = None,
) -> Response:  # fmt: skip
    chat = chat_in(body)
    quoted = key_of(body, "reply_to")[1] if body.get("reply_to") else None
    key = command_key(request) or secrets.token_hex(16)
    sent = await desk.send(chat, text, key, quoted, file)
    stored = await desk.database.read(lambda db: history.own_message(db, sent))
    if stored is None or not _is_same(stored, chat, text, file):
        raise Refusal(409, "this Idempotency-Key was used for another message")
    return JSONResponse(stored, 201)


def _is_same(stored: Answer, chat: ChatId, text: str, file: Attachment | None) -> bool:
    """Tell whether a stored message is the one that is asked for."""
    kept = stored["media"]["sha256"] if stored["media"] else None
    return (stored["to"], stored["body"], kept) == (chat, text, file.kept if file else None)
