"""How one WhatsApp session is driven."""

from pathlib import Path

from bot.domain.data import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppSettings:
    """Where and how to drive."""

    name: str
    url: str
    profile: Path
    browser: Path | None = None
    headless: bool = True
    no_sandbox: bool = False
    wa_js_path: Path | None = None
    wa_js_version: str = ""
    wa_js_sha256: str = ""
    page: tuple[Path, str] | None = None  # a saved page and its sha256
    presence: bool = False  # hear who is online
