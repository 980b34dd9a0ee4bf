"""`alexia login` and `logout`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import config_of, config_option
from bot.cli.talk import ask_daemon, fail

if TYPE_CHECKING:
    from bot.config import Config

PATIENCE = 180.0  # seconds to wait for the next code or state


PNG = click.option(
    "--png", type=click.Path(path_type=Path, dir_okay=False), help="Write the code there as well."
)

PHONE = click.option(
    "--phone", metavar="NUMBER", default="",
    help="Show a code of 8 letters to be typed on the phone with this number, instead of the QR.",
)  # fmt: skip


@click.command()
@click.argument("session", default="")
@PNG
@PHONE
@config_option
def login(session: str, png: Path | None, phone: str, config_path: Path | None) -> None:
    """Show the QR code that logs the bot in, until it is scanned.

    The bot must be running. On the phone: WhatsApp, linked devices, link a device.
    """
    config = config_of(config_path)
    follow_login(config, config.meant(session), png, phone)


def follow_login(config: "Config", session: str, png: Path | None, phone: str = "") -> None:
    """Show each code and state of a session's login, until it is logged in."""
    from bot.control import listen

    digits = "".join(letter for letter in phone if letter.isdecimal())
    if phone and not 8 <= len(digits) <= 15:
        fail(
            f"{phone!r} is no phone number; write it with its country code, like +55 11 90000-0001"
        )
    for answer in listen(config.data_folder, "login", PATIENCE, session=session, phone=digits):
        if not answer.get("ok"):
            fail(str(answer.get("error")), str(answer.get("kind", "")))
        if code := str(answer.get("link_code") or ""):
            click.echo(f"type this on the phone (link with phone number): {code[:4]}-{code[4:]}")
        elif answer.get("code"):
            _show(str(answer["code"]), png)
        if answer.get("state") == "ready":
            click.echo(f"logged in as {answer.get('account')}")
        elif answer.get("state") and not answer.get("code"):
            click.echo(f"WhatsApp is {answer['state']} …")


@click.command()
@click.argument("session", default="")
@config_option
@click.confirmation_option(prompt="The bot will need a new QR code afterwards. Log out?")
def logout(session: str, config_path: Path | None) -> None:
    """Log the bot out of WhatsApp."""
    config = config_of(config_path)
    ask_daemon(config, "logout", 60.0, session=config.meant(session))
    click.echo("logged out")


def _show(code: str, png: Path | None) -> None:
    import sys

    import segno

    picture = segno.make(code, error="l")
    click.echo("scan this with the phone (linked devices):")
    picture.terminal(out=sys.stdout, compact=True)
    if png is not None:
        png.touch(mode=0o600)
        png.chmod(0o600)
        picture.save(str(png), kind="png", scale=8)
        click.echo(f"also in {png}")
