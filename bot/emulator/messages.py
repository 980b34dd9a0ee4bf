"""One message as the servers know it, and its line in the ledger."""

from dataclasses import asdict, dataclass, field

from bot.emulator.fields import Fields
from bot.emulator.ledger import Entry


@dataclass(slots=True, kw_only=True)
class Medium:
    """The file of a message, kept under its hash."""

    sha256: str
    mimetype: str
    filename: str
    size: int


@dataclass(slots=True, kw_only=True)
class Message:
    """A message; ``n`` is its place in the ledger, ``incoming`` says who put it in."""

    n: int
    account: str
    incoming: bool
    id: str
    chat: str
    sender: str
    type: str
    body: str
    t: int
    put: int = 0
    from_me: bool = False
    ack: int = 0
    repeat: bool = False
    dropped: bool = False
    ciphertext_first: bool = False
    revoked: bool = False
    edited: bool = False
    view_once: bool = False
    expires: int = 0  # seconds that a message of a disappearing chat stays
    forwarded: bool = False
    addr: str | None = None
    quoted: str | None = None
    media: Medium | None = None
    mentions: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    reactions: dict[str, str] = field(default_factory=dict)
    place: dict[str, object] | None = None  # lat and lng in degrees, and a name
    card: str = ""  # the name on a contact card, whose vCard is the body

    def as_entry(self) -> Entry:
        """Return the whole record for the journal."""
        return asdict(self)

    def line(self) -> Entry:
        """Return the line of the ledger, with the ack as it is now."""
        line: Entry = {
            "n": self.n,
            "t": self.put,
            "account": self.account,
            "direction": "in" if self.incoming else "out",
            "id": self.id,
            "chat": self.chat,
            "from": self.sender,
            "type": self.type,
            "body": self.body,
            "timestamp": self.t,
        }
        if not self.incoming:
            line["ack"] = self.ack
        line |= {
            name: True
            for name, holds in (
                ("from_me", self.from_me and self.incoming),
                ("repeat", self.repeat),
                ("dropped", self.dropped),
            )
            if holds
        }
        if self.media is not None:
            line["media_sha256"] = self.media.sha256
        line |= {
            name: value
            for name, value in (
                ("mentions", self.mentions),
                ("quoted", self.quoted),
                ("addr", self.addr),
                ("options", self.options),
                ("location", self.place),
                ("forwarded", self.forwarded),
                ("expires", self.expires),
            )
            if value
        }
        return line


def message_from_entry(entry: Entry) -> Message:
    """Return the message that ``as_entry`` wrote down."""
    values = dict(entry)
    media = values.pop("media", None)
    medium = Medium(**media) if isinstance(media, dict) else None
    return Message(media=medium, **values)  # type: ignore[arg-type]


def place_of(fields: Fields | None) -> dict[str, object] | None:
    """Return a point on the map and its name, as a message holds it; None when there is none."""
    if fields is None:
        return None
    place: dict[str, object] = {
        "lat": fields.number("lat"), "lng": fields.number("lng"), "name": fields.text("name", ""),
    }  # fmt: skip
    fields.done()
    return place
