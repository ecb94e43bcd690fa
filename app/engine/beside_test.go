package engine_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cuewire/app"
)

// events follows an engine and returns the names of what has happened since the last call.
func (b *bench) events() func() []string {
	_, stream := b.Follow(1000)
	b.t.Cleanup(stream.Close)
	var mu sync.Mutex // guards seen
	var seen []string
	go func() {
		for {
			update, err := stream.Next(b.t.Context())
			if err != nil {
				return
			}
			mu.Lock()
			for _, e := range update.Events {
				if p, ok := e.Body.(app.PlaybackChanged); !ok || !p.Tick {
					seen = append(seen, e.Name())
				}
			}
			mu.Unlock()
		}
	}()
	return func() []string {
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		got := seen
		seen = nil
		return got
	}
}

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %v", what, got)
		return
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s: %v", what, got)
			return
		}
	}
}

func TestAuxiliaryTimersRunBesideTheRundown(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		room := b.main().Room.ID
		happened := b.events()
		made := b.do(app.CreateAux{RoomID: room, Fields: app.AuxFields{Name: ptr("Break"), Duration: ptr(app.Millis(60_000))}})
		b.do(app.ControlAux{RoomID: room, ID: made.ID, Action: app.Play})
		equal(t, "made and started", happened(), "auxTimers:create", "auxTimers:update")
		time.Sleep(10 * time.Second)
		b.do(app.UpdateAux{RoomID: room, ID: made.ID, Fields: app.AuxFields{Duration: ptr(app.Millis(90_000)), Name: ptr("Long break")}})
		b.clock.set(time.Hour)
		time.Sleep(time.Second)
		b.press(app.Blackout) // looks at the clock
		s := b.main().Aux[0].At(b.Now())
		if s.Name != "Long break" || s.State != app.Running || s.Elapsed != 11_000 || s.RunDuration != 90_000 {
			t.Errorf("after an hour's jump of the clock: %+v", s)
		}
		for _, refused := range []app.Command{
			app.CreateAux{RoomID: room, Fields: app.AuxFields{Name: ptr("x")}},
			app.CreateAux{RoomID: room, Fields: app.AuxFields{Name: ptr(" "), Duration: ptr(app.Millis(1))}},
			app.UpdateAux{RoomID: room, ID: made.ID, Fields: app.AuxFields{Direction: ptr(app.TimeOfDay)}},
			app.ControlAux{RoomID: room, ID: made.ID, Action: app.GoTo},
			app.ControlAux{RoomID: room, ID: "unknown", Action: app.Play},
			app.DeleteAux{RoomID: room, ID: "unknown"},
		} {
			if _, err := b.Do(t.Context(), refused); err == nil {
				t.Errorf("%+v was taken", refused)
			}
		}
		for range app.MaxAuxTimers - 1 {
			b.do(app.CreateAux{RoomID: room, Fields: app.AuxFields{Name: ptr("x"), Duration: ptr(app.Millis(1))}})
		}
		if _, err := b.Do(t.Context(), app.CreateAux{RoomID: room, Fields: app.AuxFields{Name: ptr("x"), Duration: ptr(app.Millis(1))}}); app.CodeOf(err) != app.CodeConflict {
			t.Errorf("one too many: %v", err)
		}
		b.do(app.DeleteAux{RoomID: room, ID: made.ID})
		if got := b.main().Aux; len(got) != app.MaxAuxTimers-1 || got[0].ID == made.ID {
			t.Errorf("%d are left", len(got))
		}
	})
}

