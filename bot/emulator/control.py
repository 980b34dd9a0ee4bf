"""The control API: tests and people play WhatsApp's servers and everybody's phones with it."""

import asyncio
import json

from bot.emulator.addresses import (
    checked_address,
)
from bot.emulator.calls import account_of, address_of, done
from bot.emulator.fields import Fields
from bot.emulator.groups import Groups
from bot.emulator.keeping import Keeping
from bot.emulator.ledger import Entry
from bot.emulator.media import MediaFolder
from bot.emulator.messages import Message
from bot.emulator.pages import Pages
from bot.emulator.people import Account, Person
from bot.emulator.phones import Phones
from bot.emulator.web import Answer, Refused, Request, Response, Router, json_response
from bot.emulator.wire import seen_address
from bot.emulator.world import World
from bot.emulator.writing import Writing

PAIRING_PATIENCE = 10.0  # seconds, of the contract
SESSIONS = ("logout", "conflict", "needs_update", "reload", "freeze")


class Control:
    """The handlers of ``/control/...``."""

    def __init__(
        self,
        world: World,
        pages: Pages,
        phones: Phones,
        media: MediaFolder,
        patience: float = PAIRING_PATIENCE,
    ) -> None:
        self._world = world
        self._pages = pages
        self._phones = phones
        self._media = media
        self._groups = Groups(world, pages)
        self._keeping = Keeping(world, pages)
        self._writing = Writing(world, pages, phones, media)
        self._patience = patience

    def routes(self, router: Router) -> None:
        """Add the handlers to a router."""
        self._writing.routes(router)
        posts = (
            self.pair, self.contacts, self.block, self.groups, self.chats, self.labels,
            self.presence, self.faults, self.session,
        )  # fmt: skip
        for handler in posts:
            router.add("POST", f"/control/{handler.__name__}", handler)
        router.add("GET", "/control/ledger", self.ledger)
        router.add("GET", "/control/events", self.events)
        router.add("GET", "/control/state", self.state)

    # pairing and the session

    async def pair(self, request: Request) -> Answer:
        """The phone of an account scans the code that a page shows."""
        fields = Fields(request.json(), "pair")
        address = checked_address(fields.text("account"))
        known = self._world.accounts.get(address) or Account(id=address)
        push_name = fields.text("push_name", known.push_name)
        business = fields.flag("business", default=known.business)
        fields.done()
        page = await self._pages.page_with_code(self._patience)
        if page is None:
            raise Refused(409, "no page shows a code: the bot is linked already, or not open yet")
        account = Account(id=address, push_name=push_name, business=business, lid=known.lid)
        self._world.put_account(account)
        page.stream.push({"kind": "paired", "account": account.as_json()})
        page.code = None
        try:
            await asyncio.wait_for(page.paired.wait(), self._patience)
        except TimeoutError:
            raise Refused(409, "the page did not store its login") from None
        return await done(self._world, {"paired": True})

    async def session(self, request: Request) -> Answer:
        """The phone or the page does something to the session."""
        fields = Fields(request.json(), "session")
        do = fields.choice("do", SESSIONS)
        named = fields.maybe_text("account")
        fields.done()
        pages = self._pages.open_pages()
        if named is not None:
            pages = self._pages.of_account(checked_address(named))
        if not pages:
            raise Refused(409, "no page is open")
        for page in pages:
            if do == "logout" and page.device.account:
                self._world.put_event("logout", page.device.account, "")
                page.device.account = None
                page.device.upto = 0
                self._world.put_device(page.device)
            if do == "conflict":
                page.state = "conflict"
            page.stream.push({"kind": "session", "do": do})
        return await done(self._world)

    # the address book

    async def contacts(self, request: Request) -> Answer:
        """Add or change people."""
        listed = request.json()
        for one in listed if isinstance(listed, list) else [listed]:
            fields = Fields(one, "contact")
            address = address_of(self._world, fields.text("id"))
            old = self._world.people.get(address) or Person(id=address)
            person = Person(
                id=address,
                lid=checked_address(fields.text("lid", old.lid)),
                name=fields.maybe_text("name") or old.name,
                push_name=fields.maybe_text("push_name") or old.push_name,
                about=fields.maybe_text("about") or old.about,
                picture=await self._picture(fields) or old.picture,
                online=old.online,
                invite_only=fields.flag("invite_only", default=old.invite_only),
                absent=fields.flag("absent", default=old.absent),
                business=fields.flag("business", default=old.business),
                verified_name=fields.maybe_text("verified_name") or old.verified_name,
                username=fields.maybe_text("username") or old.username,
            )
            fields.done()
            self._world.put_person(person)
            self._pages.push_all({"kind": "person", "person": person.as_json()})
        return await done(self._world)

    async def _picture(self, fields: Fields) -> str | None:
        """Return where a picture is found: the address that is given, or that of a file."""
        given = fields.take("picture")
        if given is None or isinstance(given, str):
            return given
        medium = await self._media.keep_fields(Fields(given, "'picture' of contact"))
        assert medium is not None
        return f"/page/media/{medium.sha256}"

    async def block(self, request: Request) -> Answer:
        """The owner blocks a person on the phone, or does so no longer."""
        fields = Fields(request.json(), "block")
        account = account_of(self._world, fields)
        address, on = address_of(self._world, fields.text("id")), fields.flag("on", default=True)
        fields.done()
        self._world.put_event("blocked" if on else "unblocked", account.id, address)
        self._pages.push(account.id, {"kind": "blocked", "id": self._seen(address), "on": on})
        return await done(self._world)

    def _seen(self, address: str) -> str:
        return seen_address(self._world, address, hidden=self._world.faults.lid_chats)

    async def groups(self, request: Request) -> Answer:
        """Make a group, or change it as its members would."""
        fields = Fields(request.json(), "group")
        self._groups.change(account_of(self._world, fields), fields)
        return await done(self._world)

    async def chats(self, request: Request) -> Answer:
        """The owner archives or pins a chat on the phone, or lets its messages disappear."""
        fields = Fields(request.json(), "chat")
        self._keeping.change(account_of(self._world, fields), fields)
        return await done(self._world)

    async def labels(self, request: Request) -> Answer:
        """The owner of a business account labels a chat on the phone."""
        fields = Fields(request.json(), "label")
        self._keeping.label(account_of(self._world, fields), fields)
        return await done(self._world)

    async def presence(self, request: Request) -> Answer:
        """A person comes online or leaves."""
        fields = Fields(request.json(), "presence")
        fields.maybe_text("account")
        person = self._world.person(address_of(self._world, fields.text("id")))
        person.online = fields.flag("online")
        fields.done()
        self._world.put_person(person)
        hidden = self._world.faults.lid_chats
        address = seen_address(self._world, person.id, hidden=hidden)
        self._pages.push_all({"kind": "presence", "id": address, "online": person.online})
        return await done(self._world)

    # faults and what is known

    async def faults(self, request: Request) -> Answer:
        """Set faults and answer all that are in force."""
        self._world.put_faults({**self._world.faults.as_json(), **_object(request.json())})
        wire = self._world.faults.as_json()
        self._pages.push_all({"kind": "faults", "faults": wire})
        return await done(self._world, wire)

    async def ledger(self, request: Request) -> Answer:
        """The lines of the ledger after a number, as JSON lines."""
        await self._world.ledger.durable()
        after = _after(request)
        return _lines([message.line() for message in self._world.messages[after:]])

    async def events(self, request: Request) -> Answer:
        """The lines of the events after a number, as JSON lines."""
        await self._world.ledger.durable()
        return _lines(self._world.events[_after(request) :])

    async def state(self, request: Request) -> Answer:
        """Everything worth knowing at once."""
        del request
        world = self._world
        return json_response(
            {
                "accounts": [account.as_json() for account in world.accounts.values()],
                "pages": self._pages.as_json(),
                "chats": _chats(world.messages),
                "faults": world.faults.as_json(),
                "refused": world.refused,
                "in_flight": self._phones.in_flight,
            }
        )


def _object(value: object) -> Entry:
    if not isinstance(value, dict):
        raise Refused(400, "faults must be a JSON object")
    return value


def _after(request: Request) -> int:
    text = request.query.get("after", "0")
    if not text.isdigit():
        raise Refused(400, "'after' must be a whole number")
    return int(text)


def _lines(entries: list[Entry]) -> Response:
    lines = [json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries]
    body = "".join(lines).encode()
    return Response(body=body, kind="application/x-ndjson; charset=utf-8")


def _chats(messages: list[Message]) -> list[Entry]:
    chats: dict[tuple[str, str], Entry] = {}
    for message in messages:
        chat = chats.setdefault(
            (message.account, message.chat),
            {"account": message.account, "chat": message.chat, "in": 0, "out": 0},
        )
        side = "in" if message.incoming else "out"
        chat[side] = int(str(chat[side])) + 1
        chat["last"] = message.body
    return list(chats.values())
