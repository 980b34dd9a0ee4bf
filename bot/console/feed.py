"""Gives what happens on: to webhooks through the database, to open WebSockets at once."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.config import WebhookTarget
from bot.console.shapes import acknowledged, envelope, inbox_message, message_id, reply
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import Decision, Turn
from bot.domain.values import from_json
from bot.store import announcements, concealing, webhooks
from bot.store.announcements import Announcement
from bot.store.database import Database
from bot.webhook import plain

Json = dict[str, Any]

LOOK = 0.1  # seconds between two looks for what happened
BATCH = 200  # events given on at once
MOST_BEHIND = 2000  # events that a slow listener may be behind before it is let go


class Listener:
    """One open WebSocket: what it wants to hear, and what it was not given yet."""

    def __init__(self, events: frozenset[str]) -> None:
        self.events = events
        self.waiting: asyncio.Queue[Json | None] = asyncio.Queue(MOST_BEHIND)
        self.fell_behind = False

    def offer(self, event: Json) -> None:
        """Take an event that is wanted; None at the end when too many wait."""
        if self.fell_behind or not wants(self.events, event["event"]):
            return
        try:
            self.waiting.put_nowait(event)
        except asyncio.QueueFull:
            self.fell_behind = True
            self.waiting.get_nowait()
            self.waiting.put_nowait(None)


class Audience:
    """The WebSockets that hear of one account; they stay while it stops and starts."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.came = asyncio.Event()

    def join(self, listener: Listener) -> None:
        """Give a listener everything that happens from now on."""
        self.listeners.add(listener)
        self.came.set()

    def leave(self, listener: Listener) -> None:
        """Give it nothing more."""
        self.listeners.discard(listener)


