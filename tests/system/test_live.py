"""The bot that runs, against WhatsApp as it is now: only where somebody asks for it.

``ALEXIA_LIVE=FOLDER pytest -m live`` looks at the page of the bot that runs in FOLDER and sends one
message to its own number, as `alexia doctor --live` does.
"""

import os
from pathlib import Path

import pytest

from bot.cli.live_check import live_findings
from bot.config import load_config

FOLDER = os.environ.get("ALEXIA_LIVE", "")

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not FOLDER, reason="ALEXIA_LIVE names the folder of a bot that runs"),
]


def test_everything_is_there_and_a_message_to_oneself_arrives():
    found = list(live_findings(load_config(Path(FOLDER) / "config.yaml")))

    assert [f"{one.name}: {one.said}" for one in found if not one.ok] == []
    assert "message to yourself" in {one.name for one in found}
