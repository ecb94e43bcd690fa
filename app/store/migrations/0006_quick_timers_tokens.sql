-- The quick timers of people, and the access tokens that Cuewire has issued, by
-- the hashes of their ids.

CREATE TABLE quick_timers (
    made INTEGER PRIMARY KEY, -- counts up: the order of their making
    id   TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE tokens (
    made INTEGER PRIMARY KEY, -- counts up: the order of their making
    id   TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;
