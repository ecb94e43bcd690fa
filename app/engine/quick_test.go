package engine_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cuewire/app"
)

func (b *bench) quick(id string) *app.QuickTimer {
	b.t.Helper()
	timer := b.Snapshot().QuickTimer(id)
	if timer == nil {
		b.t.Fatalf("there is no quick timer %s", id)
	}
	return timer
}

func (b *bench) makeQuick(owner string, seconds int64) string {
	b.t.Helper()
	return b.do(app.CreateQuick{Owner: owner, Fields: app.QuickFields{Seconds: &seconds}}).ID
}

func TestQuickTimersCountWhatRan(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		happened := b.events()
		id := b.makeQuick("ana", 60)
		time.Sleep(1500 * time.Millisecond)
		b.do(app.PressQuick{Owner: "ana", ID: id, Action: app.QuickPause})
		time.Sleep(time.Hour)
		b.do(app.PressQuick{Owner: "ana", ID: id, Action: app.QuickResume})
		time.Sleep(70 * time.Second)
		if got := b.quick(id).ElapsedAt(b.Now()); got != 71_500 {
			t.Errorf("%d ms have run", got)
		}
		view := b.quick(id).At(b.Now(), time.UTC)
		if view.Elapsed != 71 || view.Status != app.QuickRunning || len(view.History) != 3 || *view.History[1].Elapsed != 1 {
			t.Errorf("got %+v", view)
		}
		b.do(app.UpdateQuick{ID: id, Fields: app.QuickFields{Title: ptr("A")}})
		b.do(app.UpdateQuick{ID: id, Fields: app.QuickFields{Title: ptr("A")}}) // no change, no event
		b.do(app.PressQuick{ID: id, Action: app.QuickStop})
		time.Sleep(time.Hour)
		if got := b.quick(id).ElapsedAt(b.Now()); got != 71_500 {
			t.Errorf("%d ms after the end", got)
		}
		equal(t, "events", happened(), "quickTimers:create", "quickTimers:update", "quickTimers:update", "quickTimers:update", "quickTimers:complete")
	})
}

func TestQuickTimersAreTheirOwners(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := b.makeQuick("ana", 60)
		for _, cmd := range []app.Command{
			app.PressQuick{Owner: "bob", ID: id, Action: app.QuickPause}, app.UpdateQuick{Owner: "bob", ID: id}, app.DeleteQuick{Owner: "bob", ID: id},
		} {
			if _, err := b.Do(t.Context(), cmd); app.CodeOf(err) != app.CodeNotFound {
				t.Errorf("%T: %v", cmd, err)
			}
		}
		for range app.MaxQuickEnded + 5 {
			b.do(app.PressQuick{ID: b.makeQuick("bob", 1), Action: app.QuickStop})
		}
		if n := len(b.Snapshot().QuickTimers); n != app.MaxQuickEnded+1 {
			t.Errorf("%d timers are kept", n)
		}
		for range app.MaxQuickPresses {
			b.do(app.PressQuick{ID: id, Action: app.QuickPause})
			b.do(app.PressQuick{ID: id, Action: app.QuickResume})
		}
		history := b.quick(id).History
		if len(history) != app.MaxQuickPresses || history[0].Action != app.QuickStart || history[len(history)-1].Action != app.QuickResume {
			t.Errorf("the history has %d entries, from %s to %s", len(history), history[0].Action, history[len(history)-1].Action)
		}
	})
}

func TestQuickTimersSurviveARestartAndTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, clock := &disk{}, &bubble{start: time.Now()}
		b := start(t, d, clock)
		id := b.makeQuick("ana", 60)
		for i, by := range []time.Duration{time.Hour, -2 * time.Hour} {
			time.Sleep(5 * time.Second)
			clock.set(by)
			b.do(app.UpdateQuick{ID: id, Fields: app.QuickFields{Title: ptr(by.String())}})
			if got, want := b.quick(id).ElapsedAt(b.Now()), app.Millis(5_000*(i+1)); got != want {
				t.Errorf("%d ms after the clock was set by %v, want %d", got, by, want)
			}
		}
		b.stop()
		time.Sleep(30 * time.Second)
		b = start(t, d, &bubble{start: time.Now(), offset: -time.Hour})
		if got := b.quick(id).ElapsedAt(b.Now()); got != 40_000 {
			t.Errorf("%d ms after a restart", got)
		}
		b.stop()
	})
}

func TestTokensAreGrantedAndRevoked(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		token := func(first string, life time.Duration) app.Token {
			now := b.Now().Time()
			return app.Token{ID: first + strings.Repeat("0", 64-len(first)), Subject: "ana", Role: app.Viewer, CreatedAt: now, ExpiresAt: now.Add(life)}
		}
		b.do(app.GrantToken{Token: token("aa1", time.Hour)})
		b.do(app.GrantToken{Token: token("aa2", time.Minute)})
		for name, test := range map[string]struct {
			cmd  app.Command
			code app.Code
		}{
			"ambiguous": {app.RevokeToken{ID: "aa"}, app.CodeConflict}, "nothing": {app.RevokeToken{}, app.CodeNotFound}, "unknown": {app.RevokeToken{ID: "b"}, app.CodeNotFound},
			"the same id": {app.GrantToken{Token: token("aa1", time.Hour)}, app.CodeInvalid}, "ended": {app.GrantToken{Token: token("b", 0)}, app.CodeInvalid},
			"too long": {app.GrantToken{Token: token("b", app.MaxTokenLife+time.Hour)}, app.CodeInvalid}, "no hash": {app.GrantToken{}, app.CodeInvalid},
		} {
			if _, err := b.Do(t.Context(), test.cmd); app.CodeOf(err) != test.code {
				t.Errorf("%s: %v", name, err)
			}
		}
		time.Sleep(2 * time.Minute)
		if b.Snapshot().Token(token("aa2", 0).ID, b.Now().Time()) != nil {
			t.Error("a token outlived its end")
		}
		b.do(app.GrantToken{Token: token("cc", time.Hour)})
		if n := len(b.Snapshot().Tokens); n != 2 {
			t.Errorf("%d tokens are kept", n)
		}
		b.do(app.RevokeToken{ID: "aa1"})
		if tokens := b.Snapshot().Tokens; len(tokens) != 1 || !strings.HasPrefix(tokens[0].ID, "cc") {
			t.Errorf("left are %v", tokens)
		}
	})
}
