"""Files on disk: harmless names, whole or not there, capped and tidied."""

import hashlib
import os

import pytest

from bot.domain.errors import MediumLost
from bot.store import media_files
from bot.store.media_files import MediaFiles, safe_mimetype, safe_name


@pytest.mark.parametrize(
    ("told", "safe"),
    [
        ("prices.pdf", "prices.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\0b\x1b[31m.txt", "ab[31m.txt"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("..", "image.png"),
        ("", "image.png"),
        (".ssh", "ssh"),
        ("-rf", "rf"),
        ("what?<b>.png", "what__b_.png"),
        ("preço 2026.pdf", "preço 2026.pdf"),
        ("y" * 4000 + ".pdf", "y" * 116 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(told, safe):
    assert safe_name(told, "image/png", "image") == safe


@pytest.mark.parametrize(
    ("told", "safe"),
    [
        ("audio/ogg; codecs=opus", "audio/ogg"),
        ("IMAGE/PNG", "image/png"),
        ("text/html\r\nSet-Cookie: x", "application/octet-stream"),
        ("../..", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_a_media_type_is_one_or_becomes_that_of_any_bytes(told, safe):
    assert safe_mimetype(told) == safe


def test_a_file_lies_under_its_hash_for_its_owner_alone(tmp_path):
    files = MediaFiles(tmp_path)
    with files.incoming() as incoming:
        incoming.write(b"one ")
        incoming.write(b"two")
        sha256 = incoming.keep()

    path = files.path_of(sha256)
    assert sha256 == hashlib.sha256(b"one two").hexdigest()
    assert path.read_bytes() == b"one two"
    assert [path.stat().st_mode & 0o777, files.folder.stat().st_mode & 0o777] == [0o600, 0o700]


def test_what_is_cut_off_or_too_large_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(media_files, "LARGEST", 10)
    files = MediaFiles(tmp_path)
    (tmp_path / "source").write_bytes(bytes(11))
    with pytest.raises(MediumLost, match="too large"):
        files.copy(tmp_path / "source")

    assert list(files.folder.iterdir()) == []


@pytest.mark.parametrize("sha256", ["../alexia.db", "", "a" * 64, "A" * 63 + "/"])
def test_what_is_no_hash_of_a_file_here_leads_nowhere(tmp_path, sha256):
    (tmp_path / "alexia.db").touch()

    assert MediaFiles(tmp_path).path_of(sha256) is None


def test_only_what_nobody_uses_and_is_not_fresh_is_removed(tmp_path):
    files = MediaFiles(tmp_path)
    kept = []
    for content in (b"used", b"unused", b"fresh"):
        (tmp_path / "source").write_bytes(content)
        kept.append(files.copy(tmp_path / "source"))
    for sha256 in kept[:2]:
        os.utime(files.folder / sha256, (1000, 1000))

    assert files.tidy(frozenset(kept[:1]), before=2000) == 1
    assert {path.name for path in files.folder.iterdir()} == {kept[0], kept[2]}
