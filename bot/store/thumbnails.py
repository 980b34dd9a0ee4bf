"""Small pictures, made of what strangers send: bounded before anything is unpacked."""

import io
import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

logger = logging.getLogger("alexia.media")

SIDE = 320  # pixels of the longer side
QUALITY = 70  # of JPEG
MOST_PIXELS = 40_000_000  # of a picture that is unpacked: 160 MB at four bytes each
MOST_BYTES = 32 * 1024 * 1024  # of a file that is looked into
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
"""What phones send. Other formats are never opened: each decoder is a door."""


BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, ArithmeticError,
    AttributeError, MemoryError,
)  # fmt: skip
"""What decoders raise on broken files."""


def thumbnail(path: Path) -> bytes | None:
    """Return a JPEG of at most `SIDE` pixels a side; None when the file is no picture for us.

    Of a moving picture the first image is taken, turned as its Exif says; nothing else of the
    Exif, such as where it was taken, is kept. What is transparent becomes white.
    """
    from PIL import Image, ImageOps

    if path.stat().st_size > MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd files; the bounds are checked below
            with Image.open(path, formats=FORMATS) as opened:
                width, height = opened.size
                if width * height > MOST_PIXELS:
                    return None
                opened.draft("RGB", (SIDE * 2, SIDE * 2))
                turned = ImageOps.exif_transpose(opened)
                turned.thumbnail((SIDE, SIDE))
                return _jpeg(turned)
    except (*BROKEN, Image.DecompressionBombError) as broken:
        logger.info("a picture cannot be made small: %s", type(broken).__name__)
        return None


def _jpeg(picture: "Image.Image") -> bytes:
    from PIL import Image

    seen = picture.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    written = io.BytesIO()
    ground.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
