"""One typed method a call of wa-js, each under a deadline; sends asked together go together."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot import crash
from bot.domain.bodies import (
    Amendment,
    Attachment,
    Body,
    Content,
    Edit,
    Poll,
    Reaction,
    Revoke,
)
from bot.domain.data import dataclass
from bot.domain.errors import SendUncertain, TransportDown
from bot.domain.messages import AccountId, ChatId, ContactCard, Location, MessageId
from bot.domain.receipts import Standing
from bot.ports import WantedMedium
from bot.whatsapp import media
from bot.whatsapp.chats import PageChats
from bot.whatsapp.groups import PageGroups
from bot.whatsapp.labels import PageLabels
from bot.whatsapp.loading import Loading
from bot.whatsapp.people import PagePeople
from bot.whatsapp.refusals import send_failure

if TYPE_CHECKING:
    from playwright.async_api import Page

logger = logging.getLogger("alexia.driver")

DEADLINE = 20.0  # seconds for a send
FILE_DEADLINE = 90.0  # seconds for a message with a file: it is uploaded first
SHORT_DEADLINE = 8.0  # seconds for everything else
GATHER = 0.002  # seconds that commands are gathered while the page is at others
MOST_TOGETHER = 50  # commands in one call
RUN = "list => window.alexia.run(JSON.parse(list))"
ANOTHER_PAGE = "another_page"  # what a page answers that is not the one that we know


SENDS = frozenset(("send", "file", "poll", "place", "card"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the page holds.

    Attributes:
        unread: Chats whose history could not be read back now; only what the page holds of them
            anyway is among the messages.
    """

    raws: Sequence[Any]
    unread: int = 0


class PageGone(Exception):
    """The page went away while a command was in it."""


