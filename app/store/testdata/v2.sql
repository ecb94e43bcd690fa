-- A database as version 1 wrote it. Never changed: it is what people have on disk.

PRAGMA journal_mode = WAL;
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

INSERT INTO rooms (made, id, body) VALUES (1, 'r1', '{"id":"r1","short_code":"ABC234","name":"Main","timezone":"America/Sao_Paulo","color_normal":"#22c55e","color_yellow":"#eab308","color_red":"#ef4444","created_at":"2026-11-21T12:00:00Z","updated_at":"2026-11-21T12:00:00Z"}');
INSERT INTO rooms (made, id, body) VALUES (2, 'r2', '{"id":"r2","short_code":"XYZ789","name":"Side","timezone":"","color_normal":"#22c55e","color_yellow":"#eab308","color_red":"#ef4444","created_at":"2026-11-21T12:00:00Z","updated_at":"2026-11-21T12:00:00Z"}');
INSERT INTO timers VALUES ('t2', 'r1', 2048, '{"id":"t2","room_id":"r1","name":"Keynote","speaker":"Ana","notes":"bring water","duration_ms":600000,"appearance":"COUNTDOWN","wrap_yellow_ms":120000,"wrap_red_ms":30000,"label_color":"","overtime_mode":"continue","auto_advance":false,"created_at":"2026-11-21T12:00:00Z","updated_at":"2026-11-21T12:00:00Z"}');
INSERT INTO timers VALUES ('t1', 'r1', 1024, '{"id":"t1","room_id":"r1","name":"Opening","speaker":"Ana","duration_ms":600000,"appearance":"COUNTDOWN","wrap_yellow_ms":120000,"wrap_red_ms":30000,"label_color":"","overtime_mode":"continue","auto_advance":false,"created_at":"2026-11-21T12:00:00Z","updated_at":"2026-11-21T12:00:00Z"}');
INSERT INTO messages VALUES ('m1', 'r1', 1024, '{"id":"m1","room_id":"r1","text":"Wrap up","color":"red","bold":true,"uppercase":false,"flash":false,"visible":true,"created_at":"2026-11-21T12:00:00Z","updated_at":"2026-11-21T12:00:00Z"}');
INSERT INTO playback VALUES ('r1', '{"state":"running","current_timer_id":"t1","duration_ms":600000,"elapsed_ms":1500,"started_at":1790000000000,"blackout":false,"flash":false,"focus":false,"on_air":true,"message_id":"m1"}');
INSERT INTO settings VALUES (1, '{"language":"pt-BR","viewingOpen":true,"closeToTray":false,"allowedOrigins":null}');
INSERT INTO aux_timers VALUES ('a1', 'r1', 1024, '{"id":"a1","room_id":"r1","name":"Break","duration_ms":300000,"direction":"COUNTDOWN","created_at":"2026-11-22T12:00:00Z","updated_at":"2026-11-22T12:00:00Z","run":{"state":"running","duration_ms":360000,"elapsed_ms":1000,"started_at":1790000000000}}');
INSERT INTO questions (made, id, room_id, body) VALUES (1, 'q1', 'r1', '{"id":"q1","room_id":"r1","text":"How long?","name":"Rui","state":"new","message_id":"","created_at":"2026-11-22T12:00:00Z","updated_at":"2026-11-22T12:00:00Z"}');
INSERT INTO presets VALUES ('stage', '{"name":"stage","params":"progress=ring","css":"body{}","updated_at":"2026-11-22T12:00:00Z"}');
PRAGMA user_version = 2;
