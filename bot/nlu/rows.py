"""Rows to judge or learn from, out of JSON lines, JSON, CSV or YAML, by what people call them."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.nlu.entity_rows import fault_of

Row = dict[str, Any]
Placed = tuple[str, object]  # where it stands, and what stands there

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("row_id", "uid", "key"),
    "text": ("message", "utterance", "sentence", "query", "phrase", "example", "body", "texto",
             "mensaje", "mensagem"),
    "lang": ("language", "locale", "idioma"),
    "intent": ("label", "category", "class"),
    "label": ("sentiment", "tone", "polarity"),
    "mood": ("label", "sentiment"),
    "messages": ("turns", "conversation", "dialogue", "dialog"),
    "type": ("entity", "kind"),
    "value": ("expected", "gold"),
    "from": ("role", "sender", "speaker", "author"),
}  # fmt: skip
"""What else people write above a column; the name itself goes first."""

READ: Mapping[str, tuple[str, ...]] = {
    "intent": ("id", "text", "lang", "intent"),
    "sentiment": ("id", "text", "lang", "label"),
    "mood": ("id", "messages", "lang", "mood"),
    "entities": ("id", "text", "lang", "type", "value"),
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "intent": ("text",),
    "sentiment": ("text",),
    "mood": ("messages",),
    "entities": ("text", "type"),
}
LABELS: Mapping[str, str] = {
    "neg": "negative", "neu": "neutral", "pos": "positive",
    "negative": "negative", "neutral": "neutral", "positive": "positive",
}  # fmt: skip
TONES = frozenset(("label", "mood"))
CUSTOMERS = frozenset(("customer", "user", "client", "contact", "human", "cliente"))
HELD = frozenset(("messages", "value"))  # they may be lists and objects
TALK = '[{"from": "customer", "text": "hi"}]'
WHOLE = frozenset(("id", "takeover", "value"))  # in a table, they may be JSON


def read_rows(file: Path) -> list[Row]:
    """Return the rows of a file, as they are written there.

    ``.csv``, ``.tsv``, ``.yaml`` and ``.yml`` are read as such, all others as JSON lines or as one
    JSON list. Raises ValueError with the place of what cannot be read.
    """
    return [row for _, row in _placed(file)]


def rows_to_judge(
    file: Path, task: str, doubt: Callable[[str], object] = lambda _: None
) -> list[Row]:
    """Return the rows of a file under the names that a task reads.

    A row without an id gets its number. Raises ValueError with the place of the first row that
    lacks what the task reads.

    Args:
        doubt: Called with the place and the remedy of each row that is read although something in
            it says nothing.
    """
    found = []
    for number, (place, row) in enumerate(_placed(file), start=1):
        named = _named(row, READ[task])
        for name in NEEDED[task]:
            if name not in named:
                raise ValueError(f"{place}: {_lacking(name, row)}")
        if named.get("id") is None:
            named["id"] = number
        if task == "entities" and (fault := fault_of(named)):
            doubt(f"{place}: {fault}")
        try:
            found.append(_checked(_labelled(named, row, task)))
        except ValueError as reason:
            raise ValueError(f"{place}: {reason}") from None
    return found


def repeated_ids(rows: Sequence[Row]) -> list[str]:
    """Return the ids that several rows have, as they are written, in the order of the rows."""
    counts = Counter(json.dumps(row.get("id"), sort_keys=True, default=str) for row in rows)
    return [told for told, count in counts.items() if count > 1]


def rows_to_learn(file: Path) -> list[Row]:
    """Return the examples of a file: ``text``, ``intent``, ``lang`` where it is told.

    YAML may also hold texts by intent, as in models/intents. Raises ValueError with the place.
    """
    found = []
    for place, row in _placed(file):
        named = _named(row, READ["intent"])
        for name in ("text", "intent"):
            if name not in named:
                raise ValueError(f"{place}: {_lacking(name, row)}")
        found.append(named)
    if not any(row["intent"] is not None for row in found):
        raise ValueError(f"{file}: no row has an intent to learn; write one beside each text")
    return found


def _labelled(named: Row, row: Row, task: str) -> Row:
    """Return a row with its tone in our words, and without one where it is null.

    What stands under another name than ours and is no tone is no label. Raises ValueError where
    it stands under ours.
    """
    for name in TONES.intersection(READ[task]):
        given = named.get(name)
        tone = LABELS.get(str(given).strip().casefold())
        if name not in named or tone is not None:
            named |= {name: tone} if tone else {}
        elif given is None or name not in row:
            del named[name]
        else:
            raise ValueError(f"'{name}' is {given!r}; write negative, neutral or positive")
    return named


def _checked(row: Row) -> Row:
    """Return a row with its text, intent and messages as they are read; raises ValueError."""
    if isinstance(row.get("text"), list | dict):
        raise ValueError("'text' is no text but a list or an object")  # noqa: TRY004 - a file's mistake
    row["text"] = "" if row.get("text") is None else str(row["text"])
    if row.get("intent") is not None:
        row["intent"] = str(row["intent"])
    if "messages" not in row:
        return row
    messages = row["messages"]
    if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        raise ValueError(f"'messages' is no list of {{from, text}}; write {TALK}")
    row["messages"] = [_message(at, one) for at, one in enumerate(messages, start=1)]
    return row


def _message(at: int, written: Row) -> Row:
    message = _named(written, ("from", "text"))
    sender, said = str(message.get("from") or "").strip().casefold(), message.get("text")
    if not sender:
        raise ValueError(f"message {at} has no 'from'; write customer or business")
    return message | {
        "from": "customer" if sender in CUSTOMERS else "business",
        "text": "" if said is None else str(said),
    }


def _named(row: Row, names: Sequence[str]) -> Row:
    """Return a row with what it calls otherwise under the names that are read."""
    by_name = {str(key).strip().casefold(): key for key in row}
    found = dict(row)
    for name in names:
        written = next((by_name[one] for one in (name, *NAMES[name]) if one in by_name), None)
        if written is not None and (name in HELD or not isinstance(row[written], dict | list)):
            found[name] = row[written]
    return found


def _lacking(name: str, row: Row) -> str:
    there = ", ".join(str(key) for key in row) or "nothing"
    form = f"; it looks like {TALK}" if name == "messages" else ""
    return f"'{name}' is missing; there is: {there}{form}"


# ---------------------------------------------------------------------- files


def _placed(file: Path) -> Iterator[tuple[str, Row]]:
    """Yield each row of a file, and where it stands."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as reason:
        told = f"not UTF-8 (byte {reason.start + 1}); save it as UTF-8"
        raise ValueError(f"{file}: {told}") from reason
    match file.suffix.casefold():
        case ".csv" | ".tsv":
            rows: Iterator[Placed] = _of_table(file, text)
        case ".yaml" | ".yml":
            rows = _of_yaml(file, text)
        case _:
            rows = _of_json(file, text)
    for place, row in rows:
        if not isinstance(row, dict):
            it_is = json.dumps(row)[:40]
            raise ValueError(f"{place}: not a JSON object (it is {it_is})")  # noqa: TRY004 - a file's mistake
        yield place, row


