"""The keys of the API, from the command line."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main


@pytest.fixture
def tokens(tmp_path):
    (tmp_path / "config.yaml").touch()

    def run(*words):
        return CliRunner().invoke(main, ["tokens", *words, "--config", str(tmp_path)])

    return run


def test_a_first_key_is_made_and_shown(tokens):
    made = tokens("rotate").output.strip()

    assert len(made) == 64
    assert tokens("show", "admin").output.strip() == made
    assert json.loads(tokens("show", "--json").output) == [
        {"name": "admin", "role": "admin", "key": made}
    ]


def test_a_key_has_a_role_and_keeps_it(tokens):
    tokens("rotate")
    tokens("add", "n8n", "--role", "operator")
    tokens("rotate", "n8n")

    roles = {one["name"]: one["role"] for one in json.loads(tokens("show", "--json").output)}
    assert roles == {"admin": "admin", "n8n": "operator"}


def test_a_key_is_taken_away(tokens):
    tokens("add", "n8n")

    assert tokens("remove", "n8n").exit_code == 0
    assert tokens("remove", "n8n").exit_code == 1


@pytest.mark.parametrize("words", [("show", "nobody"), ("rotate", "nobody")])
def test_an_unknown_name_is_told(tokens, words):
    done = tokens(*words)

    assert done.exit_code == 1
    assert "there is no key 'nobody'" in done.stderr


def test_a_broken_file_is_written_anew(tokens, tmp_path):
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "state" / "tokens.json").write_text("{")

    assert tokens("show").exit_code == 1
    assert tokens("rotate").exit_code == 0


def test_where_there_is_no_key_nothing_is_printed_that_a_script_would_take_for_one(tokens):
    done = tokens("show")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "`alexia tokens rotate` makes one" in done.stderr
    assert tokens("show", "--json").stdout == "[]\n"
