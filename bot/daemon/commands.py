"""What `alexia` asks of a running daemon, verb by verb."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from typing import Any

from bot.daemon import changing, consenting, lead_undoing, merging
from bot.daemon.account import Account
from bot.daemon.accounts import Accounts
from bot.daemon.addresses import AddressOf, address_of
from bot.daemon.chat_desk import ChatVerbs, chat_desk
from bot.daemon.clock import now
from bot.daemon.group_desk import GroupDesk
from bot.daemon.live import Moving
from bot.daemon.people_desk import people_desk
from bot.daemon.reaching import Unreachable
from bot.daemon.reloads import reload_answers
from bot.daemon.saying import say
from bot.daemon.sending import account_of, chat_with, send_text
from bot.daemon.status import status, status_of
from bot.domain.bodies import Attachment, Body
from bot.domain.contacts import nobody_known
from bot.domain.errors import SessionDown
from bot.domain.messages import MessageKind
from bot.domain.outgoing import OutboxState
from bot.domain.turns import EventRaised
from bot.domain.values import Value, from_outside
from bot.inbound.lanes import Lane
from bot.inbound.next_event import COMMAND
from bot.ports import LinkState
from bot.store import conversations, dead, events, media, undelivered
from bot.store.imports import take_in
from bot.store.people import find_contact

Request = dict[str, Any]  # parsed JSON from the control socket
Verb = Callable[[Request], Awaitable[Request]]

logger = logging.getLogger("alexia.commands")

LOOK_AT_LINK = 0.25  # seconds between two looks of a client that follows a login


class Commands:
    """Answers the control socket. A request's ``session`` says of which account it speaks."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._begun = time.monotonic()

    def verbs(self) -> dict[str, Verb]:
        """Return the verbs with one answer."""
        return {
            "status": self._status,
            "reload": self._reload,
            "stop": self._stop,
            "session_start": self._session_start,
            "session_stop": self._session_stop,
            "session_rename": self._session_rename,
            "session_add": self._session_add,
            "session_remove": self._session_remove,
            "logout": self._logout,
            "send": self._send,
            "dlq": self._dlq,
            "outbox": self._outbox,
            "forgive": self._forgive,
            "erase": self._erase,
            "media": self._fetch_medium,
            "groups": self._groups,
            "people": self._people,
            "campaign": self._campaign,
            **dict.fromkeys(("chats", "history", "forward", "revoke"), self._chats),
            "resume": self._command("resume"),
            "allow": self._command("allow"),
            "handoff": self._command("handoff"),
            "end": self._command("end"),
            "migrate": self._migrate,
            "look": self._look,
            "merge": self._merge,
            "consent": self._consent,
            "import": self._import,
            "change": self._change,
            "lead_undo": self._lead_undo,
            "crm": self._crm,
            "unmerge": self._unmerge,
        }

    async def login(self, request: Request) -> AsyncIterator[Request]:
        """Follow the login: each code and state as it comes, until the session is ready.

        With a ``phone`` the code is the one to be typed there, under ``link_code``.

        Raises:
            SessionDown: A person stopped it.
            TransportDown: WhatsApp gives no code for this number.
        """
        keeper = self._accounts.find(_named(request))
        link, phone = keeper.visible.link, str(request.get("phone") or "")
        if keeper.account is not None:
            keeper.account.session.want_code()
        told: Request = {}
        while link.state is not LinkState.STOPPED:
            now_told = {"state": link.state.value, "code": link.code, "account": link.account}
            if phone and link.state is LinkState.QR:
                now_told["link_code"] = await keeper.running.session.link_code(phone)
            if now_told != told:
                told = now_told
                yield told
            if link.state is LinkState.READY:
                return
            await asyncio.sleep(LOOK_AT_LINK)
        raise SessionDown(keeper.name, link.state.value, link.detail)

    async def _status(self, _: Request) -> Request:
        keepers = tuple(self._accounts.keepers.values())
        told = await status(keepers, time.monotonic() - self._begun)
        return {**told, "resources": self._accounts.resources()}

    async def _reload(self, request: Request) -> Request:
        back = bool(request.get("rollback"))
        return reload_answers(await self._accounts.reload(_named(request), back=back))

    async def _migrate(self, request: Request) -> Request:
        account, flow = self._account(request), str(request["flow"])
        force = bool(request.get("force"))
        moving = Moving(account.shelf.rulebook, account.shelf.book.compiled.version, flow)
        if moving.newest is None:
            known = ", ".join(sorted(account.shelf.rulebook.flows)) or "none"
            return {"done": False, "reason": f"there is no flow {flow!r}; known: {known}"}
        moved = await account.database.write(lambda db: moving.queue(db, now(), force=force))
        for lane in moved.lanes:
            account.lanes.wake(lane)
        return {"live": moved.live, "moved": moved.moved, "restarted": moved.restarted,
                "left": moved.left}  # fmt: skip

    async def _look(self, request: Request) -> Request:
        """Look at the page anew: what is there, and what is lost."""
        account = self._account(request)
        found = await account.session.look()
        return {"page": found.version, "wa_js": found.wa_js, "lost": dict(found.lost),
                "account": account.link.account}  # fmt: skip

    async def _merge(self, request: Request) -> Request:
        one, other = str(request["contact"]), str(request["other"])
        database = self._account(request).database
        return await database.write(lambda db: merging.merge(db, one, other, now()))

    async def _unmerge(self, request: Request) -> Request:
        who, number = str(request.get("contact") or ""), request.get("merge")
        database = self._account(request).database
        return await database.write(
            lambda db: merging.unmerge(db, who, None if number is None else int(number), now())
        )

    async def _stop(self, _: Request) -> Request:
        self._accounts.stopping.set()
        return {}

    async def _session_start(self, request: Request) -> Request:
        keeper = await self._accounts.start(_named(request))
        return {"session": await status_of(keeper)}

    async def _session_stop(self, request: Request) -> Request:
        keeper = await self._accounts.stop(_named(request))
        return {"session": await status_of(keeper)}

    async def _session_rename(self, request: Request) -> Request:
        keeper = await self._accounts.rename(_named(request), str(request["to"]))
        return {"session": await status_of(keeper)}

    async def _session_add(self, request: Request) -> Request:
        keeper = await self._accounts.add(_named(request))
        return {"session": await status_of(keeper)}

    async def _session_remove(self, request: Request) -> Request:
        await self._accounts.remove(_named(request))
        return {"removed": _named(request)}

    async def _logout(self, request: Request) -> Request:
        await self._account(request).session.logout()
        return {}

    async def _send(self, request: Request) -> Request:
        cause = f"command|{request.get('id') or f'{time.time_ns():x}'}"
        account, text = self._account(request), str(request["text"])
        if not (text.strip() or request.get("canned") or request.get("kept")):
            return {"sent": False, "reason": "the text is empty; write what is to be sent"}
        chat = await chat_with(account, str(request["chat"]))
        if isinstance(chat, Unreachable):
            return {"sent": False, "reason": chat.reason}
        if name := str(request.get("canned") or ""):
            reason = await say(account, chat, name, cause)
            return {"sent": not reason, "reason": reason, "canned": name}
        body: Body | None = None
        if kept := str(request.get("kept", "")):
            if account.files.path_of(kept) is None:
                reason = "the file is not in the data folder; run this where the bot runs"
                return {"sent": False, "reason": reason}
            kind, name = MessageKind(str(request["kind"])), str(request["name"])
            body = Attachment(kind=kind, name=name, kept=kept)
        sent = await send_text(account, chat, text, cause, "command:send", body=body)
        if sent is None:
            return {"sent": False, "reason": "no account was ever logged in; run `alexia login`"}
        return {"sent": True, "id": sent}

    async def _forgive(self, request: Request) -> Request:
        """Try first messages and campaigns again, whatever stood against them."""
        account = self._account(request)
        number = await account_of(account)
        if number is None:
            return {"done": False, "reason": "no account was ever logged in; run `alexia login`"}
        governor = account.courier.governor
        await account.database.write(lambda db: governor.forgive(db, number, now()))
        account.courier.wake()
        return {"done": True}

    async def _erase(self, request: Request) -> Request:
        """Take a person out of everything that is kept."""
        who = str(request["contact"])
        erased = await self._account(request).erase(who)
        if erased is None:
            return {"done": False, "reason": nobody_known(who)}
        return {"done": True, "rows": erased.rows, "files": len(erased.files)}

    async def _consent(self, request: Request) -> Request:
        """Write into the ledger of consent."""
        account, entry = self._account(request), consenting.entry_of(request)
        return await consenting.note_at(account, str(request["contact"]), entry)

    async def _change(self, request: Request) -> Request:
        """Change fields of a person."""
        account, said = self._account(request), from_outside(request["said"])
        assert isinstance(said, dict)
        return await changing.change_at(account, str(request["contact"]), said)

    async def _import(self, request: Request) -> Request:
        """Take in a batch of people from a table."""
        account, people = self._account(request), request["people"]
        who, keep = str(request["who"]), bool(request["keep"])
        counts = await account.database.write(lambda db: take_in(db, people, who, now(), keep=keep))
        return {"counts": asdict(counts)}

    async def _lead_undo(self, request: Request) -> Request:
        """Take a change of a lead back."""
        account, number = self._account(request), int(request["change"])
        who, by = str(request["contact"]), str(request["by"])
        return await account.database.write(
            lambda db: lead_undoing.undo(db, who, number, by, now())
        )

    async def _fetch_medium(self, request: Request) -> Request:
        """Fetch the file of a message that is not here."""
        account, named = self._account(request), str(request["id"])
        row = await account.database.read(lambda db: media.find_row(db, named))
        if row is None:
            return {
                "asked": False,
                "reason": f"no message with a file is {named!r}; `alexia media list` names them",
            }
        await account.database.write(lambda db: media.want(db, row, now()))
        account.media.wake()
        return {"asked": True, "id": row}

    async def _groups(self, request: Request) -> Request:
        """Do something to a group."""
        account = self._account(request)
        desk = GroupDesk(account.database, account.session.groups, await _address_of(account))
        return await desk.answer(request)

    async def _people(self, request: Request) -> Request:
        """Look a number up, block somebody or do so no longer."""
        return await people_desk(self._account(request)).answer(request)

    async def _campaign(self, request: Request) -> Request:
        """Preview, start, pause, resume or stop a campaign."""
        return await self._account(request).campaigns.answer(request)

    async def _chats(self, request: Request) -> Request:
        """Do something to a chat, or to a message in it."""
        account = self._account(request)
        verbs = ChatVerbs(chat_desk(account), await _address_of(account))
        done: dict[str, Verb] = {
            "chats": verbs.chats, "history": verbs.history, "forward": verbs.forward,
            "revoke": verbs.revoke,
        }  # fmt: skip
        return await done[request["do"]](request)

    async def _crm(self, request: Request) -> Request:
        """Test or set up other systems, or tell them everything anew."""
        return await self._account(request).crm.answer(request)

    async def _dlq(self, request: Request) -> Request:
        """List what was set aside, try it again, or drop it for good."""
        account, ids = self._account(request), request.get("ids")
        if request.get("action") == "retry":
            done, lanes = await account.database.write(lambda db: dead.retry(db, ids, now()))
            for lane in lanes:
                account.lanes.wake(lane)
            account.hooks.wake()
            account.crm.wake()
            return {"done": done}
        if request.get("action") == "drop":
            return {"done": await account.database.write(lambda db: dead.drop(db, ids, now()))}
        return {"dead": await account.database.read(dead.list_dead)}

    async def _outbox(self, request: Request) -> Request:
        """List what did not arrive, send it again, or let it go."""
        account, ids, by = self._account(request), request.get("ids"), str(request.get("by") or "")
        if request.get("action") == "retry":
            stuck = bool(request.get("stuck"))
            tried = await account.database.write(
                lambda db: undelivered.retry(db, ids, now(), stuck=stuck)
            )
            logger.info("%s lets %d messages leave again", by, tried.done)
            account.courier.wake()
            return {"done": tried.done, "kept": tried.kept}
        if request.get("action") == "drop":
            dropped = await account.database.write(lambda db: undelivered.drop(db, ids, by, now()))
            return {"done": dropped}
        states = [OutboxState(one) for one in request.get("states") or undelivered.ASKS]
        was_dropped = bool(request.get("dropped"))
        return {"outbox": await account.database.read(
            lambda db: undelivered.list_undelivered(db, states, dropped=was_dropped)
        )}  # fmt: skip

    def _command(self, command: str) -> Verb:
        async def queue(request: Request) -> Request:
            account = self._account(request)
            who, argument = str(request["contact"]), str(request.get("argument", ""))
            lane = await account.database.read(lambda db: _lane_of(db, who))
            if lane is None:
                return {"done": False, "reason": nobody_known(who)}
            data: dict[str, Value] = {"argument": argument}
            if request.get("mute"):
                data["mute"] = int(request["mute"])
            event = EventRaised(name=COMMAND + command, data=data)
            await account.database.write(
                lambda db: events.queue(db, *lane, event, now(), f"command|{command}")
            )
            account.lanes.wake(lane)
            return {"chat": lane[1]}

        return queue

    def _account(self, request: Request) -> Account:
        return self._accounts.find(_named(request)).running


async def _address_of(account: Account) -> AddressOf:
    return address_of(account.database, await account_of(account), now())


def _named(request: Request) -> str:
    return str(request.get("session") or "")


def _lane_of(db: sqlite3.Connection, who: str) -> Lane | None:
    """Return the latest private chat of the person that ``who`` names."""
    contact = find_contact(db, who)
    return None if contact is None else conversations.lane_of(db, contact)
