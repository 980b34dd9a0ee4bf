"""`alexia schema`: for editors, and for people."""

import json

from click.testing import CliRunner

from bot.cli import main
from bot.language.reference import reference_page
from bot.language.schema import rule_file_schema


def test_it_prints_the_json_schema():
    done = CliRunner().invoke(main, ["schema"])

    assert done.exit_code == 0
    assert json.loads(done.stdout) == rule_file_schema()


def test_it_writes_to_a_file_and_prints_the_reference(tmp_path):
    file = tmp_path / "schema" / "alexia.schema.json"

    written = CliRunner().invoke(main, ["schema", "--output", str(file)])
    printed = CliRunner().invoke(main, ["schema", "--reference"])

    assert (written.exit_code, written.stdout) == (0, "")
    assert json.loads(file.read_text("utf-8")) == rule_file_schema()
    assert printed.stdout == reference_page()
