"""`alexia emulator`."""

import os
import sys
from pathlib import Path

import click

from bot.cli.options import unused_config_option


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8766, show_default=True,
    help="Port of the phone page; 0 takes a free one.",
)  # fmt: skip
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("emulator-state"),
    show_default=True,
    help="Folder of its state and ledger.",
)
@unused_config_option
def emulator(port: int, data: Path) -> None:
    """Run the WhatsApp emulator alone, on this machine only.

    Its phone page is /phone; point `whatsapp.url` at its address. Port 0 takes a free one.
    """
    from bot.cli.demo_parts import free_port

    command = emulator_command(free_port(port, port), data)
    os.execv(command[0], command)  # noqa: S606 - signals must reach it


def emulator_command(port: int, data: Path) -> list[str]:
    """Return the command line of the emulator's process."""
    return [sys.executable, "-m", "bot.emulator", "--port", str(port), "--data", str(data)]
