"""WAHA's routes for groups."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.console.asked import body_of, chat_of, desk_of, needs, page_of, text_in
from bot.console.desk import Bot, Desk
from bot.console.keys import Role
from bot.console.refusals import Refusal
from bot.domain.groups import MemberChange, MemberResult
from bot.domain.messages import ChatId
from bot.domain.values import Value
from bot.store import group_lists

Json = dict[str, Any]

AT = "/api/{session}/groups"
LONGEST_SUBJECT = 100  # characters, WhatsApp's own limit
LONGEST_DESCRIPTION = 2048  # characters
MOST_MEMBERS = 1023  # that WhatsApp takes into a group beside its maker
CODES = {
    "done": 200, "already": 409, "invite": 403, "not_on_whatsapp": 404, "waits": 421,
    "refused": 400,
}  # fmt: skip
"""As WhatsApp numbers what became of a member."""

CHANGES: Mapping[str, MemberChange] = {
    "participants/add": MemberChange.ADD, "participants/remove": MemberChange.REMOVE,
    "admin/promote": MemberChange.PROMOTE, "admin/demote": MemberChange.DEMOTE,
}  # fmt: skip


class GroupRoutes:
    """Groups over the running bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def routes(self) -> list[Route]:
        """Return the routes with the role that each needs."""
        group = AT + "/{group}"
        see, do = Role.VIEWER, Role.OPERATOR
        return [
            Route(AT, needs(see, self.every), methods=["GET"]),
            Route(AT, needs(do, self.create), methods=["POST"]),
            Route(f"{AT}/count", needs(see, self.count), methods=["GET"]),
            Route(f"{AT}/join", needs(do, self.join), methods=["POST"]),
            Route(group, needs(see, self.one), methods=["GET"]),
            Route(f"{group}/participants", needs(see, self.members), methods=["GET"]),
            Route(f"{group}/subject", needs(do, self.rename), methods=["PUT"]),
            Route(f"{group}/description", needs(do, self.describe), methods=["PUT"]),
            Route(f"{group}/invite-code", needs(do, self.invite), methods=["GET"]),
            Route(f"{group}/invite-code/revoke", needs(do, self.revoke), methods=["POST"]),
            Route(f"{group}/leave", needs(do, self.leave), methods=["POST"]),
            *(Route(f"{group}/{path}", needs(do, self._change(change)), methods=["POST"])
              for path, change in CHANGES.items()),
        ]  # fmt: skip

    async def every(self, request: Request) -> Response:
        """List the groups."""
        most, skipped = page_of(request)
        rows = await self._rows(request)
        return JSONResponse([told(row) for row in rows[skipped : skipped + most]])

    async def count(self, request: Request) -> Response:
        """Count the groups."""
        return JSONResponse({"count": len(await self._rows(request))})

    async def one(self, request: Request) -> Response:
        """Give one group."""
        return JSONResponse(told(await self._row(request)))

    async def members(self, request: Request) -> Response:
        """List who is in a group."""
        return JSONResponse(told(await self._row(request))["participants"])

    async def create(self, request: Request) -> Response:
        """Make a group."""
        desk = self._desk(request)
        body = await body_of(request)
        made = await desk.groups.create(
            text_in(body, "name", LONGEST_SUBJECT), members_in(body)
        )  # fmt: skip
        return JSONResponse({"id": made.id, "participants": list(map(result, made.results))}, 201)

    def _change(self, change: MemberChange) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            """Change members; each has a result of its own."""
            chat = self._chat(request)
            members = members_in(await body_of(request))
            results = await self._desk(request).groups.change_members(chat, change, members)
            return JSONResponse({"id": chat, "participants": list(map(result, results))})

        return endpoint

    async def rename(self, request: Request) -> Response:
        """Give a group another subject."""
        chat = self._chat(request)
        subject = text_in(await body_of(request), "subject", LONGEST_SUBJECT)
        await self._desk(request).groups.rename(chat, subject)
        return JSONResponse({"success": True})

    async def describe(self, request: Request) -> Response:
        """Give a group another description; an empty one takes it away."""
        chat = self._chat(request)
        text = (await body_of(request)).get("description", "")
        if not isinstance(text, str) or len(text) > LONGEST_DESCRIPTION:
            said = f"'description' is a text of at most {LONGEST_DESCRIPTION} characters"
            raise Refusal(400, said)
        await self._desk(request).groups.describe(chat, text)
        return JSONResponse({"success": True})

    async def invite(self, request: Request) -> Response:
        """Give the code of the invite link."""
        return JSONResponse(await self._desk(request).groups.invite_code(self._chat(request)))

    async def revoke(self, request: Request) -> Response:
        """Make a new invite link; the old one dies."""
        return JSONResponse(
            await self._desk(request).groups.invite_code(self._chat(request), renew=True), 201
        )  # fmt: skip

    async def join(self, request: Request) -> Response:
        """Enter a group by its invite code or link."""
        desk = self._desk(request)
        code = text_in(await body_of(request), "code", 200).rpartition("/")[2]
        return JSONResponse({"id": await desk.groups.join(code)}, 201)

    async def leave(self, request: Request) -> Response:
        """Go out of a group."""
        await self._desk(request).groups.leave(self._chat(request))
        return JSONResponse({"success": True}, 201)

    async def _rows(self, request: Request) -> list[Json]:
        return await self._desk(request).database.read(group_lists.rows)

    async def _row(self, request: Request) -> Json:
        chat = self._chat(request)
        database = self._desk(request).database
        for row in await database.read(lambda db: group_lists.rows(db, left=True)):
            if row["id"] == chat:
                return row
        raise Refusal(404, "there is no such group")

    def _chat(self, request: Request) -> ChatId:
        chat = chat_of(request.path_params["group"])
        if not chat.endswith("@g.us"):
            raise Refusal(400, "a group is an address like 120363012345678901@g.us")
        return chat

    def _desk(self, request: Request) -> Desk:
        return desk_of(self._bot, request.path_params["session"])


def members_in(body: Mapping[str, Value]) -> list[ChatId]:
    """Return the people that are named: ``[{"id": …}]``, or their addresses or numbers."""
    listed = body.get("participants")
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_MEMBERS:
        raise Refusal(400, "'participants' is a list of people")
    named = [one.get("id") if isinstance(one, Mapping) else one for one in listed]
    if not all(isinstance(one, str) and len(one) < 200 for one in named):
        raise Refusal(400, "each of 'participants' is an address, or {\"id\": address}")
    return [chat_of(str(one)) for one in named]


def told(row: Json) -> Json:
    """Return a stored group in WAHA's words."""
    return {
        "id": row["id"],
        "subject": row["subject"],
        "description": row["description"],
        "owner": row["owner"],
        "isMember": row["member"],
        "isAdmin": row["admin"],
        "size": row["size"],
        "participants": [
            {
                "id": one["id"], "pn": one["number"] or None, "name": one["name"] or None,
                "role": "superadmin" if one["owner"] else "admin" if one["admin"]
                else "participant",
            }
            for one in row["members"]
        ],
    }  # fmt: skip


def result(one: MemberResult) -> Json:
    """Return what became of a member."""
    return {
        "id": one.address, "code": CODES[one.outcome], "outcome": one.outcome.value,
        "inviteCode": one.invite or None,
    }  # fmt: skip
