"""The rooms keep to their cards, and the command line stays light."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parent.parent
ROOMS = sorted(file.parent for file in (HOME / "bot").glob("*/__init__.py"))
HEAVY = ("torch", "transformers", "playwright", "sqlmodel", "sqlalchemy", "pydantic", "yaml",
         "numpy", "apscheduler", "httpx2", "jinja2", "re2", "asyncio", "rich")  # fmt: skip
MOST_MODULES = 260  # that `alexia --help` may load; a bare `import click` takes about 200


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_has_a_card(room):
    card = (room / "__init__.py").read_text("utf-8").partition('"""')[2].partition('"""')[0]

    assert card.strip()
    assert "May import:" in card
    assert "Tests:" in card


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_card_names_tests_that_exist(room):
    card = (room / "__init__.py").read_text("utf-8")
    named = re.findall(r"tests/[\w/.]*\w", card.partition("Tests:")[2].partition('"""')[0])

    assert named
    assert [one for one in named if not (HOME / one).exists()] == []


def test_no_room_imports_what_its_floor_forbids():
    checked = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=HOME, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert checked.returncode == 0, checked.stdout


def loaded_by(code):
    said = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(said.stdout.splitlines()[-1].split())


def test_the_command_line_starts_without_the_heavy_libraries():
    loaded = loaded_by(
        "from bot.cli import main\n"
        "import contextlib, io\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "    main(['--help'])"
    )

    assert loaded & set(HEAVY) == set()
    assert {name for name in loaded if name.startswith("bot.")} == {"bot.cli", "bot.cli.commands"}
    assert len(loaded) < MOST_MODULES


def test_reading_the_configuration_loads_no_heavy_library():
    loaded = loaded_by("from bot.config import load_config")

    assert loaded & set(HEAVY) == set()
