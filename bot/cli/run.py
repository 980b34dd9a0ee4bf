"""`alexia run`: the daemon in the foreground."""

from pathlib import Path

import click

from bot.cli.options import config_of, config_option
from bot.cli.talk import fail

RISK = """\
This drives your own WhatsApp account through WhatsApp Web. WhatsApp does not allow automated or
bulk messages by unofficial clients and may close the account. If you accept that, write
`accept_risk: true` into config.yaml. `alexia demo` needs no account."""

NONE_BEFORE = " (no earlier rules ran here that could go on)"


@click.command()
@config_option
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Lines for people, or one JSON object a line for programs.",
)  # fmt: skip
@click.option(
    "--last-good/--no-last-good",
    default=True,
    show_default=True,
    help="While the files have mistakes, start under the last good rules, if there were any.",
)
@click.option("--verbose", is_flag=True, help="Log more; numbers are written out.")
def run(config_path: Path | None, log_format: str, last_good: bool, verbose: bool) -> None:
    """Run the bot in the foreground.

    SIGHUP loads the rule files again, SIGTERM and Ctrl-C stop it cleanly.
    """
    config = config_of(config_path)
    if config.asks_risk:
        fail(RISK)
    import asyncio
    import logging
    import os

    os.umask(0o077)  # whatever is written is for its owner alone, from the first moment on
    from bot.daemon.run import BrokenRules, run_daemon
    from bot.telemetry import set_up_logging

    level = logging.DEBUG if verbose else logging.INFO
    set_up_logging(log_format, level, named=len(config.sessions) > 1)
    try:
        again = asyncio.run(run_daemon(config, last_good=last_good, on_ready=_tell_systemd))
    except BrokenRules as broken:
        for problem in broken.reloaded.problems:
            click.echo(str(problem), err=True)
        fail(f"the rule files have mistakes; mend them{NONE_BEFORE if last_good else ''}")
    if again:
        _start_anew()


def _start_anew() -> None:
    """Become a fresh process with the same command line, number and place."""
    import logging
    import os
    import sys

    logging.shutdown()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own words


def _tell_systemd() -> None:
    import os
    import socket

    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.sendto(b"READY=1", "\0" + address[1:] if address.startswith("@") else address)
