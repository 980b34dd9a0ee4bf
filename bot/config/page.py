"""The browser, WhatsApp Web in it, and what is injected there."""
# ruff: noqa: FBT003 - `key` declares a default and its reader, as `field` does

from pathlib import Path

from bot.config.keys import flag, key, list_of, one_of, path, shaped, table, text, web_address
from bot.domain.data import dataclass

WHATSAPP = "https://web.whatsapp.com/"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaJs:
    """A wa-js bundle of the user's own, with its pin."""

    path: Path = key(Path(), path)
    version: str = key("", text)
    sha256: str = key("", shaped(r"[0-9a-f]{64}", "a sha256 in hexadecimal"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """WhatsApp Web's HTML page as a file, shown in place of the one of today."""

    path: Path = key(Path(), path)
    sha256: str = key("", shaped(r"[0-9a-f]{64}", "a sha256 in hexadecimal"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsApp:
    """The browser, the page in it and what is injected there."""

    url: str = key(WHATSAPP, web_address)
    browser: Path | None = key(None, path)
    headless: bool = key(True, flag)
    no_sandbox: bool = key(False, flag)
    profile: Path | None = key(None, path)
    wa_js: WaJs | None = key(None, table(WaJs))
    page: SavedPage | None = key(None, table(SavedPage))
    labels: str = key("from_phone", one_of("off", "from_phone", "both"))
    label_tags: tuple[str, ...] = key((), list_of(text))
    presence: bool = key(False, flag)
    contacts: str = key("known", one_of("known", "saved"))
