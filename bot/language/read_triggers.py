"""Reads what starts a rule or a flow."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.domain.understanding import AppealKind, Mood
from bot.language import triggers as t
from bot.language.cron import DAY, EXAMPLES, FIELDS, MONTH, WEEKDAY, WEEKDAYS, has_day, parse_field
from bot.language.desk import Desk
from bot.language.durations import parse_duration
from bot.language.folding import spellings
from bot.language.places import Place
from bot.language.problems import clipped
from bot.language.read_texts import read_templates
from bot.language.source import Entry, Node, Scalar, Table

MEDIA = ("image", "video", "audio", "voice", "document", "sticker", "location", "contact", "poll")
SHORTEST = timedelta(minutes=1)  # between two moments of a schedule

Values = Mapping[str, Node]
Reader = Callable[[Desk, Values, dict[str, Any]], t.Trigger | None]


def read_triggers(desk: Desk, node: Node | None) -> tuple[t.Trigger, ...]:
    """Return the triggers of a `when`."""
    return desk.all_of(node, lambda item: read_trigger(desk, item))


def read_trigger(desk: Desk, node: Node) -> t.Trigger | None:
    """Return one trigger."""
    if not isinstance(node, Table):
        desk.wrong(node, "a trigger, such as {keyword: hello}")
        return None
    verbs = [name for name in node.entries if name in KINDS]
    if len(verbs) != 1:
        _not_one(desk, node, verbs)
        return None
    read, more = KINDS[verbs[0]]
    entries = desk.table(node, (verbs[0], "with", *more), "a trigger")
    values = {name: entry.value for name, entry in entries.items()}
    desk.filled(values[verbs[0]], verbs[0], "it starts nothing")
    captures = read_templates(desk, values.get("with"))
    desk.scope.names.update(captures)
    return read(desk, values, {"place": _place(entries, verbs[0]), "captures": captures})


def _place(entries: Mapping[str, Entry], verb: str) -> Place:
    return entries[verb].place


def _not_one(desk: Desk, node: Table, verbs: list[str]) -> None:
    if verbs:
        desk.tell(node.place, "E104", f"a trigger is exactly one thing; found {' + '.join(verbs)}."
                  f" Write {len(verbs)} triggers in a list")  # fmt: skip
        return
    for entry in node.entries.values():
        desk.unknown_key(entry, tuple(KINDS))
    if not node.entries:
        desk.tell(node.place, "E102", "a trigger is missing")


def _keyword(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    words = desk.words(values["keyword"])
    match = desk.one_of(values["match"], "match", list(t.Match)) if "match" in values else "word"
    if match == "contains" and any(len(word.strip()) < 3 for word in words):
        desk.tell(base["place"], "W302", "'match: contains' with fewer than 3 letters hits nearly"
                  " everything", "use match: word")  # fmt: skip
    fuzzy, case = desk.whole(values.get("fuzzy"), 0, 2) or 0, desk.flag(values.get("case"))
    if match != "contains" and not fuzzy and not case:
        words = tuple(dict.fromkeys(form for word in words for form in spellings(word)))
    return t.Keyword(
        words=words,
        match=t.Match(match or "word"),
        fuzzy=fuzzy,
        case=case,
        language=desk.text(values.get("lang")),
        **base,
    )


def _pattern(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    return t.PatternTrigger(patterns=desk.all_of(values["pattern"], desk.pattern), **base)


def _regex(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    return t.Regex(patterns=desk.all_of(values["regex"], desk.regex), **base)


def _command(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    name = desk.word(values["command"])
    desk.scope.names.add("args")
    return None if name is None else t.Command(name=name.lstrip("/").casefold(), **base)


def _intent(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    names = desk.words(values["intent"])
    for node in desk.each(values["intent"]):
        if isinstance(node, Scalar) and node.text:
            desk.refer("intent", node.text, node.place)
    return t.Intent(names=names, least=desk.number(values.get("min"), 0, 1), **base)


def _unclear(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    names = tuple(name for name in desk.words(values["unclear"]) if name != "any")
    for node in desk.each(values["unclear"]):
        if isinstance(node, Scalar) and node.text in names:
            desk.refer("intent", node.text, node.place)
    margin, least = desk.number(values.get("margin"), 0, 1), desk.number(values.get("min"), 0, 1)
    return t.Unclear(
        names=names,
        margin=t.MARGIN if margin is None else margin,
        least=t.HARDLY if least is None else least,
        **base,
    )


def read_appeal(desk: Desk, node: Node) -> tuple[AppealKind, ...]:
    """Return the kinds of an `appeal`."""
    told = desk.all_of(node, lambda item: desk.one_of(item, "appeal", list(AppealKind)))
    return tuple(AppealKind(kind) for kind in told)


def _appeal(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    least = desk.number(values.get("min"), 0, 1)
    return t.AppealTrigger(kinds=read_appeal(desk, values["appeal"]), least=least, **base)


def _sentiment(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    label = desk.one_of(values["sentiment"], "sentiment", list(Mood))
    if label is None:
        return None
    least = desk.number(values.get("min"), 0, 1) or 0.0
    over = desk.whole(values.get("over"), 1, 20) or 1
    return t.SentimentTrigger(label=Mood(label), least=least, over=over, **base)


def read_mood(desk: Desk, node: Node) -> tuple[float | None, float | None]:
    """Return the bounds (below, above) of a `mood`."""
    found = desk.word(node) or ""
    match = re.fullmatch(r"(below|above)\s+(-?\d(?:\.\d+)?)", found.strip())
    if match is None or abs(float(match[2])) > 1:
        desk.wrong(node, "a mood, such as 'below -0.4' or 'above 0.5'")
        return None, None
    bound = float(match[2])
    return (bound, None) if match[1] == "below" else (None, bound)


def _mood(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    below, above = read_mood(desk, values["mood"])
    return t.MoodTrigger(below=below, above=above, **base)


def _language(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    return t.LanguageTrigger(codes=desk.words(values["language"]), **base)


def _media(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    kinds = desk.all_of(values["media"], lambda node: desk.one_of(node, "media", MEDIA))
    return t.MediaTrigger(kinds=kinds, **base)


def _reaction(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    emoji = tuple(one for one in desk.words(values["reaction"]) if one != "any")
    return t.Reaction(emoji=emoji, **base)


def _event(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    name = desk.word(values["event"])
    desk.scope.is_open = desk.scope.is_open or name != "message.in"
    where = read_templates(desk, values.get("where"))
    return None if name is None else t.Event(name=name, where=where, **base)


def _webhook(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    name = desk.word(values["webhook"])
    desk.scope.is_open = True
    where = read_templates(desk, values.get("where"))
    return None if name is None else t.WebhookTrigger(name=name, where=where, **base)


def _schedule(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    node = values["schedule"]
    said = desk.word(node)
    if said is None:
        return None
    if said.startswith("every "):
        every = parse_duration(said.removeprefix("every "))
        if every is None:
            desk.wrong(node, "an interval, such as 'every 30m'")
            return None
        if every < SHORTEST:
            desk.wrong(node, "an interval of 1m at least")
            return None
        return t.Schedule(every=every, **base)
    if len(said.split()) != 5:
        desk.wrong(node, "five fields of cron, such as '30 9 * * mon', or 'every 30m'")
        return None
    cron = read_cron(desk, node, said)
    return None if cron is None else t.Schedule(cron=cron, **base)


def read_cron(desk: Desk, node: Node, said: str) -> str | None:
    """Return a cron line of five fields with weekday names; None when it is wrong."""
    fields = said.split()
    if re.search(r"\d", fields[WEEKDAY]):
        desk.tell(node.place, "E211", f"weekday numbers mean different days to different programs:"
                  f" '{fields[WEEKDAY]}'", f"write names: {', '.join(WEEKDAYS)}")  # fmt: skip
        return None
    wrong = next((n for n, one in enumerate(fields) if parse_field(one, n) is None), None)
    if wrong is not None:
        desk.tell(node.place, "E104", f"'{clipped(fields[wrong])}' is not {FIELDS[wrong]} of cron",
                  f"such as {EXAMPLES[wrong]}, or * for every one")  # fmt: skip
        return None
    if not has_day(fields[DAY], fields[MONTH]):
        desk.tell(node.place, "W311", f"no month that is meant has such a day: '{fields[DAY]}'",
                  "February has 29 days at most")  # fmt: skip
    return said


def _first(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    return t.FirstMessage(**base) if desk.flag(values["first_message"], default=True) else None


def _after(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    duration = desk.duration(values["after_silence"])
    return None if duration is None else t.AfterSilence(duration=duration, **base)


def _silence(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    duration = desk.duration(values["silence"])
    return None if duration is None else t.Silence(duration=duration, **base)


def _fallback(desk: Desk, values: Values, base: dict[str, Any]) -> t.Trigger | None:
    return t.Fallback(**base) if desk.flag(values["fallback"], default=True) else None


KINDS: Mapping[str, tuple[Reader, tuple[str, ...]]] = {
    "keyword": (_keyword, ("match", "fuzzy", "case", "lang")),
    "pattern": (_pattern, ()),
    "regex": (_regex, ()),
    "command": (_command, ()),
    "intent": (_intent, ("min",)),
    "unclear": (_unclear, ("margin", "min")),
    "appeal": (_appeal, ("min",)),
    "sentiment": (_sentiment, ("min", "over")),
    "mood": (_mood, ()),
    "language": (_language, ()),
    "media": (_media, ()),
    "reaction": (_reaction, ()),
    "event": (_event, ("where",)),
    "webhook": (_webhook, ("where",)),
    "schedule": (_schedule, ()),
    "first_message": (_first, ()),
    "after_silence": (_after, ()),
    "silence": (_silence, ()),
    "fallback": (_fallback, ()),
}
