"""What people write, and what they do to messages: the part of the control API that plays them."""

from time import time

from bot.emulator.addresses import bare_id, is_group, is_told_to_many, new_id
from bot.emulator.calls import account_of, address_of, done, message_of
from bot.emulator.fields import Fields
from bot.emulator.media import MediaFolder
from bot.emulator.messages import Message, place_of
from bot.emulator.pages import Pages
from bot.emulator.people import Account
from bot.emulator.phones import Phones
from bot.emulator.web import Answer, Refused, Request, Router, json_response
from bot.emulator.wire import key_for_page, seen_address
from bot.emulator.world import World

TYPES = {"image": "image", "video": "video", "audio": "ptt"}


class Writing:
    """The handlers of ``/control/...`` for messages."""

    def __init__(self, world: World, pages: Pages, phones: Phones, media: MediaFolder) -> None:
        self._world = world
        self._pages = pages
        self._phones = phones
        self._media = media

    def routes(self, router: Router) -> None:
        """Add the handlers to a router."""
        for handler in (
            self.messages, self.typing, self.react, self.revoke, self.edit, self.vote,
            self.receipts,
        ):  # fmt: skip
            router.add("POST", f"/control/{handler.__name__}", handler)

    async def messages(self, request: Request) -> Answer:
        """A message arrives at an account, or its owner writes one on the phone."""
        fields = Fields(request.json(), "message")
        account = account_of(self._world, fields)
        media = await self._media.keep_fields(fields.within("media"))
        chat = address_of(self._world, fields.text("chat"))
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
            t=fields.whole("timestamp", int(time()) - self._world.faults.clock_behind_s),
            put=int(time()),
            from_me=from_me,
            ack=1,
            ciphertext_first=fields.flag("ciphertext_first"),
            quoted=bare_id(quoted) if quoted else None,
            media=media,
            place=place,
            options=options,
            card=fields.text("card", ""),
            mentions=[address_of(self._world, one) for one in fields.texts("mentions")],
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
            return address_of(self._world, sender)
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
        account = account_of(self._world, fields)
        chat = address_of(self._world, fields.text("chat"))
        sender = address_of(self._world, fields.text("from", chat))
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
        return await done(self._world)

    async def react(self, request: Request) -> Answer:
        """A person reacts to a message."""
        fields = Fields(request.json(), "react")
        account = account_of(self._world, fields)
        message = message_of(self._world, account, fields.text("id"))
        sender = address_of(self._world, fields.text("from", message.chat))
        emoji = fields.text("emoji")
        fields.done()
        self._world.put_change(message, reactions={**message.reactions, sender: emoji})
        self._tell(account, message, "react", emoji=emoji, **{"from": sender}, id_=new_id())
        return await done(self._world)

    async def revoke(self, request: Request) -> Answer:
        """A person deletes a message for everyone."""
        fields = Fields(request.json(), "revoke")
        account = account_of(self._world, fields)
        message = message_of(self._world, account, fields.text("id"))
        fields.done()
        self._world.put_change(message, revoked=True)
        self._tell(account, message, "revoke", id_=new_id())
        return await done(self._world)

    async def edit(self, request: Request) -> Answer:
        """A person changes the text of a message."""
        fields = Fields(request.json(), "edit")
        account = account_of(self._world, fields)
        message = message_of(self._world, account, fields.text("id"))
        text = fields.text("text")
        fields.done()
        self._world.put_change(message, body=text, edited=True)
        self._tell(account, message, "edit", text=text, id_=new_id())
        return await done(self._world)

    async def vote(self, request: Request) -> Answer:
        """A person votes in a poll."""
        fields = Fields(request.json(), "vote")
        account = account_of(self._world, fields)
        message = message_of(self._world, account, fields.text("id"))
        sender = address_of(self._world, fields.text("from", message.chat))
        chosen = fields.texts("options")
        fields.done()
        unknown = [one for one in chosen if one not in message.options]
        if unknown:
            raise Refused(400, f"the poll has no option {unknown[0]!r}")
        places = [message.options.index(one) for one in chosen]
        self._tell(account, message, "vote", options=places, **{"from": sender})
        return await done(self._world)

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
        account = account_of(self._world, fields)
        message = message_of(self._world, account, fields.text("id"))
        ack = fields.whole("ack")
        fields.done()
        self._phones.acknowledge(message, ack)
        return await done(self._world)
