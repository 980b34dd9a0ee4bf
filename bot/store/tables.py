"""The schema. Times are UTC epoch seconds as REAL: one form for SQL, Python and people's tools."""

from sqlalchemy import text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from bot.store.defaults import EMPTY, NONE


class MetaRow(SQLModel, table=True):
    """Facts about this database: its version, its secret, its boot epochs."""

    __tablename__ = "meta"
    key: str = Field(primary_key=True)
    value: str


class AccountRow(SQLModel, table=True):
    """A number that was logged in here. ``swept_at``: up to when its history was looked through."""

    __tablename__ = "accounts"
    account: str = Field(primary_key=True)
    first_ready_at: float
    swept_at: float


class InboxRow(SQLModel, table=True):
    """A message that arrived. States: waiting, decided, ignored, quarantined."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("account", "chat", "participant", "message_id"),
        Index("inbox_waiting", "account", "chat", "id", sqlite_where=text("state = 'waiting'")),
        Index("inbox_quarantined", "id", sqlite_where=text("state = 'quarantined'")),
        Index("inbox_ignored", "id", sqlite_where=text("state = 'ignored'")),
        Index("inbox_message_id", "message_id"),
        Index("inbox_chat", "chat", "sent_at"),
        Index("inbox_sent", "sent_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    account: str
    chat: str
    participant: str
    message_id: str
    sender: str
    sender_name: str
    text: str
    kind: str
    sent_at: float
    received_at: float
    from_me: int
    origin: str
    extra: str  # JSON of what few messages have: media, location, quoted, reaction, mentioned
    state: str
    attempts: int = 0
    detail: str = ""
    decided_at: float | None = None
    sealed: str = EMPTY  # text and extra while they may be sensitive; these say ••• then


class MediaRow(SQLModel, table=True):
    """The file of a message that arrived. States: pending, ok, gone. ``id``: its inbox row's."""

    __tablename__ = "media"
    __table_args__ = (Index("media_due", "state", "due_at"),)
    id: int | None = Field(default=None, primary_key=True)
    state: str
    asked: int  # a person wants it, whatever became of its message
    sha256: str
    size: int  # bytes
    mimetype: str
    filename: str
    attempts: int
    due_at: float
    stored_at: float | None
    detail: str


class OutboxRow(SQLModel, table=True):
    """A message of ours, from its reservation to its last receipt (states: `OutboxState`)."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("cause", "ordinal"),
        UniqueConstraint("message_id"),
        Index("outbox_state", "state"),
        Index(
            "outbox_queued", "chat", "id",
            sqlite_where=text("state = 'reserved' AND why = 'campaign'"),
        ),
        Index("outbox_handed", "handed_at", sqlite_where=text("handed_at IS NOT NULL")),
        Index("outbox_messages", "chat", "id"),
        Index(
            "outbox_started", "account", "handed_at",
            sqlite_where=text("why IN ('started', 'campaign')"),
        ),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    cause: str
    ordinal: int
    account: str
    chat: str
    message_id: str
    text: str
    why: str
    by: str
    quoted: str = ""
    state: str
    attempts: int = 0
    ack: int | None = None
    created_at: float
    due_at: float
    handed_at: float | None = None
    epoch: int = 0  # the boot that handed it
    settled_at: float | None = None
    detail: str = ""
    rulebook: str = ""
    mentions: str = ""  # addresses of people who are mentioned, separated by spaces
    body: str = ""  # JSON of a medium, poll, place, card or change; "" for a bare text
    held_until: float | None = None  # no look before this moment
    held_why: str = ""  # why it waited last; kept after it left
    sealed: str = EMPTY  # text and body that say something sensitive; these say ••• then
    dropped_at: float | None = None  # a person let it go: it did not arrive, and need not
    dropped_by: str = EMPTY


class IncidentRow(SQLModel, table=True):
    """What befell an account at WhatsApp (kinds: `incidents.Incident`)."""

    __tablename__ = "incidents"
    __table_args__ = (Index("incidents_kind", "account", "kind", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    account: str
    kind: str
    at: float
    detail: str


class ConversationRow(SQLModel, table=True):
    """The state of one chat; ``state`` is the JSON form of `Conversation`."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index("conversations_hushed", "chat", sqlite_where=text("hushed = 1")),
        Index("conversations_member", "member", sqlite_where=text("member != ''")),
    )
    account: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    contact_id: int
    version: int
    state: str
    flow: str
    step: str
    muted_until: float | None
    last_message_at: float | None
    hushed: int = NONE  # the next message may say something sensitive
    member: str = EMPTY  # of a team, who looks after it


class WaitRow(SQLModel, table=True):
    """Somebody who waited for what an `sla` promises. ``how``: answered or ended, "" it goes on."""

    __tablename__ = "waits"
    __table_args__ = (
        Index("waits_contact", "contact_id"),
        Index("waits_since", "since"),
        Index("waits_open", "chat", sqlite_where=text("how = ''")),
    )
    id: int | None = Field(default=None, primary_key=True)
    account: str
    chat: str
    contact_id: int
    sla: str
    since: float
    due_at: float
    team: str
    member: str
    missed_at: float | None
    ended_at: float | None
    how: str
    by: str
    waited: float  # seconds of open time


