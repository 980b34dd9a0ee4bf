"""Files that customers sent, on the command line."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.cli.send import kind_of
from bot.store import inbox, media
from bot.store.media_files import MediaFiles
from tests.make import NOW, MessageKind, message
from tests.stored import folder_with


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "source").write_bytes(b"picture")

    def fill(db):
        sha256 = MediaFiles(tmp_path / "state").copy(tmp_path / "source")
        kinds = {"A1": MessageKind.IMAGE, "A2": MessageKind.VOICE, "A3": MessageKind.TEXT}
        inbox.record_all(db, [message("", id=name, kind=kind) for name, kind in kinds.items()], NOW)
        media.stored(db, 1, sha256=sha256, size=7, mimetype="image/png", filename="a.png", now=NOW)

    return folder_with(tmp_path, fill)


def run(folder, *words):
    return CliRunner().invoke(main, [*words, "--config", str(folder)])


def test_files_are_listed_and_shown(folder):
    rows = json.loads(run(folder, "media", "list", "--json").output)
    assert [(row["message_id"], row["state"]) for row in rows] == [("A2", "pending"), ("A1", "ok")]
    assert "a.png" in run(folder, "media", "list", "--state", "ok").output

    assert json.loads(run(folder, "media", "show", "A1", "--json").output)["size"] == 7
    assert "filename: a.png" in run(folder, "media", "show", "1").output


def test_a_file_is_saved_once_unless_forced(folder):
    assert run(folder, "media", "save", "A1", str(folder)).exit_code == 0
    assert (folder / "a.png").read_bytes() == b"picture"

    again = run(folder, "media", "save", "A1", str(folder / "a.png"))
    assert (again.exit_code, "--force replaces it" in again.stderr) == (1, True)
    assert run(folder, "media", "save", "A1", str(folder / "a.png"), "--force").exit_code == 0


def test_a_file_that_is_not_here_is_told(folder):
    assert "is pending" in run(folder, "media", "save", "A2", str(folder / "x")).stderr
    assert run(folder, "media", "show", "A3").stderr.startswith("no message with a file is 'A3'; ")
    assert run(folder, "media", "fetch", "A2").exit_code == 4


@pytest.mark.parametrize(
    "words", [(), ("hello", "--file", "CONFIG"), ("hello", "--caption", "x"), ("hi", "--voice")]
)
def test_a_send_has_a_text_or_a_file(folder, words):
    words = [str(folder / "config.yaml") if word == "CONFIG" else word for word in words]

    assert run(folder, "send", "5511987654321", *words).exit_code == 2


def test_without_a_daemon_no_file_is_copied(folder):
    done = run(folder, "send", "5511987654321", "--file", str(folder / "config.yaml"))

    assert done.exit_code == 4
    assert len(list((folder / "state" / "media").iterdir())) == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.png", "image"), ("a.mp4", "video"), ("a.mp3", "audio"), ("a.pdf", "document"),
     ("a.svg", "document"), ("a", "document")],
)  # fmt: skip
def test_a_file_is_sent_as_what_it_is(tmp_path, name, kind):
    assert kind_of(tmp_path / name) == kind
