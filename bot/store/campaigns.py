"""Campaigns: what a person started, their runs, and where each recipient stands.

What became of a message lies in the outbox alone, under the recipient's cause.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.campaigns import LeftOut, Recipient, Run, RunState, cause_of
from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId, MessageId
from bot.domain.turns import CampaignDue, EventRaised
from bot.domain.values import Value
from bot.store import campaign_files, events
from bot.store.consents import CONSENTING
from bot.store.times import moment, moment_or_none, seconds

Row = dict[str, Any]

PREVIEWED, STARTED, OVER = "previewed", "started", "over"
DUE = "campaign.due"
BLOCKED = (
    "EXISTS (SELECT 1 FROM identities d JOIN profiles q ON q.address = d.address"
    " WHERE d.contact_id = c.id AND q.blocked = 1)"
)
"""The test that a row ``c`` of `contacts` is blocked on WhatsApp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is kept of a campaign by its name.

    Attributes:
        content: Hash of what was started, "" before that.
        came_round: The last planned moment that was seen to; its start at first.
    """

    name: str
    state: str
    content: str
    previewed: datetime
    started: datetime | None
    came_round: datetime | None

    @property
    def is_started(self) -> bool:
        """Tell whether it runs, or waits for its moment."""
        return self.state == STARTED


# ---------------------------------------------------------------------- what a person started


def load(db: sqlite3.Connection, name: str) -> Known | None:
    """Return what is kept of a campaign, None when it was never previewed."""
    row = db.execute("SELECT * FROM campaigns WHERE name = ?", (name,)).fetchone()
    return None if row is None else _known(row)


def all_known(db: sqlite3.Connection) -> list[Known]:
    """Return the campaigns that a person looked at, by name."""
    return [_known(row) for row in db.execute("SELECT * FROM campaigns ORDER BY name")]


def all_started(db: sqlite3.Connection) -> list[Known]:
    """Return the campaigns that run or wait for their moment, by name."""
    rows = db.execute("SELECT * FROM campaigns WHERE state = ? ORDER BY name", (STARTED,))
    return [_known(row) for row in rows]


def note_preview(
    db: sqlite3.Connection, name: str, now: datetime, files: Mapping[str, str] | None = None
) -> None:
    """Note that a person was shown what a campaign would do; one that runs goes on.

    Args:
        files: What each file that it sends held then.
    """
    campaign_files.note(db, name, files or {})
    db.execute(
        "INSERT INTO campaigns VALUES (?,?,'',?,NULL,NULL) ON CONFLICT (name) DO UPDATE SET"
        " previewed_at = excluded.previewed_at",
        (name, PREVIEWED, seconds(now)),
    )


def start(db: sqlite3.Connection, name: str, content: str, now: datetime) -> None:
    """Note that a person started what was previewed; it must be previewed for another."""
    db.execute(
        "UPDATE campaigns SET state = ?1, content = ?2, started_at = ?3,"
        " came_round = max(coalesce(came_round, 0), ?3) WHERE name = ?4",
        (STARTED, content, seconds(now), name),
    )


def end(db: sqlite3.Connection, name: str) -> None:
    """Note that a campaign is over: it comes round no more."""
    db.execute("UPDATE campaigns SET state = ? WHERE name = ?", (OVER, name))


def note_round(db: sqlite3.Connection, name: str, planned: datetime) -> None:
    """Note that a planned moment was seen to, whatever came of it."""
    db.execute(
        "UPDATE campaigns SET came_round = max(coalesce(came_round, 0), ?) WHERE name = ?",
        (seconds(planned), name),
    )


def _known(row: sqlite3.Row) -> Known:
    return Known(
        name=row["name"], state=row["state"], content=row["content"],
        previewed=moment(row["previewed_at"]), started=moment_or_none(row["started_at"]),
        came_round=moment_or_none(row["came_round"]),
    )  # fmt: skip


# ---------------------------------------------------------------------- runs


def begin(db: sqlite3.Connection, run: Run, local: str) -> int | None:
    """Write a run down and return its number; None when one of this moment is there already.

    Args:
        local: The planned moment without a zone.
    """
    cursor = db.execute(
        "INSERT INTO campaign_runs (campaign, account, planned_at, local, content, state, detail,"
        " begun_at, ended_at) VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
        (
            run.campaign, run.account, seconds(run.planned), local, run.content, run.state.value,
            run.detail, seconds(run.begun), None if run.ended is None else seconds(run.ended),
        ),
    )  # fmt: skip
    return int(cursor.lastrowid or 0) if cursor.rowcount > 0 else None


def runs(db: sqlite3.Connection, states: Iterable[RunState] = RunState) -> list[Run]:
    """Return the runs in these states, the oldest first."""
    rows = db.execute(
        "SELECT * FROM campaign_runs WHERE state IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps([one.value for one in states]),),
    )
    return [_run(row) for row in rows]


def runs_of(db: sqlite3.Connection, campaign: str) -> list[Run]:
    """Return the runs of a campaign, the oldest first."""
    rows = db.execute("SELECT * FROM campaign_runs WHERE campaign = ? ORDER BY id", (campaign,))
    return [_run(row) for row in rows]


def load_run(db: sqlite3.Connection, run: int) -> Run | None:
    """Return a run, None when there is none of this number."""
    row = db.execute("SELECT * FROM campaign_runs WHERE id = ?", (run,)).fetchone()
    return None if row is None else _run(row)


def move_run(
    db: sqlite3.Connection, run: int, state: RunState, detail: str, now: datetime | None = None
) -> None:
    """Let a run stand in another state; with ``now`` it ends."""
    db.execute(
        "UPDATE campaign_runs SET state = ?, detail = ?, ended_at = ? WHERE id = ?",
        (state.value, detail, None if now is None else seconds(now), run),
    )


def take_content(db: sqlite3.Connection, run: int, content: str) -> None:
    """Let those of a run who still wait get other content."""
    db.execute("UPDATE campaign_runs SET content = ? WHERE id = ?", (content, run))


def _run(row: sqlite3.Row) -> Run:
    return Run(
        id=row["id"], campaign=row["campaign"], account=AccountId(row["account"]),
        planned=moment(row["planned_at"]), content=row["content"], state=RunState(row["state"]),
        detail=row["detail"], begun=moment(row["begun_at"]), ended=moment_or_none(row["ended_at"]),
    )  # fmt: skip


# ---------------------------------------------------------------------- recipients


def due(db: sqlite3.Connection, run: int, now: datetime, most: int) -> list[Recipient]:
    """Return whose turn it is, in the order of the run."""
    rows = db.execute(
        "SELECT contact_id, chat, variant FROM campaign_recipients WHERE run = ?"
        " AND state = 'planned' AND due_at <= ? ORDER BY due_at, place LIMIT ?",
        (run, seconds(now), most),
    )
    return [
        Recipient(contact_id=row["contact_id"], chat=ChatId(row["chat"]), variant=row["variant"])
        for row in rows
    ]


def allowed(db: sqlite3.Connection, contacts: Sequence[int]) -> dict[int, str]:
    """Return, of those of these people who are known, why each may get nothing; "" who may."""
    rows = db.execute(
        f"SELECT c.id, CASE WHEN c.consent = 'withdrawn' THEN ?2 WHEN {BLOCKED} THEN ?4"  # noqa: S608 - our words
        f" WHEN {CONSENTING} THEN '' ELSE ?3 END AS why FROM contacts c"
        " WHERE c.id IN (SELECT value FROM json_each(?1))",
        (
            json.dumps(list(contacts)),
            LeftOut.OPTED_OUT.value,
            LeftOut.NO_CONSENT.value,
            LeftOut.BLOCKED.value,
        ),
    )
    return {row["id"]: row["why"] for row in rows}


def claim(
    db: sqlite3.Connection, run: Run, one: Recipient, due_: CampaignDue, now: datetime
) -> None:
    """Let a recipient's turn wait in the chat; what is claimed already stays as it is."""
    claimed = db.execute(
        "UPDATE campaign_recipients SET state = 'claimed' WHERE run = ? AND contact_id = ?"
        " AND state = 'planned'",
        (run.id, one.contact_id),
    )
    if claimed.rowcount:
        data: dict[str, Value] = {
            "run": due_.run, "campaign": due_.campaign, "variant": due_.variant,
            "version": due_.version,
        }  # fmt: skip
        event = EventRaised(name=DUE, data=data)
        events.queue(db, run.account, one.chat, event, now, cause_of(run.id, one.contact_id))


