"""How commands speak: with the daemon over its socket, and to people in lines and tables."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import click

from bot.cli.moments import on_the_clock

if TYPE_CHECKING:
    from bot.config import Config


def ask_daemon(config: "Config", do: str, timeout: float = 30.0, **args: object) -> dict[str, Any]:
    """Return the daemon's answer to a verb; a refusal ends the command with 1.

    A configuration of one account asks about that one.

    Raises:
        NoDaemon: None runs on this data folder.
    """
    from bot.control import ask

    session = config.names[0] if len(config.sessions) == 1 else ""
    answer = ask(config.data_folder, do, timeout, **{"session": session, **args})
    if not answer.pop("ok", False):
        fail(str(answer.get("error", "the daemon refused")), str(answer.get("kind", "")))
    return answer


def ask_if_running(
    config: "Config", do: str, timeout: float = 30.0, **args: object
) -> dict[str, Any] | None:
    """Return what `ask_daemon` does; None when no bot runs, so that the command does it itself."""
    from bot.domain.errors import NoDaemon

    try:
        return ask_daemon(config, do, timeout, **args)
    except NoDaemon:
        return None


def fail(sentence: str, kind: str = "") -> NoReturn:
    """End the command with a sentence on stderr and the exit code of that kind of error."""
    from bot.cli.commands import EXIT_CODES, FAILED

    click.echo(sentence, err=True)
    raise click.exceptions.Exit(EXIT_CODES.get(kind, FAILED))


def print_json(data: object) -> None:
    """Print data for programs."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def print_table(rows: Sequence[Mapping[str, object]], columns: Mapping[str, str]) -> None:
    """Print rows for people, or that there are none.

    Args:
        columns: Key of a row (dots lead inside) by heading.
    """
    if not rows:
        click.echo("nothing found")
        return
    cells = [[_cell(row, key) for key in columns.values()] for row in rows]
    widths = [
        max(len(line[n]) for line in [list(columns), *cells]) for n in range(len(columns))
    ]  # fmt: skip
    for line in [[heading.upper() for heading in columns], *cells]:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def counted(number: int, thing: str) -> str:
    """Return how many there are of something, as in "1 row" or "3 rows"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def shown(value: object) -> str:
    """Return a value as a person reads it: on one line, harmless in a terminal."""
    from bot.telemetry import escaped

    match value:
        case None | "" | []:
            return "-"
        case bool():
            return "yes" if value else "no"
        case Mapping() if not value:
            return "-"
        case Mapping():
            return ", ".join(f"{escaped(str(name))}={shown(one)}" for name, one in value.items())
        case list() | tuple():
            return ", ".join(shown(one) for one in value)
        case _:
            return escaped(str(value))


MOMENTS = frozenset(
    {
        "at", "comes_at", "created", "delivered", "first_seen", "last_message_at", "last_seen",
        "muted_until", "opened_at", "played", "read", "revoked_at", "seen_online", "sent", "t",
        "undone_at", "when",
    }
)  # fmt: skip
"""Names under which rows keep moments; what else they keep there is shown as it is."""


def moment_shown(written: object) -> str:
    """Return a moment in ISO form by the business's clock; anything else as it is."""
    return (on_the_clock(written) if isinstance(written, str) else None) or shown(written)


def value_shown(name: str, value: object) -> str:
    """Return what a row keeps under a name as a person reads it."""
    return moment_shown(value) if name in MOMENTS else shown(value)


def _cell(row: Mapping[str, object], key: str) -> str:
    value: object = row
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    text = value_shown(key.rpartition(".")[2], value)
    return text if len(text) <= 48 else text[:47] + "…"
