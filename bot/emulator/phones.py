"""Everybody's phones: they take what a page sends and give receipts for it."""

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine
from time import time

from bot.emulator.addresses import is_group, is_lid
from bot.emulator.ledger import Entry
from bot.emulator.messages import Medium, Message
from bot.emulator.pages import Page, Pages
from bot.emulator.people import Account
from bot.emulator.wire import chat_address, key_for_page, seen_address
from bot.emulator.world import World

LOOK_AGAIN = 0.02  # seconds
NEW_CHAT_REFUSED = 463  # WhatsApp's own code for a restricted account


class Phones:
    """Between the pages' sends and the people who get them."""

    def __init__(self, world: World, pages: Pages) -> None:
        self._world = world
        self._pages = pages
        self._tasks: set[asyncio.Task[None]] = set()
        self._flying: Counter[tuple[str, str]] = Counter()  # (account, id) on the way

    @property
    def in_flight(self) -> int:
        """How many sends are on their way."""
        return self._flying.total()

    async def take(self, page: Page, account: Account, sent: Entry, medium: Medium | None) -> Entry:
        """Take one send of a page: refuse it, or write it down and start its receipts."""
        named = (account.id, str(sent["id"]))
        if sent.get("again"):
            while self._flying[named]:  # noqa: ASYNC110 - rare, and over within seconds
                await asyncio.sleep(LOOK_AGAIN)
            if self._world.sent_before(*named):  # the servers know their own page's second try
                return {"ok": True, "t": int(time())}
        self._flying[named] += 1
        try:
            await _pause(sent.get("delay"))
            return await self._take(page, account, sent, medium)
        finally:
            self._flying[named] -= 1

    async def _take(
        self, page: Page, account: Account, sent: Entry, medium: Medium | None
    ) -> Entry:
        refusal = self._refusal(account, sent)
        if refusal is not None:
            await self._world.ledger.durable()
            return refusal
        message = self._message(account, sent, medium)
        self._world.put_message(message)
        await self._world.ledger.durable()
        self._pages.deliver_sent(account, message, page)
        self._start(self._receipts(account, message))
        return {"ok": True, "t": message.t}

    def _refusal(self, account: Account, sent: Entry) -> Entry | None:
        world = self._world
        chat = world.phone(str(sent["chat"]))
        code = 0
        if world.faults.fail_next_sends > 0:
            world.put_faults({**_json(world), "fail_next_sends": world.faults.fail_next_sends - 1})
            code = 500
        elif (
            world.faults.restrict_new_chats
            and not is_group(chat)
            and not world.wrote_to(account.id, chat)
        ):
            code = NEW_CHAT_REFUSED
        if not code:
            return None
        world.put_refused(
            {"account": account.id, "id": sent["id"], "chat": chat, "code": code,
             "body": sent.get("body", "")}
        )  # fmt: skip
        return {"ok": False, "code": code}

    def _message(self, account: Account, sent: Entry, medium: Medium | None) -> Message:
        world = self._world
        address = str(sent["chat"])
        repeat = world.sent_before(account.id, str(sent["id"]))
        return Message(
            n=world.next_n(),
            account=account.id,
            incoming=False,
            id=str(sent["id"]),
            chat=world.phone(address),
            sender=account.id,
            type=str(sent.get("type", "chat")),
            body=str(sent.get("body") or ""),
            t=int(str(sent.get("t") or int(time()))),
            put=int(time()),
            ack=1,
            repeat=repeat,
            dropped=repeat and world.faults.drop_equal_ids,
            addr=address if is_lid(address) else None,
            quoted=str(sent["quoted"]) if sent.get("quoted") else None,
            media=medium,
            mentions=[world.phone(str(one)) for one in _list(sent.get("mentions"))],
            options=[str(one) for one in _list(sent.get("options"))],
            place=place if isinstance(place := sent.get("place"), dict) else None,
            card=str(sent.get("card") or ""),
            forwarded=bool(sent.get("forwarded")),
            expires=int(str(sent.get("expires") or 0)),
        )

    async def _receipts(self, account: Account, message: Message) -> None:
        if message.dropped:
            first = self._world.find(account.id, message.id)
            if first is not None and first.ack > 1:
                self.acknowledge(message, first.ack)
            return
        for ack in (2, 3):
            if not self._world.faults.acks:
                return
            low, high = self._world.faults.ack_delay_ms
            await asyncio.sleep(random.uniform(low, high) / 1000)  # noqa: S311 - not a secret
            if self._world.faults.acks and message.ack < ack:
                self.acknowledge(message, ack)

    def acknowledge(self, message: Message, ack: int) -> None:
        """Give one receipt for a message of the account and tell its pages."""
        world = self._world
        account = world.accounts[message.account]
        world.put_change(message, ack=ack)
        readers: list[str | None] = [None]
        if is_group(message.chat):
            group = world.groups.get(message.chat)
            others = [one for one in (group.participants if group else []) if one != account.id]
            hidden = world.faults.lid_chats
            readers = [seen_address(world, one, hidden=hidden) for one in others]
        for reader in readers:
            receipt: Entry = {"kind": "receipt", **key_for_page(world, account, message)}
            receipt |= {"chat": chat_address(message), "ack": ack, "reader": reader}
            self._pages.push(account.id, receipt)

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Stop giving receipts."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _pause(milliseconds: object) -> None:
    if isinstance(milliseconds, (int, float)) and milliseconds > 0:
        await asyncio.sleep(milliseconds / 1000)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _json(world: World) -> Entry:
    return world.faults.as_json()
