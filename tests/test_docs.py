"""What the documents show works: every rule loads, every command exists."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.cli.commands import COMMANDS

HOME = Path(__file__).parent.parent
DOCUMENTS = sorted([HOME / "README.md", *(HOME / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
RULES = re.compile(r"^(rules|flows|campaigns|leads|canned|sla):", re.MULTILINE)
COMMAND = re.compile(r"(?:^|`|\$ |python3 bootstrap\.py )alexia ([a-z]+)\b|bootstrap\.py ([a-z]+)")
LINE = re.compile(r"^alexia ([^#>|\n]+)|`alexia ([^`#>|]+)`", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#]+)")


def blocks():
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        for found in BLOCK.finditer(text):
            if RULES.search(found[1]):
                line = text.count("\n", 0, found.start()) + 1
                yield pytest.param(found[1], id=f"{document.relative_to(HOME)}:{line}")


@pytest.mark.parametrize("block", list(blocks()))
def test_every_rule_in_the_documents_loads_without_a_problem(block, tmp_path):
    from bot.rulebook_files import load_rulebook

    (tmp_path / "rules").mkdir()
    text = block if "version:" in block else f"version: 1\n{block}"
    (tmp_path / "rules" / "example.yaml").write_text(text, "utf-8")

    loaded = load_rulebook(tmp_path, env_names=("SHOP", "CAL"))

    assert [str(problem) for problem in loaded.problems if problem.severity == "error"] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(HOME)))
def test_every_command_in_the_documents_exists(document):
    named = {one or other for one, other in COMMAND.findall(document.read_text("utf-8"))}

    assert named - set(COMMANDS) == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(HOME)))
def test_every_command_line_in_the_documents_can_be_given(document):
    lines = LINE.findall(document.read_text("utf-8"))

    wrong = [line for found in lines for line in found if line and not is_known(line.split())]
    assert wrong == []


def is_known(words):
    """Tell whether there are the subcommand and the options that a line of a document names."""
    command = main
    while isinstance(command, click.Group) and words:
        command, *words = command.get_command(None, words[0]), *words[1:]
    if command is None:
        return False
    options = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    return {word.split("=")[0] for word in words if word.startswith("--")} <= options | {"--help"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(HOME)))
def test_every_link_between_documents_leads_somewhere(document):
    links = LINK.findall(document.read_text("utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_page_is_found_from_the_list_of_pages():
    pages = {file.relative_to(HOME / "docs") for file in DOCUMENTS if file.parent != HOME}
    listed = {Path(link) for link in LINK.findall((HOME / "docs" / "README.md").read_text("utf-8"))}

    assert pages - listed - {Path("README.md")} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_fits_the_list(name):
    shown = CliRunner().invoke(main, [name, "--help"])

    assert shown.exit_code == 0, shown.output
    first = main.get_command(None, name).help.split("\n")[0]
    assert first.startswith(COMMANDS[name][1].rstrip(".").split(" ", maxsplit=1)[0])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name):
    command = main.get_command(None, name)
    all_ = [command, *getattr(command, "commands", {}).values()]

    options = [one for each in all_ for one in each.params if isinstance(one, click.Option)]
    assert [one.opts for one in options if not one.help and not one.hidden] == []
