"""Pure: what Chatwoot tells us, once its signature is proven."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.crm.chatwoot import OPEN, OURS, PENDING, RESOLVED
from bot.crm.line import id_of, rows, table
from bot.domain.data import dataclass
from bot.domain.values import Value

FRESH = timedelta(minutes=5)  # of a signature, either way
STATUSES = (OPEN, PENDING, RESOLVED, "snoozed")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentWrote:
    """A person wrote to the customer there. ``files``: kind (image, audio, …) and address."""

    inbox: int
    conversation: str
    id: str
    text: str
    number: str
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusMoved:
    """A conversation has another status there."""

    inbox: int
    conversation: str
    status: str


FromChatwoot = AgentWrote | StatusMoved


def is_signed(secret: str, body: bytes, signature: str, at: str, now: datetime) -> bool:
    """Tell whether these bytes were signed with our secret, a short while ago."""
    expected = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(f"sha256={expected}".encode(), signature.encode()):
        return False
    return at.isdecimal() and abs(now.timestamp() - int(at)) <= FRESH.total_seconds()


def read(told: Mapping[str, Value]) -> FromChatwoot | None:
    """Return what is told, None when it does not concern us: our own, private, of another kind."""
    match told.get("event"):
        case "message_created":
            return _message(told)
        case "conversation_status_changed":
            status, inbox = told.get("status"), id_of(told, "inbox_id")
            if status not in STATUSES or not inbox.isdecimal():
                return None
            return StatusMoved(inbox=int(inbox), conversation=id_of(told), status=str(status))
        case _:
            return None


def _message(told: Mapping[str, Value]) -> AgentWrote | None:
    conversation, inbox = table(told.get("conversation")), id_of(table(told.get("inbox")))
    marks = (told.get("source_id"), table(told.get("content_attributes")).get("alexia"))
    is_ours = any(isinstance(one, str) and one.startswith(OURS) for one in marks)
    is_agents = told.get("message_type") in ("outgoing", 1) and told.get("private") is not True
    if is_ours or not is_agents or not inbox.isdecimal() or not id_of(told):
        return None
    text = told.get("content")
    sender = table(table(conversation.get("meta")).get("sender"))
    return AgentWrote(
        inbox=int(inbox), conversation=id_of(conversation), id=id_of(told),
        text=text if isinstance(text, str) else "",
        number=id_of(sender, "phone_number"),
        files=tuple(
            (id_of(one, "file_type"), id_of(one, "data_url"))
            for one in rows(told.get("attachments"))
            if id_of(one, "data_url")
        ),
    )  # fmt: skip
