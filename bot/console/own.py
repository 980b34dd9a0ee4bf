"""Our own routes under ``/api/v1/``."""

import re
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.console.asked import body_of, chat_in, command_key, desk_of, needs
from bot.console.desk import Bot
from bot.console.keys import Role
from bot.console.openapi import description
from bot.console.refusals import Refusal
from bot.domain.values import Value
from bot.language.canned import wordings

NAME = re.compile(r"[A-Za-z_][\w.-]{0,60}")


class OwnRoutes:
    """What WAHA has no word for."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def routes(self) -> list[Route]:
        """Return the routes with the role that each needs."""
        at = "/api/v1"
        return [
            Route(f"{at}/openapi.json", needs(Role.VIEWER, self.openapi), methods=["GET"]),
            Route(f"{at}/status", needs(Role.VIEWER, self.status), methods=["GET"]),
            Route(f"{at}/reload", needs(Role.ADMIN, self.reload), methods=["POST"]),
            Route(f"{at}/canned", needs(Role.VIEWER, self.canned), methods=["GET"]),
            Route(f"{at}/canned/{{name}}", needs(Role.OPERATOR, self.say), methods=["POST"]),
            Route(f"{at}/webhooks/{{name}}", needs(Role.OPERATOR, self.call_in), methods=["POST"]),
        ]

    async def openapi(self, _: Request) -> Response:
        """Describe the API."""
        return JSONResponse(description())

    async def status(self, _: Request) -> Response:
        """Tell what `alexia status --json` tells."""
        return JSONResponse(await self._bot.status())

    async def reload(self, request: Request) -> Response:
        """Load the rule files again; 422 when they are broken and the old ones stay."""
        named = request.query_params.get("session", "")
        if named:
            desk_of(self._bot, named)
        answer = await self._bot.reload(named)
        return JSONResponse(answer, 200 if answer.get("reloaded") else 422)

    async def canned(self, request: Request) -> Response:
        """List the ready-made replies by name, with their first wording in each language."""
        rulebook = desk_of(self._bot, request.query_params.get("session")).rulebook
        return JSONResponse([
            {"name": name, "texts": wordings(text, rulebook)}
            for name, text in sorted(rulebook.canned.items())
        ])  # fmt: skip

    async def say(self, request: Request) -> Response:
        """Say a ready-made reply in a chat."""
        body = await body_of(request)
        chat, name = chat_in(body, "chat"), request.path_params["name"]
        key = command_key(request) or secrets.token_hex(16)
        reason = await desk_of(self._bot, body.get("session")).say(chat, name, key)
        if reason:
            raise Refusal(404, reason)
        return JSONResponse({"queued": True, "chat": chat, "canned": name}, 202)

    async def call_in(self, request: Request) -> Response:
        """Raise ``webhook.NAME`` in a chat, with everything else of the body as its data.

        ``?session=NAME`` says of which session; in the body it would be data.
        """
        name = request.path_params["name"]
        if not NAME.fullmatch(name):
            raise Refusal(400, "the name of a webhook has letters, digits, _ . and -")
        body = await body_of(request)
        chat = chat_in(body, "chat")
        data: dict[str, Value] = {key: value for key, value in body.items() if key != "chat"}
        key = command_key(request) or secrets.token_hex(16)
        desk = desk_of(self._bot, request.query_params.get("session"))
        if not await desk.call_in(chat, name, data, key):
            raise Refusal(404, f"no rule has the trigger  webhook: {name}")
        return JSONResponse({"queued": True, "chat": chat, "event": f"webhook.{name}"}, 202)
