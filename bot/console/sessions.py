"""WAHA's routes over the sessions themselves: list, start, stop, log in and out; and rename."""

import base64
import io

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.console.asked import body_of, desk_of, needs, text_in
from bot.console.desk import Answer, Bot, Desk
from bot.console.health import STATES
from bot.console.keys import Role
from bot.console.refusals import Refusal
from bot.ports import LinkState

QR_SCALE = 6  # pixels a module


class SessionRoutes:
    """The sessions of the running bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def routes(self) -> list[Route]:
        """Return the routes with the role that each needs."""
        one = "/api/sessions/{session}"
        posts = {
            f"{one}/start": self.start,
            f"{one}/stop": self.stop,
            f"{one}/restart": self.restart,
            f"{one}/logout": self.logout,
            "/api/v1/sessions/{session}/rename": self.rename,
            "/api/{session}/auth/request-code": self.link_code,
            "/api/sessions": self.create,
        }
        gets = {"/api/sessions": self.list, one: self.show, f"{one}/me": self.me}
        return [
            *(Route(path, needs(Role.VIEWER, do), methods=["GET"]) for path, do in gets.items()),
            *(Route(path, needs(Role.ADMIN, do), methods=["POST"]) for path, do in posts.items()),
            Route(one, needs(Role.ADMIN, self.remove), methods=["DELETE"]),
            Route("/api/{session}/auth/qr", needs(Role.ADMIN, self.login_code), methods=["GET"]),
        ]

    async def list(self, request: Request) -> Response:
        """List the sessions; those that are stopped only with ``all=true``."""
        every = request.query_params.get("all", "") == "true"
        desks = self._bot.sessions.values()
        shown = [one for one in desks if every or one.state is not LinkState.STOPPED]
        return JSONResponse([told_session(desk) for desk in shown])

    async def show(self, request: Request) -> Response:
        """Give one session."""
        return JSONResponse(told_session(self._desk(request)))

    async def me(self, request: Request) -> Response:
        """Give the account that is logged in, null when none is."""
        return JSONResponse(told_session(self._desk(request))["me"])

    async def create(self, request: Request) -> Response:
        """Make another session, in config.yaml too; with ``start: false`` it waits for a start."""
        body = await body_of(request)
        name = text_in(body, "name", 41)
        await self._bot.add(name)
        if body.get("start") is False:
            await self._bot.stop(name)
        return self._now(name)

    async def remove(self, request: Request) -> Response:
        """End a session and take it out of config.yaml; its data stay, and so does its login."""
        await self._bot.remove(self._desk(request).name)
        return Response(status_code=204)

    async def start(self, request: Request) -> Response:
        """Start a stopped session; one that runs stays as it is."""
        name = self._desk(request).name
        await self._bot.start(name)
        return self._now(name)

    async def stop(self, request: Request) -> Response:
        """Stop a session; it stays so until it is started."""
        name = self._desk(request).name
        await self._bot.stop(name)
        return self._now(name)

    async def restart(self, request: Request) -> Response:
        """Stop a session and start it again."""
        name = self._desk(request).name
        await self._bot.stop(name)
        await self._bot.start(name)
        return self._now(name)

    async def logout(self, request: Request) -> Response:
        """Log a session out; it shows a new login code by itself."""
        desk = self._desk(request)
        await desk.logout()
        return self._now(desk.name)

    async def rename(self, request: Request) -> Response:
        """Give a session another name, in config.yaml too."""
        name = self._desk(request).name
        new = text_in(await body_of(request), "name", 41)
        await self._bot.rename(name, new)
        return self._now(new, 200)

    async def login_code(self, request: Request) -> Response:
        """Give the login code: as a picture, or as JSON (``format=raw`` for its text)."""
        desk = self._desk(request)
        code = desk.code
        if not code:
            said = f"there is no code to scan; the session is {STATES[desk.state]}"
            raise Refusal(422, said)
        if request.query_params.get("format") == "raw":
            return JSONResponse({"value": code})
        picture = _picture(code)
        if "application/json" in request.headers.get("accept", ""):
            data = base64.b64encode(picture).decode()
            return JSONResponse({"mimetype": "image/png", "data": data, "value": code})
        return Response(picture, media_type="image/png")

    async def link_code(self, request: Request) -> Response:
        """Give the code that a person types on the phone, instead of scanning."""
        desk = self._desk(request)
        given = text_in(await body_of(request), "phoneNumber", 40)
        digits = "".join(letter for letter in given if letter.isascii() and letter.isdigit())
        if not 8 <= len(digits) <= 15:
            raise Refusal(400, "'phoneNumber' is a number with its country code")
        code = await desk.link_code(digits)
        return JSONResponse({"code": f"{code[:4]}-{code[4:]}"}, 201)

    def _now(self, name: str, status: int = 201) -> Response:
        return JSONResponse(told_session(self._bot.sessions[name]), status)

    def _desk(self, request: Request) -> Desk:
        return desk_of(self._bot, request.path_params["session"])


def told_session(desk: Desk) -> Answer:
    """Return a session in WAHA's words."""
    me = {"id": desk.account, "pushName": None} if desk.account else None
    return {"name": desk.name, "status": STATES[desk.state], "me": me, "config": {}}


def _picture(code: str) -> bytes:
    import segno

    drawn = io.BytesIO()
    segno.make(code, error="l").save(drawn, kind="png", scale=QR_SCALE)
    return drawn.getvalue()
