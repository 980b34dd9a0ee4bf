"""Reads the lines of a test's talk, each with its place."""

import re
from collections.abc import Callable, Mapping

from bot.domain.messages import ContactCard, Location, Media, MessageKind
from bot.language.desk import Desk
from bot.language.durations import parse_duration
from bot.language.loanwords import ours
from bot.language.places import Place
from bot.language.problems import did_you_mean
from bot.language.source import Entry, Items, Node, Scalar, Table
from bot.testing.lines import (
    BotLine,
    CampaignLine,
    EditLine,
    EventLine,
    Expectation,
    ExpectLine,
    HumanLine,
    Line,
    RestartLine,
    UserLine,
    WaitLine,
    Wanted,
)
from bot.testing.values import plain, typed

USER = (
    "text", "media", "location", "contact", "reaction", "poll", "reply_to", "group", "from",
    "burst", "mentioned",
)  # fmt: skip
SAYS = ("text", "media", "location", "contact", "reaction", "poll")
BOT = (
    "text", "contains", "regex", "any_of", "media", "buttons", "lang", "to", "poll", "location",
    "contact", "quote", "react", "edit", "delete",
)  # fmt: skip
EXPECT = (
    "rule", "flow", "step", "slots", "tags", "not_tags", "lead", "contact", "timers", "handoff",
    "assigned", "muted", "silent", "consent", "http", "notified", "events", "intent", "errors",
    "from", "campaign",
)  # fmt: skip
MAPPINGS = {
    "slots": None, "contact": None, "lead": ("stage", "score", "owner", "fields"),
}  # fmt: skip
FLAGS = ("muted", "silent")
WORDS = ("rule", "flow", "step", "handoff", "assigned", "consent", "intent")
LISTS = ("tags", "not_tags", "timers", "errors")
ENTRIES = {
    "http": ("method", "url", "json"),
    "notified": ("to", "text", "contains"),
    "events": ("name", "data"),
}
EDIT = ("file", "replace", "text", "delete", "rejected")
MEDIA_KINDS = ("image", "video", "audio", "voice", "document", "sticker")


def read_talk(desk: Desk, node: Node) -> tuple[Line, ...]:
    """Return the lines that can be read; what cannot is told at the desk."""
    if not isinstance(node, Items):
        desk.wrong(node, "a list of lines")
        return ()
    found = (_line(desk, one) for one in node.nodes)
    return tuple(line for line in found if line is not None)


def _line(desk: Desk, node: Node) -> Line | None:
    kinds = ", ".join(_READERS)
    if not isinstance(node, Table) or not node.entries:
        desk.wrong(node, f"a line; write one of {kinds}, as  - user: hello")
        return None
    entries = {name: entry for name, entry in node.entries.items() if name != "note"}
    for entry in entries.values():
        if entry.name not in _READERS:
            _unknown(desk, entry)
            return None
    if len(entries) != 1:
        desk.tell(
            node.place, "E104", f"a line is one thing; found {' + '.join(entries)}",
            "begin each with its own  - ",
        )  # fmt: skip
        return None
    entry = next(iter(entries.values()))
    return _READERS[entry.name](desk, entry.value, entry.place)


def _unknown(desk: Desk, entry: Entry) -> None:
    near = ours(entry.name, _READERS) or did_you_mean(entry.name, _READERS)
    told = f"did you mean '{near}'?" if near else f"one of: {', '.join(_READERS)}"
    desk.tell(entry.place, "E101", f"unknown line '{entry.name}'", told)


