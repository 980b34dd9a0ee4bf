"""What the page asks of its servers, under ``/page/``."""

import secrets

from bot.emulator.addresses import checked_address
from bot.emulator.fields import Fields
from bot.emulator.groups import Groups
from bot.emulator.ledger import Entry
from bot.emulator.media import MediaFolder
from bot.emulator.messages import Medium, Message
from bot.emulator.pages import Page, Pages
from bot.emulator.people import Account, Device
from bot.emulator.phones import Phones
from bot.emulator.web import Answer, Refused, Request, Response, Router, Stream, json_response
from bot.emulator.wire import group_for_page, message_for_page, seen_address
from bot.emulator.world import World


class PageSide:
    """The handlers of the calls that a page makes."""

    def __init__(self, world: World, pages: Pages, phones: Phones, media: MediaFolder) -> None:
        self._world = world
        self._pages = pages
        self._phones = phones
        self._media = media
        self._groups = Groups(world, pages)

    def routes(self, router: Router) -> None:
        """Add the handlers to a router."""
        router.add("POST", "/page/hello", self.hello)
        router.add("GET", "/page/events", self.events)
        router.add("POST", "/page/code", self.code)
        router.add("POST", "/page/paired", self.paired)
        router.add("POST", "/page/taken", self.taken)
        router.add("POST", "/page/send", self.send)
        router.add("POST", "/page/tell", self.tell)
        router.add("POST", "/page/logout", self.logout)
        router.add("POST", "/page/lookup", self.lookup)
        router.add("POST", "/page/group", self.group)
        router.add("POST", "/page/media", self.keep_medium)
        router.add("GET", "/page/media/*", self.medium)

    def _page(self, fields: Fields) -> Page:
        page = self._pages.get(fields.text("page"))
        if page is None:
            raise Refused(410, "this page is not known; load it again")
        return page

    def _account(self, page: Page) -> Account:
        account = self._world.account_of(page.device.token)
        if account is None:
            raise Refused(401, "this device is not linked")
        return account

    async def hello(self, request: Request) -> Answer:
        """A page has loaded: who am I, and what do I know?"""
        fields = Fields(request.json(), "hello")
        token = fields.text("device", "")
        fields.take("page")
        fields.done()
        device = self._world.devices.get(token) or Device(token=token or secrets.token_hex(8))
        page = Page(id=secrets.token_hex(8), device=device)
        self._pages.open(page)
        answer: Entry = {
            "page": page.id,
            "device": device.token,
            "faults": self._world.faults.as_json(),
            "account": None,
        }
        account = self._world.account_of(device.token)
        if account is not None:
            self._world.put_event("opened", account.id, "")
            answer |= self._known(page, account)
        return json_response(answer)

    def _known(self, page: Page, account: Account) -> Entry:
        world = self._world
        late = world.faults.offline_delivery == "history"
        page.upto = len(world.messages) if late else page.device.upto
        unread: dict[str, int] = {}
        history: dict[object, Entry] = {}
        for message in world.messages:
            if message.account != account.id or (message.incoming and message.n > page.upto):
                continue
            wire = message_for_page(world, account, message)
            history.setdefault((wire["chat"], wire["fromMe"], wire["id"]), wire)
            if self._is_unread(account, message):
                unread[str(wire["chat"])] = unread.get(str(wire["chat"]), 0) + 1
        people = {**world.people}
        for message in world.messages:
            if message.account == account.id and message.sender not in world.accounts:
                people.setdefault(message.sender, world.person(message.sender))
        return {
            "account": account.as_json(),
            "people": [person.as_json() for person in people.values()],
            "groups": [group_for_page(world, account, one) for one in world.groups.values()],
            "history": list(history.values()),
            "unread": unread,
            "chats": [
                {"chat": chat, **values}
                for (owner, chat), values in world.chats.items()
                if owner == account.id
            ],
            "blocked": [
                seen_address(world, one, hidden=world.faults.lid_chats)
                for one in world.blocked_by(account.id)
            ],
            "labels": [
                event
                for event in world.events
                if event["kind"] == "label" and event["account"] == account.id
            ],
        }

    def _is_unread(self, account: Account, message: Message) -> bool:
        read = self._world.seen.get((account.id, message.chat), 0)
        return message.incoming and not message.from_me and message.n > read

    async def events(self, request: Request) -> Answer:
        """The stream of what happens; opens with what came while no page was there."""
        page = self._pages.get(request.query.get("page", ""))
        if page is None:
            raise Refused(410, "this page is not known; load it again")
        page.stream = Stream()
        page.stream.on_close = lambda stream=page.stream: self._left(page, stream)
        account = self._world.account_of(page.device.token)
        page.state = "new"
        if account is not None:
            page.state = "main"
            late = [
                message_for_page(self._world, account, message) | {"late": True}
                for message in self._world.messages[page.upto :]
                if message.account == account.id and message.incoming
            ]
            page.upto = len(self._world.messages)
            page.stream.push({"kind": "welcome", "late": len(late)})
            for wire in late:
                page.stream.push(wire)
        return page.stream

    def _left(self, page: Page, stream: Stream) -> None:
        if page.stream is stream:
            self._pages.close(page)

    async def code(self, request: Request) -> Answer:
        """A page shows a code to link a device, or shows none any more."""
        fields = Fields(request.json(), "code")
        page = self._page(fields)
        code = fields.maybe_text("code")
        fields.done()
        await self._pages.show_code(page, code)
        return json_response({})

    async def paired(self, request: Request) -> Answer:
        """A page has stored its login."""
        fields = Fields(request.json(), "paired")
        page = self._page(fields)
        account = self._world.accounts[fields.text("account")]
        fields.done()
        page.device = Device(
            token=page.device.token, account=account.id, upto=len(self._world.messages)
        )
        if self._world.faults.offline_delivery == "new":
            page.device.upto = self._delivered(account)
        self._world.put_device(page.device)
        self._world.put_event("paired", account.id, "")
        page.code = None
        known = self._known(page, account)
        await self._world.ledger.durable()
        page.paired.set()
        return json_response(known)

    def _delivered(self, account: Account) -> int:
        """Return the last line that any device of the account has taken."""
        others = [one.upto for one in self._world.devices.values() if one.account == account.id]
        return max(others, default=0)

    async def taken(self, request: Request) -> Answer:
        """A page has taken in everything up to a line."""
        fields = Fields(request.json(), "taken")
        page = self._page(fields)
        n = fields.whole("n")
        fields.done()
        if n > page.device.upto:
            page.device.upto = n
            self._world.put_device(page.device)
        return json_response({})

    async def send(self, request: Request) -> Answer:
        """A page sends a message."""
        values = request.json()
        fields = Fields(values, "send")
        page = self._page(fields)
        account = self._account(page)
        assert isinstance(values, dict)
        media = values.get("media")
        medium = Medium(**media) if isinstance(media, dict) else None
        sent: Entry = {**values, "chat": checked_address(str(values.get("chat")))}
        return json_response(await self._phones.take(page, account, sent, medium))

    async def tell(self, request: Request) -> Answer:
        """A page did something that is an event: typing, reading, reacting, editing, revoking."""
        fields = Fields(request.json(), "tell")
        page = self._page(fields)
        account = self._account(page)
        kind = fields.text("kind")
        chat = self._world.phone(fields.text("chat", ""))
        more = fields.within("more")
        more_values = {} if more is None else more.rest()
        message = self._world.find(account.id, str(more_values.get("id", "")))
        if kind == "seen":
            self._world.put_seen(account.id, chat, page.upto)
        elif kind == "chat":
            self._world.put_chat(account.id, chat, more_values)
        elif kind == "edited" and message is not None:
            self._world.put_change(message, body=more_values.get("text", ""), edited=True)
        elif kind == "revoked" and message is not None:
            self._world.put_change(message, revoked=True)
        self._world.put_event(kind, account.id, chat, **more_values)
        await self._world.ledger.durable()
        return json_response({})

    async def logout(self, request: Request) -> Answer:
        """The page logs out by itself."""
        fields = Fields(request.json(), "logout")
        page = self._page(fields)
        fields.done()
        await self.unlink(page)
        return json_response({})

    async def unlink(self, page: Page) -> None:
        """Forget the login of a page's device."""
        account = page.device.account or ""
        page.device = Device(token=page.device.token)
        self._world.put_device(page.device)
        self._world.put_event("logout", account, "")
        await self._world.ledger.durable()

    async def lookup(self, request: Request) -> Answer:
        """Is there anybody at this address?"""
        fields = Fields(request.json(), "lookup")
        self._page(fields)
        address = checked_address(fields.text("address"))
        fields.done()
        phone = self._world.phone(address)
        if not self._world.is_on_whatsapp(phone):
            return json_response({"person": None})
        return json_response({"person": self._world.person(address).as_json()})

    async def group(self, request: Request) -> Answer:
        """The page makes a group, asks about one or changes it."""
        fields = Fields(request.json(), "group")
        answer = self._groups.ask(self._account(self._page(fields)), fields)
        await self._world.ledger.durable()
        return json_response(answer)

    async def keep_medium(self, request: Request) -> Answer:
        """The page uploads a file."""
        medium = await self._media.keep(
            request.body,
            request.headers.get("content-type", "application/octet-stream"),
            request.query.get("filename", "file"),
        )
        return json_response({"sha256": medium.sha256, "size": medium.size})

    async def medium(self, request: Request) -> Answer:
        """The page downloads a file."""
        body = await self._media.read(request.path.rpartition("/")[2])
        return Response(body=body, kind="application/octet-stream")