func TestRollGoesByItself(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) { // at midnight UTC
		r := b.main()
		b.do(app.UpdateRoom{RoomID: r.Room.ID, TimeZone: ptr("UTC")})
		if _, err := b.Do(t.Context(), app.Control{RoomID: r.Room.ID, Action: app.Roll}); app.CodeOf(err) != app.CodeConflict {
			t.Errorf("without a planned start: %v", err)
		}
		b.do(app.UpdateTimer{RoomID: r.Room.ID, TimerID: r.Timers[0].ID, Fields: app.TimerFields{StartAt: ptr(app.ClockTime("00:10"))}})
		b.do(app.UpdateTimer{RoomID: r.Room.ID, TimerID: r.Timers[1].ID, Fields: app.TimerFields{StartAt: ptr(app.ClockTime("00:20"))}})
		happened := b.events()
		b.press(app.Roll)
		equal(t, "switched on", happened(), "timers:playback")
		if s := b.status(); s.State != app.Stopped || *s.TimerID != r.Timers[0].ID || s.RollAt == nil {
			t.Errorf("before its time: %+v", s)
		}
		time.Sleep(10*time.Minute + time.Millisecond)
		equal(t, "at its time", happened(), "timers:playback", "timers:start")
		time.Sleep(5 * time.Minute)
		equal(t, "in the gap", happened(), "timers:zero", "timers:playback")
		b.do(app.UpdateTimer{RoomID: r.Room.ID, TimerID: r.Timers[1].ID, Fields: app.TimerFields{StartAt: ptr(app.ClockTime("00:14"))}})
		equal(t, "the next was planned earlier", happened(), "timers:update", "timers:playback", "timers:start")
		if s := b.status(); s.State != app.Running || *s.TimerID != r.Timers[1].ID || s.Elapsed != 60_001 {
			t.Errorf("at 00:15 and 1 ms: %+v", s)
		}
		time.Sleep(24 * time.Hour)
		happened()
		if s := b.status(); s.State != app.Running || *s.TimerID != r.Timers[1].ID || s.Elapsed != 60_001 {
			t.Errorf("a day later: %+v", s)
		}
		b.clock.set(-30 * time.Minute) // now it is before the show
		time.Sleep(time.Second)
		b.press(app.Blackout)
		if s := b.status(); s.State != app.Stopped || *s.TimerID != r.Timers[0].ID {
			t.Errorf("after the clock was set back: %+v", s)
		}
		b.do(app.UpdateTimer{RoomID: r.Room.ID, TimerID: r.Timers[0].ID, Fields: app.TimerFields{StartAt: ptr(app.ClockTime(""))}})
		if s := b.status(); s.Roll || s.RollAt != nil {
			t.Errorf("without a planned start it goes on: %+v", s)
		}
	})
}

func TestQuestions(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		room := b.main().Room.ID
		if _, err := b.Do(t.Context(), app.AskQuestion{RoomID: room, Text: "Why?"}); app.CodeOf(err) != app.CodeForbidden {
			t.Errorf("closed: %v", err)
		}
		b.do(app.UpdateRoom{RoomID: room, AskOpen: ptr(true)})
		first := b.do(app.AskQuestion{RoomID: b.main().Room.ShortCode, Text: " Why? ", Name: "Ana"}).ID
		second := b.do(app.AskQuestion{RoomID: room, Text: "How?"}).ID
		if _, err := b.Do(t.Context(), app.AskQuestion{RoomID: room, Text: "  "}); app.CodeOf(err) != app.CodeInvalid {
			t.Errorf("empty: %v", err)
		}
		happened := b.events()
		b.do(app.SetQuestion{RoomID: room, ID: first, Text: ptr("Why not?"), State: ptr(app.QuestionShown)})
		equal(t, "shown", happened(), "messages:create", "messages:show", "timers:playback", "questions:update")
		q := b.main().Question(first)
		if m := b.main().Message(q.MessageID); m == nil || m.Text != "Why not?" || !m.Visible || q.State != app.QuestionShown {
			t.Errorf("%+v is shown as %+v", q, m)
		}
		b.do(app.SetQuestion{RoomID: room, ID: second, State: ptr(app.QuestionShown)})
		if got := b.main().Question(first).State; got != app.QuestionDone {
			t.Errorf("the one shown before is %s", got)
		}
		b.press(app.HideMessage)
		if got := b.main().Question(second).State; got != app.QuestionDone {
			t.Errorf("hidden, it is %s", got)
		}
		b.do(app.SetQuestion{RoomID: room, ID: first, State: ptr(app.QuestionShown)})
		b.do(app.SetQuestion{RoomID: room, ID: first, State: ptr(app.QuestionNew)})
		if r := b.main(); r.Playback.MessageID != "" || r.Question(first).State != app.QuestionNew || len(r.Messages) != 2 {
			t.Errorf("taken off: %+v", r.Question(first))
		}
		b.do(app.DeleteQuestion{RoomID: room, ID: first})
		b.do(app.ClearQuestions{RoomID: room})
		if r := b.main(); len(r.Questions) != 0 || len(r.Messages) != 1 {
			t.Errorf("%d questions, %d messages", len(r.Questions), len(r.Messages))
		}
		for range app.MaxQuestions {
			b.do(app.AskQuestion{RoomID: room, Text: "again"})
		}
		if _, err := b.Do(t.Context(), app.AskQuestion{RoomID: room, Text: "again"}); app.CodeOf(err) != app.CodeConflict {
			t.Errorf("one too many: %v", err)
		}
		b.do(app.SetQuestion{RoomID: room, ID: b.main().Questions[7].ID, State: ptr(app.QuestionDone)})
		b.do(app.AskQuestion{RoomID: room, Text: "the last"})
		if r := b.main(); len(r.Questions) != app.MaxQuestions || r.Questions[app.MaxQuestions-1].Text != "the last" {
			t.Errorf("%d questions", len(r.Questions))
		}
	})
}