def _user(desk: Desk, node: Node, place: Place) -> Line | None:
    if isinstance(node, Scalar):
        return UserLine(place=place, text=node.text)
    entries = desk.table(node, USER, "what the customer writes")
    if isinstance(node, Table) and not entries.keys() & set(SAYS):
        desk.tell(place, "E102", "nothing is said here", f"add one of: {', '.join(SAYS)}")
    if not isinstance(node, Table):
        return None
    text = _text(desk, entries, "text")
    kind, media, location, card = MessageKind.TEXT, None, None, None
    votes: tuple[str, ...] = ()
    if "media" in entries:
        media, caption = _media(desk, entries["media"].value)
        kind, text = media.kind, text or caption
    elif "location" in entries:
        kind, location = MessageKind.LOCATION, _location(desk, entries["location"].value)
    elif "contact" in entries:
        kind, card = MessageKind.CONTACT, _card(desk, entries["contact"].value)
    elif "poll" in entries:
        kind, votes = MessageKind.POLL, desk.words(entries["poll"].value)
        text = text or ", ".join(votes)
    elif "reaction" in entries:
        kind = MessageKind.REACTION
    return UserLine(
        place=place, text=text, kind=kind, media=media, location=location, card=card, votes=votes,
        reaction=_text(desk, entries, "reaction"), reply_to=_text(desk, entries, "reply_to"),
        group=_text(desk, entries, "group"), sender=_text(desk, entries, "from"),
        burst=_flag(desk, entries, "burst"), mentioned=_flag(desk, entries, "mentioned"),
    )  # fmt: skip


def _text(desk: Desk, entries: Mapping[str, Entry], key: str) -> str:
    return (desk.text(entries[key].value) or "") if key in entries else ""


def _flag(desk: Desk, entries: Mapping[str, Entry], key: str) -> bool:
    return desk.flag(entries[key].value) if key in entries else False


def _media(desk: Desk, node: Node) -> tuple[Media, str]:
    if isinstance(node, Scalar):
        kind = desk.one_of(node, "media", MEDIA_KINDS) or "image"
        return Media(kind=MessageKind(kind)), ""
    entries = desk.table(node, ("kind", "name", "mimetype", "caption"), "a medium")
    kind = "image"
    if "kind" in entries:
        kind = desk.one_of(entries["kind"].value, "kind", MEDIA_KINDS) or kind
    medium = Media(
        kind=MessageKind(kind),
        mimetype=_text(desk, entries, "mimetype"),
        filename=_text(desk, entries, "name"),
    )
    return medium, _text(desk, entries, "caption")


def _location(desk: Desk, node: Node) -> Location:
    if isinstance(node, Scalar):
        return Location(text=node.text)
    entries = desk.table(node, ("lat", "lng", "text"), "a location")
    lat = desk.number(entries["lat"].value, -90, 90) if "lat" in entries else None
    lng = desk.number(entries["lng"].value, -180, 180) if "lng" in entries else None
    return Location(latitude=lat, longitude=lng, text=_text(desk, entries, "text"))


def _card(desk: Desk, node: Node) -> ContactCard:
    if isinstance(node, Scalar):
        return ContactCard(name=node.text)
    entries = desk.table(node, ("name", "number"), "a contact")
    return ContactCard(name=_text(desk, entries, "name"), number=_text(desk, entries, "number"))


def _bot(desk: Desk, node: Node, place: Place) -> Line | None:
    wanted = _wanted(desk, node)
    if wanted is None:
        return None
    text_at = None
    if isinstance(node, Scalar):
        text_at = node.place
    elif isinstance(node, Table) and "text" in node.entries:
        text_at = node.entries["text"].value.place
    return BotLine(place=place, wanted=wanted, text_at=text_at)


