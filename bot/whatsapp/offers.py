"""What a session offers of its driver to the rest of the daemon."""

from collections.abc import Sequence

from bot.domain.messages import ChatId
from bot.ports import Chats, Labels, MediaSource, People, Transport
from bot.whatsapp.driver import Driver
from bot.whatsapp.groups import PageGroups


class Offers:
    """Of one session."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    @property
    def transport(self) -> Transport:
        """What sends."""
        return self._driver

    @property
    def media(self) -> MediaSource:
        """Where the files of messages come from."""
        return self._driver

    @property
    def groups(self) -> PageGroups:
        """The account's groups."""
        return self._driver.groups

    @property
    def chats(self) -> Chats:
        """How the account keeps its chats."""
        return self._driver.chats

    @property
    def labels(self) -> Labels:
        """Labels of a business account."""
        return self._driver.labels

    @property
    def people(self) -> People:
        """What WhatsApp shows of people."""
        return self._driver.people

    async def find_number(self, addresses: Sequence[ChatId]) -> ChatId | None:
        """Return the first of these that WhatsApp knows. Raises TransportDown, SendUncertain."""
        return await self._driver.find_number(addresses)
