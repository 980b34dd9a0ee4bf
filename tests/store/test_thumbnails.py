"""Pictures of strangers become small ones, or nothing; never a fault, never a flood."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.store import thumbnails
from bot.store.media_files import MediaFiles
from bot.store.thumbnails import SIDE, thumbnail


def picture(form="PNG", size=(1000, 500), mode="RGB", colour="red", **more) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, form, **more)
    return written.getvalue()


def small(tmp_path, content: bytes) -> Image.Image | None:
    path = tmp_path / "picture"
    path.write_bytes(content)
    made = thumbnail(path)
    return None if made is None else Image.open(io.BytesIO(made))


@pytest.mark.parametrize(
    ("form", "mode", "colour"),
    [
        ("PNG", "RGB", "red"), ("PNG", "RGBA", "#ff0000ff"), ("PNG", "P", 0), ("PNG", "L", 9),
        ("PNG", "I;16", 9), ("JPEG", "CMYK", "red"), ("JPEG", "RGB", "red"),
        ("WEBP", "RGBA", "red"), ("GIF", "P", 3),
    ],
)  # fmt: skip
def test_a_picture_becomes_a_small_jpeg(tmp_path, form, mode, colour):
    made = small(tmp_path, picture(form, mode=mode, colour=colour))

    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (SIDE, SIDE // 2))


def test_a_small_picture_stays_as_large_as_it_is(tmp_path):
    assert small(tmp_path, picture(size=(20, 10))).size == (20, 10)


def test_what_is_transparent_becomes_white(tmp_path):
    made = small(tmp_path, picture(mode="RGBA", colour="#00000000"))

    assert made.getpixel((5, 5)) == (255, 255, 255)


def test_a_picture_is_turned_and_what_the_camera_told_is_left_out(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    exif[0x010E] = "at home"
    made = small(tmp_path, picture("JPEG", exif=exif.tobytes()))

    assert made.size == (SIDE // 2, SIDE)
    assert dict(made.getexif()) == {}


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few hundred bytes that says it is huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize(
    "content",
    [
        b"", b"GIF89a", b"\xff\xd8\xff", b"%PDF-1.4", b"<svg onload='x'/>", bomb(50_000, 50_000),
        bomb(9_000, 9_000), bomb(2**31 - 1, 2), picture()[:100], picture("JPEG")[:200],
        picture("TIFF"), picture("BMP"), picture("PPM"), picture("ICO", size=(64, 64)),
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_picture_for_us_gives_nothing(tmp_path, content):
    assert small(tmp_path, content) is None


def test_a_file_that_is_too_large_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(thumbnails, "MOST_BYTES", 100)

    assert small(tmp_path, picture()) is None


@settings(deadline=None, max_examples=60)
@given(form=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]), data=st.data())
def test_a_broken_picture_raises_nothing(tmp_path_factory, form, data):
    whole = bytearray(picture(form, size=(64, 48)))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(whole)))
    made = small(tmp_path_factory.mktemp("broken"), bytes(whole[:cut]))

    assert made is None or max(made.size) <= SIDE


def test_a_thumbnail_lies_beside_its_file_and_goes_with_it(tmp_path):
    (tmp_path / "shop.png").write_bytes(picture())
    files = MediaFiles(tmp_path)
    sha256 = files.copy(tmp_path / "shop.png")
    assert files.thumbnail_of(sha256) is None

    assert files.shrink(sha256)
    assert files.shrink(sha256)
    path = files.thumbnail_of(sha256)
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert files.tidy({sha256}, 2e12) == 0
    assert files.tidy(set(), 2e12) == 2
    assert not path.exists()

    sha256 = files.copy(tmp_path / "shop.png")
    files.shrink(sha256)
    files.remove([sha256])
    assert (files.path_of(sha256), files.thumbnail_of(sha256)) == (None, None)


def test_what_is_no_picture_has_no_thumbnail(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"words")
    files = MediaFiles(tmp_path)
    sha256 = files.copy(tmp_path / "a.txt")

    assert not files.shrink(sha256)
    assert not files.shrink("0" * 64)
    assert files.thumbnail_of("../x") is None