def _wanted(desk: Desk, node: Node) -> Wanted | None:
    if isinstance(node, Scalar):
        return Wanted(text=node.text)
    if isinstance(node, Items):
        desk.tell(
            node.place, "E104", "the bot says one message a line",
            "begin each message with its own  - bot: , or write {any_of: [...]}",
        )  # fmt: skip
        return None
    entries = desk.table(node, BOT, "what the bot says")
    if not entries:
        desk.wrong(node, "what the bot says")
        return None
    any_of = desk.each(entries["any_of"].value) if "any_of" in entries else ()
    return Wanted(
        text=desk.text(entries["text"].value) if "text" in entries else None,
        contains=desk.words(entries["contains"].value) if "contains" in entries else (),
        regex=_regex(desk, entries["regex"].value) if "regex" in entries else None,
        any_of=tuple(one for one in (_wanted(desk, each) for each in any_of) if one is not None),
        media=_sent_media(desk, entries["media"].value) if "media" in entries else None,
        buttons=desk.words(entries["buttons"].value) if "buttons" in entries else None,
        lang=desk.word(entries["lang"].value) if "lang" in entries else None,
        to=_text(desk, entries, "to"),
        poll=_options(desk, entries["poll"].value) if "poll" in entries else None,
        location=plain(entries["location"].value) if "location" in entries else None,
        contact=plain(entries["contact"].value) if "contact" in entries else None,
        quote=desk.flag(entries["quote"].value) if "quote" in entries else None,
        deed=_deed(desk, entries),
    )


def _options(desk: Desk, node: Node) -> tuple[str, ...]:
    if not isinstance(node, Table):
        return desk.words(node)
    entries = desk.table(node, ("question", "options"), "a poll")
    if "options" not in entries:
        desk.tell(node.place, "E102", "'options' is missing")
        return ()
    return desk.words(entries["options"].value)


def _deed(desk: Desk, entries: Mapping[str, Entry]) -> tuple[str, str] | None:
    """Return what is done to a message, where the line is no message."""
    for what in ("react", "edit"):
        if what in entries:
            return what, _text(desk, entries, what)
    return ("delete", "") if _flag(desk, entries, "delete") else None


def _regex(desk: Desk, node: Node) -> re.Pattern[str] | None:
    written = desk.word(node)
    if written is None:
        return None
    try:
        return re.compile(written)
    except re.error as reason:
        desk.tell(node.place, "E104", f"'{written}' is not a regular expression: {reason}")
        return None


def _sent_media(desk: Desk, node: Node) -> dict[str, str]:
    if isinstance(node, Scalar):
        return {"kind": desk.one_of(node, "media", MEDIA_KINDS) or ""}
    entries = desk.table(node, ("kind", "name"), "a medium")
    return {key: _text(desk, entries, key) for key in entries}


def _wait(desk: Desk, node: Node, place: Place) -> Line | None:
    duration = desk.duration(node)
    return None if duration is None else WaitLine(place=place, duration=duration)


def _expect(desk: Desk, node: Node, place: Place) -> Line | None:
    entries = desk.table(node, EXPECT, "what is expected")
    if not entries:
        if isinstance(node, Table) and not node.entries:
            desk.wrong(node, "what is expected")
        return None
    expectations = tuple(
        Expectation(key=key, wanted=plain(entry.value), place=entry.place)
        for key, entry in entries.items()
        if key != "from" and _shaped(desk, key, entry.value)
    )
    return ExpectLine(place=place, expectations=expectations, who=_text(desk, entries, "from"))


def _shaped(desk: Desk, key: str, node: Node) -> bool:
    """Tell whether an expectation has the shape of its kind; what has not is told."""
    before = len(desk.source.problems)
    none = isinstance(node, Scalar) and node.text in ("none", "")
    if key in FLAGS:
        desk.flag(node)
    elif key in WORDS:
        desk.word(node)
    elif key in LISTS and not none:
        desk.words(node)
    elif key in ENTRIES and not none:
        _entries(desk, key, node)
    elif key in MAPPINGS and not (none and key == "lead"):
        _mapping(desk, key, node)
    return len(desk.source.problems) == before


def _entries(desk: Desk, key: str, node: Node) -> None:
    """Check a list of texts, or of mappings with the keys of their kind."""
    for one in desk.each(node):
        if isinstance(one, Table):
            entries = desk.table(one, ENTRIES[key], f"an entry of {key}")
            for name in entries.keys() - {"json", "data"}:
                desk.text(entries[name].value)
        else:
            desk.word(one)


