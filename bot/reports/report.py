"""The whole report: every figure of a period, read at one moment."""

import sqlite3

from bot.domain.data import dataclass
from bot.reports.figures.campaigns import Campaigns, campaigns
from bot.reports.figures.delivery import Delivery, delivery
from bot.reports.figures.flows import Funnel, Winner, funnels, winners
from bot.reports.figures.leads import Leads, leads
from bot.reports.figures.people import People, people
from bot.reports.figures.readings import Readings, readings
from bot.reports.figures.response import Response, response
from bot.reports.figures.service import Service, service
from bot.reports.figures.unanswered import Unanswered, unanswered
from bot.reports.figures.volume import Volume, volume
from bot.reports.wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Every figure of a period. ``session``: the account's name."""

    session: str
    wanted: Wanted
    volume: Volume
    response: Response
    delivery: Delivery
    funnels: tuple[Funnel, ...]
    winners: tuple[Winner, ...]
    readings: Readings
    unanswered: Unanswered
    people: People
    service: Service
    leads: Leads
    campaigns: Campaigns


def report(db: sqlite3.Connection, session: str, wanted: Wanted) -> Report:
    """Return the report; all figures are of the same moment, whatever is written meanwhile."""
    db.execute("PRAGMA temp_store = MEMORY")  # what is sorted aside never lies on the disk
    db.execute("BEGIN")
    try:
        return Report(
            session=session, wanted=wanted, volume=volume(db, wanted),
            response=response(db, wanted), delivery=delivery(db, wanted),
            funnels=funnels(db, wanted), winners=winners(db, wanted),
            readings=readings(db, wanted), unanswered=unanswered(db, wanted),
            people=people(db, wanted), service=service(db, wanted),
            leads=leads(db, wanted), campaigns=campaigns(db, wanted),
        )  # fmt: skip
    finally:
        db.execute("ROLLBACK")
