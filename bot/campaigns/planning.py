"""Planning a run: everybody who is meant, set by set, and why somebody is left out."""
# ruff: noqa: S608 - only words of our own are put into the queries

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.campaigns.audience import without_consent
from bot.domain.campaigns import LeftOut
from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId
from bot.domain.outgoing import Why
from bot.domain.turns import CampaignDue, Turn, TurnSettings
from bot.engine.compiled import Compiled
from bot.engine.conditions import hold, holds
from bot.engine.draft import Draft
from bot.language import conditions as c
from bot.language.campaigns import Campaign
from bot.store import campaigns, consents, contacts, conversations, leads, variables
from bot.store.ageing import ageing
from bot.store.columns import Columns
from bot.store.sieve import Ground, sieve_of
from bot.store.sieve_expressions import Sieve
from bot.store.times import seconds

BATCH = 500  # people that the engine looks at together
GOLDEN, DEALT = 618_033_989, 1_000_000_000  # the golden ratio's fraction, and one
SALT = 2_147_483_647  # a prime: numbers below it, multiplied, come in an order like chance

ADDRESS = (
    "(SELECT i.address FROM identities i LEFT JOIN conversations v ON v.account = ?"
    " AND v.chat = i.address WHERE i.contact_id = c.id AND (i.address LIKE '%@c.us'"
    " OR i.address LIKE '%@lid') AND i.address != ?"
    " ORDER BY v.last_message_at IS NULL, v.last_message_at DESC, i.address LIKE '%@lid' LIMIT 1)"
)
"""Where a person is reached: the chat that was last heard, else the number."""


@dataclass(frozen=True, slots=True)
class Office:
    """What a plan is made with: the rulebook in force, its settings and the account."""

    compiled: Compiled
    settings: TurnSettings
    account: AccountId

    def ground(self, now: datetime) -> Ground:
        """Return what the tests of the audience are made with."""
        rulebook, settings = self.compiled.rulebook, self.settings
        return Ground(
            fields=rulebook.fields, segments=rulebook.segments, language=settings.language,
            now=now.astimezone(ZoneInfo(settings.timezone)),
        )  # fmt: skip

    def meant(self, campaign: Campaign) -> tuple[c.Condition, ...]:
        """Return whom a campaign means, whether or not they agreed."""
        return without_consent(campaign.audience, self.compiled.rulebook.segments)


def gather(db: sqlite3.Connection, office: Office, campaign: Campaign, now: datetime) -> None:
    """Fill the temporary table ``meant`` with everybody whom a campaign means.

    Each has the reason why nothing is sent, "" who gets it.
    """
    ground = office.ground(now)
    meant = sieve_of(office.meant(campaign), ground)
    excluded = sieve_of(campaign.exclude, ground, how="OR")
    once, values = _once(campaign)
    db.execute("DROP TABLE IF EXISTS temp.meant")
    db.execute(
        "CREATE TEMP TABLE meant (contact_id INTEGER PRIMARY KEY, chat TEXT, zone TEXT,"
        " reason TEXT NOT NULL)"
    )
    barred = Sieve("0") if not excluded.is_exact else excluded
    db.execute(
        f"INSERT INTO meant SELECT c.id, {ADDRESS}, coalesce(c.timezone, ''), CASE"
        f" WHEN c.consent = 'withdrawn' THEN ? WHEN {campaigns.BLOCKED} THEN ?"
        f" WHEN NOT ({consents.CONSENTING}) THEN ?"
        f" WHEN {barred.sql} THEN ? WHEN {once} THEN ? ELSE '' END"
        f" FROM contacts c LEFT JOIN leads l ON l.contact_id = c.id WHERE {meant.sql}",
        (
            office.account, office.account, LeftOut.OPTED_OUT.value, LeftOut.BLOCKED.value,
            LeftOut.NO_CONSENT.value, *barred.values, LeftOut.EXCLUDED.value, *values,
            LeftOut.ONCE.value, *meant.values,
        ),
    )  # fmt: skip
    db.execute("UPDATE meant SET reason = ? WHERE chat IS NULL", (LeftOut.NO_ADDRESS.value,))
    if not (meant.is_exact and excluded.is_exact):
        _look_again(db, office, campaign, now)


