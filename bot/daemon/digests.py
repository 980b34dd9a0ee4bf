"""What files below a folder hold, worked out anew only where a file is another one than before."""

import hashlib
from pathlib import Path

Known = tuple[int, int]
"""When a file was written, in nanoseconds, and its size in bytes."""


class Digests:
    """Knows the content of files below a folder, by SHA-256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[str, tuple[Known, str]] = {}

    def of(self, name: str) -> str:
        """Return what a file holds, as hex digits; "" when it cannot be read."""
        path = self._folder / name
        try:
            state = path.stat()
            known = state.st_mtime_ns, state.st_size
            seen = self._seen.get(name)
            if seen is None or seen[0] != known:
                with path.open("rb") as file:
                    seen = known, hashlib.file_digest(file, "sha256").hexdigest()
                self._seen[name] = seen
        except OSError:
            return ""
        return seen[1]
