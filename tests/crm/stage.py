"""A carrier over the real store, with a clock of its own."""

from datetime import timedelta

from bot.crm.carrier import Carrier
from bot.domain.contacts import Contact
from bot.domain.leads import Lead
from bot.store import contacts, crm_jobs, leads
from bot.store.database import Database
from tests.make import ANA, NOW


class Stage:
    """One system, with its jobs on disk."""

    def __init__(self, folder, make):
        self.path = folder / "alexia.db"
        self.make = make
        self.now = NOW
        self.open()

    def open(self):
        """Begin a life of the daemon."""
        self.database = Database(self.path)
        self.system = self.make(self.database)
        self.carrier = Carrier(
            self.database, self.system, clock=lambda: self.now, chance=lambda: 0.5
        )  # fmt: skip
        self.database.write_now(lambda db: crm_jobs.listen(db, [self.system.target]))

    def restart(self):
        """End it and begin another; nothing is kept but what is on disk."""
        self.database.close()
        self.open()

    def write(self, work):
        return self.database.write_now(work)

    def read(self, work):
        return self.database.read_now(work)

    async def settle(self):
        """Do all that can be done at this moment."""
        while await self.carrier.step():
            pass

    async def over(self, span, step=timedelta(seconds=20)):
        """Let time go by."""
        end = self.now + span
        while self.now < end:
            self.now += step
            await self.settle()

    def meet(self, chat=ANA, name="Ana Souza", **more):
        """Know somebody."""

        def work(db):
            met = contacts.meet(db, chat, name, self.now)
            after = Contact(id=met.id, number=met.number, name=name, **more)
            contacts.keep(db, met, after, self.now, wrote=True)
            return met.id

        return self.write(work)

    def lead(self, person, stage="new", score=0, **more):
        """Make or change a lead."""
        self.leads([person], stage, score, **more)

    def leads(self, people, stage="new", score=0, **more):
        """Make or change the leads of several at once."""

        def work(db):
            for one in people:
                lead = Lead(contact_id=one, stage=stage, score=score, created_at=NOW, **more)
                leads.keep(db, lead, self.now)

        self.write(work)

    @property
    def counts(self):
        return self.read(crm_jobs.counts).get(self.system.target, {})
