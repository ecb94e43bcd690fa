package alarm_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"cuewire/app"
	"cuewire/app/alarm"
	"cuewire/app/alarm/alarmtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAlarm(t *testing.T) {
	for name, make := range map[string]func() alarm.Alarm{"the system's": alarm.New, "plain": alarm.Plain} {
		t.Run(name, func(t *testing.T) {
			a := make()
			defer a.Stop()
			silent := func(when string) {
				t.Helper()
				select {
				case <-a.C():
					t.Errorf("%s it sends", when)
				case <-time.After(60 * time.Millisecond):
				}
			}
			silent("before it was set")
			for range 3 {
				began := time.Now()
				a.Reset(20 * time.Millisecond)
				<-a.C()
				if took := time.Since(began); took < 20*time.Millisecond {
					t.Errorf("it came after %v", took)
				}
			}
			silent("a second time")
			a.Reset(-time.Second)
			<-a.C()
			a.Reset(time.Nanosecond)
			time.Sleep(20 * time.Millisecond)
			a.Reset(time.Hour)
			silent("what was asked before")
			a.Reset(10 * time.Millisecond)
			a.Rest()
			silent("at rest")
			a.Reset(time.Millisecond)
			time.Sleep(20 * time.Millisecond)
			a.Rest()
			silent("at rest, what it had sent,")
		})
	}
}

// heard receives rings until the test ends and tells when each came, in milliseconds
// since began.
func heard(t *testing.T, bell *alarm.Bell, began time.Time) func() []int64 {
	rings, leave := bell.Hear()
	var at []int64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-rings:
				at = append(at, time.Since(began).Milliseconds())
			case <-stop:
				return
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		<-stopped
		leave()
	})
	return func() []int64 {
		synctest.Wait()
		return at
	}
}

func TestABellRingsOnTheSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		time.Sleep(300 * time.Millisecond)
		var watched atomic.Bool
		bell := alarmtest.Bell(t, watched.Load)
		at := heard(t, bell, began)
		late, leave := bell.Hear() // for which nobody waits
		time.Sleep(11 * time.Second)
		watched.Store(true)
		time.Sleep(3 * time.Second)
		if got, want := at(), []int64{5000, 10_000, 12_000, 13_000, 14_000}; !slices.Equal(got, want) {
			t.Errorf("it rang at %v, want %v", got, want)
		}
		select {
		case <-late:
			t.Error("a ring waited")
		default:
		}
		leave()
	})
}

func TestABellFollowsTheBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var phase atomic.Int64
		beat := func(after app.Instant) app.Instant {
			p := app.Instant(phase.Load())
			return alarm.FullSecond(after-p) + p
		}
		bell := alarm.NewBell(func() app.Instant { return app.InstantOf(time.Now()) }, beat, nil, alarm.Plain)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		at := heard(t, bell, began)
		go func() { _ = bell.Run(ctx) }()
		time.Sleep(1200 * time.Millisecond)
		phase.Store(700) // rings at 2.0 as it was set, then not before 2.5
		time.Sleep(3 * time.Second)
		phase.Store(100)
		time.Sleep(2 * time.Second)
		if got, want := at(), []int64{1000, 2000, 2700, 3700, 4700, 6100}; !slices.Equal(got, want) {
			t.Errorf("it rang at %v, want %v", got, want)
		}
	})
}
