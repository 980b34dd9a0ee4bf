"""`alexia privacy`: what a person may ask of whoever keeps something of them."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_if_running, counted, fail, print_json
from bot.cli.writing import own_database
from bot.domain.contacts import nobody_known

if TYPE_CHECKING:
    from bot.config import Config

PATIENCE = 600.0  # seconds: a large database is written anew
WHATSAPPS = "WhatsApp keeps its own copy: delete the chat on the phone too"


@click.group()
def privacy() -> None:
    """What people may ask of you: all that you keep of them, and that it is erased."""


@privacy.command()
@click.argument("contact")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A ZIP with person.json and their files; without it the JSON is printed.",
)
@session_option
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON (the default).")
def export(
    contact: str, output: Path | None, config_path: Path | None, as_json: bool  # noqa: ARG001 - the default
) -> None:  # fmt: skip
    """Export all that is kept of CONTACT: talks, files, fields, consents, lead, decisions."""
    from bot.audience.dossier import everything_of, write_dossier
    from bot.store.keyring import configured, file_beside, read_file
    from bot.store.media_files import MediaFiles
    from bot.store.people import find_contact
    from bot.store.reading import reading

    config = config_of(config_path)
    if output is not None and not output.parent.is_dir():
        told = f"there is no folder {output.parent}; make it first"
        raise click.BadParameter(told, param_hint="--output")
    keys = configured(config.storage.key.value) or read_file(file_beside(config.database))
    with reading(config.database, keys) as db:
        person = find_contact(db, contact)
        if person is None:
            fail(nobody_known(contact))
        dossier = everything_of(db, person, ZoneInfo(config.timezone))
    if output is None:
        print_json(dossier)
        return
    files = write_dossier(dossier, MediaFiles(config.home), output)
    click.echo(f"{output}: {len(dossier['messages']):,} messages, {files:,} files")


@privacy.command()
@click.argument("contact")
@click.option("--yes", is_flag=True, help="Do not ask back.")
@session_option
@config_option
@json_option
def erase(contact: str, yes: bool, config_path: Path | None, as_json: bool) -> None:
    """Erase CONTACT (a number, an id or a name): messages, files, fields, traces, queues.

    Who opted out stays opted out; of that only a keyed hash of the number is kept.
    """
    config = config_of(config_path)
    if not yes:
        click.confirm(f"erase everything of {contact!r} for good?", abort=True)
    answer = _erased(config, contact)
    if not answer.pop("done"):
        fail(str(answer["reason"]))
    if as_json:
        print_json(answer)
        return
    click.echo(f"erased: {counted(answer['rows'], 'row')}, {counted(answer['files'], 'file')}")
    click.echo(WHATSAPPS)


def _erased(config: "Config", contact: str) -> dict[str, Any]:
    """Have the running bot erase, or do it on its database while none runs."""
    answer = ask_if_running(config, "erase", PATIENCE, contact=contact)
    return asyncio.run(_erased_here(config, contact)) if answer is None else answer


async def _erased_here(config: "Config", contact: str) -> dict[str, Any]:
    from bot.daemon.clock import now
    from bot.store.erased import erase_for_good
    from bot.store.media_files import MediaFiles
    from bot.store.people import find_contact
    from bot.store.reading import reading

    with reading(config.database) as db:
        found = find_contact(db, contact)
    if found is None:
        return {"done": False, "reason": nobody_known(contact)}
    with own_database(config) as database:
        erased = await database.write(lambda db: erase_for_good(db, found, now()))
        MediaFiles(config.home).remove(erased.files)
        await database.scrub()
    return {"done": True, "rows": erased.rows, "files": len(erased.files)}
