package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"cuewire/app"
)

// playbackRow is a playback as its JSON is stored. It has exactly the fields of
// app.Playback: the conversions between the two do not compile otherwise.
type playbackRow struct {
	State          app.PlayState `json:"state"`
	CurrentTimerID string        `json:"current_timer_id"`
	Duration       app.Millis    `json:"duration_ms"`
	Elapsed        app.Millis    `json:"elapsed_ms"`
	StartedAt      app.Instant   `json:"started_at"`
	Blackout       bool          `json:"blackout"`
	Flash          bool          `json:"flash"`
	Focus          bool          `json:"focus"`
	OnAir          bool          `json:"on_air"`
	MessageID      string        `json:"message_id"`
	PastZero       bool          `json:"past_zero"`
	ShowStart      app.Instant   `json:"show_start"`
	Roll           bool          `json:"roll"`
	RollAt         app.Instant   `json:"roll_at"`
}

// auxRow is an auxiliary timer with its run, which has exactly the fields of app.AuxRun.
type auxRow struct {
	*app.AuxTimer
	Run auxRunRow `json:"run"`
}

type auxRunRow struct {
	State     app.PlayState `json:"state"`
	Duration  app.Millis    `json:"duration_ms"`
	Elapsed   app.Millis    `json:"elapsed_ms"`
	StartedAt app.Instant   `json:"started_at"`
}

// appRow is an app with its secret, which its JSON leaves out.
type appRow struct {
	*app.BroadcastApp
	Secret string `json:"secret"`
}

// Load returns everything that is stored, as it was at one moment: a Commit that
// runs meanwhile is in it as a whole or not at all, and neither waits for the
// other. A new database has no rooms and zero settings; a room whose playback was
// never stored is stopped. A row that cannot be read is an error that names the
// table and the id. It is 10,000 timers in some tens of milliseconds.
func (s *Store) Load(ctx context.Context) (*app.Saved, error) {
	tx, err := s.reading().BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, s.fault(failed, err)
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	l := loader{store: s, tx: tx, rooms: map[string]*app.RoomState{}, saved: &app.Saved{Ranks: map[string]int64{}}}
	for _, load := range []func(context.Context) error{
		l.loadRooms, l.loadTimers, l.loadMessages, l.loadPlayback, l.loadSettings, l.loadAux, l.loadQuestions, l.loadPresets,
		l.loadSources, l.loadPlacements, l.loadAlertRules, l.loadApps, l.loadQuick, l.loadTokens,
	} {
		if err := load(ctx); err != nil {
			return nil, s.fault(failed, fmt.Errorf("load: %w", err))
		}
	}
	for _, state := range l.saved.Rooms {
		slices.SortFunc(state.Timers, func(a, b *app.Timer) int { return l.compare(a.ID, b.ID) })
		slices.SortFunc(state.Messages, func(a, b *app.Message) int { return l.compare(a.ID, b.ID) })
		slices.SortFunc(state.Aux, func(a, b *app.AuxTimer) int { return l.compare(a.ID, b.ID) })
	}
	slices.SortFunc(l.saved.Sources.List, app.CompareSources)
	for _, placed := range l.saved.Sources.Scenes {
		slices.SortFunc(placed, app.ComparePlacements)
	}
	return l.saved, nil
}

// loader gathers what the rows say.
type loader struct {
	store *Store
	tx    *sql.Tx
	rooms map[string]*app.RoomState
	saved *app.Saved
}

func (l *loader) loadRooms(ctx context.Context) error {
	return each(ctx, l, "rooms", "SELECT id, '', 0, body FROM rooms ORDER BY made", func(r row, room *app.Room) error {
		if room.ID != r.id {
			return fmt.Errorf("the body is of %q", room.ID)
		}
		state := &app.RoomState{Room: room, Playback: app.Playback{State: app.Stopped}}
		l.rooms[r.id] = state
		l.saved.Rooms = append(l.saved.Rooms, state)
		return nil
	})
}

func (l *loader) loadTimers(ctx context.Context) error {
	return each(ctx, l, "timers", "SELECT id, room_id, rank, body FROM timers", func(r row, timer *app.Timer) error {
		state, err := l.owner(r, timer.ID, timer.RoomID)
		if err != nil {
			return err
		}
		state.Timers = append(state.Timers, timer)
		l.saved.Ranks[r.id] = r.rank
		return nil
	})
}

func (l *loader) loadMessages(ctx context.Context) error {
	return each(ctx, l, "messages", "SELECT id, room_id, rank, body FROM messages", func(r row, message *app.Message) error {
		state, err := l.owner(r, message.ID, message.RoomID)
		if err != nil {
			return err
		}
		state.Messages = append(state.Messages, message)
		l.saved.Ranks[r.id] = r.rank
		return nil
	})
}

func (l *loader) loadPlayback(ctx context.Context) error {
	return each(ctx, l, "playback", "SELECT room_id, room_id, 0, body FROM playback", func(r row, playback *playbackRow) error {
		state, err := l.owner(r, r.id, r.roomID)
		if err != nil {
			return err
		}
		state.Playback = app.Playback(*playback)
		return nil
	})
}

