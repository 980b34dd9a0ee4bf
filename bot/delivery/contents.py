"""The bytes of the files that rules send."""

import mimetypes
import re
from pathlib import Path

from bot.domain.bodies import Attachment, Content
from bot.domain.errors import SendFailed
from bot.domain.messages import MessageKind

LARGEST = 64 * 1024 * 1024  # bytes; WhatsApp takes more of documents, a page's memory does not
KEPT = re.compile(r"[0-9a-f]{64}")
KEPT_IN = "media"  # below the data folder
USUAL = {
    MessageKind.IMAGE: "image/jpeg", MessageKind.VIDEO: "video/mp4",
    MessageKind.AUDIO: "audio/mpeg", MessageKind.VOICE: "audio/ogg; codecs=opus",
    MessageKind.STICKER: "image/webp",
}  # fmt: skip


def read_content(folder: Path, attachment: Attachment, data: Path | None = None) -> Content:
    """Return a file that lies below the user's folder, or one that was copied into the data folder.

    Args:
        data: The data folder; of it only what was copied there to be sent is ever read.

    Raises:
        SendFailed: It lies elsewhere, is not there, or is too large.
    """
    path = _place(folder, attachment, data)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise SendFailed("file", f"{size} bytes are more than {LARGEST}")
        read = path.read_bytes()
    except OSError as reason:
        raise SendFailed("file", reason.strerror or "it cannot be read") from reason
    guessed = mimetypes.guess_type(attachment.name if attachment.kept else path.name)[0]
    mimetype = guessed or USUAL.get(attachment.kind, "application/octet-stream")
    return Content(data=read, name=attachment.name or path.name, mimetype=mimetype)


def _place(folder: Path, attachment: Attachment, data: Path | None) -> Path:
    """Return where a file lies. Raises SendFailed where nothing may be sent from."""
    if attachment.kept:
        if data is None or not KEPT.fullmatch(attachment.kept):
            raise SendFailed("file", "it is not kept here")
        return data / KEPT_IN / attachment.kept
    path = (folder / attachment.file).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise SendFailed("file", "it lies outside of the bot's folder")
    if data is not None and path.is_relative_to(data.resolve()):
        raise SendFailed("file", "it lies in the bot's own data")
    return path
