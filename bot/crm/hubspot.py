"""HubSpot: a person with a lead is a contact there, and from the named stages on a deal.

Nothing is made twice: both carry our own unique property, by which HubSpot itself makes or
changes one ("upsert"). Who is known there by number or e-mail is found before.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.config.crm import HubSpot
from bot.crm.line import Asks, Declined, Line, Unavailable, id_of, rows, table
from bot.crm.mapping import filled
from bot.domain.contacts import Contact
from bot.domain.crm import CrmJob, CrmLink, Target
from bot.domain.data import dataclass
from bot.domain.leads import Lead
from bot.domain.numbers import variants
from bot.domain.values import Value
from bot.store import contacts, crm_links, leads
from bot.store.database import Database

VERSION = "2026-03"  # of HubSpot's API; each is served for at least 18 months
CONTACTS, DEALS = "contacts", "0-3"  # object types in paths
PHONES = ("phone", "mobilephone", "hs_whatsapp_phone_number")
GONE, THERE_ALREADY = 404, 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What we know of a job's person, and what stands for them there."""

    contact: Contact
    lead: Lead
    address: str
    person: CrmLink | None
    deal: CrmLink | None


class HubSpotSystem:
    """Implements `carrier.Tells`.

    Args:
        session: The account's name: a person may have a lead, and a deal, in each.
    """

    target = Target.HUBSPOT

    def __init__(
        self, database: Database, http: Asks, settings: HubSpot, session: str,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._database = database
        self._settings = settings
        self._session = session
        self._clock = clock
        headers = {"Authorization": f"Bearer {settings.token.value}"}
        self._line = Line(http, settings.url, headers)

    async def tell(self, job: CrmJob) -> None:
        """Bring the contact and the deal of a person up to date."""
        now = self._clock()
        known = await self._database.read(lambda db: _known(db, job.lane, now))
        if known is None:
            return  # erased, or merged into somebody else
        key = (known.contact.number or known.address).lstrip("+")
        properties = filled(self._settings.contacts, known.contact, known.lead)
        person = await self._person(
            job.lane, known, {**properties, self._settings.id_property: key}
        )
        deals = self._settings.deals
        stage = deals.stages.get(known.lead.stage) if deals else None
        if deals is None or (stage is None and known.deal is None):
            return
        told = filled(deals.properties, known.contact, known.lead)
        own = {self._settings.id_property: f"{self._session}:{key}", "pipeline": deals.pipeline}
        told |= own if stage is None else {**own, "dealstage": stage}
        deal = await self._kept(job.lane, DEALS, "deal", known.deal, told)
        if deal.data.get("contact") != person.remote:
            await self._line.ask(
                "PUT",
                f"/crm/objects/{VERSION}/{DEALS}/{deal.remote}/associations/default/"
                f"{CONTACTS}/{person.remote}",
            )
            await self._database.write(lambda db: crm_links.learn(db, deal, contact=person.remote))

    async def look(self) -> list[str]:
        """Return which of the properties we need are missing there."""
        missing = []
        wanted = {CONTACTS: self._settings.contacts}
        if self._settings.deals is not None:
            wanted[DEALS] = self._settings.deals.properties
        for kind, mapping in wanted.items():
            answer = table(await self._line.ask("GET", f"/crm/properties/{VERSION}/{kind}"))
            there = {id_of(one, "name"): one for one in rows(answer.get("results"))}
            what = "contacts" if kind == CONTACTS else "deals"
            missing += [f"{what} have no property {one!r}" for one in mapping if one not in there]
            own = there.get(self._settings.id_property)
            if own is None or own.get("hasUniqueValue") is not True:
                own_name = self._settings.id_property
                missing.append(
                    f"{what} need a property {own_name!r} whose values are unique: "
                    "`alexia crm setup` makes it"
                )
        return missing

    async def set_up(self) -> list[str]:
        """Make our own unique properties where they are missing; return what was made."""
        made = []
        wanted = {CONTACTS: "contactinformation"}
        if self._settings.deals is not None:
            wanted[DEALS] = "dealinformation"
        for kind, group in wanted.items():
            body: Value = {
                "name": self._settings.id_property, "label": "Alexia", "groupName": group,
                "type": "string", "fieldType": "text", "hasUniqueValue": True,
                "description": "Tells who this is in Alexia; do not edit.",
            }  # fmt: skip
            try:
                await self._line.ask("POST", f"/crm/properties/{VERSION}/{kind}", body)
            except Declined as failure:
                if failure.status != THERE_ALREADY:
                    raise
            else:
                made.append(f"{kind}.{self._settings.id_property}")
        return made

    async def _person(self, lane: str, known: Known, properties: dict[str, str]) -> CrmLink:
        """Return the link of a contact that says what it should."""
        link = known.person
        if link is None:
            found = await self._find(known.contact, properties)
            if found:
                link = CrmLink(target=self.target, lane=lane, kind="contact", remote=found, data={})
        return await self._kept(lane, CONTACTS, "contact", link, properties)

    async def _find(self, contact: Contact, properties: Mapping[str, str]) -> str:
        """Return the id of the oldest contact with this number or e-mail, "" for none."""
        values = [form for one in variants(contact.number) if one for form in (one, one[1:])]
        groups: list[Value] = [
            {"filters": [{"propertyName": name, "operator": "IN", "values": list[Value](values)}]}
            for name in PHONES
            if values
        ]
        if email := properties.get("email"):
            equal: Value = {"propertyName": "email", "operator": "EQ", "value": email}
            groups.append({"filters": [equal]})
        if not groups:
            return ""
        search: Value = {
            "filterGroups": groups, "sorts": ["createdate"], "properties": [], "limit": 1,
            "after": "0",
        }  # fmt: skip
        answer = await self._line.ask("POST", f"/crm/objects/{VERSION}/{CONTACTS}/search", search)
        found = rows(table(answer).get("results"))
        return id_of(found[0]) if found else ""

    async def _kept(
        self, lane: str, kind: str, name: str, link: CrmLink | None, properties: dict[str, str]
    ) -> CrmLink:
        """Return the link of an object that has these properties now."""
        said = hashlib.sha256(json.dumps(properties, sort_keys=True).encode()).hexdigest()
        if link is not None:
            if link.data.get("said") == said:
                return link
            try:
                await self._line.ask(
                    "PATCH", f"/crm/objects/{VERSION}/{kind}/{link.remote}",
                    {"properties": dict[str, Value](properties)},
                )  # fmt: skip
            except Declined as failure:
                if failure.status != GONE:
                    raise
                link = None  # somebody removed it there
        remote = link.remote if link else await self._upsert(kind, properties)
        data = {**(link.data if link else {}), "said": said}
        kept = CrmLink(target=self.target, lane=lane, kind=name, remote=remote, data=data)
        await self._database.write(lambda db: crm_links.keep(db, kept))
        return kept

    async def _upsert(self, kind: str, properties: dict[str, str]) -> str:
        """Let HubSpot make or change the object that has our key; return its id."""
        key = self._settings.id_property
        rest = {name: value for name, value in properties.items() if name != key}
        one: Value = {
            "idProperty": key, "id": properties[key], "properties": dict[str, Value](rest)
        }  # fmt: skip
        answer = await self._line.ask(
            "POST", f"/crm/objects/{VERSION}/{kind}/batch/upsert", {"inputs": [one]}
        )
        found = rows(table(answer).get("results"))
        if not found:
            raise Unavailable("the upsert gave no object back")
        return id_of(found[0])


def _known(db: sqlite3.Connection, lane: str, now: datetime) -> Known | None:
    found = contacts.rows_of(db, [int(lane)])
    lead = leads.load(db, int(lane), now)
    if not found or lead is None:
        return None
    row = db.execute(
        "SELECT address FROM identities WHERE contact_id = ? ORDER BY address LIMIT 1", (int(lane),)
    ).fetchone()
    return Known(
        contact=contacts.contact_of(db, found[0]),
        lead=lead,
        address=row["address"] if row else lane,
        person=crm_links.find(db, Target.HUBSPOT, lane, "contact"),
        deal=crm_links.find(db, Target.HUBSPOT, lane, "deal"),
    )
