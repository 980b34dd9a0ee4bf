"""Models of the Hugging Face hub that were downloaded before: found and verified."""

import hashlib
import json
import os
import re
from pathlib import Path

from bot.domain.data import dataclass
from bot.domain.errors import WeightsMissing
from bot.nlu.registry import Entry, Registry, entry_for
from bot.nlu.weights import minilm_folder, verify_file

REMEDY = "run `alexia models download`, or name a folder that holds them"
SAFE = ("*.safetensors", "*.json", "*.txt", "*.model")  # what is fetched: no pickles, no code
BLOB = re.compile(r"[0-9a-f]{64}")  # a large file in the hub's cache is named by its sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class HubModel:
    """A folder of verified weights that transformers can read."""

    name: str  # as the configuration names it
    folder: Path
    prefix: str  # written before each text

    def __str__(self) -> str:
        return f"{self.name}: {self.folder}"


def find_hub_model(name: str, base: Path, registry: Registry) -> HubModel:
    """Return a downloaded model.

    Args:
        name: A hub id (`owner/name`, with `@revision` where one is meant), a name of the registry,
            or a folder; relative ones count from ``base``.

    Raises:
        WeightsMissing: It is not there, is not as pinned, or would need code of its own.
    """
    entry = entry_for(registry, name)
    folder = _folder(name, base, entry)
    _verify(name, folder, entry)
    return HubModel(name=name, folder=folder, prefix=entry.prefix or _prefix(name))


def download(name: str, base: Path, registry: Registry) -> HubModel:
    """Fetch a model from the hub into its cache, verify and return it. Raises WeightsMissing."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    entry = entry_for(registry, name)
    is_folder = (base / name).expanduser().is_dir()
    if entry.hub and not is_folder:
        try:
            snapshot_download(entry.hub, revision=entry.revision or None, allow_patterns=list(SAFE))
        except (HfHubHTTPError, HFValidationError, OSError, ValueError) as reason:
            told = str(reason).partition("\n")[0][:200]
            raise WeightsMissing(name, f"the hub gave nothing ({told})", "try again online") from (
                reason
            )
    return find_hub_model(name, base, registry)


def _folder(name: str, base: Path, entry: Entry) -> Path:
    given = (base / name).expanduser()
    if given.is_dir():
        return given
    if entry.kind == "minilm":
        return minilm_folder()
    kept = _cache() / f"models--{entry.hub.replace('/', '--')}"
    revision = entry.revision
    ref = kept / "refs" / (revision or "main")
    if ref.is_file():
        revision = ref.read_text(encoding="utf-8").strip()
    found = kept / "snapshots" / revision
    if not revision or not found.is_dir():
        raise WeightsMissing(name, f"neither a folder here nor in {_cache()}", REMEDY)
    return found


def _cache() -> Path:
    """Return where the hub's own programs keep what they fetch."""
    if own := os.environ.get("HF_HUB_CACHE"):
        return Path(own)
    home = os.environ.get("HF_HOME")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return (Path(home) if home else Path(base) / "huggingface") / "hub"


def _verify(name: str, folder: Path, entry: Entry) -> None:
    try:
        told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as reason:
        raise WeightsMissing(name, f"{folder} has no config.json", REMEDY) from reason
    if "auto_map" in told:
        raise WeightsMissing(name, "it needs code of its own, which is never run", "choose another")
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise WeightsMissing(name, f"{folder} has no .safetensors file", "choose another")
    if entry.sha256:
        verify_file(name, folder / entry.file, entry.sha256)
    for file in weights:
        _verify_blob(name, file)


def _verify_blob(name: str, file: Path) -> None:
    """A file of the hub's cache is a link to a blob that is named by its hash: hold it to that."""
    blob = file.resolve()
    if not (file.is_symlink() and BLOB.fullmatch(blob.name)):
        return
    with blob.open("rb") as opened:
        if hashlib.file_digest(opened, "sha256").hexdigest() != blob.name:
            raise WeightsMissing(name, f"{file.name} is not what the hub gave", REMEDY)


def _prefix(name: str) -> str:
    """Return what the E5 family wants before each text."""
    return "query: " if re.search(r"(?:^|[/-])e5-", name) else ""
