"""What became of a message whose send was cut off. Pure: the page's answer is passed in."""

from datetime import datetime, timedelta
from enum import Enum

from bot.delivery.restriction import RESTRICTED
from bot.domain.outgoing import Outgoing, Why
from bot.domain.receipts import CLOCK, SENT, Standing

GRACE = timedelta(seconds=5)
"""The longest that a send may be under way at WhatsApp after its page is gone."""

LONGEST_GRACE = timedelta(minutes=5)
"""The longest pause between two tries of a message that a page fails to take again and again."""

QUICK_TRIES = 3
"""Tries after which that pause doubles each time."""

CLOCK_PATIENCE = timedelta(seconds=60)
"""How long a message may stand at WhatsApp's clock before a person should look."""

MOST_REFUSALS = 5
"""After so many attempts that WhatsApp refused with a reason a message is given up."""

MOST_FAILURES = 9
"""And after so many that failed without one, within about five minutes: the network may."""

MOST_TRIES = 6
"""Attempts of what is more than a text that may be cut off before its chat goes on without it: a
page that fails at files takes texts."""


class Verdict(Enum):
    """What to do with a message of unknown fate."""

    SENT = "sent"
    WAIT = "wait"
    STUCK = "stuck"
    RESEND = "resend"  # under the same id
    REFUSED = "refused"  # too often to try again
    UNKNOWN = "unknown"  # nobody can tell whether it left, and it must not be sent twice
    RESTRICTED = "restricted"  # the account may begin no chats now; the message is not to blame


def judge(
    standing: Standing | None, handed_at: datetime, now: datetime, attempts: int = 1,
    *, repeatable: bool = True,
) -> Verdict:  # fmt: skip
    """Return what to do with a handed message.

    Args:
        standing: What the page's store says of its id; None when it is not there.
        attempts: How often it was handed to a page.
        repeatable: It may be sent again though nobody can tell whether it left: an answer may, one
            of a campaign may not.
    """
    age = now - handed_at
    if standing is None and age < _grace(attempts):
        return Verdict.WAIT
    if standing is not None and _may_be_of_before(standing, attempts) and age < GRACE:
        return Verdict.WAIT
    if standing is None:
        return Verdict.RESEND if repeatable else Verdict.UNKNOWN
    if standing.ack >= SENT:
        return Verdict.SENT
    if standing.ack == CLOCK:
        return Verdict.STUCK if age >= CLOCK_PATIENCE else Verdict.WAIT
    if standing.code == RESTRICTED:
        return Verdict.RESTRICTED
    most = MOST_FAILURES if standing.code is None else MOST_REFUSALS
    return Verdict.REFUSED if attempts >= most else Verdict.RESEND


def _may_be_of_before(standing: Standing, attempts: int) -> bool:
    """Tell whether a failure may be that of an earlier attempt: this one may yet arrive."""
    return standing.ack < CLOCK and standing.code is None and attempts > 1


def _grace(attempts: int) -> timedelta:
    doubled = min(max(attempts - QUICK_TRIES, 0), 10)  # 2 ** 10 is beyond the longest
    factor: int = 2**doubled
    return min(GRACE * factor, LONGEST_GRACE)


def is_repeatable(outgoing: Outgoing) -> bool:
    """Tell whether a message may be sent again though nobody can tell whether it left."""
    if outgoing.why is Why.CAMPAIGN:
        return False
    return outgoing.body is None or outgoing.attempts < MOST_TRIES


def refusal(standing: Standing | None) -> str:
    """Return how WhatsApp refused a message, as `alexia dlq` shows it."""
    if standing is None:
        return "WhatsApp does not know it"
    said = "" if standing.code is None else f" (error {standing.code})"
    return f"WhatsApp refused it{said}, ack {standing.ack}"
