"""How-tos: each command of a page is run, in order, over the files that it shows."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main

PAGES = Path(__file__).parent.parent / "docs" / "howto"
BLOCK = re.compile(r"(?:^`([\w./-]+)`:\n\n)?^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", ["consent.md", "importing.md", "segments.md", "canned.md"])
def test_the_commands_of_the_page_do_what_it_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").touch()
    said = ""
    for name, kind, text in BLOCK.findall((PAGES / page).read_text("utf-8")):
        if name:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        elif kind == "sh":
            said = "".join(_run(line) for line in text.splitlines())
        elif kind == "text":
            assert said == text


def _run(line):
    done = CliRunner().invoke(main, shlex.split(line)[1:])
    assert done.exit_code == 0, f"{line}\n{done.output}"
    return done.output
