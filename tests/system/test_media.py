"""Files both ways through the real page: stored byte for byte, whatever they are called."""

import base64
import hashlib
import json
import os
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.stage import Stage
from bot.cli import main

pytestmark = pytest.mark.browser

CHAT = "5511987654321@c.us"
PICTURE = (Path(__file__).parents[2] / "docs" / "pictures" / "phone.png").read_bytes()
LARGE = random.Random(20).randbytes(20 * 1024 * 1024)
RULES = """\
version: 1
rules:
  - id: hello
    when: {keyword: hello}
    do: {reply: Hello!}
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("media"), rules=RULES)
    try:
        stage.open_emulator()
        stage.log_in()
        yield stage
    finally:
        stage.close()


def arrive(stage: Stage, content: bytes, mimetype: str, filename: str, **more: object) -> str:
    media = {
        "mimetype": mimetype, "filename": filename, "base64": base64.b64encode(content).decode()
    }  # fmt: skip
    return stage.put(CHAT, "", media=media, **more)


def told(stage: Stage, *words: str) -> str:
    done = CliRunner().invoke(main, [*words, "--config", str(stage.bot)])
    assert done.exit_code == 0, done.output
    return done.output


def medium(stage: Stage, message: str) -> dict:
    rows = json.loads(told(stage, "media", "list", "--json"))
    return next((row for row in rows if row["message_id"] == message), {"state": ""})


def wait_stored(stage: Stage, message: str) -> dict:
    stage.wait_for("the file", lambda: medium(stage, message)["state"] == "ok", 20)
    return medium(stage, message)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "mimetype", "filename", "kind", "stored"),
    [
        (PICTURE, "image/png", "shop.png", {}, "shop.png"),
        (b"%PDF-1.4 prices", "application/pdf", "prices.pdf", {}, "prices.pdf"),
        (b"OggS" + bytes(99), "audio/ogg; codecs=opus", "", {"type": "ptt"}, None),
        (b"", "audio/ogg; codecs=opus", "empty.ogg", {"type": "ptt"}, "empty.ogg"),
        (b"evil", "text/html\r\nX: y", "../../x\u202egpj.exe" + "y" * 4000, {}, None),
        (b"con", "../..", "CON", {}, "_CON"),
    ],
    ids=["image", "document", "voice", "zero bytes", "hostile name", "device"],
)
def test_a_file_that_arrives_is_stored_byte_for_byte(
    stage, content, mimetype, filename, kind, stored
):
    row = wait_stored(stage, arrive(stage, content, mimetype, filename, **kind))

    assert (row["sha256"], row["size"]) == (sha256(content), len(content))
    assert stored in (None, row["filename"])
    assert "/" not in row["filename"]
    assert len(row["filename"].encode()) <= 120
    path = stage.bot / "state" / "media" / row["sha256"]
    assert path.read_bytes() == content
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert oct(path.parent.stat().st_mode & 0o777) == "0o700"


def test_a_large_document_goes_both_ways_and_delays_no_reply(stage, tmp_path):
    message = arrive(stage, LARGE, "application/pdf", "large.pdf")
    after = max(line["n"] for line in stage.ledger())
    stage.put("5511912345678@c.us", "hello")

    def replied() -> bool:
        return any(line["body"] == "Hello!" for line in stage.ledger(after))

    stage.wait_for("the reply", replied, 10)
    assert wait_stored(stage, message)["sha256"] == sha256(LARGE)
    told(stage, "media", "save", message, str(tmp_path / "saved.pdf"))
    assert (tmp_path / "saved.pdf").read_bytes() == LARGE

    after = max(line["n"] for line in stage.ledger())
    told(stage, "send", CHAT, "--file", str(tmp_path / "saved.pdf"), "--caption", "yours")
    os.truncate(tmp_path / "saved.pdf", 0)  # it was copied: it is still there when it leaves
    stage.wait_for("the document", lambda: bool(stage.ledger(after)), 120)
    (line,) = stage.ledger(after)
    assert (line["type"], line["body"], line["media_sha256"]) == (
        "document", "yours", sha256(LARGE)
    )  # fmt: skip


def test_the_largest_document_that_is_taken_goes_both_ways(stage, tmp_path):
    content = LARGE * 3 + bytes(4 * 1024 * 1024)
    assert len(content) == 64 * 1024 * 1024
    message = arrive(stage, content, "application/zip", "64.zip")
    stage.wait_for("the file", lambda: medium(stage, message)["state"] == "ok", 120)
    assert medium(stage, message)["sha256"] == sha256(content)

    (tmp_path / "64.zip").write_bytes(content)
    after = max(line["n"] for line in stage.ledger())
    told(stage, "send", CHAT, "--file", str(tmp_path / "64.zip"))
    stage.wait_for("the document", lambda: bool(stage.ledger(after)), 120)
    assert stage.ledger(after)[0]["media_sha256"] == sha256(content)


def test_a_picture_has_a_thumbnail(stage, tmp_path):
    message = arrive(stage, PICTURE, "image/png", "shop.png")
    wait_stored(stage, message)
    small = tmp_path / "small.jpg"

    def saved() -> bool:
        words = ["media", "save", message, str(small), "--thumbnail", "--config", str(stage.bot)]
        return CliRunner().invoke(main, words).exit_code == 0

    stage.wait_for("the thumbnail", saved, 10)
    assert small.read_bytes()[:3] == b"\xff\xd8\xff"
    assert small.stat().st_size < len(PICTURE)


def test_a_voice_note_is_sent_from_a_file(stage, tmp_path):
    (tmp_path / "note.ogg").write_bytes(b"OggS" + bytes(64))
    after = max(line["n"] for line in stage.ledger())
    told(stage, "send", CHAT, "--file", str(tmp_path / "note.ogg"), "--voice")

    stage.wait_for("the note", lambda: bool(stage.ledger(after)), 20)
    assert stage.ledger(after)[0]["type"] == "ptt"


def test_what_was_not_fetched_before_a_kill_is_fetched_after(stage):
    message = arrive(stage, LARGE[:8_000_000], "application/pdf", "cut.pdf")
    stage.wait_for("the row", lambda: medium(stage, message)["state"] != "", 20)
    stage.kill_daemon(group=True)
    stage.open_daemon()
    stage.wait_ready()

    assert wait_stored(stage, message)["sha256"] == sha256(LARGE[:8_000_000])