def plan(
    db: sqlite3.Connection, run: int, campaign: Campaign, due: Mapping[str, datetime], zone: str
) -> int:
    """Write down those whom `gather` found as the recipients of a run; return how many get it.

    Args:
        due: By zone, when the turns there begin; "" where nobody is asked for a zone.
        zone: Of those who have none of their own.
    """
    others = json.dumps({name: seconds(at) for name, at in due.items()})
    db.execute(
        "INSERT INTO campaign_recipients (run, contact_id, chat, variant, state, reason, due_at,"
        " place) SELECT ?1, contact_id, coalesce(chat, ''), CASE"
        f" {_variants(campaign)} END, CASE reason WHEN '' THEN 'planned' ELSE 'suppressed' END,"
        " reason, coalesce((SELECT value FROM json_each(?2) WHERE key = zone), ?3), place"
        " FROM (SELECT *, row_number() OVER (PARTITION BY reason ORDER BY"
        f" (contact_id * 48271 + ?1 * 69621) % {SALT} * 16807 % {SALT}) AS place FROM meant)",
        (run, others, seconds(due[zone])),
    )
    row = db.execute("SELECT count(*) FROM meant WHERE reason = ''").fetchone()
    db.execute("DROP TABLE temp.meant")
    return int(row[0])


def _variants(campaign: Campaign) -> str:
    """Return which variant a place in the order gets.

    The order is by chance; along it the golden ratio deals the shares out, so that they hold for
    the whole and, nearly, for any part of it: no version goes out before another.
    """
    upto, arms = 0.0, list[str]()
    for one in campaign.shares[:-1]:
        upto += one.share
        bound = round(upto * DEALT)
        arms.append(f"WHEN place * {GOLDEN} % {DEALT} < {bound} THEN {_quoted(one.name)}")
    return " ".join([*arms, f"WHEN 1 THEN {_quoted(campaign.shares[-1].name)}"])


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _once(campaign: Campaign) -> tuple[str, tuple[object, ...]]:
    """Return whether somebody got a campaign in an earlier run."""
    if not campaign.once:
        return "0", ()
    got = (
        "SELECT 1 FROM campaign_recipients r JOIN campaign_runs u ON u.id = r.run"
        " WHERE r.contact_id = c.id AND u.campaign = ? AND r.state != 'suppressed'"
    )
    return f"EXISTS ({got})", (campaign.name,)


# ---------------------------------------------------------------------- what the engine must see


def _look_again(db: sqlite3.Connection, office: Office, campaign: Campaign, now: datetime) -> None:
    """Look at those of whom SQL cannot tell; who is not meant is forgotten.

    Expressions are worked out over columns; the engine sees only those who need a turn for it.
    """
    audience, exclude = office.meant(campaign), campaign.exclude
    gone, barred, unsure = _sift(db, office, audience, exclude, now)
    _ids(db, unsure)
    for contact, draft in drafts(db, office, now, UNSURE):
        if not hold(audience, draft):
            gone.append(contact)
        elif any(holds(one, draft) for one in exclude):
            barred.append(contact)
    db.execute("DROP TABLE temp.unsure")
    which = "contact_id IN (SELECT value FROM json_each(?))"
    db.execute(f"DELETE FROM meant WHERE {which}", (json.dumps(gone),))
    db.execute(
        f"UPDATE meant SET reason = '{LeftOut.EXCLUDED.value}' WHERE reason = '' AND {which}",
        (json.dumps(barred),),
    )


UNSURE = "SELECT contact_id, chat FROM meant WHERE contact_id IN (SELECT contact_id FROM unsure)"
REACHED = Sieve("c.id IN (SELECT contact_id FROM meant WHERE chat IS NOT NULL)")


