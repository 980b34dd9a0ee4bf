"""Files leave only from where they may."""

import pytest

from bot.delivery.contents import read_content
from bot.domain.bodies import Attachment
from bot.domain.errors import SendFailed
from bot.domain.messages import MessageKind
from bot.store import bodies
from bot.store.media_files import MediaFiles


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "prices.pdf").write_bytes(b"prices")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "alexia.db").write_bytes(b"secret")
    return tmp_path


def read(folder, **attachment):
    made = Attachment(kind=MessageKind.DOCUMENT, **attachment)
    return read_content(folder, made, folder / "state")


def test_a_file_below_the_folder_is_read(folder):
    content = read(folder, file="media/prices.pdf")

    assert (content.data, content.name, content.mimetype) == (
        b"prices", "prices.pdf", "application/pdf",
    )  # fmt: skip


def test_a_copied_file_is_read_by_its_hash_and_shown_by_its_name(folder):
    kept = MediaFiles(folder / "state").copy(folder / "media" / "prices.pdf")
    stored = bodies.to_text(Attachment(kind=MessageKind.DOCUMENT, name="Preços.pdf", kept=kept))

    content = read_content(folder, bodies.from_text(stored), folder / "state")

    assert (content.data, content.name, content.mimetype) == (
        b"prices", "Preços.pdf", "application/pdf",
    )  # fmt: skip


@pytest.mark.parametrize(
    "attachment",
    [
        {"file": "../x"}, {"file": "/etc/passwd"}, {"file": "state/alexia.db"},
        {"file": "nowhere.pdf"}, {"kept": "../alexia.db"}, {"kept": "a" * 64},
    ],
)  # fmt: skip
def test_nothing_else_is_sent(folder, attachment):
    with pytest.raises(SendFailed):
        read(folder, **attachment)
