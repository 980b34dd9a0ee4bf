"""WAHA's routes for people: number check, about, picture, block; and our own for all of it."""

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.console.asked import (
    body_of,
    chat_of,
    desk_of,
    flag_of,
    moment_of,
    needs,
    page_of,
    text_in,
)
from bot.console.desk import Answer, Bot, Desk
from bot.console.keys import Role
from bot.console.refusals import Refusal
from bot.domain.messages import ChatId
from bot.store import profiles
from bot.store.people import WantedPeople, find_people, show_person

OWN = "/api/v1/contacts"
PICTURES = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png", b"RI": "image/webp"}
"""What a picture begins with, and its media type; others are given as bytes."""


class PeopleRoutes:
    """People over the running bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def routes(self) -> list[Route]:
        """Return the routes with the role that each needs; to go before ``/api/{session}/…``."""
        see, do = Role.VIEWER, Role.OPERATOR
        return [
            Route("/api/contacts/check-exists", needs(see, self.check), methods=["GET"]),
            Route("/api/contacts/about", needs(see, self.about), methods=["GET"]),
            Route("/api/contacts/profile-picture", needs(see, self.picture_url), methods=["GET"]),
            Route("/api/contacts/block", needs(do, self.block), methods=["POST"]),
            Route("/api/contacts/unblock", needs(do, self.unblock), methods=["POST"]),
            Route(OWN, needs(see, self.every), methods=["GET"]),
            Route(f"{OWN}/{{contact}}", needs(see, self.one), methods=["GET"]),
            Route(f"{OWN}/{{contact}}/picture", needs(see, self.picture), methods=["GET"]),
            Route("/api/v1/numbers/{number}", needs(see, self.number), methods=["GET"]),
        ]

    async def check(self, request: Request) -> Response:
        """Tell whether a number is on WhatsApp, in WAHA's words."""
        phone = request.query_params.get("phone", "")
        chat = await self._desk(request).people.check(phone)
        return JSONResponse({"numberExists": chat is not None, "chatId": chat})

    async def number(self, request: Request) -> Response:
        """Tell whether a number is on WhatsApp, and where."""
        chat = await self._desk(request).people.check(request.path_params["number"])
        return JSONResponse({"exists": chat is not None, "chat": chat})

    async def about(self, request: Request) -> Response:
        """Tell what somebody says of themselves."""
        return JSONResponse({"about": (await self._person(request, _named(request)))["about"]})

    async def picture_url(self, request: Request) -> Response:
        """Tell where somebody's picture can be read, with a key like everything."""
        found = await self._person(request, _named(request))
        path = f"{OWN.lstrip('/')}/{found['id']}/picture?session={self._desk(request).name}"
        url = f"{request.base_url}{path}" if found["picture"] else None
        return JSONResponse({"profilePictureURL": url})

    async def block(self, request: Request) -> Response:
        """Block somebody."""
        return await self._block(request, on=True)

    async def unblock(self, request: Request) -> Response:
        """Block somebody no longer."""
        return await self._block(request, on=False)

    async def every(self, request: Request) -> Response:
        """List the people who fit."""
        asked, (most, skipped) = request.query_params, page_of(request)
        wanted = WantedPeople(
            words=asked.get("words", ""), number=asked.get("number", ""), tag=asked.get("tag", ""),
            language=asked.get("language", ""), stage=asked.get("stage", ""),
            seen_since=moment_of(request, "since"), seen_before=moment_of(request, "until"),
            business=flag_of(request, "business"), blocked=flag_of(request, "blocked"),
        )  # fmt: skip
        found = await self._desk(request).database.read(lambda db: find_people(db, wanted))
        return JSONResponse(found[skipped : skipped + most])

    async def one(self, request: Request) -> Response:
        """Show one person: by id, number, address or name."""
        return JSONResponse(await self._person(request, request.path_params["contact"]))

    async def picture(self, request: Request) -> Response:
        """Give somebody's picture."""
        desk = self._desk(request)
        found = await self._person(request, request.path_params["contact"])
        sha256 = await desk.database.read(lambda db: profiles.picture_of(db, found["id"]))
        path = desk.files.path_of(sha256)
        if path is None:
            raise Refusal(404, "no picture of this person is here")
        with path.open("rb") as file:
            kind = PICTURES.get(file.read(2), "application/octet-stream")
        return FileResponse(path, media_type=kind)

    async def _block(self, request: Request, *, on: bool) -> Response:
        body = await body_of(request)
        chat = chat_of(text_in(body, "contactId", 200))
        if chat.endswith("@g.us"):
            raise Refusal(422, "a group cannot be blocked")
        desk = desk_of(self._bot, body.get("session"))
        await desk.people.block(chat, on=on)
        return JSONResponse({"success": True}, 201)

    async def _person(self, request: Request, who: str) -> Answer:
        found = await self._desk(request).database.read(lambda db: show_person(db, who))
        if found is None:
            raise Refusal(404, "nobody is known there")
        return found

    def _desk(self, request: Request) -> Desk:
        return desk_of(self._bot, request.query_params.get("session"))


def _named(request: Request) -> ChatId:
    return chat_of(request.query_params.get("contactId", ""))
