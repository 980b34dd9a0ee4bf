"""What other systems tell us: signed by them, since they know no key of ours."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.console.asked import body_of
from bot.console.desk import Bot
from bot.console.refusals import Refusal

CHATWOOT = "/api/v1/crm/chatwoot"
SIGNED = frozenset((CHATWOOT,))
"""Paths whose requests are proven by a signature in place of a key."""


class CrmRoutes:
    """Hears what agents do in Chatwoot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route(CHATWOOT, self.chatwoot, methods=["POST"])]

    async def chatwoot(self, request: Request) -> Response:
        """Take a webhook of Chatwoot; what does not concern us is answered, and ignored."""
        hearing = [one for desk in self._bot.sessions.values() if (one := desk.chatwoot)]
        if not hearing:
            raise Refusal(404, "no Chatwoot is configured; see crm: in config.yaml")
        signature = request.headers.get("x-chatwoot-signature", "")
        at = request.headers.get("x-chatwoot-timestamp", "")
        if not hearing[0].is_signed(await request.body(), signature, at):
            raise Refusal(401, "the signature does not fit crm.chatwoot.webhook_secret, or is old")
        told = await body_of(request)
        taken = [await one.take(told) for one in hearing]
        return JSONResponse({"taken": any(taken)})
