"""What `alexia contacts` and the API ask of a running daemon about people."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from bot.daemon.clock import now
from bot.daemon.parts import Parts
from bot.daemon.reaching import Ask, check
from bot.daemon.sending import account_of
from bot.domain import numbers
from bot.domain.contacts import nobody_known
from bot.domain.messages import AccountId, ChatId
from bot.inbound.profiles import ProfileKeeper
from bot.ports import People
from bot.store import profiles
from bot.store.database import Database
from bot.store.people import addresses_of

Request = dict[str, Any]  # parsed JSON from the control socket


def profile_keeper(account: Parts) -> ProfileKeeper:
    """Return what keeps an account's people current, and let it hear of them."""
    keeper = ProfileKeeper(
        account.database,
        account.session.people,
        account.files,
        now,
        saved=account.config.whatsapp.contacts == "saved",
        account=lambda: account.link.account,
        busy=lambda: not account.lanes.idle or account.courier.is_flying,
    )
    account.ingest.on_people = keeper.take
    return keeper


class PeopleDesk:
    """Does to people what a person asks."""

    def __init__(
        self, database: Database, source: People, *, ask: Ask, ready: Callable[[], bool],
        account: Callable[[], Awaitable[AccountId | None]],
    ) -> None:  # fmt: skip
        """Take where people are kept, and whom WhatsApp is asked about through which account."""
        self._database = database
        self._source = source
        self._ask = ask
        self._ready = ready
        self._account = account

    async def block(self, who: str, *, on: bool) -> ChatId | None:
        """Block somebody, or do so no longer; None when nobody is named so.

        Args:
            who: A person known here, or a number in any writing.
        """
        known = await self._database.read(lambda db: addresses_of(db, who))
        address = next(iter(known), "") or await self._address(who)
        if not address:
            return None
        is_blocked = await self._source.block(address, on)

        def note(db: sqlite3.Connection) -> None:
            for one in {address, *known}:
                profiles.note_blocked(db, one, on=is_blocked and one == address)

        await self._database.write(note)
        return ChatId(address)

    async def follow(self, chat: ChatId) -> None:
        """Hear from now on when somebody is online. Raises ContactRefused where none is kept."""
        await self._source.ask_presence(chat)

    async def check(self, number: str) -> ChatId | None:
        """Return where a number is reached at WhatsApp, None when nobody has it there.

        Raises:
            NumberUnchecked: It is no number, or WhatsApp may not be asked now.
        """
        return await check(
            self._database, await self._account(), number, ask=self._ask, ready=self._ready(),
            now=now(),
        )  # fmt: skip

    async def answer(self, request: Request) -> Request:
        """Answer the control socket's verb ``people``."""
        who, action = str(request["contact"]), str(request["action"])
        if action == "check":
            chat = await self.check(who)
            return {"exists": chat is not None, "chat": chat}
        chat = await self.block(who, on=action == "block")
        if chat is None:
            reason = f"{nobody_known(who)}, or write a number with its country's code"
            return {"done": False, "reason": reason}
        return {"done": True, "chat": chat}

    async def _address(self, who: str) -> str:
        """Return the address that is written out, or that of a number; "" when it is neither."""
        local, at, server = who.strip().partition("@")
        if at:
            return who.strip() if server in ("c.us", "lid") else ""
        number = numbers.normalise(local, numbers.region_of(await self._account() or ""))
        return numbers.chat_of(number) if number else ""


def people_desk(account: Parts) -> PeopleDesk:
    """Return the desk of an account."""
    session = account.session
    return PeopleDesk(
        account.database,
        session.people,
        ask=session.find_number,
        ready=lambda: session.transport.ready,
        account=lambda: account_of(account),
    )
