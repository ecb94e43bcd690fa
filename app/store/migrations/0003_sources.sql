-- The library of browser sources, and where they stand in OBS's scenes.

CREATE TABLE sources (
    id   TEXT PRIMARY KEY NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE placements (
    scene     TEXT NOT NULL,
    source_id TEXT NOT NULL REFERENCES sources (id) DEFERRABLE INITIALLY DEFERRED,
    body      TEXT NOT NULL,
    PRIMARY KEY (scene, source_id)
) STRICT, WITHOUT ROWID;
