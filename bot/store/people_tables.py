"""The tables of people: who they are, what they agreed to, their tags and leads."""

from sqlalchemy import text
from sqlmodel import Field, Index, SQLModel

from bot.store.defaults import NONE


class ContactRow(SQLModel, table=True):
    """A person."""

    __tablename__ = "contacts"
    __table_args__ = (Index("contacts_number", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    number: str
    name: str
    language: str | None
    timezone: str | None
    consent: str
    fields: str
    first_seen: float
    last_seen: float | None


class IdentityRow(SQLModel, table=True):
    """An address of a person (`…@c.us`, `…@lid`)."""

    __tablename__ = "identities"
    address: str = Field(primary_key=True)
    contact_id: int = Field(index=True)


class MergeRow(SQLModel, table=True):
    """Two people who became one, or a chat that goes on under another address.

    ``changed``: JSON of ``[table, key, row before, row after]``; ``gone``: None when nobody went.
    """

    __tablename__ = "merges"
    __table_args__ = (Index("merges_kept", "kept"), Index("merges_gone", "gone"))
    id: int | None = Field(default=None, primary_key=True)
    at: float
    by: str
    kept: int
    gone: int | None
    changed: str
    undone_at: float | None


class ConsentRow(SQLModel, table=True):
    """An entry of the ledger of consent (states: `ConsentState`); only ever added."""

    __tablename__ = "consents"
    __table_args__ = (Index("consents_contact", "contact_id", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    contact_id: int
    at: float
    state: str
    source: str
    wording: str
    proof: str
    who: str


class NumberCheckRow(SQLModel, table=True):
    """What WhatsApp said of a number: ``chat`` is where its owner is reached, "" nowhere."""

    __tablename__ = "number_checks"
    __table_args__ = (Index("number_checks_at", "at"),)
    number: str = Field(primary_key=True)
    chat: str
    at: float


class TagRow(SQLModel, table=True):
    """A label on a person."""

    __tablename__ = "tags"
    contact_id: int = Field(primary_key=True)
    tag: str = Field(primary_key=True, index=True)
    since: float


class LeadRow(SQLModel, table=True):
    """A person's lead."""

    __tablename__ = "leads"
    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(unique=True)
    stage: str
    score: int
    owner: str
    fields: str
    notes: str
    created_at: float
    updated_at: float
    rest: float = NONE  # what rounding left of the score
    scored_at: float = NONE  # from when on it decays
    qualified_at: float | None = None


class LeadChangeRow(SQLModel, table=True):
    """A line of a lead's history (`domain.leads.LeadChange`); stage "": there was no lead."""

    __tablename__ = "lead_changes"
    __table_args__ = (
        Index("lead_changes_contact", "contact_id", "id"),
        Index("lead_changes_at", "at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    contact_id: int
    at: float
    by: str
    cause: str
    stage_before: str
    score_before: int
    owner_before: str
    stage: str
    score: int
    owner: str
    note: str
    undone_at: float | None


class PresenceRow(SQLModel, table=True):
    """Whether somebody is online, and when that was told last."""

    __tablename__ = "presence"
    address: str = Field(primary_key=True)
    online: int
    at: float


class ProfileRow(SQLModel, table=True):
    """What WhatsApp shows of somebody. ``tag``: tells pictures apart; ``picture``: sha256."""

    __tablename__ = "profiles"
    __table_args__ = (
        Index("profiles_blocked", "address", sqlite_where=text("blocked = 1")),
        Index("profiles_looked", "looked_at"),
    )
    address: str = Field(primary_key=True)
    saved_name: str
    push_name: str
    verified_name: str
    username: str
    business: int
    saved: int
    blocked: int
    about: str
    picture: str
    tag: str
    looked_at: float | None
    due_at: float