def _sift(
    db: sqlite3.Connection, office: Office, audience: Sequence[c.Condition],
    exclude: Sequence[c.Condition], now: datetime,
) -> tuple[list[int], list[int], list[int]]:  # fmt: skip
    """Return who is not meant, who is excluded, and at whom the engine must look."""
    ground = office.ground(now)
    columns = Columns(office.compiled, office.settings, ground)
    told = [one for one in audience if not sieve_of([one], ground).is_exact]  # by SQL are the rest
    meant = [columns.check([one]) for one in told]
    out = [columns.check([one]) for one in exclude]
    needs_engine = None in (*meant, *out)
    musts = [check for check in meant if check is not None]
    bars = [check for check in out if check is not None]
    gone, barred, unsure = list[int](), list[int](), list[int]()
    languages = _languages(db, office) if columns.reads_language else {}
    for contact, seen in columns.people(db, REACHED, _nobody(db, office, now), languages):
        if seen is not None and not all(check(seen) for check in musts):
            gone.append(contact)
        elif seen is None or needs_engine:
            unsure.append(contact)
        elif any(check(seen) for check in bars):
            barred.append(contact)
    return gone, barred, unsure


def _nobody(db: sqlite3.Connection, office: Office, now: datetime) -> Draft:
    """Return a draft about nobody, which knows what all people share."""
    turn = Turn(
        cause="plan", event=NOBODY, now=now, conversation=Conversation(chat=ChatId("")),
        contact=Contact(id=0), lead=None, seed=0, settings=office.settings,
        variables=variables.load(db),
    )  # fmt: skip
    return Draft(turn, office.compiled)


def _languages(db: sqlite3.Connection, office: Office) -> dict[int, str]:
    """Return the language that was spoken in each chat, by its person; "" where none was."""
    rows = db.execute(
        "SELECT m.contact_id, json_extract(v.state, '$.language') AS language FROM meant m"
        " JOIN conversations v ON v.account = ? AND v.chat = m.chat",
        (office.account,),
    )
    return {row["contact_id"]: row["language"] or "" for row in rows}


def _ids(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    db.execute("DROP TABLE IF EXISTS temp.unsure")
    db.execute("CREATE TEMP TABLE unsure (contact_id INTEGER PRIMARY KEY)")
    db.executemany("INSERT INTO unsure VALUES (?)", [(one,) for one in ids])


def drafts(
    db: sqlite3.Connection, office: Office, now: datetime, who: str
) -> Iterator[tuple[int, Draft]]:
    """Yield the people of a query (contact_id, chat), each as the engine sees them now."""
    rows = db.execute(who).fetchall()
    shared, seen = variables.load(db), ageing(db, now)
    for start in range(0, len(rows), BATCH):
        part = [row for row in rows[start : start + BATCH] if row["chat"]]
        people = contacts.rows_at(db, [row["chat"] for row in part])
        known = leads.rows_of(db, [row["contact_id"] for row in part])
        chats = [ChatId(row["chat"]) for row in part]
        talks = conversations.load_all(db, office.account, chats)
        for row in part:
            lead = known.get(row["contact_id"])
            turn = Turn(
                cause=f"plan|{row['contact_id']}", event=NOBODY, now=now,
                conversation=talks[ChatId(row["chat"])],
                contact=contacts.contact_of(db, people[row["chat"]]),
                lead=None if lead is None else leads.lead_of(db, lead, seen),
                seed=row["contact_id"], settings=office.settings, variables=shared,
                bot={"number": contacts.number_of(office.account), "account": office.account},
            )  # fmt: skip
            draft = Draft(turn, office.compiled)
            draft.why = Why.CAMPAIGN
            yield row["contact_id"], draft


NOBODY = CampaignDue(run=0, campaign="", variant="", version="")


def zones_of(db: sqlite3.Connection, campaign: Campaign, business: str) -> list[str]:
    """Return the zones in which a campaign's moments come: one, or those of all contacts."""
    from bot.campaigns.moments import CONTACT, zone_of

    own = zone_of(campaign, business)
    if campaign.timezone != CONTACT:
        return [own]
    rows = db.execute("SELECT DISTINCT timezone FROM contacts WHERE timezone IS NOT NULL")
    return sorted({own, *(str(row[0]) for row in rows)} - {""})


def reasons(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many of ``meant`` are left out, by reason; "" those who get it."""
    rows: Sequence[sqlite3.Row] = db.execute(
        "SELECT reason, count(*) AS n FROM meant GROUP BY reason ORDER BY n DESC, reason"
    ).fetchall()
    return {row["reason"]: row["n"] for row in rows}
