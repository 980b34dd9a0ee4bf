"""WAHA's routes for labels of a business account, and for presence."""

import sqlite3
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.console.asked import body_of, chat_in, chat_of, desk_of, needs, text_in
from bot.console.desk import Bot, Desk
from bot.console.keys import Role
from bot.console.refusals import Refusal
from bot.domain.labels import Label
from bot.store import presence

Json = dict[str, Any]

LABELS = "/api/{session}/labels"
PRESENCE = "/api/{session}/presence"
LONGEST_NAME = 100  # characters, WhatsApp's own limit of a label
SHOWN = ("online", "offline", "typing", "recording", "paused")
COLOURS = 20  # of WhatsApp's palette


class LabelRoutes:
    """Labels and presence over the running bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def routes(self) -> list[Route]:
        """Return the routes with the role that each needs."""
        see, do = Role.VIEWER, Role.OPERATOR
        chat = f"{LABELS}/chats/{{chat}}"
        return [
            Route(LABELS, needs(see, self.every), methods=["GET"]),
            Route(LABELS, needs(do, self.create), methods=["POST"]),
            Route(chat, needs(see, self.of_chat), methods=["GET"]),
            Route(chat, needs(do, self.put), methods=["PUT"]),
            Route(f"{LABELS}/{{label}}", needs(do, self.edit), methods=["PUT"]),
            Route(f"{LABELS}/{{label}}", needs(do, self.remove), methods=["DELETE"]),
            Route(f"{LABELS}/{{label}}/chats", needs(see, self.chats), methods=["GET"]),
            Route(PRESENCE, needs(see, self.seen), methods=["GET"]),
            Route(PRESENCE, needs(do, self.show), methods=["POST"]),
            Route(f"{PRESENCE}/{{chat}}", needs(see, self.seen_one), methods=["GET"]),
            Route(f"{PRESENCE}/{{chat}}/subscribe", needs(do, self.follow), methods=["POST"]),
        ]

    async def every(self, request: Request) -> Response:
        """List the labels."""
        return JSONResponse([told(one) for one in await self._desk(request).labels.list_labels()])

    async def create(self, request: Request) -> Response:
        """Make a label."""
        name = text_in(await body_of(request), "name", LONGEST_NAME)
        return JSONResponse(told(await self._desk(request).labels.create(name)), 201)

    async def edit(self, request: Request) -> Response:
        """Give a label another name, and a colour by its place in the palette."""
        body = await body_of(request)
        label, place = await self._label(request), body.get("color", None)
        name = text_in(body, "name", LONGEST_NAME) if "name" in body else label.name
        if place is not None and (not isinstance(place, int) or not 0 <= place < COLOURS):
            raise Refusal(400, f"'color' is a whole number from 0 to {COLOURS - 1}")
        return JSONResponse(told(await self._desk(request).labels.edit(label.id, name, place)))

    async def remove(self, request: Request) -> Response:
        """Remove a label from the account, and from all chats that wear it."""
        await self._desk(request).labels.remove((await self._label(request)).id)
        return JSONResponse({"result": True})

    async def _label(self, request: Request) -> Label:
        asked = request.path_params["label"]
        for one in await self._desk(request).labels.list_labels():
            if asked in (one.id, one.name):
                return one
        raise Refusal(404, "there is no such label")

    async def of_chat(self, request: Request) -> Response:
        """List the labels that a chat wears."""
        source, chat = self._desk(request).labels, chat_of(request.path_params["chat"])
        worn = {one.label for one in await source.list_labelled() if one.chat == chat}
        return JSONResponse([told(one) for one in await source.list_labels() if one.name in worn])

    async def put(self, request: Request) -> Response:
        """Let a chat wear these labels, named by id or name, and no others."""
        source, chat = self._desk(request).labels, chat_of(request.path_params["chat"])
        known = await source.list_labels()
        wanted = _named(await body_of(request), known)
        worn = {one.label for one in await source.list_labelled() if one.chat == chat}
        for name in sorted(wanted ^ worn):
            await source.put(chat, name, name in wanted)
        return JSONResponse({"success": True})

    async def chats(self, request: Request) -> Response:
        """List the chats that wear a label."""
        source, asked = self._desk(request).labels, request.path_params["label"]
        names = {one.name for one in await source.list_labels() if asked in (one.id, one.name)}
        if not names:
            raise Refusal(404, "there is no such label")
        worn = sorted(one.chat for one in await source.list_labelled() if one.label in names)
        return JSONResponse([{"id": chat} for chat in worn])

    async def seen(self, request: Request) -> Response:
        """List when people were online, as far as the owner keeps it."""
        return JSONResponse(await self._desk(request).database.read(_seen))

    async def seen_one(self, request: Request) -> Response:
        """Tell when somebody was online."""
        chat = chat_of(request.path_params["chat"])
        found = await self._desk(request).database.read(_seen)
        one = next((one for one in found if one["id"] == chat), {"id": chat, "presences": []})
        return JSONResponse(one)

    async def follow(self, request: Request) -> Response:
        """Hear from now on when somebody is online, where the owner keeps that."""
        await self._desk(request).people.follow(chat_of(request.path_params["chat"]))
        return JSONResponse({"success": True}, 201)

    async def show(self, request: Request) -> Response:
        """Show the contact that we type, record or do neither; or everybody that we are online."""
        body = await body_of(request)
        desk = self._desk(request)
        match body.get("presence"):
            case "online" | "offline" as shown:
                await desk.transport.show_online(shown == "online")
            case "recording":
                await desk.transport.show_recording(chat_in(body))
            case "typing" | "paused" as shown:
                await desk.transport.show_typing(chat_in(body), shown == "typing")
            case _:
                raise Refusal(422, f"'presence' is one of {', '.join(SHOWN)}")
        return JSONResponse({"success": True}, 201)

    def _desk(self, request: Request) -> Desk:
        return desk_of(self._bot, request.path_params["session"])


def told(label: Label) -> Json:
    """Return a label in WAHA's words."""
    return {"id": label.id, "name": label.name, "color": label.place, "colorHex": label.colour}


def _named(body: Json, known: tuple[Label, ...]) -> set[str]:
    """Return the names of the labels that a request lists; each must be known, or have a name."""
    listed = body.get("labels")
    if not isinstance(listed, list):
        raise Refusal(400, "'labels' is a list like [{'id': '1'}]")
    by_id, found = {one.id: one.name for one in known}, set()
    for one in listed:
        given = one if isinstance(one, dict) else {}
        name = by_id.get(str(given.get("id", ""))) or given.get("name")
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
            raise Refusal(400, "each label has the 'id' of one that there is, or a 'name'")
        found.add(name)
    return found


def _seen(db: sqlite3.Connection) -> list[Json]:
    """Return who was online when, in WAHA's words."""
    return [
        {
            "id": one.address,
            "presences": [
                {
                    "participant": one.address,
                    "lastKnownPresence": "online" if one.online else "offline",
                    "lastSeen": int(one.at.timestamp()),
                }
            ],
        }
        for one in presence.every(db)
    ]
