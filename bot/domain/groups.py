"""Groups on WhatsApp: who is in them, and how that changes."""

from datetime import datetime
from enum import StrEnum

from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in a group, by the address that shows the number where it is known."""

    address: str
    is_admin: bool = False
    is_owner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group as WhatsApp shows it to the account.

    Attributes:
        owner: Address of who made it, "" where that is not told.
        is_member: The account is in it; it stays listed after it left.
        is_admin: The account may change who is in it.
    """

    id: ChatId
    subject: str
    description: str = ""
    owner: str = ""
    created_at: datetime | None = None
    members: tuple[Member, ...] = ()
    is_member: bool = True
    is_admin: bool = False


class MemberChange(StrEnum):
    """What is done to members of a group."""

    ADD = "add"
    REMOVE = "remove"
    PROMOTE = "promote"
    DEMOTE = "demote"


class Outcome(StrEnum):
    """What became of one member that was to be changed."""

    DONE = "done"
    ALREADY = "already"
    INVITE = "invite"  # this person's privacy lets nobody add them: send them the invite link
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    WAITS = "waits"  # an admin must approve
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberResult:
    """One member, and what became of the change. ``invite``: a code made for this person."""

    address: str
    outcome: Outcome
    invite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCreated:
    """A new group, and what became of each who was to be in it."""

    id: ChatId
    results: tuple[MemberResult, ...]


class Move(StrEnum):
    """What happened to members of a group."""

    JOINED = "joined"  # by an invite link
    ADDED = "added"
    LEFT = "left"
    REMOVED = "removed"
    PROMOTED = "promoted"
    DEMOTED = "demoted"
    CHANGED = "changed"  # the group itself: its subject, its description


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMoved:
    """Something happened in a group of the account.

    Attributes:
        by: Address of who did it; the member, when members move by themselves.
        members: Whom it happened to; empty when the group itself changed.
    """

    account: AccountId
    chat: ChatId
    move: Move
    by: str
    members: tuple[str, ...]
    at: datetime  # UTC
