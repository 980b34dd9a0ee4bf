"""`alexia contacts export` and the like: to files and to the standard output."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.store import contacts
from tests.make import ANA, BO, NOW
from tests.stored import folder_with


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return folder_with(tmp_path, _fill)


def _fill(db):
    contacts.meet(db, ANA, "Ana", NOW)
    contacts.tag(db, contacts.meet(db, BO, "Bo", NOW).id, "vip", NOW, on=True)


def run(*words):
    return CliRunner().invoke(main, list(words))


def test_a_table_is_printed(folder):
    printed = run("contacts", "export", "--tag", "vip").output.splitlines()

    assert printed[0].startswith("id,number,name,")
    assert printed[1].startswith("2,'+5511912345678,Bo,")
    assert len(printed) == 2
    told = json.loads(run("contacts", "export", "--format", "json").output)
    assert [one["name"] for one in told] == ["Ana", "Bo"]


@pytest.mark.parametrize(
    "words",
    [("contacts", "export"), ("contacts", "export", "--consents"), ("leads", "export"),
     ("conversations", "export")],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_every_table_is_written_in_every_format(folder, words, kind):
    done = run(*words, "--output", f"x.{kind}")

    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"x.{kind}: ")
    assert (folder / f"x.{kind}").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("contacts", "export", "--format", "xlsx"), "an XLSX needs --output FILE"),
        (("contacts", "export", "--output", "no/x.csv"), "there is no folder no"),
        (("contacts", "export", "--consents", "--tag", "vip"), "leave the other options out"),
    ],
)
def test_what_cannot_be_written_is_told(folder, words, says):
    done = run(*words)

    assert (done.exit_code, says in done.stderr) == (2, True)


@pytest.fixture
def segments(folder):
    (folder / "rules").mkdir()
    text = "version: 1\nsegments: {vips: {tag: vip}, others: {not: {segment: vips}}}\n"
    (folder / "rules" / "a.yaml").write_text(text, "utf-8")


@pytest.mark.parametrize(("name", "who"), [("vips", "Bo"), ("others", "Ana")])
def test_people_of_a_segment_are_listed_and_exported(segments, name, who):
    listed = json.loads(run("contacts", "list", "--segment", name, "--json").output)
    exported = json.loads(
        run("contacts", "export", "--segment", name, "--format", "json").output
    )  # fmt: skip

    assert [one["name"] for one in listed] == [one["name"] for one in exported] == [who]


def test_segments_are_counted_and_an_unknown_one_is_told(segments):
    counted = json.loads(run("contacts", "segments", "--json").output)
    unknown = run("contacts", "list", "--segment", "vip")

    assert counted == [
        {"segment": "vips", "contacts": 1}, {"segment": "others", "contacts": 1}
    ]  # fmt: skip
    assert (unknown.exit_code, unknown.stderr) == (
        1, "there is no segment 'vip'; did you mean 'vips'?\n"
    )  # fmt: skip