class GroupRow(SQLModel, table=True):
    """A group as WhatsApp last showed it. ``members``: JSON of [address, admin, owner]."""

    __tablename__ = "groups"
    account: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    subject: str
    description: str
    owner: str
    created_at: float | None
    members: str
    is_member: int
    is_admin: int
    seen_at: float


class LabelRow(SQLModel, table=True):
    """A label that a chat wears on the phone, as both sides last agreed."""

    __tablename__ = "labels"
    account: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    label: str = Field(primary_key=True)


class ReceiptRow(SQLModel, table=True):
    """When a message of ours came so far; ``reader`` is "" where there is only one."""

    __tablename__ = "receipts"
    __table_args__ = {"sqlite_with_rowid": False}
    message_id: str = Field(primary_key=True)
    reader: str = Field(primary_key=True)
    ack: int = Field(primary_key=True)
    at: float


class TimerRow(SQLModel, table=True):
    """Something due later in a chat. States: waiting, quarantined; what has fired is removed."""

    __tablename__ = "timers"
    __table_args__ = (UniqueConstraint("account", "chat", "key"), Index("timers_due", "due_at"))
    id: int | None = Field(default=None, primary_key=True)
    account: str
    chat: str
    key: str
    kind: str
    due_at: float
    payload: str
    cancel_on_reply: int
    late: float | None
    state: str = Field("waiting", sa_column_kwargs={"server_default": text("'waiting'")})
    attempts: int = NONE  # turns that began on it
    detail: str = EMPTY


class CallRow(SQLModel, table=True):
    """An outgoing http call or action. States: waiting, answered, done, failed, quarantined."""

    __tablename__ = "calls"
    __table_args__ = (Index("calls_state", "state", "due_at"), Index("calls_chat", "chat", "state"))
    key: str = Field(primary_key=True)
    account: str
    chat: str
    kind: str  # http or run
    request: str
    awaited: int
    state: str
    attempts: int = 0
    due_at: float
    created_at: float
    answer: str = ""
    turns: int = NONE  # that began on its answer
    detail: str = EMPTY


class EventRow(SQLModel, table=True):
    """An event of our own that waits to be heard in its chat."""

    __tablename__ = "events"
    __table_args__ = (Index("events_state", "chat", "state", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    account: str
    chat: str
    name: str
    data: str
    at: float
    state: str  # waiting, done or quarantined
    cause: str
    attempts: int = NONE  # turns that began on it
    detail: str = EMPTY


class TraceRow(SQLModel, table=True):
    """What was decided in one turn, and why."""

    __tablename__ = "traces"
    __table_args__ = (Index("traces_contact", "contact_id", "id"), Index("traces_at", "at"))
    id: int | None = Field(default=None, primary_key=True)
    account: str
    chat: str
    contact_id: int
    cause: str
    event: str
    at: float
    winner: str
    milliseconds: float
    lines: str
    effects: str
    errors: str
    rulebook: str


class VariableRow(SQLModel, table=True):
    """A value that all contacts share."""

    __tablename__ = "variables"
    name: str = Field(primary_key=True)
    value: str


class AnnouncementRow(SQLModel, table=True):
    """Something that happened and that nobody outside was told of yet."""

    __tablename__ = "announcements"
    id: int | None = Field(default=None, primary_key=True)
    account: str
    chat: str
    event: str
    row: int  # in the table that the event is about, 0 for none
    data: str


class DeliveryRow(SQLModel, table=True):
    """An event on its way to one webhook. States: waiting, dead; what arrived is removed."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("deliveries_due", "url", "state", "due_at"),)
    id: int | None = Field(default=None, primary_key=True)
    url: str
    event_id: str
    event: str
    body: str
    state: str
    attempts: int = 0
    due_at: float
    created_at: float
    detail: str = ""


class CrmJobRow(SQLModel, table=True):
    """What another system is to be told (`domain.crm.CrmJob`). States: waiting, dead."""

    __tablename__ = "crm_jobs"
    __table_args__ = (
        UniqueConstraint("target", "lane", "kind", "row"),
        Index("crm_jobs_due", "target", "state", "due_at"),
        Index("crm_jobs_lane", "target", "lane", "state", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    target: str
    lane: str
    kind: str
    row: int
    version: int
    state: str
    tries: int
    due_at: float
    failing_since: float | None
    detail: str


class CrmLinkRow(SQLModel, table=True):
    """What stands for something of ours in another system (`domain.crm.CrmLink`)."""

    __tablename__ = "crm_links"
    __table_args__ = (Index("crm_links_remote", "target", "kind", "remote"),)
    target: str = Field(primary_key=True)
    lane: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    remote: str
    data: str


class SourceRow(SQLModel, table=True):
    """The content of a rule or flow file, once for all rulebooks that hold it."""

    __tablename__ = "sources"
    digest: str = Field(primary_key=True)
    content: bytes


class RulebookRow(SQLModel, table=True):
    """A rulebook that was in force. ``files``: JSON of each file's name and digest."""

    __tablename__ = "rulebooks"
    hash: str = Field(primary_key=True)
    at: float
    files: str


class VersionRow(SQLModel, table=True):
    """The content hash of a flow or rule, and the latest rulebook that holds it."""

    __tablename__ = "versions"
    version: str = Field(primary_key=True)
    name: str
    rulebook: str = Field(index=True)
