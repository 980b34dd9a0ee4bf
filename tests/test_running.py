"""The service that the page on keeping it running shows does what the page says."""

import re
import shlex
from configparser import RawConfigParser
from pathlib import Path

from click.testing import CliRunner

from bot.cli import main
from bot.cli.commands import EXIT_CODES
from bot.cli.daemon import STOP_WITHIN

PAGE = Path(__file__).parent.parent / "docs" / "howto" / "running.md"


def unit():
    parser = RawConfigParser()
    parser.optionxform = str
    (text,) = re.findall(r"^```ini\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    parser.read_string(text)
    return parser["Service"]


def test_the_service_starts_the_bot():
    program, *words = shlex.split(unit()["ExecStart"])

    assert program.endswith("/.venv/bin/alexia")
    assert words == ["run"]
    assert CliRunner().invoke(main, [*words, "--help"]).exit_code == 0


def test_the_service_does_not_fight_for_a_folder_and_leaves_time_to_end():
    assert int(unit()["RestartPreventExitStatus"]) == EXIT_CODES["DataFolderHeld"]
    assert int(unit()["TimeoutStopSec"]) > STOP_WITHIN
