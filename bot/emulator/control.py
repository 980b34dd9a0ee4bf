"""The control API: tests and people play WhatsApp's servers and everybody's phones with it."""

import asyncio
import json
from time import time

from bot.emulator.addresses import (
    bare_id,
    checked_address,
    is_group,
    is_told_to_many,
    new_id,
)
from bot.emulator.fields import Fields
from bot.emulator.groups import Groups
from bot.emulator.keeping import Keeping
from bot.emulator.ledger import Entry
from bot.emulator.media import MediaFolder
from bot.emulator.messages import Message, place_of
from bot.emulator.pages import Pages
from bot.emulator.people import Account, Person
from bot.emulator.phones import Phones
from bot.emulator.web import Answer, Refused, Request, Response, Router, json_response
from bot.emulator.wire import key_for_page, seen_address
from bot.emulator.world import World

PAIRING_PATIENCE = 10.0  # seconds, of the contract
SESSIONS = ("logout", "conflict", "needs_update", "reload", "freeze")
TYPES = {"image": "image", "video": "video", "audio": "ptt"}


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
        self._patience = patience

    def routes(self, router: Router) -> None:
        """Add the handlers to a router."""
        posts = (
            self.pair, self.messages, self.typing, self.react, self.revoke, self.edit, self.vote,
            self.contacts, self.block, self.groups, self.chats, self.labels, self.presence,
            self.receipts, self.faults, self.session,
        )  # fmt: skip
        for handler in posts:
            router.add("POST", f"/control/{handler.__name__}", handler)
        router.add("GET", "/control/ledger", self.ledger)
        router.add("GET", "/control/events", self.events)
        router.add("GET", "/control/state", self.state)

    # whom and what a call means

    def _account(self, fields: Fields) -> Account:
        named = fields.maybe_text("account")
        accounts = self._world.accounts
        if named is not None:
            address = checked_address(named)
            if address not in accounts:
                self._world.put_account(Account(id=address))
            return accounts[address]
        if len(accounts) == 1:
            return next(iter(accounts.values()))
        if not accounts:
            raise Refused(400, "no account is known yet: pair one or name it in 'account'")
        raise Refused(400, "there are several accounts: name one in 'account'")

    def _address(self, text: str) -> str:
        return self._world.phone(checked_address(text))

    def _message(self, account: Account, id_: str) -> Message:
        message = self._world.find(account.id, bare_id(id_))
        if message is None:
            raise Refused(404, f"{account.id} has no message {id_!r}")
        return message

    async def _done(self, answer: object = None) -> Answer:
        await self._world.ledger.durable()
        return json_response({"ok": True} if answer is None else answer)

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
            raise Refused(409, "no page shows a code")
        account = Account(id=address, push_name=push_name, business=business, lid=known.lid)
        self._world.put_account(account)
        page.stream.push({"kind": "paired", "account": account.as_json()})
        page.code = None
        try:
            await asyncio.wait_for(page.paired.wait(), self._patience)
        except TimeoutError:
            raise Refused(409, "the page did not store its login") from None
        return await self._done({"paired": True})

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
        return await self._done()

    # messages and what becomes of them

    async def messages(self, request: Request) -> Answer:
        """A message arrives at an account, or its owner writes one on the phone."""
        fields = Fields(request.json(), "message")
        account = self._account(fields)
        media = await self._media.keep_fields(fields.within("media"))
        chat = self._address(fields.text("chat"))
        from_me = fields.flag("from_me")
        sender = fields.maybe_text("from")
        place, options = place_of(fields.within("location")), fields.texts("options")
        default_type = "location" if place else "poll_creation" if options else "chat"
        if media is not None:
            default_type = TYPES.get(media.mimetype.partition("/")[0], "document")
        quoted = fields.maybe_text("quoted")
        message = Message(
            n=0,
            account=account.id,
            incoming=True,
            id=bare_id(fields.text("id", new_id())),
            chat=chat,
            sender=account.id if from_me else self._sender(chat, sender),
            type=fields.text("type", default_type),
            body=fields.text("text", ""),
            t=fields.whole("timestamp", int(time())),
            put=int(time()),
            from_me=from_me,
            ack=1,
            ciphertext_first=fields.flag("ciphertext_first"),
            quoted=bare_id(quoted) if quoted else None,
            media=media,
            place=place,
            options=options,
            card=fields.text("card", ""),
            mentions=[self._address(one) for one in fields.texts("mentions")],
            view_once=fields.flag("view_once"),
            expires=fields.whole("expires", 0),
        )
        fields.done()
        self._check_arrival(message)
        message.n = self._world.next_n()
        if self._world.faults.lid_chats:
            whom = message.sender if is_group(chat) and not from_me else chat
            message.addr = seen_address(self._world, whom, hidden=True)
        self._world.put_message(message)
        await self._world.ledger.durable()
        self._pages.deliver_upto(account, message.n)
        return json_response({"id": message.id})

    def _sender(self, chat: str, sender: str | None) -> str:
        if sender is not None:
            return self._address(sender)
        if is_group(chat) or chat == "status@broadcast":
            raise Refused(400, "message needs 'from' in a group or for a status")
        return chat

    def _check_arrival(self, message: Message) -> None:
        if is_group(message.chat) and message.chat not in self._world.groups:
            raise Refused(404, f"no group {message.chat}: make it with /control/groups")
        other = message.sender != message.chat and not message.from_me
        if not (is_group(message.chat) or is_told_to_many(message.chat)) and other:
            raise Refused(400, "'from' must be the person of the chat")
        before = self._world.find(message.account, message.id)
        message.repeat = before is not None

    async def typing(self, request: Request) -> Answer:
        """A person is writing, recording or has stopped."""
        fields = Fields(request.json(), "typing")
        account = self._account(fields)
        chat = self._address(fields.text("chat"))
        sender = self._address(fields.text("from", chat))
        state = fields.choice("state", ("composing", "recording", "paused"))
        fields.done()
        hidden = self._world.faults.lid_chats
        self._pages.push(
            account.id,
            {
                "kind": "typing",
                "chat": seen_address(self._world, chat, hidden=hidden),
                "from": seen_address(self._world, sender, hidden=hidden),
                "state": state,
            },
        )
        return await self._done()

    async def react(self, request: Request) -> Answer:
        """A person reacts to a message."""
        fields = Fields(request.json(), "react")
        account = self._account(fields)
        message = self._message(account, fields.text("id"))
        sender = self._address(fields.text("from", message.chat))
        emoji = fields.text("emoji")
        fields.done()
        self._world.put_change(message, reactions={**message.reactions, sender: emoji})
        self._tell(account, message, "react", emoji=emoji, **{"from": sender}, id_=new_id())
        return await self._done()

    async def revoke(self, request: Request) -> Answer:
        """A person deletes a message for everyone."""
        fields = Fields(request.json(), "revoke")
        account = self._account(fields)
        message = self._message(account, fields.text("id"))
        fields.done()
        self._world.put_change(message, revoked=True)
        self._tell(account, message, "revoke", id_=new_id())
        return await self._done()

    async def edit(self, request: Request) -> Answer:
        """A person changes the text of a message."""
        fields = Fields(request.json(), "edit")
        account = self._account(fields)
        message = self._message(account, fields.text("id"))
        text = fields.text("text")
        fields.done()
        self._world.put_change(message, body=text, edited=True)
        self._tell(account, message, "edit", text=text, id_=new_id())
        return await self._done()

    async def vote(self, request: Request) -> Answer:
        """A person votes in a poll."""
        fields = Fields(request.json(), "vote")
        account = self._account(fields)
        message = self._message(account, fields.text("id"))
        sender = self._address(fields.text("from", message.chat))
        chosen = fields.texts("options")
        fields.done()
        unknown = [one for one in chosen if one not in message.options]
        if unknown:
            raise Refused(400, f"the poll has no option {unknown[0]!r}")
        places = [message.options.index(one) for one in chosen]
        self._tell(account, message, "vote", options=places, **{"from": sender})
        return await self._done()

    def _tell(
        self, account: Account, message: Message, kind: str, *, id_: str = "", **more: object
    ) -> None:
        key = key_for_page(self._world, account, message)
        if isinstance(more.get("from"), str):
            hidden = message.addr is not None
            more["from"] = seen_address(self._world, str(more["from"]), hidden=hidden)
        self._pages.push(account.id, {"kind": kind, "key": key, "own": id_, **more})

    async def receipts(self, request: Request) -> Answer:
        """A receipt by hand."""
        fields = Fields(request.json(), "receipt")
        account = self._account(fields)
        message = self._message(account, fields.text("id"))
        ack = fields.whole("ack")
        fields.done()
        self._phones.acknowledge(message, ack)
        return await self._done()

    # the address book

    async def contacts(self, request: Request) -> Answer:
        """Add or change people."""
        listed = request.json()
        for one in listed if isinstance(listed, list) else [listed]:
            fields = Fields(one, "contact")
            address = self._address(fields.text("id"))
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
        return await self._done()

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
        account = self._account(fields)
        address, on = self._address(fields.text("id")), fields.flag("on", default=True)
        fields.done()
        self._world.put_event("blocked" if on else "unblocked", account.id, address)
        self._pages.push(account.id, {"kind": "blocked", "id": self._seen(address), "on": on})
        return await self._done()

    def _seen(self, address: str) -> str:
        return seen_address(self._world, address, hidden=self._world.faults.lid_chats)

    async def groups(self, request: Request) -> Answer:
        """Make a group, or change it as its members would."""
        fields = Fields(request.json(), "group")
        self._groups.change(self._account(fields), fields)
        return await self._done()

    async def chats(self, request: Request) -> Answer:
        """The owner archives or pins a chat on the phone, or lets its messages disappear."""
        fields = Fields(request.json(), "chat")
        self._keeping.change(self._account(fields), fields)
        return await self._done()

    async def labels(self, request: Request) -> Answer:
        """The owner of a business account labels a chat on the phone."""
        fields = Fields(request.json(), "label")
        self._keeping.label(self._account(fields), fields)
        return await self._done()

    async def presence(self, request: Request) -> Answer:
        """A person comes online or leaves."""
        fields = Fields(request.json(), "presence")
        fields.maybe_text("account")
        person = self._world.person(self._address(fields.text("id")))
        person.online = fields.flag("online")
        fields.done()
        self._world.put_person(person)
        hidden = self._world.faults.lid_chats
        address = seen_address(self._world, person.id, hidden=hidden)
        self._pages.push_all({"kind": "presence", "id": address, "online": person.online})
        return await self._done()

    # faults and what is known

    async def faults(self, request: Request) -> Answer:
        """Set faults and answer all that are in force."""
        self._world.put_faults({**self._world.faults.as_json(), **_object(request.json())})
        wire = self._world.faults.as_json()
        self._pages.push_all({"kind": "faults", "faults": wire})
        return await self._done(wire)

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
