package engine_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cuewire/app"
)

func TestRundownEditing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		b := start(t, d, &bubble{start: time.Now()})
		room, first := b.main().Room.ID, b.main().Timers[0].ID
		b.press(app.Play)

		made := b.do(app.CreateTimer{RoomID: b.main().Room.ShortCode, Fields: app.TimerFields{Name: ptr("Opening"), Duration: ptr(app.Millis(60_000)), Position: ptr(0)}})
		if got := names(b.main()); !slices.Equal(got, []string{"Opening", "Welcome", "Talk", "Questions"}) {
			t.Errorf("after create: %v", got)
		}
		b.do(app.UpdateTimer{RoomID: room, TimerID: made.ID, Fields: app.TimerFields{Position: ptr(2), Name: ptr("Opening film")}})
		if got := names(b.main()); !slices.Equal(got, []string{"Welcome", "Talk", "Opening film", "Questions"}) {
			t.Errorf("after a move down: %v", got)
		}
		b.do(app.UpdateTimer{RoomID: room, TimerID: made.ID, Fields: app.TimerFields{Position: ptr(1)}})
		if got := names(b.main()); !slices.Equal(got, []string{"Welcome", "Opening film", "Talk", "Questions"}) {
			t.Errorf("after a move up: %v", got)
		}
		time.Sleep(10 * time.Second)
		b.do(app.UpdateTimer{RoomID: room, TimerID: first, Fields: app.TimerFields{Duration: ptr(app.Millis(360_000))}})
		if s := b.status(); s.Duration != 360_000 || s.Elapsed != 10_000 || s.State != app.Running {
			t.Errorf("a longer current timer: %+v", s)
		}
		b.do(app.DeleteTimer{RoomID: room, TimerID: first})
		if s := b.status(); s.State != app.Stopped || *s.TimerID != made.ID || s.Duration != 60_000 {
			t.Errorf("after deleting the current timer: %+v", s)
		}
		b.do(app.UpdateRoom{RoomID: room, Name: ptr("Stage"), TimeZone: ptr("America/Sao_Paulo"), ColorRed: ptr("#ff0000")})
		b.stop()

		b = start(t, d, &bubble{start: time.Now()})
		r := b.main()
		if r.Room.Name != "Stage" || r.Room.TimeZone != "America/Sao_Paulo" || r.Room.ColorRed != "#ff0000" {
			t.Errorf("room after restart: %+v", r.Room)
		}
		if got := names(r); !slices.Equal(got, []string{"Opening film", "Talk", "Questions"}) {
			t.Errorf("after restart: %v", got)
		}
		b.stop()
	})
}

func TestManyInsertsAtOnePlaceKeepTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		b := start(t, d, &bubble{start: time.Now()})
		for i := range 60 { // more than the halvings that a rank gap allows
			b.do(app.CreateTimer{RoomID: b.main().Room.ID, Fields: app.TimerFields{Name: ptr(strings.Repeat("x", i+1)), Duration: ptr(app.Millis(0)), Position: ptr(1)}})
		}
		want := names(b.main())
		b.stop()
		b = start(t, d, &bubble{start: time.Now()})
		if got := names(b.main()); !slices.Equal(got, want) {
			t.Errorf("got %v\nwant %v", got, want)
		}
		b.stop()
	})
}

func TestMessages(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		room := b.main().Room.ID
		one := b.do(app.CreateMessage{RoomID: room, Fields: app.MessageFields{Text: ptr("Two minutes")}})
		two := b.do(app.CreateMessage{RoomID: room, Fields: app.MessageFields{Text: ptr("Wrap up"), Color: ptr(app.Red)}})
		visible := func() (ids []string) {
			for _, m := range b.main().Messages {
				if m.Visible {
					ids = append(ids, m.ID)
				}
			}
			return ids
		}
		b.do(app.Control{RoomID: room, Action: app.ShowMessage, ID: one.ID})
		b.do(app.Control{RoomID: room, Action: app.ShowMessage, ID: two.ID})
		if got := visible(); !slices.Equal(got, []string{two.ID}) || b.main().Playback.MessageID != two.ID {
			t.Errorf("shown: %v", got)
		}
		b.do(app.UpdateMessage{RoomID: room, MessageID: two.ID, Fields: app.MessageFields{Bold: ptr(true)}})
		if m := b.main().Message(two.ID); !m.Bold || !m.Visible {
			t.Errorf("updated: %+v", m)
		}
		b.do(app.DeleteMessage{RoomID: room, MessageID: two.ID})
		if got := visible(); len(got) != 0 || b.main().Playback.MessageID != "" || len(b.main().Messages) != 1 {
			t.Errorf("after deleting: %v, %+v", got, b.main().Playback)
		}
		b.do(app.Control{RoomID: room, Action: app.HideMessage})
	})
}

func TestBadInputChangesNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		room, timer := b.main().Room.ID, b.main().Timers[0].ID
		message := b.do(app.CreateMessage{RoomID: room, Fields: app.MessageFields{Text: ptr("Hello")}}).ID
		before := *b.Snapshot()
		long := strings.Repeat("ä", 256)
		for name, test := range map[string]struct {
			cmd  app.Command
			code app.Code
		}{
			"no such room":           {app.Control{RoomID: "nowhere", Action: app.Play}, app.CodeNotFound},
			"no such timer":          {app.DeleteTimer{RoomID: room, TimerID: "x"}, app.CodeNotFound},
			"no such timer, update":  {app.UpdateTimer{RoomID: room, TimerID: "x"}, app.CodeNotFound},
			"no such message":        {app.DeleteMessage{RoomID: room, MessageID: "x"}, app.CodeNotFound},
			"timer without a name":   {app.CreateTimer{RoomID: room, Fields: app.TimerFields{Duration: ptr(app.Millis(1))}}, app.CodeInvalid},
			"timer without duration": {app.CreateTimer{RoomID: room, Fields: app.TimerFields{Name: ptr("x")}}, app.CodeInvalid},
			"empty name":             {app.UpdateTimer{RoomID: room, TimerID: timer, Fields: app.TimerFields{Name: ptr(" ")}}, app.CodeInvalid},
			"long name":              {app.UpdateTimer{RoomID: room, TimerID: timer, Fields: app.TimerFields{Name: &long}}, app.CodeInvalid},
			"negative duration":      {app.UpdateTimer{RoomID: room, TimerID: timer, Fields: app.TimerFields{Speaker: ptr("Ana"), Duration: ptr(app.Millis(-1))}}, app.CodeInvalid},
			"endless duration":       {app.UpdateTimer{RoomID: room, TimerID: timer, Fields: app.TimerFields{Duration: ptr(app.MaxDuration + 1)}}, app.CodeInvalid},
			"unknown appearance":     {app.UpdateTimer{RoomID: room, TimerID: timer, Fields: app.TimerFields{Appearance: ptr(app.Appearance("SIDEWAYS"))}}, app.CodeInvalid},
			"bad label":              {app.UpdateTimer{RoomID: room, TimerID: timer, Fields: app.TimerFields{LabelColor: ptr("red")}}, app.CodeInvalid},
			"negative position":      {app.UpdateTimer{RoomID: room, TimerID: timer, Fields: app.TimerFields{Position: ptr(-1)}}, app.CodeInvalid},
			"bad colour of a room":   {app.UpdateRoom{RoomID: room, Name: ptr("Other"), ColorRed: ptr("#12345")}, app.CodeInvalid},
			"bad zone":               {app.UpdateRoom{RoomID: room, TimeZone: ptr("Mars/Olympus")}, app.CodeInvalid},
			"nameless room":          {app.CreateRoom{}, app.CodeInvalid},
			"empty message":          {app.CreateMessage{RoomID: room, Fields: app.MessageFields{Text: ptr("")}}, app.CodeInvalid},
			"bad message colour":     {app.UpdateMessage{RoomID: room, MessageID: message, Fields: app.MessageFields{Color: ptr(app.MessageColor("mauve"))}}, app.CodeInvalid},
			"invalid text":           {app.UpdateMessage{RoomID: room, MessageID: message, Fields: app.MessageFields{Text: ptr("\xff")}}, app.CodeInvalid},
			"unknown language":       {app.SetSettings{Fields: app.SettingsFields{Language: ptr("tlh"), ViewingOpen: ptr(true)}}, app.CodeInvalid},
			"origin with a path":     {app.SetSettings{Fields: app.SettingsFields{AllowedOrigins: &[]string{"http://localhost:8080/x"}}}, app.CodeInvalid},
		} {
			if _, err := b.Do(t.Context(), test.cmd); app.CodeOf(err) != test.code {
				t.Errorf("%s: %v", name, err)
			}
		}
		after := b.Snapshot()
		if after.Seq != before.Seq || after.Rooms[0] != before.Rooms[0] || after.Settings.ViewingOpen {
			t.Error("something changed")
		}
	})
}

func TestSettings(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.do(app.SetSettings{Fields: app.SettingsFields{Language: ptr("pt-BR"), AllowedOrigins: &[]string{"http://localhost:8080"}}})
		if s := b.Snapshot().Settings; s.Language != "pt-BR" || !slices.Equal(s.AllowedOrigins, []string{"http://localhost:8080"}) {
			t.Errorf("got %+v", s)
		}
	})
}
