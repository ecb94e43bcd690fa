-- The apps that programs use channels with.

CREATE TABLE apps (
    made INTEGER PRIMARY KEY, -- counts up: the order of their making
    id   TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;
