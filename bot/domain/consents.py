"""What people agreed to and took back: the entries of the ledger of consent."""

from datetime import datetime
from enum import StrEnum

from bot.domain.contacts import Consent
from bot.domain.data import dataclass

LONGEST_SOURCE = 200  # characters
LONGEST_WORDING = 4096  # characters; the length of the longest text of a rule
LONGEST_PROOF = 1000  # characters


class ConsentState(StrEnum):
    """What an entry of the ledger says."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"

    @property
    def consent(self) -> Consent:
        """Return what a person allows while this is their latest entry."""
        return Consent.GIVEN if self is ConsentState.GRANTED else Consent.WITHDRAWN


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEntry:
    """One line of the ledger, never changed once written.

    Attributes:
        when: When the person said so, aware; of an import perhaps long ago.
        source: Where: ``word:stop``, ``rule:ID``, ``flow:ID``, or what a person or file named.
        wording: What was agreed to or said, in its words.
        proof: What shows it: a message's id, a form's number, an address of a scan.
        who: Who wrote the entry: ``contact``, ``command:USER``, ``api:KEY``, ``import:ID``.
    """

    when: datetime
    state: ConsentState
    source: str
    wording: str = ""
    proof: str = ""
    who: str = ""
