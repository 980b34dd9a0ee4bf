"""People, groups, accounts and devices as plain records."""

from dataclasses import asdict, dataclass, field

from bot.emulator.addresses import hidden_address
from bot.emulator.ledger import Entry


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with a phone; ``id`` is the ``@c.us`` address when it is known."""

    id: str
    lid: str = ""
    name: str | None = None
    push_name: str | None = None
    about: str | None = None
    picture: str | None = None
    online: bool = False
    invite_only: bool = False  # nobody may add this person to a group
    absent: bool = False  # nobody on WhatsApp has this number
    business: bool = False
    verified_name: str | None = None  # of a business
    username: str | None = None

    def __post_init__(self) -> None:
        if not self.lid:
            self.lid = hidden_address(self.id) if self.id.endswith("@c.us") else self.id

    def as_json(self) -> Entry:
        """Return the record as a JSON object."""
        return asdict(self)


@dataclass(slots=True, kw_only=True)
class Group:
    """A group with its members, all by their ``@c.us`` address; ``left``: accounts that went."""

    id: str
    subject: str = ""
    participants: list[str] = field(default_factory=list)
    admins: list[str] = field(default_factory=list)
    description: str = ""
    owner: str = ""
    created: int = 0
    invite: str = ""
    left: list[str] = field(default_factory=list)

    def as_json(self) -> Entry:
        """Return the record as a JSON object."""
        return asdict(self)


@dataclass(slots=True, kw_only=True)
class Account:
    """A number that the bot uses."""

    id: str
    push_name: str = "Alexia"
    business: bool = False
    lid: str = ""

    def __post_init__(self) -> None:
        if not self.lid:
            self.lid = hidden_address(self.id)

    def as_json(self) -> Entry:
        """Return the record as a JSON object."""
        return asdict(self)


@dataclass(slots=True, kw_only=True)
class Device:
    """A browser profile, known by its token; ``upto`` is the last line that it has taken."""

    token: str
    account: str | None = None
    upto: int = 0
