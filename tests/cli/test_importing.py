"""`alexia contacts import` while no bot runs."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.control import hold_folder

ROWS = "phone,name\n11987654321,Ana\n12,\x1b[31mBo\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").touch()
    (tmp_path / "a.csv").write_text(ROWS, "utf-8")
    return tmp_path


def run(folder, *words):
    file = str(folder / "a.csv")
    words = ["contacts", "import", file, "--country", "BR", "--config", str(folder), *words]
    return CliRunner().invoke(main, words)


def people(folder):
    done = CliRunner().invoke(main, ["contacts", "list", "--json", "--config", str(folder)])
    return [one["name"] for one in json.loads(done.output)] if done.exit_code == 0 else None


def test_a_dry_run_stores_nothing(folder):
    done = run(folder, "--dry-run")

    assert done.exit_code == 0
    assert done.output.splitlines()[1:] == [
        "row 3: phone: '12' is no phone number -> write it with its country, such as"
        " +5511961234567",
        "nothing is stored yet: 1 would be new, 0 are known, 1 refused",
    ]
    assert not (folder / "state").exists()


def test_a_file_that_is_not_there_is_a_wrong_argument(folder):
    words = ["contacts", "import", str(folder / "b.csv"), "--config", str(folder)]
    done = CliRunner().invoke(main, words)

    assert done.exit_code == 2
    assert "does not exist" in done.stderr


def test_what_is_not_refused_is_imported_and_known_the_next_time(folder):
    done = run(folder)

    assert (done.exit_code, people(folder)) == (0, ["Ana"])
    assert done.output.splitlines()[-1] == (
        "imported: 1 new, 0 changed, 0 as before, 1 refused"
    )  # fmt: skip
    assert "0 would be new, 1 are known" in run(folder, "--dry-run").output
    assert "0 new, 0 changed, 1 as before" in run(folder).output


def test_leads_are_counted_in_a_dry_run(folder):
    (folder / "a.csv").write_text("phone,stage,score\n11987654321,hot,40\n11912345678,,\n", "utf-8")

    told = run(folder, "--dry-run").output.splitlines()
    assert told[1:] == [
        "with something of a lead: 1 row",
        "nothing is stored yet: 2 would be new, 0 are known, 0 refused",
    ]
    assert json.loads(run(folder, "--dry-run", "--json").output)["leads"] == 1


def test_strict_stores_nothing_when_a_row_is_refused(folder):
    done = run(folder, "--strict")

    assert (done.exit_code, people(folder)) == (1, None)
    assert "nothing was imported: rows were refused" in done.stderr


def test_json_tells_every_refused_row(folder):
    told = json.loads(run(folder, "--json").output)

    assert (told["rows"], told["added"], told["refused_rows"]) == (2, 1, 1)
    assert told["refused"] == [
        {"row": 3, "column": "phone", "reason": "'12' is no phone number",
         "remedy": "write it with its country, such as +5511961234567"}
    ]  # fmt: skip


def test_a_long_list_of_refused_rows_is_cut_and_says_where_the_rest_is(folder):
    (folder / "a.csv").write_text("phone\n" + "12\n" * 30, "utf-8")

    assert "--dry-run or --rejects FILE tells of all" in run(folder).output
    assert run(folder, "--dry-run").output.count("is no phone number") == 30


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--map", "name"], 2, "write COLUMN=FIELD, not 'name'"),
        (["--map", "nmae=name"], 1, "did you mean 'name'?"),
        (["--separator", "dots"], 2, "write comma, semicolon, tab or pipe"),
        (["--consent-wording", "x"], 2, "say --consent-source too"),
        (["--consent-source", "x", "--consent-at", "2999-01-01"], 2, "lies in the future"),
        (["--rejects", "a.csv"], 2, "that is the file to import"),
        (["--encoding", "utf-16"], 1, "is not in UTF-16"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_stored(folder, monkeypatch, words, code, says):
    monkeypatch.chdir(folder)
    done = run(folder, *words)

    assert (done.exit_code, says in done.stderr) == (code, True), done.output
    assert people(folder) is None
    assert (folder / "a.csv").read_text("utf-8") == ROWS


def test_a_folder_that_somebody_holds_is_not_written(folder):
    with hold_folder(folder / "state"):
        done = run(folder)

    assert done.exit_code == 3
