"""How a database of an older schema becomes one of the next."""

from collections.abc import Mapping

SCHEMA_VERSION = 24
"""Of `tables`; kept here, since an existing database is opened without them."""

FOLDED = "tokenize = 'unicode61 remove_diacritics 2'"  # case and accents do not count


def _words_of(table: str) -> tuple[str, ...]:
    """Return the full-text index of a table's texts, and what changes it in their transaction.

    New rows are added by `words.add_new` as their transaction ends: a new row's id is always the
    highest. A trigger for each, even one that never fires, would make SQLite copy every page that
    an insert changes, which tripled its cost. What is not in the index yet is neither changed there
    nor taken out.
    """
    words = f"{table}_words"
    drop = f"INSERT INTO {words} ({words}, rowid, text) VALUES ('delete', old.id, old.text);"  # noqa: S608 - our words
    add = f"INSERT INTO {words} (rowid, text) VALUES (new.id, new.text);"  # noqa: S608
    held = f"text, content = '{table}', content_rowid = 'id', {FOLDED}"
    known = f"EXISTS (SELECT 1 FROM {words}_docsize WHERE id = old.id)"  # noqa: S608
    changed = f"AFTER UPDATE OF text ON {table} WHEN old.text IS NOT new.text AND {known}"
    return (
        f"CREATE VIRTUAL TABLE {words} USING fts5 ({held})",
        f"CREATE TRIGGER {words}_changed {changed} BEGIN {drop} {add} END",
        f"CREATE TRIGGER {words}_gone AFTER DELETE ON {table} WHEN {known} BEGIN {drop} END",
    )


WORDS = (*_words_of("inbox"), *_words_of("outbox"))

_ARRIVED = (
    " ON inbox WHEN new.state = 'waiting' AND new.from_me = 0 AND new.kind IN"
    " ('image', 'video', 'audio', 'voice', 'document', 'sticker') BEGIN"
    " INSERT OR IGNORE INTO media VALUES"
    " (new.id, 'pending', 0, '', 0, '', '', 0, new.received_at, NULL, ''); END"
)
MEDIA = (
    f"CREATE TRIGGER media_arrived AFTER INSERT{_ARRIVED}",
    f"CREATE TRIGGER media_unsealed AFTER UPDATE OF kind{_ARRIVED}",
    """CREATE TRIGGER media_ignored AFTER UPDATE OF state ON inbox WHEN new.state = 'ignored' BEGIN
       DELETE FROM media WHERE id = new.id AND state = 'pending' AND asked = 0; END""",
    """CREATE TRIGGER media_forgotten AFTER DELETE ON inbox BEGIN
       DELETE FROM media WHERE id = old.id; END""",
)
"""What notes the file of a message in the transaction that stores the message."""

RECEIPTS = (
    """CREATE TRIGGER receipts_forgotten AFTER DELETE ON outbox BEGIN
       DELETE FROM receipts WHERE message_id = old.message_id; END""",
)

