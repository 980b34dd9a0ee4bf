"""Whether a message of the bot is the one that a test wants, and how the difference reads."""

import difflib
from collections.abc import Iterator, Mapping

from bot.domain.bodies import Attachment, Body, Poll
from bot.domain.messages import ContactCard, Location
from bot.testing.lines import Wanted
from bot.testing.room import Said
from bot.testing.values import printed, quoted, same

LONGEST = 200  # characters of a text in the first line of a failure


def fits(wanted: Wanted, said: Said) -> bool:
    """Tell whether a message is as wanted, whoever it goes to."""
    text = said.text
    return (
        (wanted.text is None or _is(wanted, said))
        and all(_plain(part) in _plain(text) for part in wanted.contains)
        and (wanted.regex is None or any(map(wanted.regex.search, (text, _plain(text)))))
        and (not wanted.any_of or any(fits(one, said) for one in wanted.any_of))
        and (wanted.buttons is None or wanted.buttons == said.send.buttons)
        and (wanted.lang is None or _language(said) == wanted.lang[:2])
        and (wanted.quote is None or wanted.quote is said.send.quote)
        and wanted.deed is None
        and _carries(wanted, said.send.body)
    )


def _is(wanted: Wanted, said: Said) -> bool:
    """Compare exactly, but for blanks at the very ends, which WhatsApp cuts.

    With ``buttons`` or ``poll`` beside it, the text may leave out the numbered menu.
    """
    assert wanted.text is not None
    text, meant = _plain(said.text), _plain(wanted.text)
    if text == meant or (wanted.buttons is None and wanted.poll is None):
        return text == meant
    entries = "\n".join(f"{n}. {label}" for n, label in enumerate(said.send.buttons, 1))
    return text.removesuffix(entries).strip() == meant


def _plain(text: str) -> str:
    """Return a text with blanks as they are typed: "R$ 24,00" is printed with one that holds."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").strip()


def _language(said: Said) -> str:
    return (said.send.language or said.language)[:2]


def _carries(wanted: Wanted, body: Body | None) -> bool:
    """Tell whether a message carries the medium, poll, place or card that is wanted."""
    named = {
        "media": wanted.media, "poll": wanted.poll, "location": wanted.location,
        "contact": wanted.contact,
    }  # fmt: skip
    asked = {name: one for name, one in named.items() if one is not None}
    if body is None or not asked:
        return not asked
    match body:
        case Attachment(kind=kind, name=name, file=file, url=url):
            shown = name or (file or url).rpartition("/")[2]
            return _only("media", asked, {"kind": kind.value, "name": shown})
        case Poll(options=options):
            return asked == {"poll": options}
        case Location(text=text):
            return asked == {"location": text} or _only("location", asked, body)
        case ContactCard(name=name, number=number):
            return asked == {"contact": name} or _only(
                "contact", asked, {"name": name, "number": number}
            )


def _only(name: str, asked: Mapping[str, object], found: object) -> bool:
    return set(asked) == {name} and same(found, asked[name])


def told(wanted: Wanted) -> str:
    """Return what is wanted, in words."""
    return ", ".join([*_words(wanted), *_parts(wanted)]) or "a message"


def _words(wanted: Wanted) -> Iterator[str]:
    if wanted.text is not None:
        yield _short(wanted.text)
    if wanted.contains:
        yield "a text with " + " and ".join(map(_short, wanted.contains))
    if wanted.regex is not None:
        yield f"a text that fits {quoted(wanted.regex.pattern)}"
    if wanted.any_of:
        yield "one of " + " or ".join(map(told, wanted.any_of))


def _parts(wanted: Wanted) -> Iterator[str]:
    named = {
        "media": wanted.media, "poll": wanted.poll, "location": wanted.location,
        "contact": wanted.contact, "buttons": wanted.buttons,
    }  # fmt: skip
    for name, carried in named.items():
        if carried is not None:
            yield f"{name} {printed(carried)}"
    if wanted.quote is not None:
        yield "quoting" if wanted.quote else "not quoting"
    if wanted.deed is not None:
        yield " ".join(wanted.deed).strip()
    if wanted.lang is not None:
        yield f"in language {wanted.lang}"
    if wanted.to:
        yield f"to {wanted.to}"


def _short(text: str) -> str:
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return quoted(cut)


def difference(wanted: Wanted, said: Said) -> str:
    """Return what was wanted and what came, with a diff when either has several lines."""
    line = f"expected {told(wanted)} got {_short(said.text)}"
    if not _carries(wanted, said.send.body):
        line += f" {_carried(said.send.body)}"
    if wanted.buttons is not None and wanted.buttons != said.send.buttons:
        line += f" with buttons {printed(said.send.buttons)}"
    if wanted.lang is not None and _language(said) != wanted.lang[:2]:
        line += f" in language {_language(said)}"
    if wanted.quote is not None and wanted.quote is not said.send.quote:
        line += " that quotes" if said.send.quote else " that quotes nothing"
    text = wanted.text
    if text is None or "\n" not in text.strip() + said.text.strip():
        return line
    return f"{line}\n{diff(text, said.text)}"


def _carried(body: Body | None) -> str:
    match body:
        case Attachment(kind=kind, name=name, file=file, url=url):
            return f"with {kind.value} {name or (file or url).rpartition('/')[2]}"
        case Poll(options=options):
            return f"with poll {printed(options)}"
        case Location(latitude=latitude, longitude=longitude):
            return f"with location {latitude}, {longitude}"
        case ContactCard(name=name):
            return f"with contact {name}"
        case None:
            return "as a bare text"


def diff(wanted: str, said: str) -> str:
    """Return two texts line by line: ``-`` what was wanted, ``+`` what came."""
    lines = difflib.ndiff(wanted.strip().split("\n"), said.strip().split("\n"))
    return "\n".join(f"    {line}".rstrip() for line in lines if not line.startswith("?"))


def also_said(said: list[Said]) -> str:
    """Return what no line expects: the first on the line, the others below."""
    first, *others = said
    line = f"the bot also said {_short(first.text)}"
    return "\n".join([line, *(f"    + {_short(one.text)}" for one in others)])
