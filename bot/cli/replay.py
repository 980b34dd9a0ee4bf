"""`alexia replay`: stored traffic through changed rules."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import counted, fail, moment_shown, print_json, shown

if TYPE_CHECKING:
    from bot.config import Config
    from bot.language.rulebook import Rulebook
    from bot.testing.replaying import Difference


@click.command()
@click.option("--since", default="7d", show_default=True, help="How far back: 12h, 7d, or a day.")
@click.option(
    "--rules",
    "changed",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The changed files: a folder with rules/ and flows/, or one of rule files alone.",
)
@session_option
@config_option
@json_option
def replay(since: str, changed: Path, config_path: Path | None, as_json: bool) -> None:
    """Run stored messages through changed rules and list the replies that would differ.

    Nothing is sent and nothing is stored.
    """
    from bot.cli.check import rulebook_of
    from bot.store.reading import reading
    from bot.testing.replaying import load_traffic
    from bot.testing.replaying import replay as play
    from bot.testing.runs import settings_of

    config = config_of(config_path)
    before, after = rulebook_of(config), _changed(config, changed)
    with reading(config.database) as db:
        traffic = load_traffic(db, _moment(since))
    found = play(traffic, before, after, settings_of(config), _understander(config))
    told = _told(len(traffic.messages), found)
    if as_json:
        print_json(told)
        return
    for one in told["replies"]:
        click.echo(f"{moment_shown(one['at'])}  {shown(one['contact'])}  {shown(one['text'])}")
        for sign, texts in (("-", one["before"]), ("+", one["after"])):
            for text in texts or ["(nothing)"]:
                click.echo(f"    {sign} {shown(text)}")
    click.echo(f"{counted(told['messages'], 'message')}, {told['differ']} answered differently")


def _told(messages: int, found: "Sequence[Difference]") -> dict[str, Any]:
    replies = [
        {
            "at": one.message.sent_at.isoformat(),
            "chat": one.message.chat,
            "contact": one.message.sender_name or one.message.sender,
            "text": one.message.text,
            "before": list(one.before),
            "after": list(one.after),
        }
        for one in found
    ]
    return {"messages": messages, "differ": len(replies), "replies": replies}


def _changed(config: "Config", folder: Path) -> "Rulebook":
    """Load the changed files; a folder of rule files alone goes with the flows in force."""
    import shutil
    import tempfile

    from bot.rulebook_files import FOLDERS, load_rulebook

    with tempfile.TemporaryDirectory(prefix="alexia-replay-") as name:
        copy = Path(name)
        whole = any((folder / part).is_dir() for part in FOLDERS)
        sources = {part: folder / part for part in FOLDERS}
        if not whole:
            sources = {"rules": folder, "flows": config.flows_folder}
        for part, source in sources.items():
            if source.is_dir():
                shutil.copytree(source, copy / part)
        loaded = load_rulebook(copy, env_names=config.env)
    if loaded.rulebook is None:
        errors = [str(one) for one in loaded.problems if one.severity == "error"]
        fail("\n".join(errors))
    return loaded.rulebook


def _moment(since: str) -> datetime:
    from datetime import UTC

    from bot.daemon.clock import now
    from bot.language.durations import parse_duration

    duration = parse_duration(since)
    if duration is not None:
        return now() - duration
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise click.BadParameter("write 12h, 7d or 2026-11-23", param_hint="--since") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _understander(config: "Config") -> Any:  # noqa: ANN401 - an Understander, or None
    if not config.models.enabled:
        return None
    from bot.testing.doubles import PatientUnderstander
    from bot.testing.runs import open_models

    return PatientUnderstander(lambda: open_models(config.folder, config))
