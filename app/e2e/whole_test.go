package e2e

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"cuewire/app"
	"cuewire/app/alarm/alarmtest"
	"cuewire/app/engine"
	"cuewire/app/i18n"
	"cuewire/app/store"
	"cuewire/app/ui"
	"cuewire/assets"
	"cuewire/metrics"
	"cuewire/obsbridge"
	"cuewire/obsbridge/obstest"
	"cuewire/wsserver"
	"cuewire/wsserver/palcotimer"
	"cuewire/wsserver/sourcesaver"
)

// whole is all of Cuewire in the test's own process, its window on Fyne's test
// driver; main.go wires the same parts.
type whole struct {
	core   *engine.Engine
	window *ui.Window
	url    string
	do     func(func()) // runs on the UI goroutine and waits
}

func startWhole(t *testing.T, target string) *whole {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	connect, err := obsbridge.ParseTarget(target)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	disk, err := store.Open(t.Context(), store.Config{Dir: dir, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	name, duration := "Welcome", app.Millis(300_000)
	core, err := engine.Open(t.Context(), engine.Config{Store: disk, Log: log, Example: engine.Example{
		Room: "Main", Timers: []app.TimerFields{{Name: &name, Duration: &duration}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	bell := alarmtest.Bell(t, nil)
	bridge := obsbridge.New(obsbridge.Config{Core: core, Target: &connect, Bell: bell, DataDir: dir, NoKeyring: true, Log: log})
	server, err := wsserver.New(wsserver.Config{
		Core: core, Bell: bell, OBS: bridge, SourceSaver: sourcesaver.New(), PalcoTimer: palcotimer.New(),
		Web: assets.Web(), I18n: assets.I18n(), Listen: []string{"127.0.0.1:0"}, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Listen(); err != nil {
		t.Fatal(err)
	}
	sampler := metrics.New(metrics.Config{Core: core, Server: server.Load, Bell: bell, Started: time.Now(), Log: log})
	catalogue, err := i18n.Load(assets.I18n())
	if err != nil {
		t.Fatal(err)
	}

	// Under the test driver whoever calls Fyne is its UI goroutine: one lock makes
	// them take turns.
	var turn sync.Mutex
	w := &whole{core: core, url: server.Addresses()[0], do: func(f func()) { turn.Lock(); defer turn.Unlock(); f() }}
	fyneApp := test.NewTempApp(t)
	w.do(func() {
		w.window = ui.New(ui.Config{
			App: fyneApp, Core: core, OBS: bridge, Catalogue: catalogue, Lang: "en", Addresses: server.Addresses(),
			DataDir: dir, Version: "test", Do: w.do, Log: log, Quit: func() {},
		})
		w.window.Show()
	})
	runs := []func(context.Context) error{core.Run, bridge.Run, sampler.Run, server.Run, w.window.Run}
	ctxs := make([]context.CancelFunc, len(runs))
	ended := make([]chan error, len(runs))
	for i, run := range runs {
		ctx, cancel := context.WithCancel(context.Background())
		ctxs[i], ended[i] = cancel, make(chan error, 1)
		go func() { ended[i] <- run(ctx) }()
	}
	t.Cleanup(func() {
		for i := range slices.Backward(runs) {
			ctxs[i]()
			if err := <-ended[i]; err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("part %d: %v", i, err)
			}
		}
		if err := disk.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// TestTheWholeWay is a streamer's first minute: OBS switches scenes, Play is
// pressed in the window and Pause on another device, and everybody sees it.
func TestTheWholeWay(t *testing.T) {
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Main Scene", "BRB Scene"}})
	w := startWhole(t, obs.URL())

	raw := dial(t, w.url, "/")
	raw.send(`{"action":"subscribe","events":["obs:*"],"snapshot":true}`)
	raw.event("obs:connectionChanged", connected(true))
	raw.event("obs:sceneChanged", func(data frame) bool { return data["currentScene"] == "Main Scene" })

	chromium := startBrowser(t, "en")
	overlay := chromium.open(t, w.url+"/overlay/obs", 1920, 1080, "")
	code := w.core.Snapshot().Rooms[0].Room.ShortCode
	viewer := chromium.open(t, w.url+"/r/"+code+"/viewer", 1920, 1080, "")
	overlay.wait(`document.body.innerText.includes("Main Scene")`)

	client := obs.Connect(t)
	client.Ask("SetCurrentSceneTransition", map[string]any{"transitionName": "Cut"}, nil)
	switchTo := func(scene string) {
		t.Helper()
		client.Ask("SetCurrentProgramScene", map[string]any{"sceneName": scene}, nil)
	}
	switchTo("BRB Scene")
	data := raw.event("obs:sceneChanged", func(frame) bool { return true })
	if data["previousScene"] != "Main Scene" || data["currentScene"] != "BRB Scene" || data["sceneIndex"] != 1.0 {
		t.Errorf("obs:sceneChanged: %v", data)
	}
	overlay.wait(`document.body.innerText.includes("BRB Scene")`)
	viewer.wait(`document.body.innerText.includes("5:00")`)

	w.do(func() { test.Tap(w.window.Button(ui.ButtonPlay)) })
	viewer.wait(`/4:5\d/.test(document.body.innerText)`)
	pause := dial(t, w.url, "/ws/"+code+"?output=controller")
	pause.send(`{"type":"control","action":"pause"}`)
	pause.until("paused", func(f frame) bool { return f["type"] == "playback_status" && f["state"] == "paused" })
	viewer.wait(`document.body.innerText.includes("Paused")`)
	eventually(t, "the window shows the pause", func() bool { return !w.window.View().Control.Playing })

	measureLatency(t, obs, raw, switchTo)
}

// measureLatency prints how long a switch of scenes takes to a client of ours,
// beside how long it takes to a client of OBS's own that listens at the same time.
func measureLatency(t *testing.T, obs *obstest.RealOBS, raw *socket, switchTo func(string)) {
	t.Helper()
	listener := obs.Connect(t)
	through := make(chan obstest.HeardScene, 16)
	go func() {
		defer close(through)
		raw.find(10*time.Minute, func(f frame) bool {
			if data, ok := f["data"].(map[string]any); ok && f["event"] == "obs:sceneChanged" {
				through <- obstest.HeardScene{Scene: data["currentScene"].(string), At: time.Now()}
			}
			return false
		})
	}()
	// Both are read as they come: asking OBS returns later than it tells.
	var whole, share []float64
	for i := range rounds(100, 1000) {
		scene := []string{"Main Scene", "BRB Scene"}[i%2]
		began := time.Now()
		switchTo(scene)
		theirs, ours := <-listener.Scenes, <-through
		if theirs.Scene != scene || ours.Scene != scene {
			t.Fatalf("OBS told its own client of %q, ours of %q", theirs.Scene, ours.Scene)
		}
		whole = append(whole, ours.At.Sub(began).Seconds()*1000)
		share = append(share, ours.At.Sub(theirs.At).Seconds()*1000)
	}
	for _, figure := range []struct {
		what string
		took []float64
	}{
		{"from asking OBS for a scene to obs:sceneChanged at our client", whole},
		{"from OBS's event at its own client to obs:sceneChanged at ours", share},
	} {
		slices.Sort(figure.took)
		at := func(p float64) float64 { return figure.took[int(math.Ceil(p*float64(len(figure.took))))-1] }
		t.Logf("%s, %d switches: p50 %.1f ms, p95 %.1f ms, p99 %.1f ms", figure.what, len(figure.took), at(.5), at(.95), at(.99))
	}
}
