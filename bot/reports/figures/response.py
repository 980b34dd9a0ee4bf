"""How long customers waited, and who answered them."""
# ruff: noqa: S608 - only words of our own are put into the queries

import sqlite3
from collections.abc import Iterator
from itertools import groupby

from bot.domain.data import dataclass
from bot.reports.figures.spread import Spread, spread
from bot.reports.wanted import HEARD, MESSAGE, PRIVATE, Wanted

PAUSE = 600.0  # seconds of silence after which what a customer writes is another question
LATEST = 86_400.0  # seconds within which a person's words are taken for an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """How customers were answered in private chats.

    A question is what a customer writes until somebody answers, with no pause of over 10 minutes:
    one message or more.

    Attributes:
        by_bot: Questions that the bot answered.
        by_person: Other questions after which a person wrote within a day, from the phone or the
            console.
        unanswered: Questions that nobody has answered so far.
        handed: From the arrival of a message to the moment its answer was given to WhatsApp; the
            pauses of reading and typing are in it.
        sent: From the arrival to the moment WhatsApp had the answer.
        person: From the first message of a question to the first words of a person; where the bot
            answered, only if the customer wrote nothing more before them.
    """

    by_bot: int
    by_person: int
    unanswered: int
    handed: Spread
    sent: Spread
    person: Spread

    @property
    def questions(self) -> int:
        """Return how many questions there were."""
        return self.by_bot + self.by_person + self.unanswered


@dataclass(frozen=True, slots=True)
class _Question:
    """When it began, when bot and person first wrote before the next, and a person at all."""

    asked: float
    bot: float | None
    person: float | None
    later: float | None


def response(db: sqlite3.Connection, wanted: Wanted) -> Response:
    """Return how customers were answered."""
    handed, sent = _machine(db, wanted)
    by_bot = by_person = unanswered = 0
    waits: list[float] = []
    begin, end = wanted.period.begin, wanted.period.end
    for one in _questions(db, wanted):
        if not begin <= one.asked < end:
            continue
        replied = one.person
        if one.bot is not None:
            by_bot += 1
        elif one.later is not None and one.later - one.asked <= LATEST:
            by_person += 1
            replied = one.later
        else:
            unanswered += 1
        if replied is not None:
            waits.append(replied - one.asked)
    return Response(
        by_bot=by_bot, by_person=by_person, unanswered=unanswered,
        handed=handed, sent=sent, person=spread(waits),
    )  # fmt: skip


def _questions(db: sqlite3.Connection, wanted: Wanted) -> Iterator[_Question]:
    """Yield the questions of each chat, the latest first."""
    for _, said in groupby(_said(db, wanted), key=lambda row: row[:2]):
        bot = person = later = asked = None
        for _, _, at, who in said:
            if asked is not None and (who or asked - at > PAUSE):
                yield _Question(asked, bot, person, later)
                bot = person = asked = None
            if who == "":
                asked = at
            elif who == "bot":
                bot = at
            else:
                person = later = at
        if asked is not None:
            yield _Question(asked, bot, person, later)


def _said(db: sqlite3.Connection, wanted: Wanted) -> Iterator[tuple[str, str, float, str]]:
    """Yield (account, chat, when, bot, person or "" for the customer), the latest first.

    WhatsApp's times are whole seconds, cut off; what was heard at once is known better.
    """
    return db.execute(
        "SELECT account, chat, min(received_at, sent_at + 1) AS at,"
        " CASE from_me WHEN 1 THEN 'person' ELSE '' END AS who FROM inbox"
        f" WHERE sent_at >= :begin - {LATEST} AND {HEARD} AND {PRIVATE} AND {wanted.chats()}"
        " UNION ALL SELECT account, chat, handed_at,"
        " CASE why WHEN 'person' THEN 'person' ELSE 'bot' END FROM outbox"
        f" WHERE handed_at >= :begin - {LATEST} AND why IN ('answer', 'consent', 'person')"
        f" AND {MESSAGE} AND state NOT IN ('reserved', 'cancelled', 'failed')"
        f" AND {PRIVATE} AND {wanted.chats()}"
        " ORDER BY chat, account, at DESC, who DESC",
        wanted.values,
    )


def _machine(db: sqlite3.Connection, wanted: Wanted) -> tuple[Spread, Spread]:
    """Return how long the first answer to each message took, to our hands' end and WhatsApp's."""
    rows = db.execute(
        "SELECT o.handed_at - i.received_at, r.at - i.received_at FROM inbox i"
        " JOIN outbox o ON o.ordinal = 0 AND o.why IN ('answer', 'consent')"
        " AND o.cause = i.account || '|' || i.chat || '|' || i.participant || '|' || i.message_id"
        " LEFT JOIN receipts r ON r.message_id = o.message_id AND r.reader = '' AND r.ack = 1"
        " WHERE i.sent_at >= :begin AND i.sent_at < :end AND i.from_me = 0"
        " AND o.handed_at IS NOT NULL AND o.state NOT IN ('reserved', 'cancelled', 'failed')"
        f" AND {wanted.chats('i.chat')}",
        wanted.values,
    ).fetchall()
    return spread(row[0] for row in rows), spread(row[1] for row in rows if row[1] is not None)
