"""The tutorial followed to the letter in an empty folder, and the how-tos' own tests."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main

DOCS = Path(__file__).parent.parent / "docs"
STEP = re.compile(
    r"^Write `(?P<file>[^`]+)`:\n\n```yaml[^\n]*\n(?P<text>.*?)^```"
    r"|^```sh(?P<fails> fails)?\n(?P<commands>.*?)^```(?:\n\n```text\n(?P<said>.*?)^```)?",
    re.MULTILINE | re.DOTALL,
)
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
CONFIG = re.compile(r"^```yml\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = sorted([*(DOCS / "howto").glob("*.md"), DOCS / "migrating.md", DOCS / "turns.md"])
TOLD = [page for page in PAGES if "\ntests:" in page.read_text("utf-8")]


def run(line, fails):
    words = shlex.split(line)
    assert words[0] == "alexia"
    done = CliRunner().invoke(main, words[1:])
    assert (done.exit_code != 0) is fails, done.output
    return done.output


def test_the_tutorial_works_to_the_letter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    steps = list(STEP.finditer((DOCS / "tutorial.md").read_text("utf-8")))
    for step in steps:
        if step["file"]:
            Path(step["file"]).write_text(step["text"], encoding="utf-8")
            continue
        said = ""
        for line in step["commands"].splitlines():
            if line.startswith("cd "):
                monkeypatch.chdir(line.removeprefix("cd "))
            else:
                said += run(line, bool(step["fails"]))
        for line in (step["said"] or "").splitlines():
            assert line in said

    assert sum(bool(step["file"]) for step in steps) >= 5


@pytest.mark.parametrize("page", TOLD, ids=lambda page: page.stem)
def test_the_conversations_of_a_page_go_as_it_says(page, tmp_path, monkeypatch):
    """Each talk is played with the files that the page shows since the talks before it.

    What the page shows as ``yml`` is its configuration.
    """
    monkeypatch.setenv("ALEXIA_ENV", "SHOP")
    monkeypatch.setenv("HOOK_KEY", "a key of the page on webhooks")
    config = CONFIG.findall(page.read_text("utf-8"))
    rules: list[str] = []
    talks = 0
    for text in BLOCK.findall(page.read_text("utf-8")):
        if "\ntests:" not in text:
            rules.append(text)
            continue
        folder = tmp_path / str(talks)
        folder.mkdir()
        monkeypatch.chdir(folder)
        run("alexia init . --template blank", fails=False)
        Path("rules/hello.yaml").unlink()
        if config:
            Path("config.yaml").write_text("".join(config), encoding="utf-8")
        Path("tests/conversations/hello.test.yaml").write_text(text, encoding="utf-8")
        for number, one in enumerate(rules):
            Path(f"rules/n{number}.yaml").write_text(one, encoding="utf-8")
        said = run("alexia test", fails=False)
        assert " 0 failed" in said
        assert "0 passed" not in said
        rules, talks = [], talks + 1

    assert talks
