"""Whether a page of WhatsApp Web still offers what we need, and what is lost when not."""

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.data import dataclass
from bot.whatsapp.capabilities import CAPABILITIES, Capability

logger = logging.getLogger("alexia.capabilities")

BOOTS_WITHIN = 8.0  # seconds after which a page that wa-js finds nothing in is told
STARTS_STILL = "WhatsApp Web is not ready in its page yet, and wa-js misses nothing in it"
MISSED = re.compile(r"^(?:Module|Property) (.{1,120}?) was not found\b")
FIRST_AGAIN, AGAIN = 2.0, 30.0  # seconds between two looks for what is missing, doubled each time
MOST_MISSED = 8  # names told in one sentence
MOST_KEPT = 200  # names kept of one page

PATHS = tuple(sorted({path for one in CAPABILITIES for path in one.paths}))
"""What is looked for, below ``WPP``."""

DOOR = tuple(
    sorted({path for one in CAPABILITIES if one.name in ("session", "login") for path in one.paths})
)
"""What is looked for while nobody is logged in: WhatsApp loads the rest after the login."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A capability that a page lacks, and which of its needs were not found."""

    capability: Capability
    missing: tuple[str, ...]

    def __str__(self) -> str:
        names = ", ".join(f"WPP.{path}" for path in self.missing)
        return f"degraded: {self.capability.name} ({names} not found)"


def losses(missing: Iterable[str]) -> tuple[Loss, ...]:
    """Return what cannot be done without these paths below ``WPP``."""
    gone = frozenset(missing)
    return tuple(
        Loss(capability=one, missing=tuple(path for path in one.paths if path in gone))
        for one in CAPABILITIES
        if not gone.isdisjoint(one.paths)
    )


class SelfTest:
    """What is known of the page in use: its version, and what is lost in it."""

    def __init__(self) -> None:
        self.version = ""  # of WhatsApp Web
        self.wa_js = ""
        self._losses: tuple[Loss, ...] = ()
        self._missed: list[str] = []
        self._late = False
        self._page = ""
        self._looked_at = 0.0
        self._again = FIRST_AGAIN

    @property
    def reasons(self) -> list[str]:
        """Return a sentence for each loss that leaves texts alive, and for a page that is none."""
        told = [str(loss) for loss in self._losses if not loss.capability.essential]
        if self._late:
            names = ", ".join(self._missed[:MOST_MISSED])
            lost = f"wa-js does not find its way into the page (not found: {names})"
            told.append(lost if names else STARTS_STILL)
        return told

    @property
    def lost(self) -> Mapping[str, str]:
        """Return the sentence of each lost capability, by its name."""
        return {loss.capability.name: str(loss) for loss in self._losses}

    @property
    def ailment(self) -> str:
        """Return what keeps texts from being heard or answered, "" when nothing does."""
        return "; ".join(str(loss) for loss in self._losses if loss.capability.essential)

    def page_opened(self) -> None:
        """A new page begins; what was missed in the last one counts no longer."""
        self._missed, self._late = [], False

    def heard(self, line: str) -> None:
        """Hear a line that wa-js wrote to the page's console."""
        found = MISSED.match(line)
        if found and len(self._missed) < MOST_KEPT and found[1] not in self._missed:
            self._missed.append(found[1])
            logger.warning("wa-js finds no %s in the page", found[1])

    def is_due(self, page: str, now: float) -> bool:
        """Tell whether a page is to be looked at now (monotonic seconds), and count it as done.

        What is missing is looked for again, often at first: WhatsApp loads some of it late.
        """
        if page != self._page:
            self._page, self._looked_at, self._again = page, now, FIRST_AGAIN
            return True
        if not self._losses or now - self._looked_at <= self._again:
            return False
        self._looked_at, self._again = now, min(self._again * 2, AGAIN)
        return True

    def waiting(self, seconds: float) -> None:
        """Note for how long the page has not become ready."""
        if seconds > BOOTS_WITHIN and not self._late:
            self._late = True
            log = logger.error if self._missed else logger.warning
            log("%s", self.reasons[-1])

    def found(self, answer: Mapping[str, Any]) -> None:
        """Take what the page answered: its version, wa-js's, and the missing paths."""
        before, self._late = self.version, False
        self.version, self.wa_js = str(answer["page"])[:60], str(answer["wa_js"])[:20]
        if before and before != self.version:
            logger.warning("WhatsApp Web changed from %s to %s", before, self.version)
        lost = losses(str(path) for path in answer["missing"])
        if lost == self._losses and before == self.version:
            return
        self._losses = lost
        for loss in lost:
            log = logger.error if loss.capability.essential else logger.warning
            log("%s", loss)
        if not lost:
            logger.info(
                "WhatsApp Web %s with wa-js %s: all %d capabilities are there",
                self.version, self.wa_js, len(CAPABILITIES),
            )  # fmt: skip
