import hashlib

import pytest

from bot.domain.errors import BundleRefused
from bot.whatsapp.wajs import EVENTS, FUNCS, Pin, read_bundle


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


def test_the_bridge_calls_nothing_that_is_not_listed():
    import re
    from pathlib import Path

    import bot.whatsapp

    source = (Path(bot.whatsapp.__file__).parent / "page" / "bridge.js").read_text()
    used = set(re.findall(r"WPP\.((?:chat|conn|contact)\.\w+)", source))

    assert used <= set(FUNCS)
    assert set(re.findall(r"WPP\.on\('([^']+)'", source)) == set(EVENTS)
