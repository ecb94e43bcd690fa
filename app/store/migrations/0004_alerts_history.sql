-- The alert rules, where they are not the defaults, and what was measured. The
-- history is no part of a commit: it has its own connection and may lose its last
-- minutes in a power cut.

CREATE TABLE alert_rules (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    body TEXT NOT NULL -- null: the defaults
) STRICT;

CREATE TABLE history (
    minute INTEGER PRIMARY KEY, -- since the Unix epoch
    body   TEXT NOT NULL
) STRICT;

CREATE TABLE source_history (
    minute    INTEGER NOT NULL,
    source_id TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (source_id, minute)
) STRICT, WITHOUT ROWID;

CREATE INDEX source_history_minutes ON source_history (minute);
