package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"cuewire/app"
	"cuewire/app/engine"
)

func TestTheBeatIsThatOfTicksSomebodyGets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startWith(t, &disk{}, &bubble{start: time.Now()}, engine.Config{Ticks: app.WantTicks})
		defer b.stop()
		beat := func() app.Millis { return app.Millis(b.NextBeat(b.Now())) % 1000 }
		if got := beat(); got != 0 {
			t.Errorf("with nothing running it is %d ms after the second", got)
		}
		time.Sleep(300 * time.Millisecond)
		b.press(app.Play)
		began := app.Millis(b.Now()) % 1000
		if got := beat(); got != 0 || began == 0 {
			t.Errorf("with nobody there it is %d ms after the second", got)
		}
		b.do(app.ClientFact{Client: &app.Client{ID: "1"}})
		if got := beat(); got != began {
			t.Errorf("it is %d ms after the second, the timer's is %d", got, began)
		}
	})
}
