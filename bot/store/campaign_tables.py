"""The tables of campaigns: what was started, its runs, whom they are meant for."""

from sqlmodel import Field, Index, SQLModel, UniqueConstraint


class CampaignRow(SQLModel, table=True):
    """What a person previewed and started. ``state``: previewed, started, over."""

    __tablename__ = "campaigns"
    name: str = Field(primary_key=True)
    state: str
    content: str  # hash of what was started, "" before
    previewed_at: float
    started_at: float | None
    came_round: float | None  # the last planned moment that was seen to


class CampaignRunRow(SQLModel, table=True):
    """One run of a campaign (states: `RunState`). ``local``: its moment without a zone."""

    __tablename__ = "campaign_runs"
    __table_args__ = (
        UniqueConstraint("campaign", "planned_at"),
        UniqueConstraint("campaign", "local"),
        Index("campaign_runs_state", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    campaign: str
    account: str
    planned_at: float
    local: str
    content: str
    state: str
    detail: str
    begun_at: float
    ended_at: float | None


class CampaignRecipientRow(SQLModel, table=True):
    """Somebody that a run is meant for (states: `RecipientState`). ``place``: in its order."""

    __tablename__ = "campaign_recipients"
    __table_args__ = (
        Index("campaign_recipients_due", "run", "state", "due_at", "place"),
        Index("campaign_recipients_contact", "contact_id"),
    )
    run: int = Field(primary_key=True)
    contact_id: int = Field(primary_key=True)
    chat: str
    variant: str
    state: str
    reason: str
    due_at: float
    place: int
