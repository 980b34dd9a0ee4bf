import hashlib

import pytest

from bot.domain.errors import BundleRefused
from bot.whatsapp.wajs import Pin, pin_of, read_bundle


def test_one_byte_changed_is_refused_by_name(tmp_path):
    path = tmp_path / "wa.js"
    path.write_bytes(b"good")
    pin = Pin(path, hashlib.sha256(b"good").hexdigest())
    assert read_bundle(pin) == "good"

    path.write_bytes(b"goof")
    with pytest.raises(BundleRefused, match="its sha256 is"):
        read_bundle(pin)


def test_a_missing_bundle_says_what_to_do(tmp_path):
    with pytest.raises(BundleRefused, match="alexia setup"):
        read_bundle(Pin(tmp_path / "gone.js", ""))


def test_a_bundle_too_old_to_be_there_before_the_page_is_refused(tmp_path):
    with pytest.raises(BundleRefused, match=r"4\.4\.9.*4\.5\.0 is the oldest"):
        pin_of(tmp_path / "wa.js", "", "4.4.9")
    assert pin_of(tmp_path / "wa.js", "ab", "4.10.0") == Pin(tmp_path / "wa.js", "ab")
