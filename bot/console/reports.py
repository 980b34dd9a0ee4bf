"""`/api/v1/report`: the figures of a period, as JSON or as a page."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.asked import desk_of, needs
from bot.console.desk import Bot
from bot.console.keys import Role
from bot.console.refusals import Refusal
from bot.domain.errors import DatabaseRefused, ReportRefused

ALL = "*"
KINDS = {"json": "application/json", "html": "text/html; charset=utf-8"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # the page's own: nothing is fetched


class ReportRoutes:
    """The report over the running bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def routes(self) -> list[Route]:
        """Return the routes with the role that each needs."""
        show = needs(Role.VIEWER, self.show)
        return [Route(path, show, methods=["GET"]) for path in ("/api/v1/report", "/api/report")]

    async def show(self, request: Request) -> Response:
        """Give the report of a session, or with ``session=*`` of each.

        Words of customers stand in it only with ``texts=true``, for operators.
        """
        asked = dict(request.query_params)
        session = asked.pop("session", "")
        if session != ALL:
            session = desk_of(self._bot, session or None).name
        if asked.get("texts") == "true" and request.scope.get("alexia.role", 0) < Role.OPERATOR:
            raise Refusal(403, "texts=true needs a key of the role operator")
        try:
            said = await self._bot.report("" if session == ALL else session, asked)
        except ReportRefused as refused:
            raise Refusal(400, str(refused)) from None
        except DatabaseRefused as refused:
            raise Refusal(503, str(refused)) from None
        kind = KINDS.get(asked.get("format", ""), KINDS["json"])
        return Response(said, media_type=kind, headers={"Content-Security-Policy": POLICY})
