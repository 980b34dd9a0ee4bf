"""Changes one word or entry of config.yaml and leaves all else as it was written."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config.accounts import MAIN
from bot.domain.errors import AddRefused, ConfigBroken, RemoveRefused, RenameRefused

if TYPE_CHECKING:
    from bot.config import Config

BY_HAND = "write it under sessions: in config.yaml yourself"
REMOVE_BY_HAND = "take its entry out of config.yaml yourself; then  alexia reload  ends it"
NEW_SECTION = "sessions:\n  - name: {name}\n"


def renamed(config: "Config", old: str, new: str) -> "tuple[str, Config]":
    """Return config.yaml with another name for an account, and the configuration as it is then.

    Raises:
        RenameRefused: The name does not stand where one word could be exchanged.
    """
    assert config.file is not None
    text = config.file.read_text(encoding="utf-8") if config.file.exists() else ""
    written, after = _with_name(text, config, old, new), with_name(config, old, new)
    found = _read(written, config, old)
    if found.sessions != after.sessions:
        raise RenameRefused(old, "config.yaml was changed since it was read; try again")
    return written, replace(after, origins=found.origins)


def _with_name(text: str, config: "Config", old: str, new: str) -> str:
    if "sessions" not in config.origins:
        head = text if not text or text.endswith("\n") else text + "\n"
        return head + NEW_SECTION.format(name=new)
    key = f"sessions[{config.names.index(old)}].name"
    place = config.origins.get(key, "")
    if not place:
        raise RenameRefused(old, f"write  name: {MAIN}  into its entry of config.yaml first")
    _, line, column = place.rsplit(":", 2)
    lines = text.splitlines(keepends=True)
    at, row = int(column) - 1, lines[int(line) - 1]
    at += row[at : at + 1] in ("'", '"')
    if not row.startswith(old, at):
        raise RenameRefused(old, f"config.yaml was changed since it was read ({place})")
    lines[int(line) - 1] = row[:at] + new + row[at + len(old) :]
    return "".join(lines)


def added(config: "Config", name: str) -> "tuple[str, Config]":
    """Return config.yaml with another account at the end, and the configuration as it is then.

    Raises:
        AddRefused: There is no place for it that could be found, or not with these settings.
    """
    from bot.config import read_config

    assert config.file is not None
    text = config.file.read_text(encoding="utf-8") if config.file.exists() else ""
    written = _with_entry(text, config, name)
    try:
        found = read_config(written.encode(), config.file, config.environ)
    except ConfigBroken as broken:
        raise AddRefused(name, str(broken)) from None
    if found.names != (*config.names, name):
        raise AddRefused(name, f"{BY_HAND}; then  alexia reload  takes it in")
    return written, replace(config, sessions=found.sessions, origins=found.origins)


def _with_entry(text: str, config: "Config", name: str) -> str:
    """Return the text with an entry behind the last one of the list of sessions."""
    head = text if not text or text.endswith("\n") else text + "\n"
    if "sessions" not in config.origins:
        (first,) = config.names
        return head + NEW_SECTION.format(name=first) + f"  - name: {name}\n"
    lines = head.splitlines(keepends=True)
    begin = next((n for n, line in enumerate(lines) if line.startswith("sessions:")), None)
    if begin is None:
        raise AddRefused(name, BY_HAND)
    last, dash = begin, ""
    for place, line in enumerate(lines[begin + 1 :], begin + 1):
        bare = line.strip()
        if bare and not bare.startswith("#"):
            if not line.startswith((" ", "- ")):
                break
            last = place
            dash = dash or line[: line.find("-")] if bare.startswith("-") else dash
    if last == begin:
        raise AddRefused(name, BY_HAND)
    return "".join([*lines[: last + 1], f"{dash}- name: {name}\n", *lines[last + 1 :]])


def without(config: "Config", name: str) -> "tuple[str, Config]":
    """Return config.yaml without the entry of an account, and the configuration as it is then.

    Raises:
        RemoveRefused: It is the only one, or its entry cannot be found as lines of its own.
    """
    from bot.config import read_config

    assert config.file is not None
    if len(config.names) == 1:
        raise RemoveRefused(name, "it is the only one")
    text = config.file.read_text(encoding="utf-8")
    written = _without_entry(text, config.names.index(name))
    try:
        found = read_config(written.encode(), config.file, config.environ)
    except ConfigBroken:
        found = config
    if found.names != tuple(one for one in config.names if one != name):
        raise RemoveRefused(name, REMOVE_BY_HAND)
    return written, replace(config, sessions=found.sessions, origins=found.origins)


def _without_entry(text: str, number: int) -> str:
    """Return the text without an entry of the list of sessions, comments around it kept."""
    lines = text.splitlines(keepends=True)
    begin = next((n for n, line in enumerate(lines) if line.startswith("sessions:")), len(lines))
    starts, end, dash = list[int](), begin, ""
    for place, line in enumerate(lines[begin + 1 :], begin + 1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        if not line.startswith((" ", "- ")):
            break
        dash = dash or line[: line.find("-") + 1]
        if line.startswith(dash):
            starts.append(place)
        end = place
    bounds = [*starts, end + 1]
    if number + 1 >= len(bounds):
        return text
    first, after = bounds[number], bounds[number + 1]
    while not (bare := lines[after - 1].strip()) or bare.startswith("#"):
        after -= 1  # what stands before the next entry is about that one
    return "".join([*lines[:first], *lines[after:]])


def _read(written: str, config: "Config", old: str) -> "Config":
    from bot.config import read_config

    assert config.file is not None
    try:
        return read_config(written.encode(), config.file, config.environ)
    except ConfigBroken as broken:
        raise RenameRefused(old, str(broken)) from None


def with_name(config: "Config", old: str, new: str) -> "Config":
    """Return the configuration with another name for an account."""
    named = tuple(
        replace(one, name=new) if one.name == old else one for one in config.sessions
    )  # fmt: skip
    return replace(config, sessions=named)


def put_text(file: Path, text: str) -> None:
    """Put a text into a file, all of it or nothing, with the rights that it has."""
    mode = file.stat().st_mode & 0o777 if file.exists() else 0o600
    fresh = file.with_name(f".{file.name}.new")
    opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(opened, "w", encoding="utf-8", newline="") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
