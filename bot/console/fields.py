"""People over HTTP: one shown, and fields changed, each in its type."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.console.asked import body_of, desk_of, needs
from bot.console.desk import Bot, Desk
from bot.console.keys import Role
from bot.console.refusals import Refusal
from bot.domain.values import Value
from bot.store.people import show_person

AT = "/api/v1/contacts/{contact}"


class FieldRoutes:
    """What is known of one person."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def routes(self) -> list[Route]:
        """Return the routes with the role that each needs."""
        return [
            Route(AT, needs(Role.VIEWER, self.show), methods=["GET"]),
            Route(AT, needs(Role.OPERATOR, self.change), methods=["PATCH"]),
        ]

    async def show(self, request: Request) -> Response:
        """Tell what `alexia contacts show --json` tells."""
        who = request.path_params["contact"]
        found = await self._desk(request).database.read(lambda db: show_person(db, who))
        if found is None:
            raise Refusal(404, "nobody known is called so")
        return JSONResponse(found)

    async def change(self, request: Request) -> Response:
        """Change fields, name, language or time zone: all of it, or nothing and 422."""
        body = await body_of(request)
        fields = body.pop("fields", {})
        if not isinstance(fields, dict):
            raise Refusal(400, "'fields' is an object")
        said: dict[str, Value] = {**body, **fields}
        answer = await self._desk(request).change(request.path_params["contact"], said)
        if answer["done"]:
            return JSONResponse(answer)
        raise Refusal(422 if answer["reasons"] else 404, str(answer["reason"]))

    def _desk(self, request: Request) -> Desk:
        return desk_of(self._bot, request.query_params.get("session"))
