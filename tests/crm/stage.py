"""A carrier over the real store, with a clock of its own."""

from datetime import timedelta

from bot.crm.carrier import Carrier
from bot.domain.contacts import Contact
from bot.domain.leads import Lead
from bot.domain.messages import Media, MessageKind
from bot.store import contacts, crm_jobs, inbox, leads, media
from bot.store.database import Database
from tests.make import ANA, NOW

PHOTO = Media(kind=MessageKind.IMAGE, mimetype="image/jpeg", filename="maçã 1.jpg", size=300_000)


def bring(stage, files, told, *, guarded=False):
    """Have a message with a file arrive, be decided, and its file be fetched."""
    row = arrive(stage, told, guarded=guarded)
    fetch(stage, files, row, told.media)


def arrive(stage, told, *, guarded=False):
    """Have a message arrive and return its row."""
    stage.write(lambda db: inbox.record_all(db, [told], stage.now, guarded=guarded))
    return stage.read(
        lambda db: db.execute("SELECT id FROM inbox WHERE message_id = ?", (told.id,)).fetchone()[0]
    )


def fetch(stage, files, row, medium):
    """Fetch the file of a message."""
    with files.incoming() as written:
        written.write(b"x" * medium.size)
        sha256 = written.keep()
    stage.write(
        lambda db: media.stored(
            db, row, sha256=sha256, size=medium.size, mimetype=medium.mimetype,
            filename=medium.filename, now=stage.now,
        )
    )  # fmt: skip


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
