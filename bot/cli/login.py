"""`alexia login` and `logout`."""

from pathlib import Path

import click

from bot.cli.options import config_of, config_option
from bot.cli.talk import ask_daemon, fail

PATIENCE = 180.0  # seconds to wait for the next code or state


@click.command()
@click.argument("session", default="default")
@config_option
@click.option(
    "--png", type=click.Path(path_type=Path, dir_okay=False), help="Write the code there as well."
)
def login(session: str, config_path: Path | None, png: Path | None) -> None:
    """Show the QR code that logs the bot in, until it is scanned.

    The bot must be running. On the phone: WhatsApp, linked devices, link a device.
    """
    from bot.control import listen

    config = config_of(config_path)
    for answer in listen(config.data_folder, "login", PATIENCE, session=session):
        if not answer.get("ok"):
            fail(str(answer.get("error")), str(answer.get("kind", "")))
        if answer.get("code"):
            _show(str(answer["code"]), png)
        if answer.get("state") == "ready":
            click.echo(f"logged in as {answer.get('account')}")
        elif answer.get("state") and not answer.get("code"):
            click.echo(f"WhatsApp is {answer['state']} …")


@click.command()
@click.argument("session", default="default")
@config_option
@click.confirmation_option(prompt="The bot will need a new QR code afterwards. Log out?")
def logout(session: str, config_path: Path | None) -> None:
    """Log the bot out of WhatsApp."""
    ask_daemon(config_of(config_path), "logout", 60.0, session=session)
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
