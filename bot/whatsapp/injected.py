"""What is injected before the page starts."""

import json
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).parent / "page"
OURS = (
    "bridge.js", "hearing.js", "sweeping.js", "sending.js", "survey.js", "people.js", "groups.js",
    "chats.js", "labels.js", "presence.js",
)  # fmt: skip
"""The scripts of ours, in their order."""


def scripts(url: str, bundle: str) -> list[str]:
    """Return what is injected before the page starts: each only in the page that we drive."""
    host = json.dumps(urlsplit(url).netloc)
    guarded = f"if (window === window.top && location.host === {host}) {{\n{bundle}\n}}"
    return [_script("config.js", host), guarded, *(_script(name, host) for name in OURS)]


def _script(name: str, host: str) -> str:
    return (HERE / name).read_text(encoding="utf-8").replace("ALEXIA_HOST", host)
