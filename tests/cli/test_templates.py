"""Each business that `alexia init` writes is complete: checked, calm, tested."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import bot
from bot.cli import main
from bot.cli.shipped import HOMES, STARTS, TEMPLATES

WRITTEN = sorted(folder.name for folder in STARTS.iterdir() if folder.is_dir())


def run(*words):
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_is_a_business_without_a_fault(template, tmp_path):
    run("init", str(tmp_path), "--template", template)

    config = str(tmp_path / "config.yaml")
    assert run("check", "--config", config).startswith("0 errors, 0 warnings")
    hints = json.loads(run("lint", "--json", "--config", config))["problems"]
    assert {one["code"] for one in hints} <= {"A405"}  # whose numbers, only the user knows
    results = json.loads(run("test", "--json", "--config", config))
    assert results["passed"]
    assert results["coverage"]["percent"] >= 95, results["coverage"]["missed"]


@pytest.mark.parametrize("template", HOMES)
def test_the_configuration_names_the_place_and_the_money(template, tmp_path):
    run("init", str(tmp_path), "--template", template)

    config = yaml.safe_load((tmp_path / "config.yaml").read_text("utf-8"))
    assert (config["timezone"], config["currency"]) == HOMES[template]


@pytest.mark.parametrize("template", WRITTEN)
def test_a_business_speaks_english_spanish_and_portuguese(template):
    for file in STARTS.glob(f"{template}/[rf]*s/*.yaml"):
        replies = yaml.load(file.read_text("utf-8"), yaml.BaseLoader).get("replies", {})
        for name, text in replies.items():
            said = text.get("caption", text)["lang"]
            assert set(said) == {"en", "es", "pt"}, f"{file}: {name}"


def test_a_business_does_not_bring_the_intents_of_the_shop(tmp_path):
    run("init", str(tmp_path), "--template", "clinic")

    assert [file.name for file in (tmp_path / "models/intents").iterdir()] == ["clinic.yaml"]
    assert (tmp_path / "models/registry.yaml").exists()


def test_the_businesses_lie_in_the_package_that_is_packed():
    assert STARTS.is_relative_to(Path(bot.__file__).parent)
    assert set(TEMPLATES) == {"shop", "blank", *WRITTEN}