class Feed:
    """Turns announcements into envelopes, for as long as somebody wants them."""

    def __init__(
        self,
        database: Database,
        targets: Sequence[WebhookTarget],
        *,
        session: str,
        audience: Audience,
        account: Callable[[], AccountId | None],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._targets = [(one.url, frozenset(one.events)) for one in targets]
        self._session = session
        self._account = account
        self._clock = clock
        self._audience = audience
        self._told: list[tuple[str, Json]] = []
        self._noting = False
        self.on_posted: Callable[[], None] = _unheard

    def tell(self, event: str, payload: Json) -> None:
        """Take an event that no transaction caused: a session moved, files were loaded."""
        if self._noting:
            self._told.append((event, payload))

    def note(
        self, db: sqlite3.Connection, account: AccountId, event: str, payload: Json
    ) -> None:  # fmt: skip
        """Take an event about the account; to be called in the transaction that it is part of."""
        if self._noting:
            announcements.note(db, account, ChatId(""), event, payload)

    def decided(self, db: sqlite3.Connection, turn: Turn, decision: Decision) -> None:
        """Note what a decision raises; to be called in its transaction."""
        if self._noting:
            announcements.raised(db, turn, decision)

    async def start(self) -> None:
        """Begin to note what happens, if a webhook wants it; before anything does."""
        if self._targets:
            await self._database.write(announcements.listen)
            self._noting = True

    async def run(self) -> None:
        """Give on, for ever."""
        while True:
            if not self._targets and not self._audience.listeners:
                await self._rest()
            if not self._noting:
                await self._database.write(announcements.listen)
                self._noting = True
            if not await self._give_on():
                await asyncio.sleep(LOOK)

    async def _rest(self) -> None:
        """Note nothing until somebody listens."""
        if self._noting:
            self._noting = False
            self._told.clear()
            await self._database.write(announcements.ignore)
        self._audience.came.clear()
        if not self._audience.listeners:
            await self._audience.came.wait()

    async def _give_on(self) -> bool:
        """Give on what is next; True when there may be more."""
        told, self._told = self._told, []
        if told:
            await self._database.write(lambda db: self._note(db, told))
        found, envelopes = await self._database.read(self._next)
        if not found:
            return False
        now = self._clock()
        posted = [
            (url, one) for one in envelopes for url, events in self._targets
            if wants(events, one["event"])
        ]  # fmt: skip

        def keep(db: sqlite3.Connection) -> None:
            for url, one in posted:
                body = json.dumps(one, ensure_ascii=False, separators=(",", ":"))
                webhooks.post(db, url, one["id"], one["event"], body, now)
            announcements.told(db, found)

        await self._database.write(keep)
        if posted:
            self.on_posted()
        for listener in tuple(self._audience.listeners):
            for one in envelopes:
                listener.offer(one)
        return len(found) == BATCH

    def _note(self, db: sqlite3.Connection, told: Sequence[tuple[str, Json]]) -> None:
        account = self._account() or AccountId("")
        for event, payload in told:
            announcements.note(db, account, ChatId(""), event, payload)

    def _next(self, db: sqlite3.Connection) -> tuple[list[Announcement], list[Json]]:
        found = announcements.next_untold(db, BATCH)
        envelopes = []
        for one in found:
            payload = payload_of(db, one)
            if payload is not None:
                envelopes.append(
                    envelope(
                        one.event, payload, session=self._session,
                        account=one.account or None, now=self._clock(),
                    )
                )  # fmt: skip
        return found, envelopes


def payload_of(db: sqlite3.Connection, one: Announcement) -> Json | None:
    """Return what an event says; None when what it is about was erased meanwhile."""
    match one.event:
        case "message":
            row = db.execute("SELECT * FROM inbox WHERE id = ?", (one.row,)).fetchone()
            return None if row is None else _heard(db, row)
        case "message.edited" | "message.revoked":
            row = db.execute("SELECT * FROM inbox WHERE id = ?", (one.row,)).fetchone()
            return None if row is None else _changed(db, row, one)
        case "message.ack":
            row = db.execute("SELECT * FROM outbox WHERE id = ?", (one.row,)).fetchone()
            return None if row is None else _ack(row, int(one.data["ack"]))
        case (
            "bot.reply.queued" | "bot.reply.sent" | "bot.reply.suppressed" | "bot.reply.failed"
        ) if one.row:
            row = db.execute("SELECT * FROM outbox WHERE id = ?", (one.row,)).fetchone()
            return None if row is None else reply(row, one.data)
        case _ if not one.chat:
            return one.data
        case _:
            data = {name: plain(from_json(value)) for name, value in one.data.items()}
            return {"chatId": one.chat, "contact": _contact(db, one.chat), **data}


def _heard(db: sqlite3.Connection, row: sqlite3.Row) -> Json:
    """Return a message; without its text while it may answer a sensitive question."""
    if row["state"] != "waiting" or not row["sealed"]:
        return inbox_message(row)
    asked = db.execute(
        "SELECT json_extract(state, '$.is_hushed') FROM conversations"
        " WHERE account = ? AND chat = ?",
        (row["account"], row["chat"]),
    ).fetchone()
    if asked is not None and asked[0]:
        return inbox_message(row)
    return inbox_message(concealing.shown(db, row))


def _changed(db: sqlite3.Connection, row: sqlite3.Row, one: Announcement) -> Json:
    """Return a message that is another now, in WAHA's words."""
    now = _heard(db, row)
    if one.event == "message.edited":
        return {**now, "editedMessageId": row["message_id"], "before": one.data["before"]}
    return {
        "revokedMessageId": row["message_id"],
        "before": now,
        "after": {**now, "body": "", "hasMedia": False, "media": None},
    }


def wants(events: frozenset[str], event: str) -> bool:
    """Tell whether an event is among those that were asked for; ``*`` and ``bot.*`` fit."""
    if event in events or "*" in events:
        return True
    parts = event.split(".")
    return any(".".join(parts[:n]) + ".*" in events for n in range(1, len(parts)))


def _ack(row: sqlite3.Row, ack: int) -> Json:
    return {
        "id": message_id(from_me=True, chat=row["chat"], bare=row["message_id"]),
        "from": row["account"],
        "to": row["chat"],
        "participant": None,
        "fromMe": True,
        **acknowledged(ack),
    }


def _contact(db: sqlite3.Connection, chat: ChatId) -> Json | None:
    row = db.execute(
        "SELECT c.id, c.number, c.name FROM conversations v JOIN contacts c ON c.id = v.contact_id"
        " WHERE v.chat = ? LIMIT 1",
        (chat,),
    ).fetchone()
    if row is None:
        row = db.execute(
            "SELECT c.id, c.number, c.name FROM identities i JOIN contacts c ON c.id = i.contact_id"
            " WHERE i.address = ?",
            (chat,),
        ).fetchone()
    return None if row is None else dict(row)


def _unheard() -> None:
    """Stand in where nobody waits for what is posted."""
