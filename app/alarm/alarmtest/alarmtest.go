// Package alarmtest has bells for tests.
package alarmtest

import (
	"context"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/app/alarm"
)

// Bell starts a bell on the computer's clock, or the simulated one of testing/synctest,
// that rings until the test ends. watched is as for [alarm.NewBell].
func Bell(t testing.TB, watched func() bool) *alarm.Bell {
	t.Helper()
	bell := alarm.NewBell(func() app.Instant { return app.InstantOf(time.Now()) }, nil, watched, alarm.Plain)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = bell.Run(ctx) // it returns nil
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return bell
}
