//go:build unix

package obsbridge_test

import (
	"fmt"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/obsbridge"
	"cuewire/obsbridge/obstest"
)

// soak reports whether the long forms are wanted.
func soak() bool { return os.Getenv("CUEWIRE_SOAK") != "" }

// TestRealOBSLatency switches scenes and compares when the bridge's core has an
// event with when a client of its own, which does nothing else, has it.
func TestRealOBSLatency(t *testing.T) { // not parallel: it measures
	switches := 100
	if soak() {
		switches = 1000
	}
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"One", "Two"}})
	core := obstest.NewCore()
	b := start(t, obsbridge.Config{Core: core, Getenv: obs.Getenv})
	core.WaitPhase(t, app.OBSConnected)
	reference := obs.Connect(t)

	var asked, own []time.Duration
	from := len(core.Events())
	for i := range switches {
		began := time.Now()
		do(t, b, app.SwitchScene{Scene: []string{"Two", "One"}[i%2]})
		place := obstest.Place[app.OBSSceneChanged](t, core, from, nil)
		from = place + 1
		at := core.Events()[place].At
		asked = append(asked, at.Sub(began))
		own = append(own, at.Sub((<-reference.Scenes).At))
	}
	fmt.Printf("%d switches: from the command to the event in the core p50 %v, p99 %v; behind a client of its own p50 %v, p99 %v\n",
		switches, quantile(asked, 50), quantile(asked, 99), quantile(own, 50), quantile(own, 99))
	if p50 := quantile(own, 50); p50 > 50*time.Millisecond {
		t.Errorf("the bridge adds %v", p50)
	}
}

func quantile(all []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)].Round(time.Microsecond)
}

// TestRealOBSBigCollection connects to a collection of 10,000 scene items. In its
// long form it compares OBS's render time with three idle runs.
func TestRealOBSBigCollection(t *testing.T) { // not parallel: it measures
	obs := obstest.StartOBS(t, obstest.Options{Collection: obstest.BigCollection(10_000)})
	idle := [3]float64{}
	length := 3 * time.Second
	if soak() {
		length = 30 * time.Second
	}
	reference := obs.Connect(t)
	renderTime := func() float64 {
		var sum float64
		n := 0
		for end := time.Now().Add(length); time.Now().Before(end); n++ {
			time.Sleep(250 * time.Millisecond) // the pace of the sampling
			var stats struct{ AverageFrameRenderTime float64 }
			reference.Ask("GetStats", nil, &stats)
			sum += stats.AverageFrameRenderTime
		}
		return sum / float64(n)
	}
	renderTime() // OBS settles
	for i := range idle {
		idle[i] = renderTime()
	}
	core := obstest.NewCore()
	began := time.Now()
	b := start(t, obsbridge.Config{Core: core, Getenv: obs.Getenv})
	core.Wait(t, "the scenes", func(s app.OBSState) bool { return s.Connected() && len(s.Scenes) == 10 })
	connected := time.Since(began)
	with := renderTime() // begins with the connection's first second

	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Second):
				if _, err := b.DoOBS(t.Context(), app.ReconnectOBS{}); err != nil {
					t.Error(err)
				}
			}
		}
	}()
	resyncing := renderTime()
	close(stop)
	<-done

	began = time.Now()
	items := 0
	for _, scene := range core.State().Scenes {
		items += len(do(t, b, app.ListSceneItems{Scene: scene.Name}).([]app.OBSSceneItem))
	}
	if items != 10_000 {
		t.Errorf("%d items", items)
	}
	listed := time.Since(began)
	fmt.Printf("10,000 scene items: connected and in step after %v; average frame render time idle %.2f, %.2f, %.2f ms, with Cuewire %.2f ms, with a new connection each second %.2f ms; all items listed in %v\n",
		connected.Round(time.Millisecond), idle[0], idle[1], idle[2], with, resyncing, listed.Round(time.Millisecond))
	if high := slices.Max(idle[:]); with > 5*high {
		t.Errorf("OBS's render time went from %.2f to %.2f ms", high, with)
	}
}

// TestRealOBSIdleCost measures what being connected costs when nothing happens.
func TestRealOBSIdleCost(t *testing.T) { // not parallel: it measures
	length := 3 * time.Second
	if soak() {
		length = 60 * time.Second
	}
	obs := obstest.StartOBS(t, obstest.Options{})
	core := obstest.NewCore()
	start(t, obsbridge.Config{Core: core, Getenv: obs.Getenv})
	_, from := obstest.WaitEvent[app.OBSStatsUpdated](t, core, 0, nil)
	var before, after syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(length); time.Now().Before(end); {
		_, from = obstest.WaitEvent[app.OBSStatsUpdated](t, core, from, nil)
	}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &after); err != nil {
		t.Fatal(err)
	}
	cpu := time.Duration(after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano())
	percent := 100 * cpu.Seconds() / length.Seconds()
	fmt.Printf("connected and idle: %.2f %% of a core, %.0f context switches/s\n",
		percent, float64(after.Nvcsw+after.Nivcsw-before.Nvcsw-before.Nivcsw)/length.Seconds())
	if percent > 5*0.3 {
		t.Errorf("being connected costs %.2f %% of a core", percent)
	}
}
