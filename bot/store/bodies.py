"""The form at rest of what a message of ours carries."""

import json

from bot.domain.bodies import Amendment, Attachment, Body, Edit, Poll, Reaction, Revoke
from bot.domain.messages import ContactCard, Location, MessageId, MessageKind
from bot.domain.values import HIDDEN


def to_text(body: Body | Amendment | None) -> str:
    """Return a body as JSON, "" for none."""
    return "" if body is None else json.dumps(_plain(body), ensure_ascii=False)


def _plain(body: Body | Amendment) -> dict[str, object]:
    match body:
        case Attachment(kind=kind, file=file, url=url, name=name, kept=kept):
            plain: dict[str, object] = {
                "is": "file", "kind": kind.value, "file": file, "url": url, "name": name,
            }  # fmt: skip
            return {**plain, "kept": kept} if kept else plain
        case Poll(question=question, options=options, multiple=multiple):
            return {"is": "poll", "ask": question, "options": list(options), "multiple": multiple}
        case Location(latitude=latitude, longitude=longitude, text=text):
            return {"is": "place", "lat": latitude, "lng": longitude, "text": text}
        case ContactCard(name=name, number=number):
            return {"is": "card", "name": name, "number": number}
        case Reaction(target=target, emoji=emoji):
            return {"is": "reaction", "target": target, "emoji": emoji}
        case Edit(target=target, text=text):
            return {"is": "edit", "target": target, "text": text}
        case Revoke(target=target):
            return {"is": "revoke", "target": target}


def from_text(stored: str) -> Body | Amendment | None:
    """Return what `to_text` was given.

    Raises:
        ValueError: It is nothing that we wrote.
    """
    if not stored:
        return None
    match json.loads(stored):
        case {"is": "file", "kind": kind, "file": file, "url": url, "name": name, **more}:
            kept = str(more.get("kept", ""))
            return Attachment(kind=MessageKind(kind), file=file, url=url, name=name, kept=kept)
        case {"is": "poll", "ask": question, "options": options, "multiple": multiple}:
            return Poll(question=question, options=tuple(options), multiple=multiple)
        case {"is": "place", "lat": latitude, "lng": longitude, "text": text}:
            return Location(latitude=latitude, longitude=longitude, text=text)
        case {"is": "card", "name": name, "number": number}:
            return ContactCard(name=name, number=number)
        case {"is": "reaction", "target": target, "emoji": emoji}:
            return Reaction(target=MessageId(target), emoji=emoji)
        case {"is": "edit", "target": target, "text": text}:
            return Edit(target=MessageId(target), text=text)
        case {"is": "revoke", "target": target}:
            return Revoke(target=MessageId(target))
        case other:
            raise ValueError(f"not a body of ours: {other!r}")


def masked(body: Body | Amendment | None) -> Body | Amendment | None:
    """Return what of a body that says something sensitive may be shown: what kind it is."""
    match body:
        case Attachment(kind=kind, kept=kept):
            return Attachment(kind=kind, file=HIDDEN, kept=kept)
        case Poll(options=options, multiple=multiple):
            return Poll(question=HIDDEN, options=(HIDDEN,) * len(options), multiple=multiple)
        case Location():
            return Location(latitude=None, longitude=None, text=HIDDEN)
        case ContactCard():
            return ContactCard(name=HIDDEN, number="")
        case Edit(target=target):
            return Edit(target=target, text=HIDDEN)
        case Reaction() | Revoke() | None:
            return body
