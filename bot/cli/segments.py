"""`alexia contacts segments`, and who is in one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import fail, print_json, print_table

if TYPE_CHECKING:
    from bot.config import Config
    from bot.store.segments import Segments


@click.command()
@session_option
@config_option
@json_option
def segments(config_path: Path | None, as_json: bool) -> None:
    """List the segments of the rule files with the number of people in each."""
    with _segments(config_of(config_path)) as found:
        rows = [{"segment": name, "contacts": len(found.members(name))} for name in found.names()]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, {"segment": "segment", "contacts": "contacts"})


def members_of(config: "Config", name: str) -> tuple[int, ...]:
    """Return who is in a segment; an unknown one ends the command."""
    from bot.language.problems import did_you_mean

    with _segments(config) as found:
        if name not in found.names():
            near = did_you_mean(name, found.names())
            known = ", ".join(found.names()) or "none; write them under segments: of a rule file"
            fail(f"there is no segment {name!r}; "
                 + (f"did you mean {near!r}?" if near else f"known: {known}"))  # fmt: skip
        return tuple(found.members(name))


@contextmanager
def _segments(config: "Config") -> "Iterator[Segments]":
    from bot.cli.check import rulebook_of
    from bot.daemon.bookshelf import turn_settings
    from bot.daemon.clock import now
    from bot.engine.compiled import compile_rulebook
    from bot.store.reading import reading
    from bot.store.segments import Segments

    compiled = compile_rulebook(rulebook_of(config))
    with reading(config.database) as db:
        yield Segments(db, compiled, turn_settings(config), now())
