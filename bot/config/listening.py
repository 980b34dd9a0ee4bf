"""Where the console listens, and who may hear what is said there."""
# ruff: noqa: FBT003 - `key` declares a default and its reader, as `field` does

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from bot.config.keys import Reading, Written, flag, key, path, text, web_address, whole
from bot.domain.data import dataclass

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Where health, the API and the console listen. Port 0: nowhere."""

    host: str = key("127.0.0.1", text)
    port: int = key(8765, whole(0, 65535))
    public_url: str = key("", web_address)
    tls_cert: Path | None = key(None, path)
    tls_key: Path | None = key(None, path)
    metrics_open: bool = key(False, flag)

    @property
    def is_local(self) -> bool:
        """Only this machine can reach it."""
        return self.port == 0 or self.host in LOOPBACK or self.host.startswith("127.")

    @property
    def is_guarded(self) -> bool:
        """What is said on the way cannot be read by others."""
        return bool(self.tls_cert and self.tls_key) or self.public_url.startswith("https://")


def warn_of_local(reading: Reading, urls: Sequence[str]) -> None:
    """Warn of webhooks on this machine or in its network: calls there are refused."""
    for place, url in enumerate(urls):
        if _is_inside(urlsplit(url).hostname or ""):
            at = reading.origins.get(f"webhooks[{place}].url", "config.yaml")
            reading.warnings.append(
                f"{at}: 'webhooks[{place}].url' leads to this machine or its network;"
                " nothing is told there without  http: {allow_local: true}"
            )


def _is_inside(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost"


def check_console(reading: Reading, console: Console) -> None:
    """Note what would let strangers listen."""
    at = Written("", reading.origins.get("console.host", "config.yaml"))
    if not console.is_local and not console.is_guarded:
        reading.problem(
            at,
            f"E104 {console.host!r} can be reached from outside, in the clear: 'console.host'",
            "set console.tls_cert and tls_key, or console.public_url to the https:// address of "
            "the proxy in front; or keep 127.0.0.1",
        )
    if bool(console.tls_cert) is not bool(console.tls_key):
        reading.problem(at, "E102 'console.tls_cert' and 'console.tls_key' go together")
