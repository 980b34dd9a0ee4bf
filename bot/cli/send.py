"""`alexia send`."""

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_daemon, fail, print_json

if TYPE_CHECKING:
    from bot.config import Config

DRAWN = "image/svg+xml"  # WhatsApp shows no such image


@click.command()
@click.argument("chat")
@click.argument("text", required=False)
@click.option("--canned", "name", help="Send the ready-made reply of this name.")
@click.option("--file", "path", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="Send this file instead of a text.")  # fmt: skip
@click.option("--caption", default="", help="What stands below the file.")
@click.option("--voice", is_flag=True, help="Send the file as a voice note.")
@session_option
@config_option
@json_option
def send(  # noqa: PLR0913 - one for each option
    chat: str, text: str | None, name: str | None, path: Path | None, caption: str, voice: bool,
    config_path: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Send TEXT, a ready-made reply or a file to CHAT: a number, an address or a person's name.

    The message goes into the outbox and leaves as soon as WhatsApp is ready; a file is copied
    first, so that it may be moved or changed at once.
    """
    if sum(one is not None for one in (text, name, path)) != 1:
        raise click.UsageError("write a TEXT, or name a --file or a --canned reply")
    if text is not None and not text.strip():
        raise click.UsageError("the TEXT is empty; write what is to be sent")
    if path is None and (caption or voice):
        raise click.UsageError("--caption and --voice belong to a --file")
    config = config_of(config_path)
    more: dict[str, Any] = {} if path is None else _kept(config, path, voice=voice)
    more |= {} if name is None else {"canned": name}
    answer = ask_daemon(config, "send", chat=chat, text=text or caption, **more)
    if not answer.get("sent", True):
        fail(str(answer.get("reason", "it was not taken")))
    if as_json:
        print_json(answer)
    elif name is not None:
        click.echo(f"{name} is said in the chat")
    else:
        click.echo(f"in the outbox as {answer.get('id')}")


def _kept(config: "Config", path: Path, *, voice: bool) -> dict[str, str]:
    """Copy a file into the data folder and return what the daemon is told of it."""
    from bot.domain.errors import MediumLost
    from bot.store.media_files import MediaFiles

    ask_daemon(config, "status")  # nothing is copied for nobody
    kind = "voice" if voice else kind_of(path)
    if voice and kind_of(path) != "audio":
        fail(f"{path.name} is no audio file; leave --voice out to send it as it is")
    try:
        kept = MediaFiles(config.home).copy(path)
    except MediumLost as lost:
        fail(f"{path.name} cannot be sent: {lost.reason}")
    except OSError as failure:
        fail(f"{path.name} cannot be read: {failure.strerror}")
    return {"kept": kept, "kind": kind, "name": path.name}


def kind_of(path: Path) -> str:
    """Return as what a file is sent: image, video, audio or document."""
    mimetype = mimetypes.guess_type(path.name)[0] or ""
    kind = mimetype.partition("/")[0]
    return kind if kind in ("image", "video", "audio") and mimetype != DRAWN else "document"
