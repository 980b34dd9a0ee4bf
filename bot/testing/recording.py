"""Writes a test from a stored conversation; who it was with is masked."""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain.data import dataclass
from bot.domain.effects import CallHttp, RunAction
from bot.domain.messages import Message, MessageKind
from bot.domain.turns import CallAnswered
from bot.domain.values import to_json
from bot.store import calls, inbox, outbox
from bot.store.people import find_contact
from bot.testing.ranking import written_span
from bot.testing.updating import written

if TYPE_CHECKING:
    from bot.config import Config

MASK = "Ana Souza"
MASK_NUMBER = "5511987654321"
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
LEAST_WAIT = timedelta(minutes=1)  # shorter pauses between two messages are left out


class NothingStored(Exception):
    """There is no conversation with that contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    at: datetime
    order: int  # of the message that it is, or answers; -1 for what came due by itself
    line: str
    is_timer: bool = False  # said by the bot when something came due
    happens: bool = False  # somebody wrote, and time may have passed before


def record(db: sqlite3.Connection, who: str, config: "Config") -> str:
    """Return the text of a test file. Raises NothingStored."""
    contact = find_contact(db, who)
    if contact is None:
        raise NothingStored
    row = db.execute(
        "SELECT name, number, language FROM contacts WHERE id = ?", (contact,)
    ).fetchone()
    rows = db.execute("SELECT address FROM identities WHERE contact_id = ?", (contact,))
    chats = [found["address"] for found in rows]
    messages = inbox.decided_messages(db, chats=chats)
    if not messages:
        raise NothingStored
    mask = _Mask(row["name"], row["number"])
    moments = [*_heard(messages, mask), *_said(outbox.said_in(db, chats), messages, mask)]
    moments.sort(key=lambda one: (one.at, one.order))
    answered = calls.answered_calls(db, chats=chats)
    zone = ZoneInfo(config.timezone)
    begin = moments[0].at.astimezone(zone).replace(tzinfo=None, microsecond=0)
    head = [
        "version: 1",
        *_mocks(answered, mask),
        "tests:",
        f"  - test: recorded {begin:%Y-%m-%d}",
        f"    now: {begin:%Y-%m-%d %H:%M:%S}",
        f"    timezone: {config.timezone}",
        "    given:",
        f"      contact: {{name: {MASK}, new: true}}",
        *_env(config),
        "    talk:",
    ]
    lines = (f"      - {line}" for line in _paced(moments))
    return "\n".join([*head, *lines]) + "\n"


class _Mask:
    """Takes a person's name, number and addresses out of texts."""

    def __init__(self, name: str, number: str) -> None:
        parts = [part for part in name.split() if len(part) > 2]
        first = MASK.split(maxsplit=1)[0]
        pairs = [(name, MASK), *((part, first) for part in parts)]
        self._names = [
            (re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE), meant)
            for word, meant in pairs
            if word.strip()
        ]
        self._digits = "".join(sign for sign in number if sign.isdigit())

    def __call__(self, text: str) -> str:
        for word, meant in self._names:
            text = word.sub(meant, text)
        if len(self._digits) > 5:
            text = text.replace(self._digits, MASK_NUMBER)
        return EMAIL.sub("ana@example.com", text)


def _heard(messages: Sequence[tuple[Message, datetime]], mask: _Mask) -> Iterator[_Moment]:
    for order, (message, at) in enumerate(messages):
        text = mask(message.text)
        if message.from_me:
            yield _Moment(at=at, order=order, line=f"human: {written(text)}", happens=True)
        else:
            yield _Moment(at=at, order=order, line=f"user: {_user(message, text)}", happens=True)


def _user(message: Message, text: str) -> str:
    """Return what the customer sent as a line says it."""
    match message.kind:
        case MessageKind.LOCATION if message.location is not None:
            place = message.location
            return f"{{location: {{lat: {place.latitude}, lng: {place.longitude}}}}}"
        case MessageKind.CONTACT:
            return "{contact: {name: Bo}}"
        case MessageKind.REACTION:
            return f"{{reaction: {written(message.reaction, inline=True)}}}"
        case MessageKind.POLL:
            votes = ", ".join(written(vote, inline=True) for vote in message.votes)
            return f"{{poll: [{votes}]}}"
        case kind if message.media is not None:
            caption = f", caption: {written(text, inline=True)}" if text else ""
            return f"{{media: {{kind: {kind.value}{caption}}}}}"
        case _:
            return written(text)


def _said(
    said: Sequence[tuple[str, str, datetime]],
    messages: Sequence[tuple[Message, datetime]],
    mask: _Mask,
) -> Iterator[_Moment]:
    keys = {str(message.key): order for order, (message, _) in enumerate(messages)}
    for cause, text, at in said:
        order = next((order for key, order in keys.items() if cause.startswith(key)), -1)
        line = f"bot: {written(mask(text))}"
        yield _Moment(at=at, order=order, line=line, is_timer=cause.startswith("timer|"))


def _paced(moments: Sequence[_Moment]) -> Iterator[str]:
    """Yield the lines, with the time that passed between them."""
    clock = moments[0].at
    for moment in moments:
        gap = moment.at - clock
        if (moment.is_timer and gap > timedelta()) or (moment.happens and gap >= LEAST_WAIT):
            whole = timedelta(seconds=int(gap.total_seconds()) + moment.is_timer)
            yield f"wait: {written_span(whole)}"
            clock += whole
        yield moment.line


def _env(config: "Config") -> Iterator[str]:
    names = ", ".join(f"{name}: https://{name.lower()}.example" for name in config.env)
    if names:
        yield f"      env: {{{names}}}"


def _mocks(
    answered: Sequence[tuple[CallHttp | RunAction, CallAnswered]], mask: _Mask
) -> Iterator[str]:
    http: dict[tuple[str, str], list[CallAnswered]] = {}
    actions: dict[str, CallAnswered] = {}
    for call, answer in answered:
        if isinstance(call, CallHttp):
            http.setdefault((call.method, _glob(call.url)), []).append(answer)
        else:
            actions[call.name] = answer
    if not http and not actions:
        return
    yield "mock:"
    if http:
        yield "  http:"
    for (method, url), answers in http.items():
        replies = [_json(answer.body, mask) for answer in answers]
        reply = replies[0] if len(set(replies)) == 1 else f"[{', '.join(replies)}]"
        status = "".join(f", status: {one.status or 503}" for one in answers[:1] if one.error)
        yield f"    - {{method: {method}, url: {_quoted(url)}{status}, reply: {reply}}}"
    if actions:
        yield "  run:"
    for name, answer in actions.items():
        yield f"    {name}: {_json(answer.body, mask)}"


def _glob(url: str) -> str:
    """Return a url without its host, which may be a secret of the configuration."""
    parts = urlsplit(url)
    return f"*{parts.path}*" if parts.query else f"*{parts.path}"


def _json(value: object, mask: _Mask) -> str:
    found = to_json(value)
    if isinstance(found, Mapping | list):
        return mask(json.dumps(found, ensure_ascii=False))
    return "none" if found is None else mask(json.dumps(found, ensure_ascii=False))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
