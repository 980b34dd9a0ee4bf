"""Files of messages, kept under their hash."""

import base64
import binascii
import hashlib
from pathlib import Path

from bot.emulator.fields import Fields
from bot.emulator.messages import Medium
from bot.emulator.web import Refused


class MediaFolder:
    """A folder with one file a hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, content: bytes, mimetype: str, filename: str) -> Medium:
        """Write a file, unless it is there, and return what is known of it."""
        sha256 = hashlib.sha256(content).hexdigest()
        self._write(sha256, content)
        return Medium(sha256=sha256, mimetype=mimetype, filename=filename, size=len(content))

    def _write(self, sha256: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / sha256
        if not path.exists():
            partial = path.with_suffix(".part")
            partial.write_bytes(content)
            partial.rename(path)

    async def read(self, sha256: str) -> bytes:
        """Return a file's bytes.

        Raises:
            Refused: With 404 when there is no such file.
        """
        path = self._folder / sha256
        if not sha256.isalnum() or not path.exists():
            raise Refused(404, f"no medium {sha256}")
        return path.read_bytes()

    async def keep_fields(self, fields: Fields | None) -> Medium | None:
        """Keep ``{"mimetype", "filename", "base64"}`` of the control API."""
        if fields is None:
            return None
        mimetype = fields.text("mimetype", "application/octet-stream")
        filename = fields.text("filename", "file")
        encoded = fields.text("base64")
        fields.done()
        try:
            content = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise Refused(400, "the base64 of 'media' cannot be read") from error
        return await self.keep(content, mimetype, filename)
