"""The index of messages by their words: what a transaction stored is added as it ends.

Row by row, by a trigger, a message costs the index 16 µs; all at once 3. What is in the index is
changed and taken out by triggers at once. Up to where it reaches it says itself, so whoever adds
what lies behind that misses nothing and adds nothing twice.
"""

import sqlite3

BEHIND = (
    "SELECT coalesce((SELECT max(id) FROM inbox), 0) >"
    " coalesce((SELECT max(id) FROM inbox_words_docsize), 0),"
    " coalesce((SELECT max(id) FROM outbox), 0) >"
    " coalesce((SELECT max(id) FROM outbox_words_docsize), 0)"
)
ADD_ARRIVED = (
    "INSERT INTO inbox_words (rowid, text) SELECT id, text FROM inbox"
    " WHERE id > (SELECT coalesce(max(id), 0) FROM inbox_words_docsize) ORDER BY id"
)
ADD_SENT = (
    "INSERT INTO outbox_words (rowid, text) SELECT id, text FROM outbox"
    " WHERE id > (SELECT coalesce(max(id), 0) FROM outbox_words_docsize) ORDER BY id"
)


def add_new(db: sqlite3.Connection) -> None:
    """Add the messages that the index does not hold yet, as part of their transaction."""
    arrived, sent = db.execute(BEHIND).fetchone()
    if arrived:
        db.execute(ADD_ARRIVED)
    if sent:
        db.execute(ADD_SENT)
