"""Campaigns of one account: the schedule, the runner, and what a person asks of them."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from bot.campaigns import rounds
from bot.campaigns.forecast import UNLIMITED, Allowance
from bot.campaigns.gate import Gate
from bot.campaigns.planning import Office, zones_of
from bot.campaigns.preview import preview
from bot.campaigns.runner import Runner, Step
from bot.campaigns.schedule import Schedule, Waiting
from bot.daemon.clock import now
from bot.daemon.digests import Digests
from bot.daemon.parts import Parts
from bot.delivery.limits import Round, used_today
from bot.domain.campaigns import Run, RunState
from bot.domain.errors import CampaignRefused
from bot.domain.messages import AccountId, ChatId, MessageId
from bot.domain.receipts import Receipt, Standing
from bot.store import accounts, campaigns, holding, outbox

logger = logging.getLogger("alexia.campaigns")

BUSY, IDLE = 0.2, 1.0  # seconds between two small steps, while turns are handed out and else
LOOK_AT_CLOCK = 30.0  # seconds

RECEIPTS_COME = timedelta(days=2)  # for which receipts that were missed are asked for
MOST_RECEIPTS = 1_000  # of the latest messages, each time the page is ready again
TOGETHER = 50  # asked of the page at once

Answer = dict[str, Any]
Asked = tuple[ChatId, MessageId]
Change = Callable[[sqlite3.Connection, Office], list[Run]]


class CampaignDesk:
    """Runs the campaigns of an account and answers what is asked of them."""

    def __init__(self, own: Parts) -> None:
        self._own = own
        self._schedule: Schedule | None = None
        self._digest = Digests(own.config.folder).of
        self._runner = Runner(own.feed.note, self._digest)
        self._woken = asyncio.Event()
        gate = Gate(lambda: own.shelf.rulebook, own.config.timezone)
        own.courier.governor.ask_campaign = gate.ask

    # ------------------------------------------------------------------ working

    async def run(self) -> None:
        """Work for ever."""
        self._schedule = schedule = Schedule(self.come)
        schedule.start()
        try:
            looked = 0.0
            while True:
                claimed = await self._step()
                pause = BUSY if claimed else IDLE
                await self._pause(pause)
                looked += pause
                if looked >= LOOK_AT_CLOCK:
                    looked = 0.0
                    schedule.look()
        finally:
            schedule.close()
            self._schedule = None

    async def catch_up(self) -> None:
        """Learn who got and read messages while nobody listened; the page's store knows."""
        own, account = self._own, self._own.link.account
        if account is None:
            return
        look = partial(
            campaigns.unread, account=account, since=now() - RECEIPTS_COME, most=MOST_RECEIPTS
        )
        transport = own.session.transport
        for part in _parts(await own.database.read(look)):
            found = await asyncio.gather(
                *(transport.find(chat, message) for chat, message in part), return_exceptions=True
            )
            receipts = [
                Receipt(account=account, chat=chat, id=message, ack=one.ack, at=now())
                for (chat, message), one in zip(part, found, strict=True)
                if isinstance(one, Standing)
            ]
            note = partial(_note_all, receipts=receipts)
            await own.database.write(note)

    async def come(self, name: str) -> None:
        """See to the moment of a campaign that has come."""

        def come_round(db: sqlite3.Connection) -> Run | None:
            office = self._office(db)
            run = None if office is None else rounds.come_round(db, office, name, now())
            if run is not None:
                self._runner.tell(db, run, now(), detail=run.detail)
            return run

        run = await self._own.database.write(come_round)
        if run is not None and run.state is RunState.MISSED:
            logger.warning("campaign %s: a moment is left out: %s", name, run.detail)
        elif run is not None:
            logger.info("campaign %s: run %d begins", name, run.id)
        self._woken.set()

    async def _step(self) -> bool:
        """Set the jobs and do a small step; True when turns were handed out."""
        own = self._own
        if not await own.database.read(_has_work):
            self._set({})
            return False

        def work(db: sqlite3.Connection) -> tuple[Step, dict[str, Waiting]]:
            office = self._office(db)
            if office is None:
                return Step(), {}
            return self._runner.step(db, office, now()), self._waiting(db, office)

        await own.database.read(self._look)
        step, waiting = await own.database.write(work)
        self._set(waiting)
        for lane in step.lanes:
            own.lanes.wake(lane)
        return bool(step.lanes)

    def _look(self, db: sqlite3.Connection) -> None:
        office = self._office(db)
        if office is not None:
            self._runner.look(db, office, now())

    def _set(self, waiting: dict[str, Waiting]) -> None:
        if self._schedule is not None:
            self._schedule.set(waiting)

    def _waiting(self, db: sqlite3.Connection, office: Office) -> dict[str, Waiting]:
        """Return the campaigns that wait for a moment."""
        found: dict[str, Waiting] = {}
        for known in campaigns.all_started(db):
            campaign = office.compiled.rulebook.campaigns.get(known.name)
            if campaign is None or known.came_round is None:
                continue
            if campaign.at is not None or campaign.cron:
                zones = tuple(zones_of(db, campaign, office.settings.timezone))
                found[known.name] = Waiting(campaign, zones, known.came_round)
        return found

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()

    def _office(self, db: sqlite3.Connection) -> Office | None:
        """Return what campaigns are worked on with; None while nobody ever logged in."""
        own, book = self._own, self._own.pipeline.book
        account = own.link.account or accounts.latest(db)
        return None if account is None else Office(book.compiled, book.settings, account)

    # ------------------------------------------------------------------ what is asked

    async def answer(self, request: Answer) -> Answer:
        """Do what a request's ``action`` says. Raises CampaignRefused."""
        name, token = str(request["name"]), str(request.get("token") or "")
        match str(request["action"]):
            case "preview":
                return await self._preview(name)
            case "start":
                return await self._start(name, token)
            case "pause":
                return await self._change(lambda db, _: rounds.pause(db, name, "by a person"))
            case "resume":
                return await self._resume(name, token)
            case "retry":
                return await self._retry(name)
            case "stop":
                return await self._stop(name)
            case other:
                raise CampaignRefused(name, f"nobody knows how to {other!r} it")

    async def _preview(self, name: str) -> Answer:
        own, moment = self._own, now()

        def look(db: sqlite3.Connection) -> tuple[Answer, str]:
            office = self._there(db, name)
            campaign = rounds.named(office, name)
            told = preview(
                db, office, campaign, self._allowance(db, office.account, moment), moment,
                digest=self._digest,
            )  # fmt: skip
            return told, rounds.token_of(own.database.secret, campaign, moment)

        told, token = await own.database.read(look)
        seen = partial(campaigns.note_preview, name=name, now=moment, files=told["files"])
        await own.database.write(seen)
        return {"preview": told, "token": token}

    async def _start(self, name: str, token: str) -> Answer:
        own, moment = self._own, now()

        def begin(db: sqlite3.Connection) -> Answer:
            office = self._there(db, name)
            campaign = rounds.named(office, name)
            rounds.check_token(
                db, own.database.secret, campaign, token, moment, digest=self._digest
            )
            run, waits = rounds.start(db, office, campaign, moment)
            if run is not None:
                self._runner.tell(db, run, moment)
            return {
                "started": True, "run": None if run is None else run.id,
                "recipients": None if run is None else campaigns.counts(db, run.id)["planned"],
                "waits_until": None if waits is None else waits.begins.isoformat(),
            }  # fmt: skip

        answer = await own.database.write(begin)
        self._woken.set()
        return answer

    async def _resume(self, name: str, token: str) -> Answer:
        secret = self._own.database.secret

        def go_on(db: sqlite3.Connection, office: Office) -> list[Run]:
            campaign = rounds.named(office, name)
            resumed = rounds.resume(db, secret, campaign, token, now(), digest=self._digest)
            holding.release(db, office.account)
            return resumed

        answer = await self._change(go_on)
        self._own.courier.wake()
        return answer

    async def _retry(self, name: str) -> Answer:
        count = await self._own.database.write(lambda db: rounds.retry(db, name, now()))
        self._own.courier.wake()
        return {"again": count}

    async def _stop(self, name: str) -> Answer:
        def end(db: sqlite3.Connection) -> Answer:
            open_ = campaigns.runs_of(db, name)
            left = rounds.stop(db, name, "by a person", now())
            for run in open_[-1:]:
                after = campaigns.load_run(db, run.id)
                self._runner.tell(db, after or run, now())
            return {"stopped": True, "left": left}

        return await self._own.database.write(end)

    async def _change(self, change: Change) -> Answer:
        def work(db: sqlite3.Connection) -> Answer:
            office = self._there(db, "")
            changed = change(db, office)
            for run in changed:
                after = campaigns.load_run(db, run.id)
                self._runner.tell(db, after or run, now())
            return {"runs": [run.id for run in changed]}

        answer = await self._own.database.write(work)
        self._woken.set()
        return answer

    def _there(self, db: sqlite3.Connection, name: str) -> Office:
        office = self._office(db)
        if office is None:
            raise CampaignRefused(name, "no account was ever logged in; run `alexia login`")
        return office

    def _allowance(self, db: sqlite3.Connection, account: AccountId, at: datetime) -> Allowance:
        """Return what the governor lets through, for a forecast."""
        governor = self._own.courier.governor
        pacing, limits, here = governor.pacing, governor.limits, Round(db, account, at, [], None)
        quiet, ours, new = pacing.quiet, pacing.campaigns, pacing.new_chats
        hours = 24.0 if quiet is None else 24.0 - _span(quiet.begins, quiet.ends)
        if ours is None:
            return Allowance(hours_a_day=hours)
        used = limits.day(here, "campaigns"), len(used_today(here, "campaigns"))
        begun = (0, 0) if new is None else (
            limits.day(here, "new chats"), len(used_today(here, "new chats"))
        )  # fmt: skip
        return Allowance(
            per_hour=float(ours.hourly.most),
            pause=(ours.jitter[0] + ours.jitter[1]) / 2,
            on_day=lambda day: ours.warm_up.on(used[0] + day) - (used[1] if day == 0 else 0),
            new_on_day=lambda day: (
                UNLIMITED if new is None else new.on(begun[0] + day) - (begun[1] if day == 0 else 0)
            ),
            hours_a_day=hours,
            gap=ours.gap,
        )


def _span(begins: time, ends: time) -> float:
    """Return the hours from one time of day to the next."""
    minutes = (ends.hour * 60 + ends.minute) - (begins.hour * 60 + begins.minute)
    return (minutes % 1440) / 60


def _note_all(db: sqlite3.Connection, receipts: Sequence[Receipt]) -> None:
    for receipt in receipts:
        outbox.note_receipt(db, receipt)


def _parts(rows: Sequence[Asked]) -> Iterator[Sequence[Asked]]:
    return (rows[start : start + TOGETHER] for start in range(0, len(rows), TOGETHER))


def _has_work(db: sqlite3.Connection) -> bool:
    row = db.execute(
        "SELECT EXISTS (SELECT 1 FROM campaigns WHERE state = 'started')"
        " OR EXISTS (SELECT 1 FROM campaign_runs WHERE state = 'running')"
    ).fetchone()
    return bool(row[0])
