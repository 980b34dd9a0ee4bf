"""How-tos: each command and each talk of a page is run, in order, over the files that it shows."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.testing import run_tests

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


@pytest.mark.parametrize("page", ["handoff.md", "leads.md", "service.md", "canned.md"])
def test_the_talks_of_the_page_go_as_it_shows(page, tmp_path):
    rules, played = [], 0
    for _, kind, text in BLOCK.findall((PAGES / page).read_text("utf-8")):
        if kind == "yaml" and not re.search("^tests:", text, re.MULTILINE):
            rules.append(text)
        elif kind == "yaml":
            folder = tmp_path / str(len(rules))
            for number, one in enumerate(rules):
                (folder / "rules").mkdir(parents=True, exist_ok=True)
                (folder / "rules" / f"{number}.yaml").write_text(one, "utf-8")
            (folder / "page.test.yaml").write_text(text, "utf-8")
            done = run_tests(folder, [folder])
            assert [one.message for one in done.tests if one.message] == []
            rules, played = [], played + done.passed
    assert played


def _run(line):
    done = CliRunner().invoke(main, shlex.split(line)[1:])
    assert done.exit_code == 0, f"{line}\n{done.output}"
    return done.output
