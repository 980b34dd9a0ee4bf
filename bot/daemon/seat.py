"""What of one account is seen over HTTP."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from bot.console.desk import Counts, NotYet
from bot.console.feed import Audience
from bot.daemon import changing, consenting
from bot.daemon.account import Account
from bot.daemon.chat_desk import ChatDesk, chat_desk
from bot.daemon.chatwoot_hearing import ChatwootHearing
from bot.daemon.clock import now
from bot.daemon.keeper import Keeper
from bot.daemon.people_desk import PeopleDesk, people_desk
from bot.daemon.saying import say
from bot.daemon.sending import account_of, send_text
from bot.domain.bodies import Body
from bot.domain.consents import ConsentEntry
from bot.domain.errors import SessionDown
from bot.domain.messages import AccountId, ChatId, MessageId
from bot.domain.turns import EventRaised
from bot.domain.values import Value
from bot.language.rulebook import Rulebook
from bot.language.triggers import WebhookTrigger
from bot.ports import Groups, Labels, LinkState, Transport
from bot.store import events
from bot.store.database import Database
from bot.store.media_files import LARGEST, MediaFiles


class Seat:
    """Implements `console.desk.Desk` over a keeper."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    @property
    def name(self) -> str:
        """How the session is called."""
        return self._keeper.name

    @property
    def state(self) -> LinkState:
        """Where it stands."""
        return self._keeper.visible.link.state

    @property
    def counts(self) -> Counts:
        """What happened since the start."""
        return self._keeper.visible.counts

    @property
    def account(self) -> AccountId | None:
        """The account that is logged in."""
        return self._keeper.visible.link.account

    @property
    def is_restricted(self) -> bool:
        """WhatsApp lets it begin no chats."""
        return self._keeper.visible.link.restricted_since is not None

    @property
    def code(self) -> str:
        """The login code to scan; who looks at it has a new one asked for."""
        if self._keeper.account is not None:
            self._keeper.account.session.want_code()
        return self._keeper.visible.link.code

    @property
    def audience(self) -> Audience:
        """Who hears what happens."""
        return self._keeper.visible.audience

    @property
    def database(self) -> Database:
        """Where everything lies."""
        return self._running.database

    @property
    def transport(self) -> Transport:
        """What shows typing, reads and reacts."""
        return self._running.session.transport

    @property
    def groups(self) -> Groups:
        """What asks about groups and changes them."""
        return self._running.session.groups

    @property
    def chats(self) -> ChatDesk:
        """What lists chats and changes how they are kept."""
        return chat_desk(self._running)

    @property
    def labels(self) -> Labels:
        """What lists labels and puts them on chats."""
        return self._running.session.labels

    @property
    def people(self) -> PeopleDesk:
        """What looks numbers up and blocks people."""
        return people_desk(self._running)

    @property
    def chatwoot(self) -> ChatwootHearing | None:
        """What hears the session's inbox in Chatwoot."""
        config = self._keeper.config
        settings, inbox = config.crm.chatwoot, config.sessions[0].chatwoot_inbox
        return ChatwootHearing(self._keeper, settings, inbox) if settings and inbox else None

    @property
    def lanes(self) -> tuple[int, int]:
        """How many chats wait for a turn, and how many have one."""
        account = self._keeper.account
        return (0, 0) if account is None else account.lanes.depth

    @property
    def files(self) -> MediaFiles:
        """Where files lie that people send."""
        return self._running.files

    async def fetch(
        self, url: str, write: Callable[[bytes], Awaitable[None]], within: float
    ) -> str:  # fmt: skip
        """Read a file from the web, through the guards; return its media type."""
        return await self._running.webhook.fetch(url, write, within=within, most=LARGEST)

    async def link_code(self, phone: str) -> str:
        """Return the code to be typed on the phone with this number."""
        return await self._running.session.link_code(phone)

    async def logout(self) -> None:
        """Log the account out."""
        await self._running.session.logout()

    async def send(
        self, chat: ChatId, text: str, key: str, quoted: MessageId | None = None,
        body: Body | None = None,
    ) -> MessageId:  # fmt: skip
        """Put a person's message into the outbox, once a key; return its reserved id."""
        cause = f"api|{key}"
        sent = await send_text(self._running, chat, text, cause, "command:api", quoted, body)
        if sent is None:
            raise self._nobody()
        return sent

    async def note_consent(
        self, who: str, say: Callable[[datetime], ConsentEntry]
    ) -> dict[str, Any]:  # fmt: skip
        """Write into the ledger of consent; return the person's."""
        return await consenting.note_at(self._running, who, say(now()))

    async def change(self, who: str, said: Mapping[str, Value]) -> dict[str, Any]:
        """Change fields of a person, all of it or nothing."""
        return await changing.change_at(self._running, who, said)

    @property
    def rulebook(self) -> Rulebook:
        """The rules in force."""
        return self._running.shelf.rulebook

    async def say(self, chat: ChatId, name: str, key: str) -> str:
        """Have a ready-made reply said in a chat, once a key; return why it is not, "" if so."""
        return await say(self._running, chat, name, key)

    async def call_in(self, chat: ChatId, name: str, data: Mapping[str, Value], key: str) -> bool:
        """Raise the event of a webhook in a chat, once a key; False when no rule listens to it."""
        running = self._running
        if name not in _webhooks(running.shelf.rulebook):
            return False
        account = await account_of(running)
        if account is None:
            raise self._nobody()
        event, cause = EventRaised(name=f"webhook.{name}", data=dict(data)), f"webhook|{key}"
        await running.database.write(
            lambda db: events.queue_once(db, account, chat, event, now(), cause)
        )
        running.lanes.wake((account, chat))
        return True

    @property
    def _running(self) -> Account:
        try:
            return self._keeper.running
        except SessionDown as down:
            if down.state == LinkState.STARTING:
                raise NotYet("the bot is starting; ask again in a moment") from None
            raise

    def _nobody(self) -> NotYet:
        return NotYet(
            f"no account was ever logged in; scan the code of /api/{self.name}/auth/qr"
        )  # fmt: skip


def _webhooks(book: Rulebook) -> set[str]:
    """Return the names of webhooks that start some rule or flow."""
    triggers = [one for rule in book.rules for one in rule.triggers]
    triggers += [one for flow in book.flows.values() for one in flow.triggers]
    return {one.name for one in triggers if isinstance(one, WebhookTrigger)}
