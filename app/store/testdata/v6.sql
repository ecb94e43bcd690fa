-- A database as version 5 wrote it. Never changed: it is what people have on disk.

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

CREATE TABLE alert_rules (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    body TEXT NOT NULL
) STRICT;

CREATE TABLE history (
    minute INTEGER PRIMARY KEY,
    body   TEXT NOT NULL
) STRICT;

CREATE TABLE source_history (
    minute    INTEGER NOT NULL,
    source_id TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (source_id, minute)
) STRICT, WITHOUT ROWID;

CREATE INDEX source_history_minutes ON source_history (minute);

CREATE TABLE apps (
    made INTEGER PRIMARY KEY,
    id   TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;

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
INSERT INTO sources VALUES ('s1', '{"id":"s1","name":"Alerts","url":"https://example.com/alerts","width":800,"height":600,"refreshRate":30,"isActive":true,"cssCustom":"","jsCustom":"","way":"combined","load":"preload","tags":["fun"],"framing":{"state":"unknown","reason":"","key":""},"activatedAt":"2026-11-22T12:00:00Z","createdAt":"2026-11-22T12:00:00Z","updatedAt":"2026-11-22T12:00:00Z"}');
INSERT INTO placements VALUES ('Main Scene', 's1', '{"sceneName":"Main Scene","sourceId":"s1","config":{"x":100,"y":50,"width":800,"height":600,"scaleX":1,"scaleY":1,"rotation":0,"visible":true,"zIndex":0},"addedAt":"2026-11-22T12:00:00Z","updatedAt":"2026-11-22T12:00:00Z"}');
INSERT INTO alert_rules VALUES (1, '[{"id":"cpu","metric":"hostCpu","threshold":50,"clear":40,"duration_ms":5000,"severity":"critical","enabled":true}]');
INSERT INTO history VALUES (29833333, '{"cpu":{"s":60,"n":2,"p":40},"memory":{"s":2000,"n":2,"p":1000}}');
INSERT INTO source_history VALUES (29833333, 's1', '{"fps":{"s":120,"n":2,"p":60}}');
INSERT INTO apps (made, id, body) VALUES (1, '4711', '{"id":"4711","name":"Alerts","key":"0123456789abcdef0123","enabled":true,"client_events":false,"max_connections":0,"created_at":"2026-11-22T12:00:00Z","updated_at":"2026-11-22T12:00:00Z","secret":"fedcba9876543210fedc"}');
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

INSERT INTO quick_timers (made, id, body) VALUES (1, 'q-1', '{"id":"q-1","owner":"ana","schedule_id":"s-1","todo_id":null,"title":"Warm-up","description":null,"allocated_ms":60000,"status":"RUNNING","elapsed_ms":500,"since":1790000000000,"started_at":1790000000000,"paused_at":0,"ended_at":0,"history":[{"action":"start","at":1790000000000,"elapsed_ms":null}],"created_at":1790000000000,"updated_at":1790000000000}');
INSERT INTO tokens (made, id, body) VALUES (1, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', '{"id":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","sub":"ana","role":"controller","name":"Tablet","createdAt":"2026-11-22T12:00:00Z","expiresAt":"2036-11-22T12:00:00Z"}');
PRAGMA user_version = 6;
