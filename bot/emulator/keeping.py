"""What the owner does on the phone to chats and their labels."""

from bot.emulator.addresses import checked_address
from bot.emulator.fields import Fields
from bot.emulator.ledger import Entry
from bot.emulator.pages import Pages
from bot.emulator.people import Account
from bot.emulator.web import Refused
from bot.emulator.wire import seen_address
from bot.emulator.world import World


class Keeping:
    """Changes how chats are kept, and tells the pages."""

    def __init__(self, world: World, pages: Pages) -> None:
        self._world = world
        self._pages = pages

    def change(self, account: Account, fields: Fields) -> None:
        """Archive or pin a chat, or let its messages disappear."""
        chat = self._world.phone(checked_address(fields.text("chat")))
        values: Entry = {}
        for name in ("archive", "pin"):
            if name in fields:
                values[name] = fields.flag(name)
        if "expires" in fields:
            values["expires"] = fields.whole("expires")
        fields.done()
        self._world.put_chat(account.id, chat, values)
        self._pages.push(account.id, {"kind": "chat", "chat": self._seen(chat), **values})

    def label(self, account: Account, fields: Fields) -> None:
        """Put a label on a chat or take it off; an unknown label is made."""
        if not account.business:
            raise Refused(409, f"{account.id} is no business account")
        chat = self._world.phone(checked_address(fields.text("chat")))
        added, removed = fields.maybe_text("add"), fields.maybe_text("remove")
        fields.done()
        for name, do in ((added, "add"), (removed, "remove")):
            if name is None:
                continue
            label = self._label(account, name)
            event = self._event(account, chat, do=do, label=label, name=name)
            self._pages.push(account.id, {"kind": "label", **event, "chat": self._seen(chat)})

    def _label(self, account: Account, name: str) -> str:
        """Return the id of a label; one that is unknown is made."""
        made = [
            event for event in self._world.events
            if event["kind"] == "label" and event["account"] == account.id
            and event.get("do") == "new"
        ]  # fmt: skip
        for event in made:
            if event["name"] == name:
                return str(event["label"])
        label = str(len(made) + 1)
        event = self._event(account, "", do="new", label=label, name=name, colour=len(made) % 8)
        self._pages.push(account.id, {"kind": "label", **event})
        return label

    def _event(self, account: Account, chat: str, **values: object) -> Entry:
        self._world.put_event("label", account.id, chat, **values)
        return values

    def _seen(self, chat: str) -> str:
        return seen_address(self._world, chat, hidden=self._world.faults.lid_chats)