BESIDE = (*WORDS, *MEDIA, *RECEIPTS)
"""What a fresh database has beside its tables."""

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
    4: (
        "CREATE INDEX inbox_chat ON inbox (chat, sent_at)",
        "CREATE INDEX outbox_messages ON outbox (chat, id)",
        *WORDS,
        "INSERT INTO inbox_words (inbox_words) VALUES ('rebuild')",
        "INSERT INTO outbox_words (outbox_words) VALUES ('rebuild')",
    ),
    5: (
        (
            "CREATE TABLE media (id INTEGER NOT NULL, state VARCHAR NOT NULL,"
            " asked INTEGER NOT NULL, sha256 VARCHAR NOT NULL, size INTEGER NOT NULL,"
            " mimetype VARCHAR NOT NULL, filename VARCHAR NOT NULL, attempts INTEGER NOT NULL,"
            " due_at FLOAT NOT NULL, stored_at FLOAT, detail VARCHAR NOT NULL, PRIMARY KEY (id))"
        ),
        "CREATE INDEX media_due ON media (state, due_at)",
        *MEDIA,
    ),
    6: (
        "ALTER TABLE outbox ADD COLUMN held_until FLOAT",
        "ALTER TABLE outbox ADD COLUMN held_why VARCHAR NOT NULL DEFAULT ''",
        """CREATE INDEX outbox_started ON outbox (account, handed_at)
           WHERE why IN ('started', 'campaign')""",
        """CREATE TABLE incidents (
               id INTEGER NOT NULL, account VARCHAR NOT NULL, kind VARCHAR NOT NULL,
               at FLOAT NOT NULL, detail VARCHAR NOT NULL, PRIMARY KEY (id))""",
        "CREATE INDEX incidents_kind ON incidents (account, kind, at)",
    ),
    7: (
        (
            "CREATE TABLE merges (id INTEGER NOT NULL, at FLOAT NOT NULL, by VARCHAR NOT NULL,"
            " kept INTEGER NOT NULL, gone INTEGER, changed VARCHAR NOT NULL, undone_at FLOAT,"
            " PRIMARY KEY (id))"
        ),
        "CREATE INDEX merges_kept ON merges (kept)",
        "CREATE INDEX merges_gone ON merges (gone)",
        """CREATE TABLE number_checks
           (number VARCHAR NOT NULL PRIMARY KEY, chat VARCHAR NOT NULL, at FLOAT NOT NULL)""",
        "CREATE INDEX number_checks_at ON number_checks (at)",
    ),
    8: (
        (
            "CREATE TABLE groups (account VARCHAR NOT NULL, chat VARCHAR NOT NULL,"
            " subject VARCHAR NOT NULL, description VARCHAR NOT NULL, owner VARCHAR NOT NULL,"
            " created_at FLOAT, members VARCHAR NOT NULL, is_member INTEGER NOT NULL,"
            " is_admin INTEGER NOT NULL, seen_at FLOAT NOT NULL, PRIMARY KEY (account, chat))"
        ),
        "ALTER TABLE outbox ADD COLUMN mentions VARCHAR NOT NULL DEFAULT ''",
    ),
    9: (
        (
            "CREATE TABLE labels (account VARCHAR NOT NULL, chat VARCHAR NOT NULL,"
            " label VARCHAR NOT NULL, PRIMARY KEY (account, chat, label))"
        ),
        (
            "CREATE TABLE presence (address VARCHAR NOT NULL, online INTEGER NOT NULL,"
            " at FLOAT NOT NULL, PRIMARY KEY (address))"
        ),
        (
            "CREATE TABLE receipts (message_id VARCHAR NOT NULL, reader VARCHAR NOT NULL,"
            " ack INTEGER NOT NULL, at FLOAT NOT NULL, PRIMARY KEY (message_id, reader, ack))"
        ),
        *RECEIPTS,
    ),
    10: (
        (
            "CREATE TABLE consents (id INTEGER NOT NULL, contact_id INTEGER NOT NULL,"
            " at FLOAT NOT NULL, state VARCHAR NOT NULL, source VARCHAR NOT NULL,"
            " wording VARCHAR NOT NULL, proof VARCHAR NOT NULL, who VARCHAR NOT NULL,"
            " PRIMARY KEY (id))"
        ),
        "CREATE INDEX consents_contact ON consents (contact_id, at)",
        (
            "INSERT INTO consents (contact_id, at, state, source, wording, proof, who)"
            " SELECT id, coalesce(last_seen, first_seen),"
            " CASE consent WHEN 'given' THEN 'granted' ELSE 'withdrawn' END,"
            " 'before the ledger', '', '', '' FROM contacts WHERE consent != 'unknown'"
        ),
    ),
    11: (
        (
            "CREATE TABLE lead_changes (id INTEGER NOT NULL, contact_id INTEGER NOT NULL,"
            " at FLOAT NOT NULL, by VARCHAR NOT NULL, cause VARCHAR NOT NULL,"
            " stage_before VARCHAR NOT NULL, score_before INTEGER NOT NULL,"
            " owner_before VARCHAR NOT NULL, stage VARCHAR NOT NULL, score INTEGER NOT NULL,"
            " owner VARCHAR NOT NULL, note VARCHAR NOT NULL, undone_at FLOAT, PRIMARY KEY (id))"
        ),
        "CREATE INDEX lead_changes_contact ON lead_changes (contact_id, id)",
    ),
    12: (
        (
            "CREATE TABLE profiles (address VARCHAR NOT NULL, saved_name VARCHAR NOT NULL,"
            " push_name VARCHAR NOT NULL, verified_name VARCHAR NOT NULL,"
            " username VARCHAR NOT NULL, business INTEGER NOT NULL, saved INTEGER NOT NULL,"
            " blocked INTEGER NOT NULL, about VARCHAR NOT NULL, picture VARCHAR NOT NULL,"
            " tag VARCHAR NOT NULL, looked_at FLOAT, due_at FLOAT NOT NULL, PRIMARY KEY (address))"
        ),
        "CREATE INDEX profiles_blocked ON profiles (address) WHERE blocked = 1",
        "CREATE INDEX profiles_looked ON profiles (looked_at)",
    ),
    13: (
        (
            "CREATE TABLE campaigns (name VARCHAR NOT NULL, state VARCHAR NOT NULL,"
            " content VARCHAR NOT NULL, previewed_at FLOAT NOT NULL,"
            " started_at FLOAT, came_round FLOAT, PRIMARY KEY (name))"
        ),
        (
            "CREATE TABLE campaign_runs (id INTEGER NOT NULL, campaign VARCHAR NOT NULL,"
            " account VARCHAR NOT NULL, planned_at FLOAT NOT NULL, local VARCHAR NOT NULL,"
            " content VARCHAR NOT NULL, state VARCHAR NOT NULL, detail VARCHAR NOT NULL,"
            " begun_at FLOAT NOT NULL, ended_at FLOAT, PRIMARY KEY (id),"
            " UNIQUE (campaign, planned_at), UNIQUE (campaign, local))"
        ),
        "CREATE INDEX campaign_runs_state ON campaign_runs (state)",
        (
            "CREATE TABLE campaign_recipients (run INTEGER NOT NULL, contact_id INTEGER NOT NULL,"
            " chat VARCHAR NOT NULL, variant VARCHAR NOT NULL, state VARCHAR NOT NULL,"
            " reason VARCHAR NOT NULL, due_at FLOAT NOT NULL, place INTEGER NOT NULL,"
            " PRIMARY KEY (run, contact_id))"
        ),
        "CREATE INDEX campaign_recipients_due ON campaign_recipients (run, state, due_at, place)",
        "CREATE INDEX campaign_recipients_contact ON campaign_recipients (contact_id)",
    ),
    14: (
        "ALTER TABLE inbox ADD COLUMN sealed VARCHAR NOT NULL DEFAULT ''",
        "ALTER TABLE outbox ADD COLUMN sealed VARCHAR NOT NULL DEFAULT ''",
        "ALTER TABLE conversations ADD COLUMN hushed INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX conversations_hushed ON conversations (chat) WHERE hushed = 1",
        "INSERT OR REPLACE INTO meta VALUES ('sealing.readable', '1')",  # for `sealing`
    ),
    15: (
        "ALTER TABLE timers ADD COLUMN state VARCHAR NOT NULL DEFAULT 'waiting'",
        "ALTER TABLE timers ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE timers ADD COLUMN detail VARCHAR NOT NULL DEFAULT ''",
        "ALTER TABLE events ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE events ADD COLUMN detail VARCHAR NOT NULL DEFAULT ''",
        "ALTER TABLE calls ADD COLUMN turns INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE calls ADD COLUMN detail VARCHAR NOT NULL DEFAULT ''",
    ),
    16: (
        "ALTER TABLE leads ADD COLUMN rest FLOAT NOT NULL DEFAULT 0",
        "ALTER TABLE leads ADD COLUMN scored_at FLOAT NOT NULL DEFAULT 0",
        "ALTER TABLE leads ADD COLUMN qualified_at FLOAT",
        "UPDATE leads SET scored_at = updated_at",
        "CREATE INDEX lead_changes_at ON lead_changes (at)",
        "CREATE INDEX inbox_sent ON inbox (sent_at)",
        "CREATE INDEX traces_at ON traces (at)",
    ),
    17: (
        (
            "CREATE TABLE crm_jobs (id INTEGER NOT NULL, target VARCHAR NOT NULL,"
            " lane VARCHAR NOT NULL, kind VARCHAR NOT NULL, row INTEGER NOT NULL,"
            " version INTEGER NOT NULL, state VARCHAR NOT NULL, tries INTEGER NOT NULL,"
            " due_at FLOAT NOT NULL, failing_since FLOAT, detail VARCHAR NOT NULL,"
            " PRIMARY KEY (id), UNIQUE (target, lane, kind, row))"
        ),
        "CREATE INDEX crm_jobs_due ON crm_jobs (target, state, due_at)",
        "CREATE INDEX crm_jobs_lane ON crm_jobs (target, lane, state, id)",
        (
            "CREATE TABLE crm_links (target VARCHAR NOT NULL, lane VARCHAR NOT NULL,"
            " kind VARCHAR NOT NULL, remote VARCHAR NOT NULL, data VARCHAR NOT NULL,"
            " PRIMARY KEY (target, lane, kind))"
        ),
        "CREATE INDEX crm_links_remote ON crm_links (target, kind, remote)",
    ),
    18: (
        *(
            f"DROP TRIGGER IF EXISTS {table}_words_{when}"
            for table in ("inbox", "outbox")
            for when in ("added", "back", "changed", "gone")
        ),
        *(one for one in WORDS if one.startswith("CREATE TRIGGER")),
    ),
    19: (
        "ALTER TABLE conversations ADD COLUMN member VARCHAR NOT NULL DEFAULT ''",
        "CREATE INDEX conversations_member ON conversations (member) WHERE member != ''",
        (
            "CREATE TABLE waits (id INTEGER NOT NULL, account VARCHAR NOT NULL,"
            " chat VARCHAR NOT NULL, contact_id INTEGER NOT NULL, sla VARCHAR NOT NULL,"
            " since FLOAT NOT NULL, due_at FLOAT NOT NULL, team VARCHAR NOT NULL,"
            " member VARCHAR NOT NULL, missed_at FLOAT, ended_at FLOAT, how VARCHAR NOT NULL,"
            " by VARCHAR NOT NULL, waited FLOAT NOT NULL, PRIMARY KEY (id))"
        ),
        "CREATE INDEX waits_contact ON waits (contact_id)",
        "CREATE INDEX waits_since ON waits (since)",
        "CREATE INDEX waits_open ON waits (chat) WHERE how = ''",
    ),
    20: (
        "DROP INDEX IF EXISTS inbox_waiting",
        "CREATE INDEX inbox_waiting ON inbox (account, chat, id) WHERE state = 'waiting'",
        "DROP INDEX IF EXISTS outbox_chat",  # outbox_messages does as well
    ),
    21: (
        "DROP TRIGGER IF EXISTS inbox_words_back",
        "DROP TRIGGER IF EXISTS outbox_words_back",
        "DROP INDEX IF EXISTS inbox_state",
        "CREATE INDEX inbox_quarantined ON inbox (id) WHERE state = 'quarantined'",
        "CREATE INDEX inbox_ignored ON inbox (id) WHERE state = 'ignored'",
        "DROP INDEX IF EXISTS outbox_handed",
        "CREATE INDEX outbox_handed ON outbox (handed_at) WHERE handed_at IS NOT NULL",
    ),
    22: (
        "ALTER TABLE outbox ADD COLUMN dropped_at FLOAT",
        "ALTER TABLE outbox ADD COLUMN dropped_by VARCHAR NOT NULL DEFAULT ''",
    ),
    23: (
        "DROP INDEX IF EXISTS outbox_open",
        "CREATE INDEX outbox_state ON outbox (state)",
        (
            "CREATE INDEX outbox_queued ON outbox (chat, id)"
            " WHERE state = 'reserved' AND why = 'campaign'"
        ),
        "DROP TRIGGER IF EXISTS receipts_forgotten",
        (
            "CREATE TABLE receipts_anew (message_id VARCHAR NOT NULL, reader VARCHAR NOT NULL,"
            " ack INTEGER NOT NULL, at FLOAT NOT NULL, PRIMARY KEY (message_id, reader, ack))"
            " WITHOUT ROWID"
        ),
        (
            "INSERT INTO receipts_anew SELECT message_id, reader, ack, at FROM receipts"
            " ORDER BY message_id, reader, ack"
        ),
        "DROP TABLE receipts",
        "ALTER TABLE receipts_anew RENAME TO receipts",
        *RECEIPTS,
    ),
}
"""By the version that is left behind; each step is one transaction."""