def due_of(event: EventRaised) -> CampaignDue:
    """Return a queued turn of a recipient, as `claim` queued it."""
    data = event.data
    return CampaignDue(
        run=int(str(data["run"])), campaign=str(data["campaign"]), variant=str(data["variant"]),
        version=str(data["version"]),
    )  # fmt: skip


def leave_out(db: sqlite3.Connection, run: int, contact_id: int, why: str) -> None:
    """Note that a recipient who still waits gets nothing."""
    db.execute(
        "UPDATE campaign_recipients SET state = 'suppressed', reason = ? WHERE run = ?"
        " AND contact_id = ? AND state = 'planned'",
        (why, run, contact_id),
    )


def leave_out_rest(db: sqlite3.Connection, run: int, now: datetime) -> int:
    """Note that nobody who still waits gets anything, and cancel what did not leave yet."""
    waiting = db.execute(
        "UPDATE campaign_recipients SET state = 'suppressed', reason = ? WHERE run = ?"
        " AND state IN ('planned', 'claimed')",
        (LeftOut.STOPPED.value, run),
    ).rowcount
    db.execute(
        "UPDATE events SET state = 'done' WHERE state = 'waiting' AND cause LIKE ?",
        (f"campaign|{run}|%",),
    )
    cancelled = db.execute(
        "UPDATE outbox SET state = 'cancelled', detail = ?, settled_at = ?"
        " WHERE state = 'reserved' AND why = 'campaign' AND cause LIKE ?",
        (LeftOut.STOPPED.value, seconds(now), f"campaign|{run}|%"),
    ).rowcount
    return waiting + cancelled


