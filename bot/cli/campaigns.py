"""`alexia campaign`: messages to many people; each is previewed and started by a person."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_daemon, counted, fail, moment_shown, print_json, print_table, shown

WITHIN = 60.0  # seconds: many people are looked through


@click.group()
def campaign() -> None:
    """Messages to many people: look at what would happen, start it, see what came of it."""


@campaign.command("list")
@config_option
@session_option
@json_option
def list_campaigns(config_path: Path | None, as_json: bool) -> None:
    """List those of the rule files and those that ran, with the last run of each."""
    from bot.campaigns.listing import rows
    from bot.daemon.clock import now
    from bot.rulebook_files import load_rulebook
    from bot.store.reading import reading

    config = config_of(config_path)
    folders = (config.rules_folder, config.flows_folder)
    loaded = load_rulebook(config.folder, env_names=config.env, folders=folders)
    if loaded.rulebook is None:
        click.echo("warning: the rule files have mistakes; see `alexia check`", err=True)
    with reading(config.database) as db:
        found = rows(db, loaded.rulebook, config.timezone, now())
    if as_json:
        print_json(found)
        return
    columns = ("name", "state", "comes_at", "run", "run_state", "planned", "sent", "left_out")
    print_table(found, {name.replace("_", " "): name for name in columns})
    for row in found:
        if row["detail"]:
            state = row["run_state"] or row["state"]
            click.echo(f"{row['name']}, {state}: {shown(row['detail'])}")
        _print_unknown(row["name"], row["may_have_left"])


@campaign.command()
@click.argument("name")
@config_option
@session_option
@json_option
def preview(name: str, config_path: Path | None, as_json: bool) -> None:
    """Show what NAME would do, to whom and until when; nothing is sent.

    The token at the end starts it, as long as the files say the same.
    """
    answer = _ask(config_path, "preview", name)
    if as_json:
        print_json(answer)
        return
    _print_preview(answer["preview"])
    click.echo(f"start it within a day: alexia campaign start {name} {answer['token']}")


@campaign.command()
@click.argument("name")
@click.argument("token", required=False, default="")
@click.option("--yes", is_flag=True, help="Preview and start in one go.")
@config_option
@session_option
@json_option
def start(name: str, token: str, yes: bool, config_path: Path | None, as_json: bool) -> None:
    """Start NAME with the TOKEN of its preview; one with a time waits for it."""
    if not token and not yes:
        raise click.UsageError(f"give the token of `alexia campaign preview {name}`, or say --yes")
    if not token:
        answer = _ask(config_path, "preview", name)
        token = str(answer["token"])
        if not as_json:
            _print_preview(answer["preview"])
    answer = _ask(config_path, "start", name, token=token)
    if as_json:
        print_json(answer)
    elif answer["waits_until"]:
        click.echo(f"started; it waits for {moment_shown(answer['waits_until'])}")
    else:
        click.echo(f"started: run {answer['run']}, {counted(answer['recipients'], 'recipient')}")


@campaign.command()
@click.argument("name")
@config_option
@session_option
def pause(name: str, config_path: Path | None) -> None:
    """Hold NAME: what did not leave waits."""
    _ask(config_path, "pause", name)
    click.echo("paused")


@campaign.command()
@click.argument("name")
@click.argument("token", required=False, default="")
@config_option
@session_option
def resume(name: str, token: str, config_path: Path | None) -> None:
    """Let NAME go on; one that was changed meanwhile needs the TOKEN of a new preview."""
    _ask(config_path, "resume", name, token=token)
    click.echo("goes on")


@campaign.command()
@click.argument("name")
@config_option
@session_option
def stop(name: str, config_path: Path | None) -> None:
    """End NAME for good: who still waits gets nothing."""
    click.echo(f"stopped; {_ask(config_path, 'stop', name)['left']} get nothing")


@campaign.command()
@click.argument("name")
@config_option
@session_option
def retry(name: str, config_path: Path | None) -> None:
    """Send again, under their ids, messages of which nobody can tell whether they left."""
    click.echo(f"{_ask(config_path, 'retry', name)['again']} go out again")


@campaign.command()
@click.argument("name")
@click.option("--run", "number", type=int, help="Of this run.  [default: the last one]")
@config_option
@session_option
@json_option
def report(name: str, number: int | None, config_path: Path | None, as_json: bool) -> None:
    """Show what became of NAME: figures of each variant, and whether they differ."""
    from bot.campaigns.figures import in_words, told
    from bot.language.campaigns import BY
    from bot.store import campaigns, outbox
    from bot.store.reading import reading

    with reading(config_of(config_path).database) as db:
        runs = [run for run in campaigns.runs_of(db, name) if number in (None, run.id)]
        if not runs:
            fail(f"no run of a campaign {name!r} is known; see `alexia campaign list`")
        found = told(db, runs[-1], campaigns.left_out(db, runs[-1].id))
        unknown = outbox.count_unknown(db, f"{BY}{name}")
    if as_json:
        print_json(found)
        return
    detail = f" ({shown(found['detail'])})" if found["detail"] else ""
    click.echo(f"{name}, run {found['run']}: {found['state']}{detail}")
    figures = {**found["variants"], "together": found["figures"]}
    rows = [{"variant": variant, **counts} for variant, counts in figures.items()]
    columns = (
        "variant", "planned", "sent", "delivered", "read", "replied", "opted_out", "failed",
        "uncertain", "waiting", "left_out",
    )  # fmt: skip
    print_table(rows, {column.replace("_", " "): column for column in columns})
    for reason, count in found["left_out"].items():
        click.echo(f"left out: {count} {shown(reason)}")
    for difference in found["differences"]:
        click.echo(in_words(difference))
    _print_unknown(name, unknown)


def _print_unknown(name: str, count: int) -> None:
    """Tell what to do about messages that were cut off in the moment of their send."""
    if count:
        click.echo(
            f"{name}: nobody can tell of {counted(count, 'message')} whether they left;"
            f" `alexia outbox list` names them, `alexia campaign retry {name}` sends them again"
        )


def _ask(config_path: Path | None, action: str, name: str, **more: object) -> dict[str, Any]:
    return ask_daemon(config_of(config_path), "campaign", WITHIN, action=action, name=name, **more)


def _print_preview(told: Mapping[str, Any]) -> None:
    ends = "ends never, under these limits"
    if told["ends_at"]:
        ends = f"ends about {moment_shown(told['ends_at'])}"
    many = counted(told["recipients"], "recipient"), counted(told["messages"], "message")
    click.echo(f"{told['campaign']}: {', '.join(many)}")
    if len(told["variants"]) > 1:
        shares = ", ".join(f"{name} {count}" for name, count in told["variants"].items())
        click.echo(f"variants: {shares}")
    for reason, count in told["left_out"].items():
        click.echo(f"left out: {count} {shown(reason)}")
    click.echo(f"begins: {told['moment'] or 'when it is started'}; {ends}")
    if told["budget_today"] is not None:
        click.echo(
            f"budget: {counted(told['budget_today'], 'message')} of campaigns may leave today"
        )
    if told["waiting_for_gap"]:
        click.echo(f"{told['waiting_for_gap']} wait: they got another campaign lately")
    if told["new_chats"]:
        click.echo(f"begins {counted(told['new_chats'], 'new chat')}")
    for name, count in told["empty_values"].items():
        click.echo(f"warning: {shown(name)} is empty with {count} samples")
    for sample in told["samples"]:
        who = sample["contact"]["name"] or sample["contact"]["number"]
        for text in sample["texts"]:
            click.echo(f"{shown(sample['variant'])}, to {shown(who)}: {shown(text)}")
