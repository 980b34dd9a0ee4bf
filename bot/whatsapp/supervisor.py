"""Keeps one WhatsApp session alive: browser, page, login, sweep, probes, and again."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.errors import (
    BotError,
    BrowserMissing,
    BundleRefused,
    PageRefused,
    SendUncertain,
    TransportDown,
)
from bot.domain.messages import AccountId
from bot.ports import Inlet, LinkState
from bot.whatsapp.browser import end_if_cancelled, main_process, open_playwright, trouble_of
from bot.whatsapp.codes import Codes
from bot.whatsapp.door import Door
from bot.whatsapp.driver import Driver
from bot.whatsapp.health import Health, Remedy
from bot.whatsapp.lines import Lines
from bot.whatsapp.offers import Offers
from bot.whatsapp.patience import PageLost, Patience, Recycled, is_astray, is_opening
from bot.whatsapp.settings import WhatsAppSettings
from bot.whatsapp.survey import DOOR, PATHS, SelfTest
from bot.whatsapp.sweep import Sweep
from bot.whatsapp.told import read_told
from bot.whatsapp.window import fresh_page, in_time, open_window

if TYPE_CHECKING:
    from playwright.async_api import Page, Playwright

logger = logging.getLogger("alexia.session")

PROBE = 0.5  # seconds between two looks at the page
PROBE_BOOT = 0.2  # seconds between two looks while it starts
RECONCILE = 30.0  # seconds between two comparisons of the page's store with what we heard
RECONCILE_WINDOW = timedelta(minutes=3)
HEARD_WITHIN = timedelta(seconds=5)  # a message that is older and was not raised was not heard
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before the next try
MISSING_PAUSE = 30.0  # seconds before looking again for what a person must install
LOAD_WITHIN = 60.0  # seconds
OPEN_WITHIN = 10.0  # seconds for the browser, and for its page; doubled for each that needs more
LONGEST_OPEN = 120.0  # seconds: a very busy machine
SYNC_WITHIN = 60.0  # seconds that events wait for the sweep; the page tells them again after


class WhatsAppSession(Offers):
    """One logged-in account in one browser profile."""

    def __init__(
        self,
        settings: WhatsAppSettings,
        inlet: Inlet,
        clock: Callable[[], datetime],
        driver: Driver | None = None,
    ) -> None:
        self.state = LinkState.STOPPED
        self._detail: list[str] = []
        self.warning = ""  # the banner in which WhatsApp warns of a risk to the account
        self.outdated = False  # WhatsApp Web asks to be loaded anew, for its next version
        self._settings = settings
        self._inlet = inlet
        self._clock = clock
        super().__init__(driver or Driver())
        self._sweep = Sweep(self._driver, inlet, clock)
        self._account: AccountId | None = None
        self._code = ""
        self._codes = Codes()
        self.door = Door()
        self._born = ""
        self._lost = asyncio.Event()
        self._recycle = ""
        self._reconciled: datetime | None = None
        self._open_within = OPEN_WITHIN
        self._pause = FIRST_PAUSE
        self._in_sync = asyncio.Event()
        self._health = Health()
        self.self_test = SelfTest()
        self._lines = Lines(self.self_test.heard)

    @property
    def browser_pid(self) -> int | None:
        """The browser's main process, None while none runs."""
        return main_process(self._settings.profile)

    @property
    def ailment(self) -> str:
        """Why the session must not be trusted although it looks ready; "" when it may be."""
        return "; ".join(filter(None, (self._health.ailment, self.self_test.ailment)))

    @property
    def owed(self) -> datetime | None:
        """From when on the page may hold messages that could not be read back, None: none."""
        return self._sweep.owed

    @property
    def reasons(self) -> list[str]:
        """What stands against the session, or is lost in its page."""
        return [*self._detail, *self.self_test.reasons]

    def note_receipts(self, missing: bool | None) -> None:
        """Hear whether what was sent is acknowledged; None: nothing was sent that could tell."""
        self._health.note_receipts(missing)

    async def look(self) -> SelfTest:
        """Look at the page anew, and return what is known of it. Raises TransportDown."""
        self.self_test.found(await self._driver.survey(PATHS))
        return self.self_test

    async def logout(self) -> None:
        """Log the account out; the login code is shown again by itself."""
        await self._driver.logout()

    async def recycle(self, why: str, landed: Awaitable[None]) -> None:
        """Open browser and driver anew, when what is under way has landed."""
        self._driver.close_sends()
        await landed
        self._recycle = why

    def want_code(self) -> None:
        """Ask for a login code now, where there is none: somebody waits for it."""
        if self._codes.is_waiting and not self._code:
            self._codes.want(self._clock())

    async def link_code(self, phone: str) -> str:
        """Return the code that links the phone with this number (digits). Raises TransportDown."""
        if self.state is not LinkState.QR:
            raise TransportDown(f"it asks for no login now, it is {self.state.value}")
        return await self._driver.link_code(phone)

    async def run(self) -> None:
        """Keep the session alive until cancelled; then close the browser cleanly."""
        from playwright.async_api import Error

        while True:
            await self._move(LinkState.STARTING)
            try:
                async with open_playwright() as playwright:
                    while await self._live_and_go_on(playwright):
                        await self._move(LinkState.STARTING)
            except (BrowserMissing, BundleRefused, PageRefused) as missing:
                logger.error("%s", missing)  # noqa: TRY400 - the sentence says it all
                await self._move(LinkState.FAILED, str(missing))
                self._pause = MISSING_PAUSE
            except Recycled as why:
                logger.info("the browser is opened anew: %s", why)
            except (Error, PageLost, BotError, OSError, TimeoutError) as failure:
                end_if_cancelled()
                self._detail = [trouble_of(failure)]
                logger.warning("%s", self._detail[0])
            if self._reconciled is not None:
                self._pause, self._reconciled = FIRST_PAUSE, None
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _live_and_go_on(self, playwright: "Playwright") -> bool:
        """Live in a browser until it is lost; True when the next may be opened at once.

        One that was ready and died is opened again by the same driver, without a pause. Whatever
        else fails is raised: a driver that is gone shows as a page that was closed.
        """
        from playwright.async_api import Error

        try:
            await self._live(playwright)
        except Error as lost:
            end_if_cancelled()
            if self._reconciled is None:
                raise
            self._pause, self._reconciled = FIRST_PAUSE, None
            said = str(lost).splitlines()[0][:200]
            logger.warning("the browser is lost (%s); another is opened at once", said)
            return True
        return False

    async def _live(self, playwright: "Playwright") -> None:
        """Open browser and page and stay with them until they are lost."""
        within = self._open_within
        self._open_within = min(within * 2, LONGEST_OPEN)
        async with open_window(playwright, self._settings, self._take, within) as context:
            try:
                while True:
                    async with in_time(within):
                        page = await fresh_page(context, lost=self._lost.is_set())
                    await self._load(page)
                    self._open_within = OPEN_WITHIN
                    await self._stay()
            finally:
                self._driver.detach()

    async def _load(self, page: "Page") -> None:
        self._born = ""
        self._lost.clear()
        page.on("crash", lambda _: self._lost.set())
        page.on("close", lambda _: self._lost.set())
        self._lines.listen(page)
        self._driver.attach(page)
        await page.goto(self._settings.url, wait_until="commit", timeout=LOAD_WITHIN * 1000)

    async def _stay(self) -> None:
        """Follow the page's state; return when a new page in the same browser will do.

        Raises:
            PageLost: The browser must be opened anew.
        """
        patience = Patience()
        while True:
            if self._recycle:
                why, self._recycle = self._recycle, ""
                raise Recycled(why)
            try:
                found = await self._driver.state()
                patience.note_answer(
                    ready=bool(found.get("ready")),
                    opening=is_opening(found),
                    astray=is_astray(found),
                )
                self.self_test.waiting(patience.unready_for)
                await self._follow(found)
                patience.note_back()
            except (TransportDown, SendUncertain) as failure:
                if self._lost.is_set():
                    await self._move(LinkState.STARTING, "the page crashed")
                    return
                patience.note_failure(failure)
            patience.check()
            boots = self.state in (LinkState.STARTING, LinkState.SYNCING)
            try:
                async with asyncio.timeout(PROBE_BOOT if boots else PROBE):
                    await self._lost.wait()
            except TimeoutError:
                continue
            await self._move(LinkState.STARTING, "the page is lost")
            self._driver.close_sends()
            return

    async def _follow(self, found: dict[str, Any]) -> None:
        """Act on what the page says of itself."""
        if found["born"] != self._born:
            self._born = found["born"]
            self.self_test.page_opened()
            self._lines.begin()
            self._driver.close_sends()
            if self.state is not LinkState.STARTING:
                await self._move(LinkState.STARTING, "the page was loaded")
        if not found.get("ready"):
            return
        inside = bool(found["authenticated"])
        if self.self_test.is_due(f"{self._born} {inside}", time.monotonic()):
            self.self_test.found(await self._driver.survey(PATHS if inside else DOOR))
        if not inside and self.self_test.ailment:
            self._driver.close_sends()  # whether somebody is logged in cannot be told
        elif not inside:
            await self._show_code(found)
        elif elsewhere := self.door.elsewhere(found):
            self._driver.close_sends()
            await self._move(LinkState.CONFLICT, elsewhere)
        elif is_opening(found):
            shown = found["mode"].lower() or "no account"
            await self._wait_for_login(f"logged in, and WhatsApp Web shows {shown}")
        else:
            account, queued = AccountId(found["account"]), int(found.get("queued") or 0)
            self.warning = str(found.get("warning") or "")
            self.outdated = found.get("outdated") is True
            await self._logged_in(account, online=bool(found["online"]), queued=queued)
            if found.get("unswept") and self.state is LinkState.READY:
                await self._sweep.give_new(account)

    async def _wait_for_login(self, told: str) -> None:
        """Send nothing while the page is on its way to who is logged in."""
        self._driver.close_sends()
        await self._move(LinkState.STARTING, told)
        self._detail = [told]

    async def _show_code(self, found: dict[str, Any]) -> None:
        """Send nothing; once nobody is logged in for sure, see that there is a code to show."""
        code, now = str(found["code"] or ""), self._clock()
        self.door.note_nobody(found["born"], code, now)
        if not self.door.is_out(now):
            await self._wait_for_login("the page does not tell yet who is logged in")
            return
        self._driver.close_sends(forget=True)
        if self._account is not None:
            self._account = None
            await self._move(LinkState.LOGGED_OUT, "the phone ended the login")
        if not code and self.door.may_ask(now) and self._codes.asks_now(now):
            with contextlib.suppress(BotError):
                await self._driver.refresh()
        if code != self._code:
            self._code = code
            await self._inlet.take_code(code)
        await self._move(LinkState.QR)

    async def _logged_in(self, account: AccountId, *, online: bool, queued: int) -> None:
        """Sweep when newly logged in, compare now and then.

        Args:
            queued: Events that the page has yet to tell; what they hold is not unheard.
        """
        self.door.note_somebody()
        if self._account is not None and account != self._account:
            self._driver.close_sends(forget=True)
            self.state = LinkState.STARTING
        self._account = account
        if not online:
            self._driver.close_sends()
            await self._move(LinkState.OFFLINE, "no network")
            return
        now = self._clock()
        if self.state is not LinkState.READY:
            await self._move(LinkState.SYNCING)
            await self._sweep.give_since(account, await self._inlet.sweep_from(account, now))
            self._reconciled = now
            self._in_sync.set()
            self._health.note_fresh()
            await self._follow_presence()
            self._code = ""
            self._codes.forget()
            self._open_sends(account)
            await self._move(LinkState.READY)
            return
        self._open_sends(account)
        await self._sweep.make_up(account)
        if not queued and (
            self._reconciled is None or (now - self._reconciled).total_seconds() > RECONCILE
        ):
            self._reconciled = now
            unheard = await self._sweep.give_since(
                account, now - RECONCILE_WINDOW, before=now - HEARD_WITHIN
            )
            self._health.note_reconciled(unheard)
            await self._heal()

    def _open_sends(self, account: AccountId) -> None:
        """Let messages leave; in a page that lacks what they need they wait."""
        if not self.self_test.ailment and not self._driver.ready:
            self._driver.open_sends(account, self._born)

    async def _follow_presence(self) -> None:
        """Hear who is online, where the owner wants that; without it all else goes on."""
        try:
            await self._driver.follow_presence(on=self._settings.presence)
        except (TransportDown, SendUncertain) as failure:
            logger.warning("who is online is not told: %s", failure)

    async def _heal(self) -> None:
        """Do what the ailment asks for, in stages.

        Raises:
            PageLost: The browser must be opened anew.
        """
        match self._health.next_remedy():
            case Remedy.NONE:
                return
            case Remedy.PAGE:
                logger.warning("%s; the page is loaded anew", self._health.ailment)
                self._driver.close_sends()
                self._lost.set()
            case Remedy.BROWSER:
                logger.warning("%s; the browser is opened anew", self._health.ailment)
                raise PageLost(self._health.ailment)
            case Remedy.PERSON:
                logger.error("%s; a person should look at the phone", self._health.ailment)

    async def _take(self, _: object, told: str) -> None:
        """Take in a batch of events; the page keeps it until this returns.

        What is new waits until the sweep has told what is older: order holds within a chat, also
        in one that the page got only after the sweep.
        """
        async with asyncio.timeout(SYNC_WITHIN):
            await self._in_sync.wait()
        account = self._account
        if account is None:
            raise TransportDown("nobody is logged in yet")
        batch = read_told(told, account, self._clock())
        if batch.unswept:
            with contextlib.suppress(TransportDown, SendUncertain):
                await self._sweep.give_new(account, late=False)
        await batch.give(self._inlet)
        if batch.messages:
            self._sweep.note_told(batch.messages)
            self._health.note_heard()

    async def _move(self, state: LinkState, detail: str = "") -> None:
        if state is self.state:
            return
        if state not in (LinkState.READY, LinkState.SYNCING):
            self._in_sync.clear()
        self.state = state
        self._detail = [detail] if detail and state is not LinkState.READY else []
        await self._inlet.take_state(state, self._account, detail)
