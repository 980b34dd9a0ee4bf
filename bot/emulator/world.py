"""All that is true: accounts, people, groups, messages, events; every change is journaled."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import time

from bot.emulator.faults import Faults, changed
from bot.emulator.ledger import Entry, Ledger, read_entries
from bot.emulator.messages import Message, message_from_entry
from bot.emulator.people import Account, Device, Group, Person

Listener = Callable[[Entry], None]


class World:
    """The state on disk; the methods named ``put_...`` change it and write the change down."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.accounts: dict[str, Account] = {}
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.devices: dict[str, Device] = {}
        self.messages: list[Message] = []  # in ledger order, n counts from 1
        self.events: list[Entry] = []
        self.refused: list[Entry] = []
        self.chats: dict[tuple[str, str], Entry] = {}  # archived, pinned, muted, disappearing
        self.seen: dict[tuple[str, str], int] = {}  # (account, chat) -> last n read
        self.faults = Faults()
        self._by_id: dict[tuple[str, str], list[Message]] = defaultdict(list)
        self._wrote: set[tuple[str, str]] = set()  # (account, person) who wrote to it
        self._phones: dict[str, str] = {}  # lid -> @c.us
        self._listeners: list[Listener] = []
        path = data / "ledger.jsonl"
        for entry in read_entries(path):
            self._apply(entry)
        self.ledger = Ledger(path)

    # reading

    def account_of(self, token: str) -> Account | None:
        """Return the account that a device is linked to."""
        device = self.devices.get(token)
        return self.accounts.get(device.account) if device and device.account else None

    def find(self, account: str, id_: str) -> Message | None:
        """Return the first message of an account with this stanza id."""
        found = self._by_id.get((account, id_))
        return found[0] if found else None

    def sent_before(self, account: str, id_: str) -> bool:
        """Say whether a page of the account sent this id before."""
        return any(not message.incoming for message in self._by_id.get((account, id_), ()))

    def wrote_to(self, account: str, person: str) -> bool:
        """Say whether a person ever wrote to the account."""
        return (account, person) in self._wrote

    def person(self, address: str) -> Person:
        """Return the person at an address; a stranger is made on the spot, not written down."""
        known = self.people.get(self.phone(address))
        return known or Person(id=self.phone(address))

    def is_on_whatsapp(self, address: str) -> bool:
        """Say whether somebody has this number on WhatsApp: all may whose number can be one."""
        known = self.people.get(self.phone(address))
        digits = len(self.phone(address).partition("@")[0])
        return not known.absent if known else 8 <= digits <= 15

    def phone(self, address: str) -> str:
        """Return the ``@c.us`` address of a person whenever it is known."""
        return self._phones.get(address, address)

    def blocked_by(self, account: str) -> list[str]:
        """Return whom an account blocks."""
        last = {
            str(event["chat"]): event["kind"] for event in self.events
            if event["kind"] in {"blocked", "unblocked"} and event["account"] == account
        }  # fmt: skip
        return [address for address, kind in last.items() if kind == "blocked"]

    # changing

    def put_message(self, message: Message) -> None:
        """Add a message; its ``n`` must be the next one."""
        self._write({"k": "message", "message": message.as_entry()})

    def put_person(self, person: Person) -> None:
        """Add or replace a person."""
        self._write({"k": "person", "person": person.as_json()})

    def put_group(self, group: Group) -> None:
        """Add or replace a group."""
        self._write({"k": "group", "group": group.as_json()})

    def put_account(self, account: Account) -> None:
        """Add or replace an account."""
        self._write({"k": "account", "account": account.as_json()})

    def put_device(self, device: Device) -> None:
        """Add or replace a device."""
        self._write({"k": "device", "device": asdict(device)})

    def put_change(self, message: Message, **values: object) -> None:
        """Change fields of a message: its ack, body, reactions."""
        self._write({"k": "change", "n": message.n, "values": values})

    def put_seen(self, account: str, chat: str, n: int) -> None:
        """Note that the account has read a chat up to line ``n``."""
        self._write({"k": "seen", "account": account, "chat": chat, "n": n})

    def put_chat(self, account: str, chat: str, values: Entry) -> None:
        """Note how the account keeps a chat: archived, pinned, muted, disappearing."""
        self._write({"k": "chat", "account": account, "chat": chat, "values": values})

    def put_refused(self, refused: Entry) -> None:
        """Note a send that the servers refused."""
        self._write({"k": "refused", "refused": {"t": round(time(), 3), **refused}})

    def put_faults(self, wanted: object) -> None:
        """Change the faults."""
        faults = changed(self.faults, wanted)
        self._write({"k": "faults", "faults": faults.as_json()})

    def put_event(self, kind: str, account: str, chat: str, **more: object) -> None:
        """Add a line to the events."""
        line = {"n": len(self.events) + 1, "t": round(time(), 3), "account": account}
        self._write({"k": "event", "event": {**line, "kind": kind, "chat": chat, **more}})

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every journal entry; return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def next_n(self) -> int:
        """Return the ledger number of the next message."""
        return len(self.messages) + 1

    def _write(self, entry: Entry) -> None:
        self._apply(entry)
        self.ledger.append(entry)
        for listener in list(self._listeners):
            listener(entry)

    # replaying; one small method a kind of entry

    def _apply(self, entry: Entry) -> None:
        appliers: dict[str, Callable[[Entry], None]] = {
            "message": self._apply_message,
            "person": self._apply_person,
            "group": self._apply_group,
            "account": self._apply_account,
            "device": self._apply_device,
            "change": self._apply_change,
            "seen": self._apply_seen,
            "chat": self._apply_chat,
            "refused": lambda e: self.refused.append(_object(e["refused"])),
            "faults": lambda e: setattr(self, "faults", changed(Faults(), e["faults"])),
            "event": lambda e: self.events.append(_object(e["event"])),
        }
        appliers[str(entry["k"])](entry)

    def _apply_message(self, entry: Entry) -> None:
        message = message_from_entry(_object(entry["message"]))
        self.messages.append(message)
        self._by_id[message.account, message.id].append(message)
        for address in (message.chat, message.sender):
            if address.endswith("@c.us"):
                self._phones.setdefault(self.person(address).lid, address)
        if message.incoming and not message.from_me:
            self._wrote.add((message.account, message.chat))
            self._wrote.add((message.account, message.sender))

    def _apply_person(self, entry: Entry) -> None:
        person = Person(**_object(entry["person"]))  # type: ignore[arg-type]
        self.people[person.id] = person
        self._phones[person.lid] = person.id

    def _apply_group(self, entry: Entry) -> None:
        group = Group(**_object(entry["group"]))  # type: ignore[arg-type]
        self.groups[group.id] = group

    def _apply_account(self, entry: Entry) -> None:
        account = Account(**_object(entry["account"]))  # type: ignore[arg-type]
        self.accounts[account.id] = account
        self._phones[account.lid] = account.id

    def _apply_device(self, entry: Entry) -> None:
        device = Device(**_object(entry["device"]))  # type: ignore[arg-type]
        self.devices[device.token] = device

    def _apply_change(self, entry: Entry) -> None:
        message = self.messages[int(str(entry["n"])) - 1]
        for name, value in _object(entry["values"]).items():
            setattr(message, name, value)

    def _apply_chat(self, entry: Entry) -> None:
        kept = self.chats.setdefault((str(entry["account"]), str(entry["chat"])), {})
        kept.update(_object(entry["values"]))

    def _apply_seen(self, entry: Entry) -> None:
        self.seen[str(entry["account"]), str(entry["chat"])] = int(str(entry["n"]))


def _object(value: object) -> Entry:
    assert isinstance(value, dict)
    return value
