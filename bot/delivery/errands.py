"""Makes the calls that steps asked for, after their commit; each under its one key."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime

from bot.domain.acting import ActionTurn
from bot.domain.contacts import Contact
from bot.domain.effects import CallHttp, RunAction
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import CallAnswered
from bot.ports import ActionRunner, Webhook
from bot.store import calls, contacts, conversations, leads
from bot.store.database import Database

logger = logging.getLogger("alexia.calls")

SIDE_BY_SIDE = 16
MOST_DEATHS = 3  # of the daemon, with the same action in hand
LONGEST_SLEEP = 1.0  # seconds


class Errands:
    """Runs http calls and actions; a result that a chat awaits wakes it."""

    def __init__(
        self,
        database: Database,
        webhook: Webhook,
        actions: ActionRunner,
        clock: Callable[[], datetime],
        *,
        on_answer: Callable[[tuple[AccountId, ChatId]], None],
    ) -> None:
        self._database = database
        self._webhook = webhook
        self._actions = actions
        self._clock = clock
        self._on_answer = on_answer
        self._woken = asyncio.Event()
        self._running: set[str] = set()

    def wake(self) -> None:
        """Look for calls now."""
        self._woken.set()

    async def run(self) -> None:
        """Make calls for ever, several side by side: a slow one holds up nobody."""
        async with asyncio.TaskGroup() as running:
            while True:
                self._woken.clear()
                for call in await self._due():
                    if call.key not in self._running and len(self._running) < SIDE_BY_SIDE:
                        self._running.add(call.key)
                        running.create_task(self._make(call))
                try:
                    async with asyncio.timeout(LONGEST_SLEEP):
                        await self._woken.wait()
                except TimeoutError:
                    continue

    async def _due(self) -> list[CallHttp | RunAction]:
        """Return what may be called now, without what was under way when that was read."""
        now, running = self._clock(), frozenset(self._running)
        due = await self._database.read(lambda db: calls.next_due(db, now, SIDE_BY_SIDE))
        return [call for call in due if call.key not in running]

    async def _answer(self, call: CallHttp | RunAction) -> CallAnswered:
        match call:
            case CallHttp():
                return await self._webhook.call(call)
            case RunAction():
                return await self._run(call)

    async def _run(self, action: RunAction) -> CallAnswered:
        """Run an action; one that was in hand at several deaths is not tried again."""
        begun = await self._database.write(lambda db: calls.begin(db, action.key))
        if begun >= MOST_DEATHS:
            told = f"in hand at {begun} deaths of the daemon"
            return CallAnswered(key=action.key, status=0, body=None, error=told, name=action.name)
        turn = await self._database.read(lambda db: _turn(db, action, self._clock()))
        return await self._actions.run(action, turn)

    async def _make(self, call: CallHttp | RunAction) -> None:
        try:
            answered = await self._answer(call)
            if answered.error:
                logger.warning("call …%s: %s", call.key[-16:], answered.error)
            lane = await self._database.write(lambda db: calls.answer(db, answered))
        finally:
            self._running.discard(call.key)
        if lane is not None:
            self._on_answer(lane)
        self.wake()


def _turn(db: sqlite3.Connection, action: RunAction, now: datetime) -> ActionTurn:
    """Return what an action is told: its chat, as it stands now."""
    lane = calls.chat_of(db, action.key)
    assert lane is not None, "an action runs for the chat that asked for it"
    account, chat = lane
    contact = contacts.find(db, chat) or Contact(id=0)
    conversation = conversations.load(db, account, chat)
    return ActionTurn(
        key=action.key,
        account=account,
        chat=chat,
        contact=contact,
        lead=leads.load(db, contact.id, now),
        language=conversation.language or contact.language or "",
        now=now,
    )
