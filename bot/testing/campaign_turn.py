"""One person's turn in a campaign, as if a run of it had been started for nobody else."""

import sqlite3
from dataclasses import replace
from datetime import datetime

from bot.domain.campaigns import Recipient, Run, RunState
from bot.domain.messages import AccountId, ChatId
from bot.language.campaigns import Campaign
from bot.language.rulebook import Rulebook
from bot.store import campaign_turns, campaigns, contacts
from bot.store.times import seconds
from bot.testing.lines import CampaignLine
from bot.testing.values import printed


class NoSuchTurn(Exception):
    """A line names a campaign or a variant that there is not; the text says what there is."""


def meant_by(line: CampaignLine, rulebook: Rulebook) -> tuple[Campaign, str]:
    """Return the campaign of a line and the name of the variant. Raises NoSuchTurn."""
    known = rulebook.campaigns
    campaign = known.get(line.name)
    if campaign is None:
        told = f"; known: {', '.join(known)}" if known else ", the rule files have none"
        raise NoSuchTurn(f"there is no campaign {printed(line.name)}{told}")
    names = [one.name for one in campaign.shares]
    variant = line.variant or names[0]
    if variant not in names:
        raise NoSuchTurn(f"there is no variant {printed(variant)}; known: {', '.join(names)}")
    return campaign, variant


def plan_turn(
    db: sqlite3.Connection, account: AccountId, chat: ChatId, campaign: Campaign, variant: str,
    now: datetime,
) -> tuple[Run, Recipient]:  # fmt: skip
    """Begin a run that means the person of one chat, whose turn it is at once.

    Args:
        now: No other run of the campaign may be planned for this very moment.
    """
    person = contacts.find(db, chat) or contacts.meet(db, chat, "", now)
    begun = Run(
        id=0, campaign=campaign.name, account=account, planned=now, content=campaign.hash,
        state=RunState.RUNNING, detail="", begun=now,
    )  # fmt: skip
    number = campaigns.begin(db, begun, now.isoformat())
    assert number is not None  # no other was planned for this moment
    run = replace(begun, id=number)
    one = Recipient(contact_id=person.id, chat=chat, variant=variant)
    campaign_turns.add(db, run, one)
    return run, one


def came_to(db: sqlite3.Connection, run: int) -> str:
    """Return what the turn of such a run came to: sent, or why not; "" while it goes on."""
    row = db.execute(
        "SELECT state, reason FROM campaign_recipients WHERE run = ?", (run,)
    ).fetchone()
    if row is None or row[0] in ("planned", "claimed"):
        return ""
    return str(row[1] if row[0] == "suppressed" else row[0])


def why_held(db: sqlite3.Connection, chat: ChatId, until: datetime) -> str:
    """Return why a message to a chat waits longer than until a moment; "" when none does."""
    row = db.execute(
        "SELECT held_why FROM outbox WHERE chat = ? AND +state = 'reserved' AND held_until > ?",
        (chat, seconds(until)),
    ).fetchone()
    return "" if row is None else str(row[0])
