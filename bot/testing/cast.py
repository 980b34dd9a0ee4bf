"""Who takes part in a test, and the chats that their names lead to."""

import re

from bot.domain.messages import ChatId
from bot.store.contacts import number_of
from bot.testing.room import Room, chat_of

FIRST_OTHER = 5511900000100  # number of the first further contact of a test


class Cast:
    """The people of one test; a name that is new is a new person."""

    def __init__(self, room: Room, address: ChatId) -> None:
        """Begin with the contact whom the test is about, at ``address``."""
        self._room = room
        self._address = address
        self._people: dict[str, ChatId] = {}

    def chat_of(self, name: str) -> ChatId:
        """Return the private chat of a person, by name or number."""
        if is_number(name):
            return chat_of(name)
        contact = self._room.contact(self._address)
        if contact is not None and name in (contact.name, contact.first_name):
            return self._address
        if name not in self._people:
            self._people[name] = chat_of(str(FIRST_OTHER + len(self._people)))
        return self._people[name]

    def chat_named(self, name: str, here: ChatId) -> ChatId:
        """Return the chat that a person's name, a number or a group's id leads to from here."""
        if name.endswith("@g.us") or (here.endswith("@g.us") and name in here):
            return group_of(name)
        return self.chat_of(name)

    def shown_name(self, name: str) -> str:
        """Return what WhatsApp shows of who writes: what a test calls them, unless a number."""
        if not name:
            contact = self._room.contact(self._address)
            return contact.name if contact else ""
        return "" if is_number(name) else name


def is_number(name: str) -> bool:
    """Tell whether a person is named by a telephone number."""
    return re.fullmatch(r"\+?\d{6,15}(@c\.us)?", name) is not None


def group_of(name: str) -> ChatId:
    """Return the chat of a group by its id, with or without its ending."""
    return ChatId(f"{name.partition('@')[0]}@g.us")


def about(member: ChatId, name: str) -> dict[str, str]:
    """Return what an event of a group tells of the member it is about."""
    return {"member": member, "number": number_of(member), "name": name}