class Driver:
    """Implements `ports.Transport` over the page that the supervisor gives it."""

    def __init__(self) -> None:
        self._page: Page | None = None
        self._account: AccountId | None = None
        self._ready = False
        self._born = ""  # the page's, for which sends are open
        self._opened = ""  # the page's, for which they were last opened
        self._asked: list[tuple[dict[str, Any], asyncio.Future[Any]]] = []
        self._flushing: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._loading = Loading(self.survey)
        self.groups = PageGroups(self._ask_ready)
        self.chats = PageChats(self._ask_ready, lambda: self._account)
        self.labels = PageLabels(self._ask_ready)
        self.people = PagePeople(self._ask_ready)

    @property
    def account(self) -> AccountId | None:
        """The logged-in account, None while there is none."""
        return self._account

    @property
    def ready(self) -> bool:
        """True while sends are accepted."""
        return self._ready and self._page is not None

    @property
    def page(self) -> str:
        """The load of the page for which sends are open, "" while they are not."""
        return self._born

    def attach(self, page: "Page") -> None:
        """Work on this page from now on; sends wait until `open_sends`."""
        self._page = page
        self._ready, self._born = False, ""
        self._loading.begin()

    def open_sends(self, account: AccountId, born: str) -> None:
        """Accept sends for this account, into the page that was born so and into no other."""
        if born != self._opened:
            self._opened = born
            self._loading.begin()
        self._account, self._born = account, born
        self._ready = True

    def close_sends(self, *, forget: bool = False) -> None:
        """Refuse sends; ``forget``: nobody is logged in any more."""
        self._ready, self._born = False, ""
        if forget:
            self._account = None

    def detach(self) -> None:
        """Let go of the page."""
        self._page = None
        self._ready, self._born = False, ""

    # ------------------------------------------------------------------ the port

    async def send_text(
        self, chat: ChatId, text: str, message_id: MessageId, quoted: MessageId | None = None,
        mentions: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Hand one text to the page under an id that we chose; returns once the page has it."""
        if not self.ready:
            raise TransportDown("no page is logged in and in sync")
        command = {
            "do": "send", "chat": chat, "text": text, "id": message_id, "quoted": quoted,
            "mentions": list(mentions),
        }  # fmt: skip
        answer = await self._ask(command, DEADLINE)
        if not answer["ok"]:
            raise send_failure(str(answer["code"]), str(answer["said"]))

    async def send_body(  # noqa: PLR0913 - what a message has
        self, chat: ChatId, body: Body, text: str, message_id: MessageId, *,
        quoted: MessageId | None = None, content: Content | None = None,
        mentions: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Hand a medium (its ``content`` read before), poll, place or card to the page.

        Raises:
            NotLoaded: The page has not loaded yet what that needs.
        """
        if not self.ready:
            raise TransportDown("no page is logged in and in sync")
        command = {
            "chat": chat, "text": text, "id": message_id, "quoted": quoted,
            "mentions": list(mentions),
        }  # fmt: skip
        filled = {**command, **_body(body, content)}
        lacking = await self._loading.lacks(filled["do"])
        if content is None:
            answer = await self._ask(filled, DEADLINE)
        else:
            token = await media.put(self._ask_alone, message_id, content.data)
            answer = await self._ask_alone({**filled, "token": token}, FILE_DEADLINE)
        if not answer["ok"]:
            raise send_failure(str(answer["code"]), str(answer["said"]), lacking=lacking)

    async def amend(self, chat: ChatId, amendment: Amendment) -> None:
        """Change a message that is there: react, edit, revoke. May be done twice.

        Raises:
            NotLoaded: The page has not loaded yet what that needs.
        """
        if not self.ready:
            raise TransportDown("no page is logged in and in sync")
        command = {"chat": chat, **_amendment(amendment)}
        lacking = await self._loading.lacks(command["do"])
        answer = await self._ask(command, DEADLINE)
        if not answer["ok"]:
            raise send_failure(str(answer["code"]), str(answer["said"]), lacking=lacking)

    async def find(self, chat: ChatId, message_id: MessageId) -> Standing | None:
        """Return how our message stands in the page's store, None when it is not there."""
        if not self.ready:
            raise TransportDown("no page is logged in and in sync")
        answer = await self._ask_alone({"do": "ack", "chat": chat, "id": message_id}, DEADLINE)
        if not answer["ok"]:
            raise TransportDown(f"the lookup failed ({answer['code']})")
        ack, code = answer["value"]["ack"], answer["value"].get("code")
        if ack is None:
            return None
        return Standing(int(ack), int(code) if isinstance(code, int | float) else None)

    async def show_typing(self, chat: ChatId, typing: bool) -> None:
        """Show or hide "typing…" at the contact."""
        await self._do({"do": "typing", "chat": chat, "on": typing})

    async def show_recording(self, chat: ChatId) -> None:
        """Show "recording…" at the contact, until something is sent or typed."""
        await self._do({"do": "recording", "chat": chat})

    async def show_online(self, online: bool) -> None:
        """Let everybody see us online, or not."""
        await self._do({"do": "appear", "on": online})

    async def mark_read(self, chat: ChatId) -> None:
        """Give the contact blue ticks."""
        await self._do({"do": "read", "chat": chat})

    def read_medium(self, wanted: WantedMedium) -> AsyncGenerator[bytes]:
        """Return the bytes of a message's file, in parts. Raises MediumLost, TransportDown."""
        return media.read(self._ask_alone, wanted)

    # ------------------------------------------------------------------ for the supervisor

    async def state(self) -> dict[str, Any]:
        """Return what the page says of itself. Raises TransportDown, SendUncertain."""
        answer = await self._ask_alone({"do": "state"}, SHORT_DEADLINE)
        return dict(_told("state", answer))

    async def since(self, moment: float, *, fresh: bool = False, untold: bool = False) -> Held:
        """Return all raw messages since a moment (epoch seconds).

        Args:
            fresh: Only of chats that the page did not have when it was last asked.
            untold: Without those that the page told by itself and that have not changed since.
        """
        found: list[Any] = []
        unread, part = 0, ""
        while part is not None:
            asked = {
                "do": "since", "moment": moment, "from": part, "fresh": fresh, "untold": untold,
            }  # fmt: skip
            told = await self._value(asked, DEADLINE * 3)
            found, part = [*found, *told["messages"]], told["next"]
            unread += told["unread"]
        return Held(raws=found, unread=unread)

    async def survey(self, paths: Sequence[str]) -> dict[str, Any]:
        """Return the page's version, wa-js's, and which of these paths below WPP are missing."""
        return dict(await self._value({"do": "survey", "paths": paths}, DEADLINE))

    async def find_number(self, addresses: Sequence[ChatId]) -> ChatId | None:
        """Return the first of these addresses that WhatsApp knows, None when it knows none."""
        if not self.ready:
            raise TransportDown("no page is logged in and in sync")
        found = await self._value({"do": "exists", "addresses": addresses}, DEADLINE)
        return ChatId(str(found)) if found else None

    async def follow_presence(self, *, on: bool) -> None:
        """Hear from now on who comes online and leaves, or hear it no more."""
        await self._do({"do": "presence", "on": on})

    async def logout(self) -> None:
        """Log the account out."""
        await self._do({"do": "logout"})

    async def link_code(self, phone: str) -> str:
        """Return the code that a person types on the phone with this number (digits)."""
        answer = await self._value({"do": "link", "phone": phone}, DEADLINE)
        return str(answer["code"])

    async def refresh(self) -> None:
        """Ask for a new login code."""
        await self._do({"do": "refresh"})

    async def _do(self, command: dict[str, Any]) -> None:
        await self._value(command, SHORT_DEADLINE)

    async def _value(self, command: dict[str, Any], deadline: float) -> Any:  # noqa: ANN401 - JSON
        return _told(command["do"], await self._ask(command, deadline))

    async def _ask(self, command: dict[str, Any], deadline: float) -> dict[str, Any]:
        """Run one command in the page, together with those asked at the same time."""
        future = self._future()
        self._asked.append((command, future))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        return await self._answered(future, deadline)

    async def _ask_alone(self, command: dict[str, Any], deadline: float) -> dict[str, Any]:
        """Run one command for which no other is to wait."""
        future = self._future()
        self._start([(command, future)])
        return await self._answered(future, deadline)

    async def _ask_ready(self, command: dict[str, Any], deadline: float) -> dict[str, Any]:
        """Run one command that only a page which is logged in and in sync may be asked."""
        if not self.ready:
            raise TransportDown("no page is logged in and in sync")
        return await self._ask_alone(command, deadline)

    def _future(self) -> asyncio.Future[Any]:
        if self._page is None:
            raise TransportDown("there is no page")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        future.add_done_callback(_heard)  # who asked may be gone when the page fails
        return future

    async def _answered(self, future: asyncio.Future[Any], deadline: float) -> dict[str, Any]:
        try:
            async with asyncio.timeout(deadline):
                answer = dict(await asyncio.shield(future))
        except TimeoutError as reason:
            future.cancel()
            raise SendUncertain(f"no answer within {deadline:.0f} s") from reason
        except PageGone as reason:
            raise SendUncertain(str(reason)) from reason
        if not answer["ok"] and answer["code"] == ANOTHER_PAGE:
            raise TransportDown("the page was loaded anew")
        return answer

    async def _flush(self) -> None:
        await asyncio.sleep(GATHER if self._running else 0)
        while self._asked:
            batch, self._asked = self._asked[:MOST_TOGETHER], self._asked[MOST_TOGETHER:]
            self._start(batch)

    def _start(self, batch: Sequence[tuple[dict[str, Any], asyncio.Future[Any]]]) -> None:
        task = asyncio.create_task(self._carry_out(batch))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _carry_out(self, batch: Sequence[tuple[dict[str, Any], asyncio.Future[Any]]]) -> None:
        from playwright.async_api import Error

        page = self._page
        if page is None:
            self._refuse(batch, PageGone("the page is gone"))
            return
        try:
            listed = json.dumps([{**command, "born": self._born} for command, _ in batch])
            asked = asyncio.ensure_future(page.evaluate(RUN, listed))
            if any(command["do"] in SENDS for command, _ in batch):
                await asyncio.sleep(0)
                crash.here("send")
            answers = json.loads(await asked)
        except Error as reason:
            self._refuse(batch, PageGone(str(reason).splitlines()[0][:120]))
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    def _refuse(
        self, batch: Sequence[tuple[dict[str, Any], asyncio.Future[Any]]], gone: PageGone
    ) -> None:
        for _, future in batch:
            if not future.done():
                future.set_exception(gone)


def _told(do: str, answer: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return what a command was answered. Raises TransportDown when it failed."""
    if not answer["ok"]:
        raise TransportDown(f"{do}: {answer['code']} {answer['said']}"[:200])
    return answer["value"]


def _heard(answer: asyncio.Future[Any]) -> None:
    """Take note of a failure, so that asyncio does not tell of one that nobody waits for."""
    if not answer.cancelled():
        answer.exception()


def _body(body: Body, content: Content | None) -> dict[str, Any]:
    """Return a body in the words of the page's commands."""
    match body:
        case Attachment(kind=kind):
            assert content is not None
            return {
                "do": "file", "kind": kind.value, "name": content.name,
                "mimetype": content.mimetype,
            }  # fmt: skip
        case Poll(question=question, options=options, multiple=multiple):
            return {"do": "poll", "ask": question, "options": options, "multiple": multiple}
        case Location(latitude=latitude, longitude=longitude, text=text):
            return {"do": "place", "lat": latitude, "lng": longitude, "name": text}
        case ContactCard(name=name, number=number):
            digits = "".join(letter for letter in number if letter.isdigit())
            return {"do": "card", "name": name, "whom": f"{digits}@c.us"}


def _amendment(amendment: Amendment) -> dict[str, Any]:
    """Return a change of a message in the words of the page's commands."""
    match amendment:
        case Reaction(target=target, emoji=emoji):
            return {"do": "react", "id": target, "emoji": emoji}
        case Edit(target=target, text=text):
            return {"do": "edit", "id": target, "text": text}
        case Revoke(target=target):
            return {"do": "revoke", "id": target}
