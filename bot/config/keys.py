"""How each kind of key is read: text with its place becomes a value, or a problem."""

import re
from collections.abc import Callable, Mapping
from dataclasses import field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.domain.data import dataclass

T = TypeVar("T")
PREFIX = "ALEXIA_"  # of the names in the environment that stand for keys
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}  # seconds
TRUE = ("true", "yes", "on")
FALSE = ("false", "no", "off")


@dataclass(frozen=True, slots=True)
class Written:
    """A value as it stands in the file or the environment: text, a table or a list."""

    value: "str | dict[str, Written] | list[Written]"
    place: str
    key_place: str = ""

    @property
    def empty(self) -> bool:
        """Nothing was written behind the key."""
        return self.value in ("", "~", "null")


@dataclass(slots=True)
class Reading:
    """What is gathered while one configuration is read."""

    folder: Path
    env: Mapping[str, str]
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)

    def problem(self, written: Written, what: str, help_text: str = "") -> None:
        """Note a mistake at its place."""
        self.problems.append(
            f"{written.place}: {what}" + (f"\n    = help: {help_text}" if help_text else "")
        )


Reader = Callable[[Reading, str, Written], T | None]


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that is never printed."""

    value: str

    def __repr__(self) -> str:
        return "Secret('•••')"

    def __bool__(self) -> bool:
        return bool(self.value)


def key(default: T, read: Reader[T]) -> T:
    """Declare a key of the configuration: its default and how it is read."""
    return field(default_factory=lambda: default, metadata={"read": read})


def flag(reading: Reading, name: str, written: Written) -> bool | None:
    """Read true or false."""
    word = str(written.value).lower()
    if word in TRUE + FALSE:
        return word in TRUE
    reading.problem(written, f"E104 {written.value!r} is not true/false for {name!r}")
    return None


def text(reading: Reading, name: str, written: Written) -> str | None:
    """Read a plain text."""
    if isinstance(written.value, str):
        return written.value
    reading.problem(written, f"E104 {name!r} takes one text")
    return None


def path(reading: Reading, name: str, written: Written) -> Path | None:
    """Read a path; relative ones count from the folder of the config."""
    found = text(reading, name, written)
    return Path(found).expanduser() if found else None


def whole(least: int, most: int) -> Reader[int]:
    """Return a reader of whole numbers within bounds."""

    def read(reading: Reading, name: str, written: Written) -> int | None:
        if isinstance(written.value, str) and re.fullmatch(r"\d{1,9}", written.value):
            number = int(written.value)
            if least <= number <= most:
                return number
        reading.problem(
            written, f"E104 {name!r} takes a whole number from {least} to {most}: {_said(written)}"
        )
        return None

    return read


def decimal(reading: Reading, name: str, written: Written) -> float | None:
    """Read a number that may have decimals."""
    if isinstance(written.value, str) and re.fullmatch(r"\d{1,9}(\.\d{1,6})?", written.value):
        return float(written.value)
    reading.problem(written, f"E104 {name!r} takes a number, like 5 or 1.5: {_said(written)}")
    return None


def duration(reading: Reading, name: str, written: Written) -> timedelta | None:
    """Read a duration: 30s, 20m, 12h, 7d, 1h30m, 500ms, or 0."""
    if written.value == "0":
        return timedelta(0)
    parts = r"(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h|d)"
    if isinstance(written.value, str) and re.fullmatch(f"({parts})+", written.value):
        found = re.findall(parts, written.value)
        return timedelta(seconds=sum(float(count) * UNITS[unit] for count, unit in found))
    reading.problem(
        written,
        f"E104 {_said(written)} is not a duration for {name!r}; write 30s, 20m, 12h, 7d or 1h30m",
    )
    return None


def kept_for(reading: Reading, name: str, written: Written) -> timedelta | None:
    """Read how long something is kept; ``forever`` gives the longest duration there is."""
    if written.value == "forever":
        return timedelta.max
    return duration(reading, name, written)


def one_of(*words: str) -> Reader[str]:
    """Return a reader of one word out of a closed list."""

    def read(reading: Reading, name: str, written: Written) -> str | None:
        if written.value in words:
            return str(written.value)
        near = nearest(str(written.value), words)
        reading.problem(
            written,
            f"E103 {_said(written)} is not allowed for {name!r}",
            (f"did you mean {near!r}? " if near else "") + f"one of: {', '.join(words)}",
        )
        return None

    return read


def shaped(pattern: str, what: str) -> Reader[str]:
    """Return a reader of texts that a regular expression describes whole."""

    def read(reading: Reading, name: str, written: Written) -> str | None:
        if isinstance(written.value, str) and re.fullmatch(pattern, written.value):
            return written.value
        reading.problem(written, f"E104 {_said(written)} is not {what} for {name!r}")
        return None

    return read


def web_address(reading: Reading, name: str, written: Written) -> str | None:
    """Read an http(s) address."""
    found = text(reading, name, written)
    if found is None:
        return None
    try:
        parts = urlsplit(found)
        if parts.scheme in ("http", "https") and parts.hostname and not parts.username:
            return found
    except ValueError:
        pass
    reading.problem(written, f"E104 {_said(written)} is not an http(s) address for {name!r}")
    return None


def timezone(reading: Reading, name: str, written: Written) -> str | None:
    """Read the IANA name of a time zone."""
    import zoneinfo

    found = text(reading, name, written)
    try:
        return zoneinfo.ZoneInfo(found or "").key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest(found or "", sorted(zoneinfo.available_timezones()))
        reading.problem(
            written,
            f"E103 {_said(written)} is no time zone for {name!r}",
            f"did you mean {near!r}?" if near else "write it like America/Sao_Paulo",
        )
        return None


def secret(reading: Reading, name: str, written: Written) -> Secret | None:
    """Read ``${ENV}``, ``file:PATH`` or, with a warning, the secret itself."""
    found = text(reading, name, written)
    if found is None:
        return None
    if named := re.fullmatch(r"\$\{(\w+)\}", found):
        if named[1] in reading.env:
            return Secret(reading.env[named[1]])
        reading.problem(
            written,
            f"E103 the environment holds no {named[1]} for {name!r}",
            f"set {named[1]} where this command runs, or keep the value in a file: file:PATH",
        )
        return None
    if found.startswith("file:"):
        return _secret_of_file(reading, name, written, found.removeprefix("file:"))
    reading.warnings.append(
        f"{written.place}: {name!r} holds its secret in plain sight; write ${{NAME}} or file:PATH"
    )
    return Secret(found)


def _secret_of_file(reading: Reading, name: str, written: Written, where: str) -> Secret | None:
    try:
        return Secret((reading.folder / Path(where).expanduser()).read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError) as failure:
        reading.problem(written, f"E103 the file of {name!r} cannot be read: {failure}")
        return None


def list_of(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """Return a reader of lists; one item alone will do, the environment parts them by commas."""

    def read_all(reading: Reading, name: str, written: Written) -> tuple[T, ...] | None:
        items = written.value
        if isinstance(items, str) and written.place.startswith(PREFIX):
            items = [Written(part.strip(), written.place) for part in items.split(",") if part]
        if not isinstance(items, list):
            items = [] if written.empty else [written]
        found = [read(reading, f"{name}[{n}]", item) for n, item in enumerate(items)]
        return tuple(item for item in found if item is not None)

    return read_all


def by_language(reading: Reading, name: str, written: Written) -> dict[str, str] | None:
    """Read one text for all languages (kept under ``""``) or a table of texts by language."""
    if isinstance(written.value, dict):
        texts = {code: text(reading, f"{name}.{code}", w) for code, w in written.value.items()}
        return {code: found for code, found in texts.items() if found}
    found = text(reading, name, written)
    return {"": found} if found else None


def table(kind: type[T]) -> Reader[T]:
    """Return a reader of a table with the keys of a dataclass."""

    def read(reading: Reading, name: str, written: Written) -> T | None:
        if isinstance(written.value, dict):
            return kind(**read_keys(reading, kind, name, written.value))
        reading.problem(written, f"E104 {name!r} takes a table with: {', '.join(readers(kind))}")
        return None

    return read


def readers(kind: type) -> dict[str, Reader[Any]]:
    """Return the keys that a dataclass declares, with their readers."""
    declared = fields(kind)
    return {one.name: one.metadata["read"] for one in declared if "read" in one.metadata}


def read_keys(
    reading: Reading, kind: type, above: str, found: Mapping[str, Written]
) -> dict[str, Any]:
    """Return what is written for the keys of a dataclass; unknown keys are problems."""
    known, values = readers(kind), {}
    for name, written in found.items():
        full = f"{above}.{name}" if above else name
        if name not in known:
            near = nearest(name, tuple(known))
            what = f"did you mean {near!r}?" if near else f"known here: {', '.join(known)}"
            at = Written("", written.key_place or written.place)
            reading.problem(at, f"E101 unknown key {full!r}", what)
        elif not written.empty:
            reading.origins[full] = written.place
            value = known[name](reading, full, written)
            if value is not None:
                values[name] = value
    return values


def nearest(word: str, words: tuple[str, ...] | list[str]) -> str:
    """Return the word that was probably meant, "" when none is near."""
    import difflib

    return next(iter(difflib.get_close_matches(word, words, 1, 0.6)), "")


def _said(written: Written) -> str:
    return repr(written.value) if isinstance(written.value, str) else "a table or list"
