"""The bytes of the files that rules send."""

import mimetypes
from pathlib import Path

from bot.domain.bodies import Attachment, Content
from bot.domain.errors import SendFailed
from bot.domain.messages import MessageKind

LARGEST = 64 * 1024 * 1024  # bytes; WhatsApp takes more of documents, a page's memory does not
USUAL = {
    MessageKind.IMAGE: "image/jpeg", MessageKind.VIDEO: "video/mp4",
    MessageKind.AUDIO: "audio/mpeg", MessageKind.VOICE: "audio/ogg; codecs=opus",
    MessageKind.STICKER: "image/webp",
}  # fmt: skip


def read_content(folder: Path, attachment: Attachment) -> Content:
    """Return a file that lies below the user's folder.

    Raises:
        SendFailed: It lies elsewhere, is not there, or is too large.
    """
    if attachment.url:
        raise SendFailed("url", "files are sent from the folder; download it there first")
    path = (folder / attachment.file).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise SendFailed("file", "it lies outside of the bot's folder")
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise SendFailed("file", f"{size} bytes are more than {LARGEST}")
        data = path.read_bytes()
    except OSError as reason:
        raise SendFailed("file", reason.strerror or "it cannot be read") from reason
    guessed = mimetypes.guess_type(path.name)[0]
    mimetype = guessed or USUAL.get(attachment.kind, "application/octet-stream")
    return Content(data=data, name=attachment.name or path.name, mimetype=mimetype)