func TestPresets(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		happened := b.events()
		b.do(app.PutPreset{Name: "stage", Params: ptr("progress=ring"), CSS: ptr("body { color: red }")})
		b.do(app.PutPreset{Name: "lobby"})
		b.do(app.PutPreset{Name: "stage", Params: ptr("hide=header")})
		b.do(app.PutPreset{Name: "stage", Params: ptr("hide=header")})
		equal(t, "put", happened(), "presets:update", "presets:update", "presets:update")
		if got := b.Snapshot().Presets; len(got) != 2 || got[0].Name != "lobby" || got[1].Params != "hide=header" || got[1].CSS != "body { color: red }" {
			t.Errorf("got %+v", got)
		}
		for _, refused := range []app.Command{
			app.PutPreset{Name: "No Blank"},
			app.PutPreset{Name: ""},
			app.PutPreset{Name: "x", Params: ptr("?a=b")},
			app.PutPreset{Name: "x", Params: ptr("a=%zz")},
			app.PutPreset{Name: "x", CSS: ptr(string(make([]byte, app.MaxPresetCSS+1)))},
			app.DeletePreset{Name: "unknown"},
		} {
			if _, err := b.Do(t.Context(), refused); err == nil {
				t.Errorf("%T was taken", refused)
			}
		}
		b.do(app.DeletePreset{Name: "lobby"})
		equal(t, "deleted", happened(), "presets:delete")
		if got := b.Snapshot().Presets; len(got) != 1 {
			t.Errorf("got %+v", got)
		}
	})
}

func TestDuplicateStartAndShowText(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		room, talk := b.main().Room.ID, b.main().Timers[1].ID
		b.do(app.UpdateTimer{RoomID: room, TimerID: talk, Fields: app.TimerFields{
			MessageZero: ptr("Thanks!"), SoundZero: ptr(app.Gong), WebhookStart: ptr("http://127.0.0.1:1/hook?key=1"), TriggerScene: ptr("Talk"), TriggerStream: ptr(true),
		}})
		copied := b.do(app.DuplicateTimer{RoomID: room, TimerID: talk})
		r := b.main()
		if is, at := r.Timer(copied.ID); at != 2 || is.Name != "Talk" || is.SoundZero != app.Gong || is.ID == talk {
			t.Errorf("copy at %d: %+v", at, is)
		}
		b.do(app.Undo{RoomID: room})
		if len(b.main().Timers) != 3 {
			t.Error("the copy is not undone")
		}
		for _, fields := range []app.TimerFields{{SoundStart: ptr(app.Sound("drum"))}, {WebhookZero: ptr("ftp://x/y")}, {WebhookZero: ptr("https://")}} {
			if _, err := b.Do(t.Context(), app.UpdateTimer{RoomID: room, TimerID: talk, Fields: fields}); app.CodeOf(err) != app.CodeInvalid {
				t.Errorf("%+v: %v", fields, err)
			}
		}
		happened := b.events()
		b.do(app.StartTimer{RoomID: room, TimerID: talk})
		equal(t, "started", happened(), "timers:playback", "timers:start")
		time.Sleep(5 * time.Second)
		b.do(app.StartTimer{RoomID: room, TimerID: talk})
		equal(t, "started again while it runs", happened())
		if s := b.status(); s.Elapsed != 5000 {
			t.Errorf("it was restarted: %+v", s)
		}
		b.do(app.ShowText{RoomID: room, Text: "Thanks!"})
		b.do(app.ShowText{RoomID: room, Text: "Thanks!"})
		if r := b.main(); len(r.Messages) != 1 || !r.Messages[0].Visible {
			t.Errorf("%d messages", len(r.Messages))
		}
		if _, err := b.Do(t.Context(), app.ShowText{RoomID: room}); app.CodeOf(err) != app.CodeInvalid {
			t.Errorf("no text: %v", err)
		}
	})
}
