"""Reads what the bot may say."""

from bot.language.actions import Setting
from bot.language.desk import Desk
from bot.language.source import Items, Node, Scalar, Table
from bot.language.templates import Expression, Template
from bot.language.texts import MediaFile, Text, Variant

TEXT_KEYS = (
    "text", "media", "caption", "buttons", "poll", "location", "contact", "quote", "mention",
    "variants", "lang", "weight",
)  # fmt: skip
BODIES = ("text", "variants", "lang", "media", "poll", "location", "contact")
MEDIA_KINDS = ("image", "video", "audio", "voice", "document", "sticker")


def read_text(desk: Desk, node: Node | None) -> Text | None:
    """Return a reply: a text, a list of wordings, or a mapping."""
    match node:
        case None:
            return None
        case Scalar():
            return _plain(desk, node)
        case Items():
            return Text(variants=_variants(desk, node), place=node.place)
        case Table():
            return _table(desk, node)


def _plain(desk: Desk, node: Scalar) -> Text | None:
    if node.text.startswith("@") and not node.text.startswith("@@"):
        name = node.text[1:]
        desk.refer("reply", name, node.place)
        return Text(ref=name, place=node.place)
    if not node.text.strip():
        desk.tell(node.place, "E104", "the text is empty")
        return None
    shown = Scalar(node.text[1:], node.place, node.plain) if node.text.startswith("@@") else node
    template = desk.template(shown)
    if template is None:
        return None
    return Text(variants=(Variant(template=template),), place=node.place)


def _variants(desk: Desk, node: Items) -> tuple[Variant, ...]:
    return desk.all_of(node, lambda item: _variant(desk, item))


def _variant(desk: Desk, node: Node) -> Variant | None:
    weight = 1.0
    body: Node | None = node
    if isinstance(node, Table):
        entries = desk.table(node, ("text", "weight"), "a wording")
        body = entries["text"].value if "text" in entries else None
        if "weight" in entries:
            read = desk.number(entries["weight"].value, 0, 1000)
            weight = 1.0 if read is None else read
    if not isinstance(body, Scalar):
        desk.wrong(node if body is None else body, "a text, or {text, weight}")
        return None
    said = _plain(desk, body)
    if said is None:
        return None
    if said.ref:
        return Variant(template=Template(source=""), weight=weight, ref=said.ref)
    return Variant(template=said.variants[0].template, weight=weight)


def _table(desk: Desk, node: Table) -> Text:
    entries = desk.table(node, TEXT_KEYS, "a reply")
    value = {name: entry.value for name, entry in entries.items()}
    body = read_text(desk, value.get("text"))
    variants = body.variants if body else ()
    if "variants" in value:
        variants = _variants(desk, Items(desk.each(value["variants"]), node.place))
    languages = value.get("lang")
    if isinstance(languages, Table):
        desk.refer("languages", " ".join(languages.entries), entries["lang"].place)
    if not any(key in value for key in BODIES):
        desk.tell(node.place, "E102", "'text' is missing")
    return Text(
        variants=variants,
        languages=_languages(desk, languages),
        ref=body.ref if body else "",
        buttons=desk.all_of(value.get("buttons"), desk.template),
        media=_media(desk, value.get("media")),
        caption=read_text(desk, value.get("caption")),
        poll=_poll(desk, value.get("poll")),
        location=_location(desk, value.get("location")),
        contact=_contact(desk, value.get("contact")),
        quote=desk.flag(value.get("quote")),
        mention=desk.flag(value.get("mention")),
        place=node.place,
    )


def _languages(desk: Desk, node: Node | None) -> dict[str, Text]:
    if node is None:
        return {}
    if not isinstance(node, Table):
        desk.wrong(node, "a mapping of languages, such as {en: Hello, es: Hola}")
        return {}
    found = {name: read_text(desk, entry.value) for name, entry in node.entries.items()}
    return {name: text for name, text in found.items() if text is not None}


def _media(desk: Desk, node: Node | None) -> MediaFile | None:
    if node is None:
        return None
    entries = desk.table(node, ("file", "url", "kind", "name", "voice"), "a medium")
    value = {name: entry.value for name, entry in entries.items()}
    if ("file" in value) == ("url" in value):
        desk.tell(node.place, "E104", "a medium has exactly one of 'file' and 'url'")
    kind = desk.one_of(value["kind"], "kind", MEDIA_KINDS) if "kind" in value else ""
    file = desk.template(value.get("file"))
    if file is not None and file.is_plain:
        desk.refer("file", file.plain, value["file"].place)
    return MediaFile(
        kind=kind or "",
        file=file,
        url=desk.template(value.get("url")),
        name=desk.template(value.get("name")),
        voice=desk.flag(value.get("voice")),
    )


def _location(desk: Desk, node: Node | None) -> Expression | dict[str, Template] | None:
    """Return a place: an expression that gives one, or {lat, lng, name}, or text for name."""
    if not isinstance(node, Table):
        return desk.expression(node)
    entries = desk.table(node, ("lat", "lng", "name", "text"), "a place")
    if "name" in entries and "text" in entries:
        desk.tell(node.place, "E104", "a place has one of 'name' and 'text'")
    for key in ("lat", "lng"):
        if key not in entries:
            desk.tell(node.place, "E102", f"'{key}' is missing")
    found = {name: desk.template(entry.value) for name, entry in entries.items()}
    return {name: value for name, value in found.items() if value is not None}


def _contact(desk: Desk, node: Node | None) -> dict[str, Template] | None:
    """Return a card: {name, number}, or the number alone."""
    if node is None:
        return None
    if not isinstance(node, Table):
        number = desk.template(node)
        return None if number is None else {"number": number}
    entries = desk.table(node, ("name", "number"), "a contact")
    if "number" not in entries:
        desk.tell(node.place, "E102", "'number' is missing")
    found = {name: desk.template(entry.value) for name, entry in entries.items()}
    return {name: value for name, value in found.items() if value is not None}


def _poll(desk: Desk, node: Node | None) -> tuple[Template, tuple[Template, ...], bool] | None:
    if node is None:
        return None
    entries = desk.table(node, ("question", "options", "multiple"), "a poll")
    value = {name: entry.value for name, entry in entries.items()}
    question = desk.template(value.get("question"))
    options = desk.all_of(value.get("options"), desk.template)
    if question is None or len(options) < 2:
        desk.tell(node.place, "E104", "a poll has a 'question' and at least two 'options'")
        return None
    return question, options, desk.flag(value.get("multiple"))


def read_setting(desk: Desk, node: Node | None) -> Setting | None:
    """Return a free value: a template, or a tree of them."""
    match node:
        case None:
            return None
        case Scalar():
            return desk.template(node)
        case Items():
            return desk.all_of(node, lambda item: read_setting(desk, item))
        case Table():
            return read_settings(desk, node)


def read_settings(desk: Desk, node: Node | None) -> dict[str, Setting]:
    """Return a mapping of free values."""
    if node is None:
        return {}
    if not isinstance(node, Table):
        desk.wrong(node, "a mapping of names and values")
        return {}
    found = {name: read_setting(desk, entry.value) for name, entry in node.entries.items()}
    return {name: value for name, value in found.items() if value is not None}


def read_templates(desk: Desk, node: Node | None) -> dict[str, Template]:
    """Return a mapping of names to texts."""
    if node is None:
        return {}
    if not isinstance(node, Table):
        desk.wrong(node, "a mapping of names and texts")
        return {}
    found = {name: desk.template(entry.value) for name, entry in node.entries.items()}
    return {name: value for name, value in found.items() if value is not None}
