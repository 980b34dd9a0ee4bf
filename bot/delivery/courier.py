"""Carries the outbox to the page: claims, sends, confirms, and looks after what was cut off."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot import crash
from bot.delivery.contents import read_content
from bot.delivery.downloads import Fetch, download, no_net
from bot.delivery.governor import Governor
from bot.delivery.pacing import Pacing, typing_time
from bot.delivery.recovery import MOST_REFUSALS, Verdict, is_repeatable, judge, refusal
from bot.domain.bodies import Attachment, Edit, Reaction, Revoke
from bot.domain.errors import BotError, SendFailed, SendUncertain, TransportDown
from bot.domain.messages import AccountId, MessageKind
from bot.domain.outgoing import Outgoing, Why
from bot.domain.receipts import SENT, Receipt, Standing
from bot.ports import Transport
from bot.store import holding, outbox
from bot.store.database import Database

logger = logging.getLogger("alexia.courier")

BATCH = 128  # claimed at once, each of another chat; a page may take 0.1 s for each in turn
LOOKED_UP_TOGETHER = 8  # asked all at once, a slow page would answer none of them in time
LOOK_AGAIN = 1.0  # seconds between two looks at messages of unknown fate
NOT_READY_PAUSE = timedelta(seconds=1)  # before a message that was not tried is tried again
FIRST_RETRY = timedelta(seconds=0.5)  # doubled with each attempt that WhatsApp refused
DOWN = timedelta(seconds=60)  # after which what waited leaves slowly at first
AGAIN = "sent again under its id"
PASSING = frozenset((
    "chat_not_found", "message_key_remote_id_is_not_same_of_chat", "msg_not_found",
))  # fmt: skip
"""What wa-js says of chats and messages that a page has not loaded yet, too."""
PASSES_WITHIN = 3  # tries
LAST_SENDS = 3.0  # seconds that a clean stop waits for sends under way


class Courier:
    """Sends what is due through one transport, in order within a chat, chats side by side."""

    def __init__(
        self,
        database: Database,
        transport: Transport,
        governor: Governor,
        clock: Callable[[], datetime],
    ) -> None:
        self.governor = governor
        self.folder = Path()  # below it lie the files that rules send
        self.data: Path | None = None  # the data folder, with the files that people send
        self.fetch: Fetch = no_net  # what gets files from urls
        self._database = database
        self._transport = transport
        self._clock = clock
        self._woken = asyncio.Event()
        self._flying: dict[int, asyncio.Task[None]] = {}
        self._typed: set[int] = set()
        self._into: tuple[AccountId, str] | None = None  # the page for which was last claimed
        self._looked_up = 0.0
        self._looking = asyncio.Lock()
        self._asking = asyncio.Semaphore(LOOKED_UP_TOGETHER)
        self._last_ready: datetime | None = None
        self.on_handed: Callable[[Outgoing], None] = _unheard

    @property
    def pacing(self) -> Pacing:
        """The limits in force."""
        return self.governor.pacing

    @property
    def is_flying(self) -> bool:
        """True while the page holds sends of ours that it has not answered."""
        return bool(self._flying)

    async def landed(self, within: float) -> None:
        """Wait until nothing is under way, at most so many seconds."""
        if self._flying:
            await asyncio.wait(tuple(self._flying.values()), timeout=within)

    def wake(self) -> None:
        """Look at the outbox now: something was decided, settled or became possible."""
        self._woken.set()

    async def run(self) -> None:
        """Send for ever; on the way out wait for what is under way."""
        async with asyncio.TaskGroup() as flights:
            try:
                while True:
                    await self._round(flights)
            except asyncio.CancelledError:
                if self._flying:
                    await asyncio.wait(self._flying.values(), timeout=LAST_SENDS)
                raise

    async def recover(self) -> None:
        """Doubt what an earlier page took without WhatsApp's acknowledgement; then look it up.

        To be called whenever a page became ready.
        """
        account = self._transport.account
        if account is None:
            return
        now = self._clock()
        if self._last_ready is None or now - self._last_ready > DOWN:
            self.governor.note_up(account, now)
        await self._database.write(lambda db: outbox.doubt_unacknowledged(db, account))
        await self._database.write(lambda db: holding.release(db, account))
        await self.look_up()
        await self._look_at_stuck(account)
        self.wake()

    async def _look_at_stuck(self, account: AccountId) -> None:
        """Note what WhatsApp took after all; what is still at its clock stays there, named."""
        for outgoing in await self._database.read(lambda db: outbox.stuck(db, account)):
            try:
                standing = await self._transport.find(outgoing.chat, outgoing.message_id)
            except BotError as failure:
                logger.info("outgoing %d cannot be looked up yet: %s", outgoing.id, failure)
                return
            if standing is not None and standing.ack >= SENT:
                receipt = Receipt(
                    account=account, chat=outgoing.chat, id=outgoing.message_id, ack=standing.ack,
                    at=self._clock(),
                )  # fmt: skip
                await self._database.write(partial(outbox.note_receipt, receipt=receipt))

    async def look_up(self) -> None:
        """Find out what became of each message whose send was cut off, and act on it."""
        async with self._looking:
            await self._look_up_all()

    async def _look_beside(self) -> None:
        """Look up beside the sends: a page may take long to answer for one chat."""
        await self.look_up()
        self._looked_up = time.monotonic()
        self.wake()

    async def _look_up_all(self) -> None:
        account = self._transport.account
        if account is None or not self._transport.ready:
            return
        now = self._clock()
        doubtful = await self._database.read(lambda db: outbox.unsettled(db, account, now))
        landed = [outgoing for outgoing in doubtful if outgoing.id not in self._flying]
        await asyncio.gather(*(self._look_up_one(outgoing) for outgoing in landed))
        if await self._database.read(lambda db: self.governor.restriction(db, account)):
            await self._database.write(lambda db: self.governor.lift_if_over(db, account, now))

    async def _round(self, flights: asyncio.TaskGroup) -> None:
        self._woken.clear()
        account = self._transport.account
        if account is None or not self._transport.ready:
            await self._pause(LOOK_AGAIN)
            return
        self._last_ready = self._clock()
        if time.monotonic() - self._looked_up >= LOOK_AGAIN and not self._looking.locked():
            flights.create_task(self._look_beside())
        claimed, due = await self._claim(account)
        for outgoing in claimed:
            self._flying[outgoing.id] = flights.create_task(self._send(outgoing))
        await self._show_typing(account)
        await self._pause(self._sleep_for(due, len(claimed)))

    def _landed(self, row: int) -> None:
        self._flying.pop(row, None)
        self._typed.discard(row)
        self.wake()

    async def _claim(self, account: AccountId) -> tuple[list[Outgoing], datetime | None]:
        """Claim what may leave now (T3): durable before the page hears of it.

        Returns:
            What is claimed, and when something else becomes due.
        """
        epoch, into = self._database.epoch, (account, self._transport.page)
        is_new = into != self._into

        def claim(db: sqlite3.Connection) -> tuple[list[Outgoing], datetime | None]:
            now = self._clock()
            if is_new:  # what the page of before took may be lost: nothing passes it by
                outbox.doubt_unacknowledged(db, account)
            due = self.governor.choose(db, account, now, BATCH)
            later = outbox.next_due_at(db, account, now) if len(due) < BATCH else now
            if not due:
                return [], later
            handed = set(outbox.hand(db, [outgoing.id for outgoing in due], epoch, now))
            return [outgoing for outgoing in due if outgoing.id in handed], later

        writing = asyncio.ensure_future(self._database.write(claim))
        try:
            claimed, later = await asyncio.shield(writing)
        except asyncio.CancelledError:  # a clean stop: no page was asked to send any of it
            await asyncio.wait((writing,), timeout=LAST_SENDS)
            if writing.done() and writing.exception() is None:
                await self._database.write(partial(holding.put_back, claimed=writing.result()[0]))
            raise
        self._into = into
        if claimed:
            crash.here("t3")
        return claimed, later

    async def _send(self, outgoing: Outgoing) -> None:
        """Hand one claimed message to the page and note what is known of it (T4)."""
        try:
            self.on_handed(outgoing)
            await self._hand_over(outgoing)
            crash.here("echo")
            await self._note_taken(outgoing)
            crash.here("t4")
        except (TransportDown, SendUncertain, SendFailed) as failure:
            await self._note_failed(outgoing, failure)
        finally:
            self._landed(outgoing.id)

    async def _note_failed(
        self, outgoing: Outgoing, failure: TransportDown | SendUncertain | SendFailed
    ) -> None:
        row, reason = outgoing.id, str(failure)
        match failure:
            case TransportDown():
                later = self._clock() + NOT_READY_PAUSE
                attempts = outgoing.attempts + 1  # as counted by the claim
                await self._database.write(
                    lambda db: outbox.untried(db, row, later, reason, attempts)
                )
            case SendUncertain():
                logger.warning("outgoing %d: %s", row, reason)
                await self._database.write(lambda db: outbox.doubt(db, row, reason))
            case SendFailed():
                await self._note_refused(outgoing, failure)

    async def _note_refused(self, outgoing: Outgoing, refused: SendFailed) -> None:
        """Close what wa-js refuses; what it may not refuse in a moment is tried some more times."""
        row, now, reason, tries = outgoing.id, self._clock(), str(refused), outgoing.attempts + 1
        if refused.code in PASSING and tries < PASSES_WITHIN:
            logger.warning("outgoing %d: %s; it is tried again", row, reason)
            due = now + FIRST_RETRY * 2**tries
            again = partial(outbox.postpone, row=row, due=due, reason=reason, attempts=tries)
            await self._database.write(again)
            return
        logger.error("outgoing %d: %s", row, reason)
        await self._database.write(lambda db: outbox.give_up(db, row, reason, now))

    async def _note_taken(self, outgoing: Outgoing) -> None:
        """Note that the page took a message; of a change nobody says more."""
        if isinstance(outgoing.body, Reaction | Edit | Revoke):
            done = partial(outbox.amended, row=outgoing.id, now=self._clock())
            await self._database.write(done)
        else:
            await self._database.write_each(outbox.accept, outgoing.id)

    async def _hand_over(self, outgoing: Outgoing) -> None:
        chat, message_id, body = outgoing.chat, outgoing.message_id, outgoing.body
        quoted, mentions = outgoing.quoted, outgoing.mentions
        if self._into is not None and self._transport.page != self._into[1]:
            raise TransportDown("the page was loaded anew")
        match body:
            case None:
                await self._transport.send_text(chat, outgoing.text, message_id, quoted, mentions)
            case Reaction() | Edit() | Revoke():
                await self._transport.amend(chat, body)
            case _:
                content = None
                if isinstance(body, Attachment) and body.url:
                    content = await download(body, self.fetch)
                elif isinstance(body, Attachment):
                    content = await asyncio.to_thread(read_content, self.folder, body, self.data)
                await self._transport.send_body(
                    chat,
                    body,
                    outgoing.text,
                    message_id,
                    quoted=quoted,
                    content=content,
                    mentions=mentions,
                )

    async def _look_up_one(self, outgoing: Outgoing) -> None:
        if isinstance(outgoing.body, Reaction | Edit | Revoke):
            await self._change_again(outgoing)
            return
        try:
            async with self._asking:
                standing = await self._transport.find(outgoing.chat, outgoing.message_id)
        except BotError as failure:
            logger.info("outgoing %d cannot be looked up yet: %s", outgoing.id, failure)
            return
        crash.here("recovery")
        now = self._clock()
        verdict = judge(
            standing, outgoing.handed_at or now, now, outgoing.attempts,
            repeatable=is_repeatable(outgoing),
        )  # fmt: skip
        await self._database.write(lambda db: self._note(db, outgoing, standing, verdict, now))

    async def _change_again(self, outgoing: Outgoing) -> None:
        """Let a change that was cut off be made again, which it may; its chat waits for seconds."""
        row, now, tries = outgoing.id, self._clock(), outgoing.attempts
        if tries >= MOST_REFUSALS:
            logger.error("outgoing %d: the page fails at it again and again", row)
            given_up = partial(outbox.give_up, row=row, reason="the page fails at it", now=now)
            await self._database.write(given_up)
            return
        due = now + FIRST_RETRY * 2**tries if tries > 1 else now
        again = partial(outbox.postpone, row=row, due=due, reason=AGAIN, attempts=tries)
        await self._database.write(again)

    def _note(
        self, db: sqlite3.Connection, outgoing: Outgoing, standing: Standing | None,
        verdict: Verdict, now: datetime,
    ) -> None:  # fmt: skip
        """Act on what was found out of one message."""
        ack = None if standing is None else standing.ack
        match verdict:
            case Verdict.SENT:
                receipt = Receipt(
                    account=outgoing.account, chat=outgoing.chat, id=outgoing.message_id,
                    ack=ack or 1, at=now,
                )  # fmt: skip
                outbox.note_receipt(db, receipt)
            case Verdict.RESTRICTED:
                logger.error("outgoing %d waits: WhatsApp restricts new chats", outgoing.id)
                self.governor.note_restricted(db, outgoing, now)
            case Verdict.RESEND | Verdict.REFUSED if self.governor.seems_restricted(
                db, outgoing, standing
            ):
                logger.error("outgoing %d waits: only new chats fail", outgoing.id)
                self.governor.note_restricted(db, outgoing, now)
            case Verdict.RESEND:
                logger.info("outgoing %d never left; it goes again under its id", outgoing.id)
                pause = timedelta(0) if ack is None else FIRST_RETRY * 2**outgoing.attempts
                due = max(now, (outgoing.handed_at or now) + pause)
                outbox.postpone(db, outgoing.id, due, AGAIN, outgoing.attempts)
            case Verdict.REFUSED:
                logger.error("outgoing %d is refused by WhatsApp", outgoing.id)
                outbox.give_up(db, outgoing.id, refusal(standing), now)
            case Verdict.STUCK:
                logger.error("outgoing %d is stuck at WhatsApp's clock", outgoing.id)
                outbox.stick(db, outgoing.id, "at WhatsApp's clock")
            case Verdict.UNKNOWN:
                logger.error("outgoing %d is lost from sight; it is not sent again", outgoing.id)
                outbox.stick(db, outgoing.id, outbox.UNKNOWN_FATE)
            case Verdict.WAIT:
                pass

    async def _show_typing(self, account: AccountId) -> None:
        """Show "typing…" in chats whose answer is being typed."""
        if self.pacing.letters <= 0:
            return
        now = self._clock()
        soon = now + self.pacing.longest
        due = await self._database.read(lambda db: outbox.next_due(db, account, soon, BATCH))
        for outgoing in due:
            is_voice = _is_voice(outgoing)
            span = self.pacing.longest if is_voice else typing_time(outgoing.text, self.pacing)
            begins = outgoing.due_at - span
            if outgoing.id in self._typed or begins > now or outgoing.why is not Why.ANSWER:
                continue
            self._typed.add(outgoing.id)
            try:
                await self._transport.mark_read(outgoing.chat)
                if is_voice:
                    await self._transport.show_recording(outgoing.chat)
                else:
                    await self._transport.show_typing(outgoing.chat, typing=True)
            except BotError as failure:
                logger.info("typing is not shown: %s", failure)

    def _sleep_for(self, due: datetime | None, claimed: int) -> float:
        """Return how long nothing can be due, in seconds."""
        if claimed == BATCH:
            return 0.0
        if due is None:
            return LOOK_AGAIN
        typing = self.pacing.longest if self.pacing.letters > 0 else timedelta(0)
        return min(max((due - typing - self._clock()).total_seconds(), 0.1), LOOK_AGAIN)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return


def _is_voice(outgoing: Outgoing) -> bool:
    """Tell whether a message is a voice note: a person would be seen recording it."""
    body = outgoing.body
    return isinstance(body, Attachment) and body.kind is MessageKind.VOICE


def _unheard(outgoing: Outgoing) -> None:
    """Stand in where nobody listens to what is handed."""
