import hashlib

import pytest

from bot.domain.errors import PageRefused
from bot.whatsapp.pinned import read_page


def test_one_byte_changed_in_a_saved_page_is_refused_by_name(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<!doctype html>")
    sha256 = hashlib.sha256(b"<!doctype html>").hexdigest()
    assert read_page(path, sha256) == "<!doctype html>"

    path.write_text("<!doctype htmL>")
    with pytest.raises(PageRefused, match=r"page.html is refused: its sha256 is .*whatsapp\.page"):
        read_page(path, sha256)


def test_a_saved_page_that_is_no_text_or_not_there_is_refused(tmp_path):
    (tmp_path / "page.html").write_bytes(b"\xff")
    sha256 = hashlib.sha256(b"\xff").hexdigest()

    with pytest.raises(PageRefused, match="not UTF-8"):
        read_page(tmp_path / "page.html", sha256)
    with pytest.raises(PageRefused, match="No such file"):
        read_page(tmp_path / "gone.html", sha256)
