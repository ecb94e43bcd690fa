-- What stands beside a room's rundown, and the looks of pages.

CREATE TABLE aux_timers (
    id      TEXT PRIMARY KEY NOT NULL,
    room_id TEXT NOT NULL REFERENCES rooms (id) DEFERRABLE INITIALLY DEFERRED,
    rank    INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT;

CREATE TABLE questions (
    made    INTEGER PRIMARY KEY, -- counts up: the order in which they were asked
    id      TEXT NOT NULL UNIQUE,
    room_id TEXT NOT NULL REFERENCES rooms (id) DEFERRABLE INITIALLY DEFERRED,
    body    TEXT NOT NULL
) STRICT;

CREATE TABLE presets (
    name TEXT PRIMARY KEY NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