def _of_json(file: Path, text: str) -> Iterator[Placed]:
    if text.lstrip().startswith("["):
        try:
            listed = json.loads(text)
        except ValueError as reason:
            raise ValueError(f"{file}: not a JSON list ({reason})") from reason
        yield from ((f"{file}: row {at}", row) for at, row in enumerate(listed, start=1))
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield f"{file}:{number}", json.loads(line)
        except json.JSONDecodeError as reason:
            told = f"not a JSON object ({reason.msg}, column {reason.colno})"
            raise ValueError(f"{file}:{number}: {told}") from reason


def _of_table(file: Path, text: str) -> Iterator[Placed]:
    """Yield the rows below the first line, which names the columns; an empty cell is null."""
    head = text.partition("\n")[0]
    mark = max("\t;,", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    last = 1
    try:
        for row in reader:
            place, last = f"{file}:{last + 1}", reader.line_num
            if None in row:
                raise ValueError(f"{place}: more cells than the first line has names")
            yield place, {name: _cell(name, cell) for name, cell in row.items()}
    except csv.Error as reason:
        told = "a quote is not closed" if "unexpected end" in str(reason) else reason
        raise ValueError(f"{file}:{last + 1}: not a table ({told})") from reason


def _cell(name: str, cell: str | None) -> object:
    """Return a cell; what may be a number or an object is read as such."""
    plain = name.strip().casefold()
    said = (cell or "").strip()
    if plain in ("text", *NAMES["text"]):
        return cell or ""
    if said in ("", "null"):
        return None
    if plain in WHOLE or plain in ("messages", *NAMES["value"], *NAMES["messages"]):
        try:
            return json.loads(said)
        except ValueError:
            return said
    return said


def _of_yaml(file: Path, text: str) -> Iterator[Placed]:
    import yaml

    try:
        tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it builds texts only
    except yaml.YAMLError as reason:
        mark = getattr(reason, "problem_mark", None)
        place = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else str(file)
        raise ValueError(f"{place}: not valid YAML") from reason
    if isinstance(tree, dict):
        listed = next((tree[one] for one in ("rows", "data") if one in tree), None)
        tree = list(_of_intents(tree.get("intents", tree))) if listed is None else listed
    if not isinstance(tree, list):
        raise ValueError(f"{file}: no list of rows")  # noqa: TRY004 - a file's mistake
    for number, row in enumerate(tree, start=1):
        yield f"{file}: row {number}", _typed(row)


def _of_intents(tree: object) -> Iterator[object]:
    """Yield the examples of texts by intent."""
    if not isinstance(tree, dict):
        return
    for name, body in tree.items():
        examples = body.get("examples") if isinstance(body, dict) and "examples" in body else body
        by_lang = examples if isinstance(examples, dict) else {None: examples}
        for lang, texts in by_lang.items():
            if isinstance(texts, list):
                yield from ({"text": one, "intent": name, "lang": lang} for one in texts)


def _typed(row: object) -> object:
    """Return a row of YAML, whose every scalar is text, with its numbers and nulls."""
    if not isinstance(row, dict):
        return row
    return {
        name: _cell(str(name), cell) if isinstance(cell, str) else cell
        for name, cell in row.items()
    }