func (l *loader) loadSettings(ctx context.Context) error {
	return each(ctx, l, "settings", "SELECT 'settings', '', 0, body FROM settings", func(_ row, settings *app.Settings) error {
		l.saved.Settings = *settings
		return nil
	})
}

func (l *loader) loadAux(ctx context.Context) error {
	return each(ctx, l, "aux_timers", "SELECT id, room_id, rank, body FROM aux_timers", func(r row, aux *auxRow) error {
		if aux.AuxTimer == nil {
			return errors.New("the body is empty")
		}
		state, err := l.owner(r, aux.ID, aux.RoomID)
		if err != nil {
			return err
		}
		aux.AuxTimer.Run = app.AuxRun(aux.Run)
		state.Aux = append(state.Aux, aux.AuxTimer)
		l.saved.Ranks[r.id] = r.rank
		return nil
	})
}

func (l *loader) loadQuestions(ctx context.Context) error {
	return each(ctx, l, "questions", "SELECT id, room_id, 0, body FROM questions ORDER BY made", func(r row, question *app.Question) error {
		state, err := l.owner(r, question.ID, question.RoomID)
		if err != nil {
			return err
		}
		state.Questions = append(state.Questions, question)
		return nil
	})
}

func (l *loader) loadPresets(ctx context.Context) error {
	return each(ctx, l, "presets", "SELECT name, '', 0, body FROM presets ORDER BY name", func(r row, preset *app.Preset) error {
		if preset.Name != r.id {
			return fmt.Errorf("the body is of %q", preset.Name)
		}
		l.saved.Presets = append(l.saved.Presets, preset)
		return nil
	})
}

func (l *loader) loadSources(ctx context.Context) error {
	return each(ctx, l, "sources", "SELECT id, '', 0, body FROM sources", func(r row, source *app.Source) error {
		if source.ID != r.id {
			return fmt.Errorf("the body is of %q", source.ID)
		}
		l.saved.Sources.List = append(l.saved.Sources.List, source)
		return nil
	})
}

func (l *loader) loadPlacements(ctx context.Context) error {
	return each(ctx, l, "placements", "SELECT source_id, scene, 0, body FROM placements", func(r row, placed *app.SceneSource) error {
		if placed.SourceID != r.id || placed.Scene != r.roomID {
			return fmt.Errorf("the body is of %q in scene %q", placed.SourceID, placed.Scene)
		}
		if l.saved.Sources.Scenes == nil {
			l.saved.Sources.Scenes = map[string][]*app.SceneSource{}
		}
		l.saved.Sources.Scenes[r.roomID] = append(l.saved.Sources.Scenes[r.roomID], placed)
		return nil
	})
}

func (l *loader) loadAlertRules(ctx context.Context) error {
	return each(ctx, l, "alert_rules", "SELECT 'alert rules', '', 0, body FROM alert_rules", func(_ row, rules *[]app.AlertRule) error {
		l.saved.AlertRules = *rules
		return nil
	})
}

func (l *loader) loadApps(ctx context.Context) error {
	return each(ctx, l, "apps", "SELECT id, '', 0, body FROM apps ORDER BY made", func(r row, stored *appRow) error {
		if stored.BroadcastApp == nil || stored.ID != r.id {
			return errors.New("the body is of another app")
		}
		stored.BroadcastApp.Secret = stored.Secret
		l.saved.Apps = append(l.saved.Apps, stored.BroadcastApp)
		return nil
	})
}

// owner returns the room of a row whose body says that it is id in roomID.
func (l *loader) owner(r row, id, roomID string) (*app.RoomState, error) {
	if id != r.id || roomID != r.roomID {
		return nil, fmt.Errorf("the body is of %q in room %q", id, roomID)
	}
	state := l.rooms[roomID]
	if state == nil {
		return nil, fmt.Errorf("there is no room %q", roomID)
	}
	return state, nil
}

// compare orders two things of a room by their ranks. It is done here because
// SQLite would sort the bodies along, through a temporary file.
func (l *loader) compare(a, b string) int {
	return cmp.Or(cmp.Compare(l.saved.Ranks[a], l.saved.Ranks[b]), cmp.Compare(a, b))
}

// row is what a table says of a thing beside its body.
type row struct {
	id, roomID string
	rank       int64
}

// each calls take with every row of a query for (id, room_id, rank, body), the
// body decoded.
func each[T any](ctx context.Context, l *loader, table, query string, take func(row, *T) error) (err error) {
	rows, err := l.tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r row
		var body []byte
		if err := rows.Scan(&r.id, &r.roomID, &r.rank, &body); err != nil {
			return err
		}
		thing := new(T)
		err := json.Unmarshal(body, thing)
		if err == nil {
			err = take(r, thing)
		}
		if err != nil {
			return l.store.failure(badRow, err, map[string]any{"Table": table, "ID": r.id})
		}
	}
	return rows.Err()
}
