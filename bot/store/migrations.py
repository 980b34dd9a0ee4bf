"""How a database of an older schema becomes one of the next."""

from collections.abc import Mapping

SCHEMA_VERSION = 4
"""Of `tables`; kept here, since an existing database is opened without them."""

STEPS: Mapping[int, tuple[str, ...]] = {
    1: ("ALTER TABLE outbox ADD COLUMN body TEXT NOT NULL DEFAULT ''",),
    2: (
        (
            "CREATE TABLE announcements (id INTEGER NOT NULL, account VARCHAR NOT NULL,"
            ' chat VARCHAR NOT NULL, event VARCHAR NOT NULL, "row" INTEGER NOT NULL,'
            " data VARCHAR NOT NULL, PRIMARY KEY (id))"
        ),
        (
            "CREATE TABLE deliveries (id INTEGER NOT NULL, url VARCHAR NOT NULL,"
            " event_id VARCHAR NOT NULL, event VARCHAR NOT NULL, body VARCHAR NOT NULL,"
            " state VARCHAR NOT NULL, attempts INTEGER NOT NULL, due_at FLOAT NOT NULL,"
            " created_at FLOAT NOT NULL, detail VARCHAR NOT NULL, PRIMARY KEY (id))"
        ),
        "CREATE INDEX deliveries_due ON deliveries (url, state, due_at)",
    ),
    3: (
        "CREATE TABLE sources (digest VARCHAR NOT NULL PRIMARY KEY, content BLOB NOT NULL)",
        """CREATE TABLE rulebooks
           (hash VARCHAR NOT NULL PRIMARY KEY, at FLOAT NOT NULL, files VARCHAR NOT NULL)""",
        """CREATE TABLE versions (
               version VARCHAR NOT NULL PRIMARY KEY, name VARCHAR NOT NULL,
               rulebook VARCHAR NOT NULL)""",
        "CREATE INDEX ix_versions_rulebook ON versions (rulebook)",
    ),
}
"""By the version that is left behind; each step is one transaction."""
