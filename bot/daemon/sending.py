"""What a person or a program sends through an account."""

import sqlite3

from bot.daemon.clock import now
from bot.daemon.parts import Parts
from bot.daemon.reaching import Unreachable, reach
from bot.domain.bodies import Body
from bot.domain.messages import AccountId, ChatId, MessageId
from bot.domain.outgoing import Why
from bot.domain.turns import EventRaised
from bot.inbound.next_event import COMMAND
from bot.store import accounts, drafts, events, waits


async def send_text(  # noqa: PLR0913 - what a message has
    account: Parts, chat: ChatId, text: str, cause: str, by: str,
    quoted: MessageId | None = None, body: Body | None = None,
) -> MessageId | None:  # fmt: skip
    """Put a person's text into the outbox and return its id; None when nobody ever logged in.

    The same ``cause`` again changes nothing and gives the same id.
    """
    database, number = account.database, await account_of(account)
    if number is None:
        return None
    moment = now()
    draft = drafts.Draft(
        account=number, chat=chat, text=text, why=Why.PERSON, by=by, due_at=moment,
        quoted=quoted, body=body,
    )  # fmt: skip

    def reserve(db: sqlite3.Connection) -> bool:
        drafts.reserve(db, database.secret, cause, [draft], moment)
        if not waits.is_open(db, number, chat):
            return False
        answered = EventRaised(name=f"{COMMAND}answered", data={})
        events.queue_once(db, number, chat, answered, moment, f"answered|{cause}")
        return True

    if await database.write(reserve):
        account.lanes.wake((number, chat))
    account.courier.wake()
    return drafts.reserve_id(database.secret, cause, 0)


async def account_of(account: Parts) -> AccountId | None:
    """Return the number that is logged in, or was last; None when none ever was."""
    return account.link.account or await account.database.read(accounts.latest)


async def chat_with(account: Parts, named: str) -> ChatId | Unreachable:
    """Return the chat with whom a person names: a whole address, or a number in any writing."""
    session = account.session
    return await reach(
        account.database, await account_of(account), named, ask=session.find_number,
        ready=session.transport.ready, now=now(),
    )  # fmt: skip
