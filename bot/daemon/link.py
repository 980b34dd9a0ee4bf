"""What is known of the WhatsApp session, for whoever asks."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.messages import AccountId
from bot.ports import LinkState

DROPPED = (LinkState.OFFLINE, LinkState.CONFLICT, LinkState.LOGGED_OUT)


@dataclass(slots=True)
class Link:
    """The session's state and login code; ``changes`` grows with each change.

    Attributes:
        drops: When WhatsApp or the network ended a session that was ready, not noted yet.
        restricted_since: Since when WhatsApp lets the account begin no chats.
        warning: What WhatsApp Web warns of.
    """

    state: LinkState = LinkState.STARTING
    account: AccountId | None = None
    detail: str = ""
    code: str = ""
    changes: int = 0
    safe_mode: bool = False
    ready_since: datetime | None = None
    drops: list[datetime] = field(default_factory=list)
    restricted_since: datetime | None = None
    warning: str = ""

    def moved(self, state: LinkState, account: AccountId | None, detail: str, at: datetime) -> None:
        """Note a change of state."""
        if self.state is LinkState.READY and state in DROPPED:
            self.drops.append(at)
        self.ready_since = at if state is LinkState.READY else None
        self.state, self.account, self.detail = state, account, detail
        if state is not LinkState.QR:
            self.code = ""
        self.changes += 1

    def shows(self, code: str) -> None:
        """Note a new login code."""
        self.code = code
        self.changes += 1
