"""How a database of an older schema becomes one of the next."""

from collections.abc import Mapping

STEPS: Mapping[int, tuple[str, ...]] = {
    1: ("ALTER TABLE outbox ADD COLUMN body TEXT NOT NULL DEFAULT ''",),
}
"""By the version that is left behind; each step is one transaction."""
