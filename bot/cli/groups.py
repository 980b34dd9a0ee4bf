"""`alexia groups`: the account's groups, who is in them, and changing both."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_daemon, fail, print_json, print_table, shown

WITHIN = 90.0  # seconds: WhatsApp is asked about each new member
OUTCOMES = {
    "done": "done",
    "already": "nothing to do",
    "invite": "must be invited: this person's privacy lets nobody add them",
    "not_on_whatsapp": "not on WhatsApp",
    "waits": "waits for an admin's approval",
    "refused": "refused by WhatsApp",
}


@click.group()
def groups() -> None:
    """Groups of the account: who is in them, and changing both."""


@groups.command("list")
@click.option("--left", is_flag=True, help="Also those that the account is not in any more.")
@config_option
@session_option
@json_option
def list_groups(left: bool, config_path: Path | None, as_json: bool) -> None:
    """List them by subject."""
    rows = _rows(config_path, left=left)
    if as_json:
        print_json(rows)
        return
    print_table(rows, {name: name for name in ("id", "subject", "size", "admin", "member")})


@groups.command("show")
@click.argument("group")
@config_option
@session_option
@json_option
def show_group(group: str, config_path: Path | None, as_json: bool) -> None:
    """Show one: by its id or its subject."""
    row = _one(config_path, group)
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        if name != "members":
            click.echo(f"{name}: {shown(value)}")
    _print_members(row["members"])


@groups.command("members")
@click.argument("group")
@click.option("--admins", is_flag=True, help="Only the admins.")
@config_option
@session_option
@json_option
def list_members(group: str, admins: bool, config_path: Path | None, as_json: bool) -> None:
    """List who is in GROUP."""
    members = [one for one in _one(config_path, group)["members"] if one["admin"] or not admins]
    if as_json:
        print_json(members)
    else:
        _print_members(members)


@groups.command()
@click.argument("subject")
@click.argument("numbers", nargs=-1, required=True)
@config_option
@session_option
@json_option
def create(subject: str, numbers: tuple[str, ...], config_path: Path | None, as_json: bool) -> None:
    """Make a group of that SUBJECT with these NUMBERS."""
    answer = _ask(config_path, "create", text=subject, members=list(numbers))
    _print_results(answer, as_json, f"made as {answer['id']}")


def _change(name: str, told: str) -> click.Command:
    """Return the command that changes members."""

    @click.command(name, help=told)
    @click.argument("group")
    @click.argument("numbers", nargs=-1, required=True)
    @config_option
    @session_option
    @json_option
    def change(
        group: str, numbers: tuple[str, ...], config_path: Path | None, as_json: bool
    ) -> None:
        answer = _ask(config_path, name, group=group, members=list(numbers))
        _print_results(answer, as_json, "")

    return change


groups.add_command(_change("add", "Add NUMBERS to GROUP."))
groups.add_command(_change("remove", "Take NUMBERS out of GROUP."))
groups.add_command(_change("promote", "Make NUMBERS admins of GROUP."))
groups.add_command(_change("demote", "Make NUMBERS plain members of GROUP again."))


@groups.command()
@click.argument("group")
@click.argument("text")
@config_option
@session_option
def subject(group: str, text: str, config_path: Path | None) -> None:
    """Give GROUP another subject."""
    _ask(config_path, "subject", group=group, text=text)
    click.echo("done")


@groups.command()
@click.argument("group")
@click.argument("text")
@config_option
@session_option
def description(group: str, text: str, config_path: Path | None) -> None:
    """Give GROUP another description; an empty one takes it away."""
    _ask(config_path, "description", group=group, text=text)
    click.echo("done")


@groups.command()
@click.argument("group")
@click.option("--revoke", is_flag=True, help="Make a new link; the old one dies.")
@config_option
@session_option
@json_option
def invite(group: str, revoke: bool, config_path: Path | None, as_json: bool) -> None:
    """Print the invite link of GROUP."""
    answer = _ask(config_path, "revoke" if revoke else "invite", group=group)
    if as_json:
        print_json(answer)
    else:
        click.echo(answer["link"])


@groups.command()
@click.argument("link")
@config_option
@session_option
def join(link: str, config_path: Path | None) -> None:
    """Enter a group by its invite LINK."""
    click.echo(f"joined {_ask(config_path, 'join', text=link)['id']}")


@groups.command()
@click.argument("group")
@config_option
@session_option
def leave(group: str, config_path: Path | None) -> None:
    """Go out of GROUP."""
    _ask(config_path, "leave", group=group)
    click.echo("left")


def _rows(config_path: Path | None, *, left: bool) -> list[dict[str, Any]]:
    from bot.store import group_lists
    from bot.store.reading import reading

    with reading(config_of(config_path).database) as db:
        return group_lists.rows(db, left=left)


def _one(config_path: Path | None, wanted: str) -> dict[str, Any]:
    rows = _rows(config_path, left=True)
    meant = [one for one in rows if wanted in (one["id"], one["id"].partition("@")[0])]
    meant = meant or [one for one in rows if one["subject"].casefold() == wanted.casefold()]
    if not meant:
        fail(f"no group is called {wanted!r}; `alexia groups list` names those there are")
    if len(meant) > 1:
        ids = ", ".join(one["id"] for one in meant)
        fail(f"several groups are called {wanted!r}; name one by its id: {ids}")
    return meant[0]


def _ask(config_path: Path | None, action: str, **more: object) -> dict[str, Any]:
    answer = ask_daemon(config_of(config_path), "groups", WITHIN, action=action, **more)
    if not answer.get("done", True):
        fail(str(answer.get("reason")))
    return answer


def _print_members(members: Sequence[Mapping[str, Any]]) -> None:
    print_table(members, {name: name for name in ("number", "name", "admin", "owner", "id")})


def _print_results(answer: Mapping[str, Any], as_json: bool, said: str) -> None:
    """Print what became of each member; the command fails when nothing became of anybody."""
    results = answer["results"]
    if as_json:
        print_json(answer)
    else:
        if said:
            click.echo(said)
        for one in results:
            link = f"; send them {one['invite']}" if one["invite"] else ""
            click.echo(f"{one['member']}: {OUTCOMES[one['outcome']]}{link}")
    if results and not any(one["outcome"] in ("done", "already", "waits") for one in results):
        raise click.exceptions.Exit(1)