LONG = timedelta(hours=1)  # a message that a limit holds for longer keeps nobody else waiting


def under_way(db: sqlite3.Connection, run: int, now: datetime) -> tuple[int, int]:
    """Return how many recipients are claimed, or have a message that did not leave yet.

    Returns:
        Those who should leave soon, and all, with those whom a limit holds for long: who got
        another campaign lately, or whose night it is.
    """
    claimed = db.execute(
        "SELECT count(*) FROM campaign_recipients WHERE run = ? AND state = 'claimed'", (run,)
    ).fetchone()[0]
    row = db.execute(
        "SELECT count(*) AS n, coalesce(sum(state = 'reserved' AND held_until > ?), 0) AS held"
        " FROM outbox WHERE state IN ('reserved', 'handed', 'uncertain') AND why = 'campaign'"
        " AND cause LIKE ?",
        (seconds(now + LONG), f"campaign|{run}|%"),
    ).fetchone()
    return claimed + row["n"] - row["held"], claimed + row["n"]


def counts(db: sqlite3.Connection, run: int) -> dict[str, int]:
    """Return how many recipients stand in each state."""
    rows = db.execute(
        "SELECT state, count(*) AS n FROM campaign_recipients WHERE run = ? GROUP BY state", (run,)
    )
    return {row["state"]: row["n"] for row in rows}


def count_sent(db: sqlite3.Connection, run: int) -> int:
    """Return how many recipients' first message WhatsApp has taken."""
    row = db.execute(
        "SELECT count(*) FROM outbox WHERE cause > ? AND cause < ? AND ordinal = 0 AND ack >= 1",
        (f"campaign|{run}|", f"campaign|{run}}}"),  # the character after |
    ).fetchone()
    return int(row[0])


def left_out(db: sqlite3.Connection, run: int) -> dict[str, int]:
    """Return how many were left out, by reason, the most frequent first."""
    rows = db.execute(
        "SELECT reason, count(*) AS n FROM campaign_recipients WHERE run = ?"
        " AND state = 'suppressed' GROUP BY reason ORDER BY n DESC, reason",
        (run,),
    )
    return {row["reason"]: row["n"] for row in rows}


def left_since(
    db: sqlite3.Connection, account: AccountId, by: str, since: datetime, now: datetime
) -> list[datetime]:
    """Return when WhatsApp had each message of a campaign at the latest, ascending.

    One that may still be on its way counts as of now: whenever it arrives, no window of the far
    side then holds more than a pace that counts so allows.
    """
    rows = db.execute(
        "SELECT CASE WHEN state IN ('handed', 'accepted', 'uncertain') AND coalesce(ack, 0) < 1"
        " THEN ?5 ELSE max(handed_at, coalesce(settled_at, handed_at)) END AS at FROM outbox"
        " WHERE account = ?1 AND why IN ('started', 'campaign') AND why = 'campaign' AND by = ?2"
        " AND handed_at > ?3 - ?4 ORDER BY at",
        (account, by, seconds(since), ON_ITS_WAY.total_seconds(), seconds(now)),
    )
    return [moment(row["at"]) for row in rows if row["at"] > seconds(since)]


def unread(
    db: sqlite3.Connection, account: AccountId, since: datetime, most: int
) -> list[tuple[ChatId, MessageId]]:
    """Return messages of campaigns that WhatsApp has and nobody read yet, the latest first."""
    rows = db.execute(
        "SELECT chat, message_id FROM outbox WHERE account = ? AND why IN ('started', 'campaign')"
        " AND why = 'campaign' AND handed_at > ? AND ack IN (1, 2) ORDER BY handed_at DESC LIMIT ?",
        (account, seconds(since), most),
    )
    return [(ChatId(row["chat"]), MessageId(row["message_id"])) for row in rows]


ON_ITS_WAY = timedelta(minutes=10)
"""The longest that a message may be on its way to WhatsApp and still be counted when it comes."""
