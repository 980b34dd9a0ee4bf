"""Whether a session that looks ready may be trusted, and what to do when not."""

from enum import Enum

DEAF = "the page does not tell what arrives"
UNACKNOWLEDGED = "WhatsApp does not acknowledge what was sent"


class Remedy(Enum):
    """What is tried next."""

    NONE = "none"
    PAGE = "page"
    BROWSER = "browser"
    PERSON = "person"


STAGES = (Remedy.PAGE, Remedy.BROWSER, Remedy.PERSON)


class Health:
    """Collects the evidence. An ailment ends when the contrary is proven, not when time passes."""

    def __init__(self) -> None:
        self._deaf = False
        self._unacknowledged = False
        self._fresh = False  # evidence since the last remedy
        self._tried = 0

    @property
    def ailment(self) -> str:
        """What is wrong, "" when nothing is known to be."""
        found = [
            name
            for name, holds in ((DEAF, self._deaf), (UNACKNOWLEDGED, self._unacknowledged))
            if holds
        ]
        return "; ".join(found)

    def note_heard(self) -> None:
        """A message came by itself: the page tells what arrives."""
        self._deaf = False
        self._rest()

    def note_reconciled(self, unheard: int) -> None:
        """The page's store was compared with ours.

        Args:
            unheard: Messages that lay in the page for longer than it takes to tell them.
        """
        if unheard:
            self._deaf = self._fresh = True

    def note_fresh(self) -> None:
        """A fresh page is ready: it is trusted, until new evidence asks for the next stage."""
        self._deaf = self._unacknowledged = self._fresh = False

    def note_receipts(self, missing: bool | None) -> None:
        """Receipts stay out for long, or one came; None: nothing was sent that could tell."""
        if missing is None:
            return
        self._unacknowledged = missing
        self._fresh = self._fresh or missing
        if not missing:
            self._rest()

    def next_remedy(self) -> Remedy:
        """Return what is to be tried on new evidence; each stage once, the last again and again."""
        if not self.ailment or not self._fresh:
            return Remedy.NONE
        self._fresh = False
        remedy = STAGES[min(self._tried, len(STAGES) - 1)]
        self._tried += 1
        return remedy

    def _rest(self) -> None:
        if not self.ailment:
            self._tried, self._fresh = 0, False
