"""Consent over HTTP: what a person granted and withdrew, and a new entry."""

import sqlite3
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.console.asked import body_of, desk_of, needs, text_in
from bot.console.desk import Answer, Bot, Desk
from bot.console.keys import Role
from bot.console.refusals import Refusal
from bot.domain.consents import (
    LONGEST_PROOF,
    LONGEST_SOURCE,
    LONGEST_WORDING,
    ConsentEntry,
    ConsentState,
)
from bot.domain.values import Value
from bot.store import consents
from bot.store.people import find_contact

AT = "/api/v1/contacts/{contact}/consent"
NEEDED = {ConsentState.GRANTED: ("source", "wording"), ConsentState.WITHDRAWN: ()}
"""What an entry of each kind cannot do without: who agreed to what is unknown else."""


class ConsentRoutes:
    """The ledger of consent of one person."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def routes(self) -> list[Route]:
        """Return the routes with the role that each needs."""
        return [
            Route(AT, needs(Role.VIEWER, self.show), methods=["GET"]),
            Route(AT, needs(Role.OPERATOR, self.write), methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Tell what holds and how it came about, oldest first."""
        who = request.path_params["contact"]

        def read(db: sqlite3.Connection) -> Answer | None:
            person = find_contact(db, who)
            return None if person is None else consents.told(db, person)

        found = await self._desk(request).database.read(read)
        if found is None:
            raise Refusal(404, "nobody known is called so")
        return JSONResponse(found)

    async def write(self, request: Request) -> Response:
        """Write an entry; a number that never wrote becomes known."""
        body, bearer = await body_of(request), str(request.scope.get("alexia.key", ""))
        who, desk = request.path_params["contact"], self._desk(request)
        answer = await desk.note_consent(who, lambda now: _entry(body, bearer, now))
        if not answer.get("done", True):
            raise Refusal(404, "nobody known is called so")
        return JSONResponse(answer, 201)

    def _desk(self, request: Request) -> Desk:
        return desk_of(self._bot, request.query_params.get("session"))


def _entry(body: dict[str, Value], bearer: str, now: datetime) -> ConsentEntry:
    said = body.get("state")
    if said not in [*ConsentState]:
        raise Refusal(400, "'state' is granted or withdrawn")
    state = ConsentState(str(said))

    def text(name: str, longest: int, default: str = "") -> str:
        if name not in NEEDED[state] and not body.get(name):
            return default
        return text_in(body, name, longest)

    return ConsentEntry(
        when=_moment(text("when", 40), now),
        state=state,
        source=text("source", LONGEST_SOURCE, "api"),
        wording=text("wording", LONGEST_WORDING),
        proof=text("proof", LONGEST_PROOF),
        who=f"api:{bearer}",
    )


def _moment(written: str, now: datetime) -> datetime:
    if not written:
        return now
    try:
        meant = datetime.fromisoformat(written)
    except ValueError:
        raise Refusal(400, "'when' is a moment like 2026-11-23T09:00:00Z") from None
    if meant.tzinfo is None:
        raise Refusal(400, "'when' needs its zone, like 2026-11-23T09:00:00Z")
    if meant > now:
        raise Refusal(400, "'when' lies in the future")
    return meant