def _mapping(desk: Desk, key: str, node: Node) -> None:
    if not isinstance(node, Table):
        desk.wrong(node, "a mapping")
        return
    keys = MAPPINGS[key]
    if keys is not None:
        entries = desk.table(node, keys, key)
        if "fields" in entries and not isinstance(entries["fields"].value, Table):
            desk.wrong(entries["fields"].value, "a mapping")
    elif (
        key == "contact"
        and "fields" in node.entries
        and not isinstance(node.entries["fields"].value, Table)
    ):
        desk.wrong(node.entries["fields"].value, "a mapping")


def _human(desk: Desk, node: Node, place: Place) -> Line | None:
    if isinstance(node, Scalar):
        return HumanLine(place=place, text=node.text)
    entries = desk.table(node, ("text", "to", "canned"), "what the owner writes")
    text, to, canned = (_text(desk, entries, key) for key in ("text", "to", "canned"))
    return HumanLine(place=place, text=text, to=to, canned=canned)


def _event(desk: Desk, node: Node, place: Place) -> Line | None:
    if isinstance(node, Scalar):
        return EventLine(place=place, name=node.text)
    entries = desk.table(node, ("name", "data", "webhook", "json", "from", "group"), "an event")
    if not entries:
        return None
    if ("name" in entries) is ("webhook" in entries):
        desk.tell(place, "E102", "an event has either a name or a webhook")
        return None
    name = _text(desk, entries, "name") or f"webhook.{_text(desk, entries, 'webhook')}"
    held = entries.get("data") or entries.get("json")
    if held is not None and not isinstance(held.value, Table):
        desk.wrong(held.value, "a mapping")
        return None
    inside = held.value.entries if held is not None and isinstance(held.value, Table) else {}
    data = {key: typed(one.value) for key, one in inside.items()}
    who, group = _text(desk, entries, "from"), _text(desk, entries, "group")
    return EventLine(place=place, name=name, data=data, who=who, group=group)


def _campaign(desk: Desk, node: Node, place: Place) -> Line | None:
    if isinstance(node, Scalar):
        return CampaignLine(place=place, name=node.text)
    entries = desk.table(node, ("name", "variant", "from"), "a campaign's turn")
    if not entries:
        return None
    if "name" not in entries:
        desk.tell(place, "E102", "'name' is missing", "it is the campaign's")
    name, variant = _text(desk, entries, "name"), _text(desk, entries, "variant")
    return CampaignLine(place=place, name=name, variant=variant, who=_text(desk, entries, "from"))


def _edit(desk: Desk, node: Node, place: Place) -> Line | None:
    entries = desk.table(node, EDIT, "an edit")
    if not isinstance(node, Table):
        return None
    ways = [key for key in ("replace", "text", "delete") if key in entries]
    if "file" not in entries or len(ways) != 1:
        desk.tell(place, "E102", "an edit has a file and one of replace, text, delete")
        return None
    replace: tuple[tuple[str, str], ...] = ()
    if "replace" in entries:
        given = entries["replace"].value
        if not isinstance(given, Table):
            desk.wrong(given, "a mapping of old to new")
            return None
        replace = tuple((old, desk.text(entry.value) or "") for old, entry in given.entries.items())
    return EditLine(
        place=place, file=desk.word(entries["file"].value) or "", replace=replace,
        text=desk.text(entries["text"].value) if "text" in entries else None,
        delete=_flag(desk, entries, "delete"), rejected=_flag(desk, entries, "rejected"),
    )  # fmt: skip


def _restart(desk: Desk, node: Node, place: Place) -> Line | None:
    down = parse_duration(node.text) if isinstance(node, Scalar) else None
    if down is not None:
        return RestartLine(place=place, down=down)
    if not desk.flag(node):
        return None
    return RestartLine(place=place)


_READERS: Mapping[str, Callable[[Desk, Node, Place], Line | None]] = {
    "user": _user, "bot": _bot, "wait": _wait, "expect": _expect, "human": _human,
    "event": _event, "campaign": _campaign, "edit": _edit, "restart": _restart,
}  # fmt: skip
