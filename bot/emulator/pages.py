"""The pages that are open, what state each is in, and pushing to them."""

import asyncio
from dataclasses import dataclass, field
from time import time

from bot.emulator.ledger import Entry
from bot.emulator.messages import Message
from bot.emulator.people import Account, Device
from bot.emulator.web import Stream
from bot.emulator.wire import message_for_page
from bot.emulator.world import World


@dataclass(slots=True, kw_only=True, eq=False)
class Page:
    """One load of the page in some browser; ``upto`` is the last line that it was told."""

    id: str
    device: Device
    state: str = "new"
    code: str | None = None
    upto: int = 0
    opened: float = field(default_factory=time)
    stream: Stream = field(default_factory=Stream)
    paired: asyncio.Event = field(default_factory=asyncio.Event)

    def as_json(self) -> Entry:
        """Return what ``/control/state`` tells of a page."""
        return {
            "id": self.id,
            "device": self.device.token,
            "account": self.device.account,
            "state": self.state,
            "code": self.code,
            "upto": self.upto,
        }


class Pages:
    """All pages, open and gone."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pages: dict[str, Page] = {}
        self._shown = asyncio.Condition()

    def open(self, page: Page) -> None:
        """Take a new load of the page in; an older one of its profile falls into conflict."""
        for other in self.of_device(page.device.token):
            other.state = "conflict"
            other.stream.push({"kind": "session", "do": "conflict"})
        gone = [old for old in self._pages.values() if old.state == "gone"]
        for old in gone[:-20]:
            del self._pages[old.id]
        self._pages[page.id] = page

    def close(self, page: Page) -> None:
        """Note that the browser has left."""
        page.state = "gone"
        page.code = None

    def get(self, id_: str) -> Page | None:
        """Return a page by its id."""
        return self._pages.get(id_)

    def of_device(self, token: str) -> list[Page]:
        """Return the pages of a profile that are open."""
        return [page for page in self.open_pages() if page.device.token == token]

    def of_account(self, account: str) -> list[Page]:
        """Return the open pages that serve an account."""
        return [
            page
            for page in self.open_pages()
            if page.device.account == account and page.state in {"main", "new"}
        ]

    def open_pages(self) -> list[Page]:
        """Return all pages but those gone."""
        return [page for page in self._pages.values() if page.state != "gone"]

    def as_json(self) -> list[Entry]:
        """Return all pages for ``/control/state``."""
        return [page.as_json() for page in self._pages.values()]

    async def show_code(self, page: Page, code: str | None) -> None:
        """Note the code that a page shows now; None when it shows none."""
        async with self._shown:
            page.state = "qr"
            page.code = code
            self._shown.notify_all()

    async def page_with_code(self, patience: float) -> Page | None:
        """Return the newest page that shows a code, waiting ``patience`` seconds for one."""

        def shown() -> list[Page]:
            return [page for page in self.open_pages() if page.code is not None]

        async with self._shown:
            try:
                await asyncio.wait_for(self._shown.wait_for(shown), patience)
            except TimeoutError:
                return None
            return max(shown(), key=lambda page: page.opened)

    def push(self, account: str, item: Entry) -> None:
        """Tell every open page of an account."""
        for page in self.of_account(account):
            page.stream.push(item)

    def push_all(self, item: Entry) -> None:
        """Tell every open page."""
        for page in self.open_pages():
            page.stream.push(item)

    def deliver_upto(self, account: Account, n: int) -> None:
        """Hand arrivals up to line ``n``, in their order, to every open page of the account."""
        for page in self.of_account(account.id):
            if page.state != "main":
                continue
            for message in self._world.messages[page.upto : n]:
                if message.account == account.id and message.incoming:
                    page.stream.push(message_for_page(self._world, account, message))
            page.upto = max(page.upto, n)

    def deliver_sent(self, account: Account, message: Message, sender: Page) -> None:
        """Show what one page sent to the other pages of its account."""
        for page in self.of_account(account.id):
            if page is not sender and page.state == "main":
                page.stream.push(message_for_page(self._world, account, message))
