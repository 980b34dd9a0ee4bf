"""From a reply as written to what is said: language, wording, menu, and what it carries."""

from collections.abc import Mapping
from typing import Any

from bot.domain.bodies import Attachment, Body, Poll
from bot.domain.data import replace
from bot.domain.messages import ContactCard, Location, MessageKind
from bot.engine.evaluator import Evaluator
from bot.engine.reply import Reply
from bot.language.templates import Expression, Template, TemplateFailed
from bot.language.texts import MediaFile, Text

Extra = Mapping[str, Any] | None
MOST_REFERENCES = 5  # shared replies inside shared replies

KINDS: Mapping[str, MessageKind] = {
    ending: kind
    for kind, endings in (
        (MessageKind.IMAGE, "jpg jpeg png gif bmp heic"),
        (MessageKind.STICKER, "webp"),
        (MessageKind.VIDEO, "mp4 mov 3gp mkv webm avi"),
        (MessageKind.AUDIO, "mp3 ogg oga opus m4a aac wav amr flac"),
    )
    for ending in endings.split()
}
"""What a file is by the end of its name; anything else is a document."""


def compose(facts: Evaluator, text: Text | None, extra: Extra = None) -> Reply:
    """Return a reply in the contact's language; a variant is drawn."""
    facts.told_hidden = False
    reply = _compose(facts, text, extra)
    return replace(reply, is_sensitive=True) if facts.told_hidden else reply


def _compose(facts: Evaluator, text: Text | None, extra: Extra = None, depth: int = 0) -> Reply:
    if text is None or depth > MOST_REFERENCES:
        return Reply()
    found = _words(facts, text, extra, depth + 1)
    body = _body(facts, text, extra)
    if body is None and not (text.buttons or text.quote or text.mention):
        return found
    quote, mention = text.quote or found.quote, text.mention or found.mention
    labels = tuple(facts.render(label, extra=extra) for label in text.buttons)
    if isinstance(body, Poll):
        labels = body.options
        found = replace(found, text=_joined(found.text, body.question))
    elif body is not None and text.caption is not None:
        found = replace(found, text=_compose(facts, text.caption, extra).text)
    said = _joined(found.text, menu(labels)) if labels else found.text
    return Reply(
        text=said or _in_words(body),
        body=body or found.body,
        buttons=labels or found.buttons,
        quote=quote,
        mention=mention,
        language=found.language,
    )


def menu(labels: tuple[str, ...]) -> str:
    """Return labels as a numbered list, which every phone shows."""
    return "\n".join(f"{number}. {label}" for number, label in enumerate(labels, 1))


def _joined(first: str, second: str) -> str:
    return f"{first}\n{second}" if first and second and first != second else first or second


def _words(facts: Evaluator, text: Text, extra: Extra, depth: int) -> Reply:
    replies = facts.compiled.rulebook.replies
    if text.ref:
        return _compose(facts, replies.get(text.ref), extra, depth)
    if text.languages:
        code = best_language(facts, text.languages)
        return replace(_compose(facts, text.languages[code], extra, depth), language=code)
    if not text.variants:
        return Reply()
    variant = text.variants[0]
    if len(text.variants) > 1:
        variant = facts.chance.pick(text.variants, [one.weight for one in text.variants])
    if variant.ref:
        return _compose(facts, replies.get(variant.ref), extra, depth)
    return Reply(text=facts.render(variant.template, extra=extra))


def best_language(facts: Evaluator, known: Mapping[str, object]) -> str:
    """Return the code to speak in: the exact one, its base, the configured one, any."""
    for wanted in (facts.language, facts.turn.settings.language):
        base = wanted.partition("-")[0]
        for code in (wanted, base, *known):
            if code in known and code.partition("-")[0] == base:
                return code
    return next(iter(known))


def _body(facts: Evaluator, text: Text, extra: Extra) -> Body | None:
    if text.media is not None:
        return _attachment(facts, text.media, extra)
    if text.poll is not None:
        question, options, multiple = text.poll
        labels = tuple(facts.render(option, extra=extra) for option in options)
        return Poll(
            question=facts.render(question, extra=extra),
            options=tuple(label for label in labels if label),
            multiple=multiple,
        )
    if text.location is not None:
        return _location(facts, text.location)
    if text.contact is not None:
        card = {name: facts.render(one, extra=extra) for name, one in text.contact.items()}
        return ContactCard(name=card.get("name", ""), number=card.get("number", ""))
    return None


def _attachment(facts: Evaluator, media: MediaFile, extra: Extra) -> Attachment:
    file, url = (facts.render(one, extra=extra) for one in (media.file, media.url))
    ending = (file or url).partition("?")[0].rpartition(".")[2].lower()
    kind = MessageKind(media.kind) if media.kind else KINDS.get(ending, MessageKind.DOCUMENT)
    if media.voice:
        kind = MessageKind.VOICE
    return Attachment(kind=kind, file=file, url=url, name=facts.render(media.name, extra=extra))


def _location(facts: Evaluator, where: Expression | Mapping[str, Template]) -> Location | None:
    if isinstance(where, Mapping):
        return _point({name: facts.render(one, "iso") for name, one in where.items()})
    try:
        found = facts.work_out(where)
    except TemplateFailed as failure:
        facts.fail(failure)
        return None
    if isinstance(found, Location):
        return found
    return _point(found) if isinstance(found, Mapping) else Location(text=str(found or ""))


def _point(found: Mapping[str, Any]) -> Location | None:
    try:
        return Location(
            latitude=float(found["lat"]), longitude=float(found["lng"]),
            text=str(found.get("name") or found.get("text") or ""),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        return None


def _in_words(body: Body | None) -> str:
    """Return what a body without words says, for where only a text can be sent."""
    match body:
        case Location(text=text, latitude=latitude, longitude=longitude):
            return text or f"{latitude}, {longitude}"
        case ContactCard(name=name, number=number):
            return f"{name} {number}".strip()
        case _:
            return ""
