"""`alexia chats`: how the account keeps its chats."""

from datetime import timedelta
from pathlib import Path

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_daemon, fail, print_json, print_table

WITHIN = 130.0  # seconds: a large account has many chats


@click.group()
def chats() -> None:
    """Chats as the phone keeps them: archived, pinned, muted, unread."""


@chats.command("list")
@click.option("--archived", is_flag=True, help="Only those in the archive.")
@click.option("--unread", is_flag=True, help="Only those with unread messages.")
@config_option
@session_option
@json_option
def list_chats(archived: bool, unread: bool, config_path: Path | None, as_json: bool) -> None:
    """List them, the latest first."""
    rows = ask_daemon(config_of(config_path), "chats", WITHIN, action="list")["chats"]
    rows = [
        one for one in rows if (one["archived"] or not archived) and (one["unread"] or not unread)
    ]
    if as_json:
        print_json(rows)
        return
    columns = {"chat": "id", "name": "name", "unread": "unread", "archived": "archived",
               "pinned": "pinned", "muted": "muted", "disappearing": "disappearing_s",
               "labels": "labels", "last message": "last_message_at"}  # fmt: skip
    print_table(rows, columns)


def _keep(name: str, told: str, said: str) -> click.Command:
    """Return the command that changes how a chat is kept."""

    @click.command(name, help=told)
    @click.argument("chat")
    @config_option
    @session_option
    def keep(chat: str, config_path: Path | None) -> None:
        _ask(config_path, name, chat)
        click.echo(said)

    return keep


chats.add_command(_keep("archive", "Put CHAT into the archive.", "archived"))
chats.add_command(_keep("unarchive", "Take CHAT out of the archive.", "no longer archived"))
chats.add_command(_keep("pin", "Pin CHAT to the top.", "pinned"))
chats.add_command(_keep("unpin", "Let a pinned CHAT go.", "no longer pinned"))
chats.add_command(_keep("unmute", "Let the phone ring for CHAT again.", "no longer muted"))
chats.add_command(_keep("unread", "Mark CHAT as unread.", "marked as unread"))
chats.add_command(_keep("read", "Mark CHAT as read; the person sees it.", "marked as read"))


@chats.command()
@click.argument("chat")
@click.option("--for", "length", default="8h", show_default=True, help="For how long: 8h, 7d.")
@config_option
@session_option
def mute(chat: str, length: str, config_path: Path | None) -> None:
    """Let the phone be quiet about CHAT; the bot answers there as before."""
    from bot.language.durations import parse_duration

    span = parse_duration(length)
    if not isinstance(span, timedelta) or span <= timedelta(0):
        raise click.BadParameter("write 8h, 7d or 30m", param_hint="--for")
    _ask(config_path, "mute", chat, seconds=span.total_seconds())
    click.echo(f"muted for {length}")


def _ask(config_path: Path | None, action: str, chat: str, **more: object) -> None:
    answer = ask_daemon(config_of(config_path), "chats", WITHIN, action=action, chat=chat, **more)
    if not answer["done"]:
        fail(str(answer["reason"]))
