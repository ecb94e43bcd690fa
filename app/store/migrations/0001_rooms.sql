-- The first form of the database. A body is the thing's JSON as package app
-- writes it; the columns beside it are what SQL itself has to know.
-- Foreign keys are deferred: the order of the changes in a commit is free.

PRAGMA application_id = 0x43756577; -- "Cuew"

CREATE TABLE rooms (
    made INTEGER PRIMARY KEY, -- counts up: the order of their making
    id   TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE timers (
    id      TEXT PRIMARY KEY NOT NULL,
    room_id TEXT NOT NULL REFERENCES rooms (id) DEFERRABLE INITIALLY DEFERRED,
    rank    INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT;

CREATE TABLE messages (
    id      TEXT PRIMARY KEY NOT NULL,
    room_id TEXT NOT NULL REFERENCES rooms (id) DEFERRABLE INITIALLY DEFERRED,
    rank    INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT;

CREATE TABLE playback (
    room_id TEXT PRIMARY KEY NOT NULL REFERENCES rooms (id) DEFERRABLE INITIALLY DEFERRED,
    body    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    body TEXT NOT NULL
) STRICT;
