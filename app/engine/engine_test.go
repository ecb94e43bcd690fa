package engine_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cuewire/app"
	"cuewire/app/engine"
)

// bubble is the clock of a synctest bubble, whose wall part can be set.
type bubble struct {
	start  time.Time
	mu     sync.Mutex
	offset time.Duration
}

func (c *bubble) Now() (time.Time, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset), time.Since(c.start)
}

func (c *bubble) set(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += by
}

// disk is a store that can be made to fail or to hang; what it holds outlives an
// engine. Real files are tested in app/store and app/e2e.
type disk struct {
	mu      sync.Mutex
	kept    map[string]app.Change
	order   []string
	err     error
	delay   time.Duration
	commits int
}

func (d *disk) Commit(_ context.Context, changes []app.Change) error {
	d.mu.Lock()
	delay := d.delay
	d.mu.Unlock()
	time.Sleep(delay)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.commits++
	if d.err != nil {
		return d.err
	}
	if d.kept == nil {
		d.kept = make(map[string]app.Change)
	}
	for _, c := range changes {
		switch c := c.(type) {
		case app.DropTimer, app.DropMessage, app.DropQuick:
			delete(d.kept, c.Key())
			d.order = slices.DeleteFunc(d.order, func(key string) bool { return key == c.Key() })
			continue
		}
		if _, ok := d.kept[c.Key()]; !ok {
			d.order = append(d.order, c.Key())
		}
		d.kept[c.Key()] = c
	}
	return nil
}

func (d *disk) Load(context.Context) (*app.Saved, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	saved := &app.Saved{Ranks: map[string]int64{}}
	for _, key := range d.order {
		switch c := d.kept[key].(type) {
		case app.PutRoom:
			saved.Rooms = append(saved.Rooms, &app.RoomState{Room: c.Room})
		case app.PutSettings:
			saved.Settings = c.Settings
		case app.PutQuick:
			saved.QuickTimers = append(saved.QuickTimers, c.Timer)
		}
	}
	for _, r := range saved.Rooms {
		for _, key := range d.order {
			switch c := d.kept[key].(type) {
			case app.PutTimer:
				if c.Timer.RoomID == r.Room.ID {
					r.Timers = append(r.Timers, c.Timer)
					saved.Ranks[c.Timer.ID] = c.Rank
				}
			case app.PutMessage:
				if c.Message.RoomID == r.Room.ID {
					r.Messages = append(r.Messages, c.Message)
					saved.Ranks[c.Message.ID] = c.Rank
				}
			case app.PutPlayback:
				if c.RoomID == r.Room.ID {
					r.Playback = c.Playback
				}
			}
		}
		slices.SortFunc(r.Timers, func(a, b *app.Timer) int { return int(saved.Ranks[a.ID] - saved.Ranks[b.ID]) })
	}
	return saved, nil
}

func (d *disk) set(err error, delay time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err, d.delay = err, delay
}

func ptr[T any](v T) *T { return &v }

func example() engine.Example {
	timer := func(name string, d app.Millis) app.TimerFields {
		return app.TimerFields{Name: &name, Duration: &d}
	}
	return engine.Example{Room: "Main", Timers: []app.TimerFields{timer("Welcome", 300_000), timer("Talk", 1_200_000), timer("Questions", 600_000)}}
}

// bench runs an engine in a bubble.
type bench struct {
	*engine.Engine
	t     *testing.T
	disk  *disk
	clock *bubble
	stop  func()
}

func start(t *testing.T, d *disk, clock *bubble) *bench {
	t.Helper()
	return startWith(t, d, clock, engine.Config{})
}

func startWith(t *testing.T, d *disk, clock *bubble, cfg engine.Config) *bench {
	t.Helper()
	cfg.Store, cfg.Clock, cfg.Example = d, clock, example()
	e, err := engine.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	b := &bench{Engine: e, t: t, disk: d, clock: clock}
	b.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
		synctest.Wait()
	})
	t.Cleanup(b.stop)
	return b
}

func inBubble(t *testing.T, test func(t *testing.T, b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, &disk{}, &bubble{start: time.Now()})
		test(t, b)
		b.stop()
	})
}

func (b *bench) do(cmd app.Command) app.Result {
	b.t.Helper()
	result, err := b.Do(b.t.Context(), cmd)
	if err != nil {
		b.t.Fatalf("%T %+v: %v", cmd, cmd, err)
	}
	return result
}

func (b *bench) press(action app.Action) app.Result {
	b.t.Helper()
	return b.do(app.Control{RoomID: b.main().Room.ID, Action: action})
}

func (b *bench) main() *app.RoomState { return b.Snapshot().Rooms[0] }

func (b *bench) status() app.PlaybackStatus { return b.main().Playback.At(b.Now()) }

func names(r *app.RoomState) (names []string) {
	for _, t := range r.Timers {
		names = append(names, t.Name)
	}
	return names
}

func TestFirstStartMakesTheExample(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		r := b.main()
		if r.Room.Name != "Main" || !slices.Equal(names(r), []string{"Welcome", "Talk", "Questions"}) {
			t.Errorf("got %q with %v", r.Room.Name, names(r))
		}
		if s := b.status(); s.State != app.Stopped || s.TimerID == nil || *s.TimerID != r.Timers[0].ID || s.Duration != 300_000 {
			t.Errorf("got %+v", s)
		}
		if b.Snapshot().Room(r.Room.ShortCode) != r || len(r.Room.ShortCode) != 6 {
			t.Errorf("short code %q", r.Room.ShortCode)
		}
	})
}

func TestAnAnsweredCommandIsOnDiskAndPublished(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		_, stream := b.Follow(100)
		defer stream.Close()
		result := b.press(app.Play)
		if !result.Durable || result.Snapshot.Rooms[0].Playback.State != app.Running {
			t.Errorf("got %+v", result)
		}
		b.disk.mu.Lock()
		stored := b.disk.kept["playback/"+b.main().Room.ID].(app.PutPlayback).Playback
		b.disk.mu.Unlock()
		if stored != b.main().Playback {
			t.Errorf("stored %+v", stored)
		}
		update, err := stream.Next(t.Context())
		if err != nil || len(update.Events) != 2 || update.Events[0].Name() != "timers:playback" || update.Events[1].Name() != "timers:start" {
			t.Fatalf("got %+v %v", update, err)
		}
	})
}

func TestTicksComeOnTheSecond(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		time.Sleep(1234 * time.Millisecond)
		b.press(app.Play)
		_, stream := b.Follow(100)
		defer stream.Close()
		for second := app.Millis(1); second <= 3; second++ {
			update, err := stream.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			change, ok := update.Events[0].Body.(app.PlaybackChanged)
			if !ok || !change.Tick || change.Playback.Elapsed != second*1000 {
				t.Fatalf("second %d: %+v", second, update.Events)
			}
		}
		// A change that leaves playback alone loses no second.
		time.Sleep(999 * time.Millisecond)
		b.do(app.UpdateTimer{RoomID: b.main().Room.ID, TimerID: b.main().Timers[0].ID, Fields: app.TimerFields{Name: ptr("Hello")}})
		var ticks []app.Millis
		for len(ticks) < 2 {
			update, err := stream.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, event := range update.Events {
				if change, ok := event.Body.(app.PlaybackChanged); ok && change.Tick {
					ticks = append(ticks, change.Playback.Elapsed)
				}
			}
		}
		if !slices.Equal(ticks, []app.Millis{4000, 5000}) {
			t.Errorf("ticks at %v", ticks)
		}
	})
}

func TestTicksComeForThoseWhoWantThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startWith(t, &disk{}, &bubble{start: time.Now()}, engine.Config{Ticks: app.WantTicks})
		defer b.stop()
		b.do(app.ClientFact{Client: &app.Client{ID: "1", NoTicks: true}})
		b.press(app.Play)
		_, stream := b.Follow(100)
		defer stream.Close()
		time.Sleep(time.Minute)
		b.do(app.ClientFact{Client: &app.Client{ID: "2"}})
		var got []string
		for len(got) < 3 {
			update, err := stream.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, event := range update.Events {
				what := event.Name()
				if change, ok := event.Body.(app.PlaybackChanged); ok && change.Tick {
					what = change.Playback.Elapsed.Duration().String()
				}
				got = append(got, what)
			}
		}
		if !slices.Equal(got, []string{"clients:connect", "1m1s", "1m2s"}) {
			t.Errorf("got %v", got)
		}
		b.do(app.ClientFact{Client: &app.Client{ID: "2"}, Gone: true})
		time.Sleep(10 * time.Minute) // the timer's five are over
		if s := b.status(); !s.Overtime {
			t.Errorf("got %+v", s)
		}
		update, err := stream.Next(t.Context())
		if err != nil || slices.ContainsFunc(update.Events, func(e app.Event) bool { p, ok := e.Body.(app.PlaybackChanged); return ok && p.Tick }) ||
			!slices.ContainsFunc(update.Events, func(e app.Event) bool { return e.Name() == "timers:zero" }) {
			t.Errorf("got %+v, %v", update.Events, err)
		}
	})
}

func TestNothingHappensWhileNothingRuns(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		before := b.Snapshot().Seq
		time.Sleep(time.Hour)
		if after := b.Snapshot().Seq; after != before {
			t.Errorf("%d events in an idle hour", after-before)
		}
	})
}

func TestARunningTimerRunsOnAcrossARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, clock := &disk{}, &bubble{start: time.Now()}
		b := start(t, d, clock)
		b.press(app.Play)
		time.Sleep(90 * time.Second)
		b.stop()
		time.Sleep(30 * time.Second)
		b = start(t, d, &bubble{start: time.Now()})
		if s := b.status(); s.State != app.Running || s.Elapsed != 120_000 {
			t.Errorf("got %+v", s)
		}
		b.stop()
		b = start(t, d, &bubble{start: time.Now(), offset: -time.Hour})
		if s := b.status(); s.State != app.Running || s.Elapsed != 0 {
			t.Errorf("with the clock set back while away: %+v", s)
		}
		b.stop()
	})
}

func TestTheClockBeingSetChangesNoTimer(t *testing.T) {
	for _, by := range []time.Duration{time.Hour, -time.Hour, 200 * time.Millisecond} {
		inBubble(t, func(t *testing.T, b *bench) {
			b.press(app.Play)
			time.Sleep(10 * time.Second)
			b.clock.set(by)
			time.Sleep(10 * time.Second)
			wall, _ := b.clock.Now()
			if s := b.status(); s.Elapsed != 20_000 || s.ServerTime != app.InstantOf(wall) {
				t.Errorf("clock set by %v: elapsed %d at %d", by, s.Elapsed, s.ServerTime)
			}
		})
	}
}

func TestTheClockBeingSetIsTold(t *testing.T) {
	for by, told := range map[time.Duration]string{
		time.Hour: "The computer's clock was set forward by 1h0m0s", -time.Hour: "The computer's clock was set back by 1h0m0s", 200 * time.Millisecond: "",
	} {
		inBubble(t, func(t *testing.T, b *bench) {
			_, stream := b.Follow(100)
			defer stream.Close()
			b.clock.set(by)
			b.press(app.Blackout) // looks at the clock
			update, err := stream.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			e, _ := update.Events[0].Body.(app.ErrorOccurred)
			if e.Error != told || (told != "" && e.ErrorCode != app.ClockSet) {
				t.Errorf("clock set by %v: %+v", by, update.Events[0].Body)
			}
		})
	}
}

func TestAutoAdvanceAndStopAtZeroHappenByThemselves(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		room, timers := b.main().Room.ID, b.main().Timers
		b.do(app.UpdateTimer{RoomID: room, TimerID: timers[0].ID, Fields: app.TimerFields{AutoAdvance: ptr(true)}})
		b.do(app.UpdateTimer{RoomID: room, TimerID: timers[1].ID, Fields: app.TimerFields{Overtime: ptr(app.OvertimeStop)}})
		b.press(app.Play)
		time.Sleep(301 * time.Second)
		if s := b.status(); *s.TimerID != timers[1].ID || s.Elapsed != 1000 {
			t.Errorf("after the first: %+v", s)
		}
		time.Sleep(time.Hour)
		if s := b.status(); s.State != app.Paused || s.Elapsed != 1_200_000 || s.Overtime {
			t.Errorf("after the second: %+v", s)
		}
	})
}

func TestADiskThatFailsDoesNotStopTheShow(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.disk.set(errors.New("no space left on device"), 0)
		if result := b.press(app.Play); result.Durable || result.Snapshot.Rooms[0].Playback.State != app.Running {
			t.Errorf("got %+v", result)
		}
		if s := b.Snapshot().System; s.Status != app.Degraded || s.Checks.DatabaseConnected {
			t.Errorf("status %+v", s)
		}
		before := time.Now()
		if result := b.press(app.Pause); result.Durable || time.Since(before) > 10*time.Millisecond {
			t.Errorf("while failing: %+v after %v", result, time.Since(before))
		}
		b.disk.set(nil, 0)
		time.Sleep(10 * time.Second)
		if s := b.Snapshot().System; s.Status != app.Healthy || !s.Checks.DatabaseConnected {
			t.Errorf("status after %+v", s)
		}
		b.disk.mu.Lock()
		stored := b.disk.kept["playback/"+b.main().Room.ID].(app.PutPlayback).Playback
		b.disk.mu.Unlock()
		if stored != b.main().Playback || stored.State != app.Paused {
			t.Errorf("caught up to %+v", stored)
		}
		if result := b.press(app.Play); !result.Durable {
			t.Error("still not durable")
		}
	})
}

func TestADiskThatHangsIsWaitedForASecond(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.disk.set(nil, 5*time.Second)
		before := time.Now()
		if result := b.press(app.Play); result.Durable || time.Since(before) != time.Second {
			t.Errorf("got durable %t after %v", result.Durable, time.Since(before))
		}
		time.Sleep(10 * time.Second)
		if s := b.Snapshot().System; s.Status != app.Healthy {
			t.Errorf("status after %+v", s)
		}
	})
}

func TestManyCommandsShareACommit(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.disk.set(nil, 10*time.Millisecond)
		room := b.main().Room.ID
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if result, err := b.Do(t.Context(), app.Control{RoomID: room, Action: app.AddTime, Value: ptr(app.Millis(1000))}); err != nil || !result.Durable {
					t.Errorf("%+v %v", result, err)
				}
			})
		}
		wg.Wait()
		if b.main().Playback.Duration != 350_000 {
			t.Errorf("duration %d", b.main().Playback.Duration)
		}
		b.disk.mu.Lock()
		defer b.disk.mu.Unlock()
		if b.disk.commits > 4 {
			t.Errorf("%d commits", b.disk.commits)
		}
	})
}

func TestAfterTheEndCommandsAreRefused(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		_, stream := b.Follow(10)
		b.stop()
		if _, err := b.Do(t.Context(), app.Control{}); !errors.Is(err, app.ErrClosed) {
			t.Errorf("do: %v", err)
		}
		if err := b.Tell(t.Context(), app.RecordSample{}); !errors.Is(err, app.ErrClosed) {
			t.Errorf("tell: %v", err)
		}
		if _, err := stream.Next(t.Context()); !errors.Is(err, app.ErrClosed) {
			t.Errorf("stream: %v", err)
		}
	})
}

func TestOBSFactsAndSamplesAreNotStored(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		_, stream := b.Follow(100)
		defer stream.Close()
		commits := b.disk.commits
		for _, fact := range []app.Command{
			app.OBSPhaseFact{At: b.Now(), Phase: app.OBSConnected, ConnectionID: "obs-conn-1", OBSVersion: "29.0.2", WebSocketVersion: "5.1.0"},
			app.OBSResyncFact{Scenes: []app.OBSScene{{Name: "Main"}, {Name: "Break"}}, CurrentScene: "Main"},
			app.OBSSceneFact{Scene: "Break"},
			app.OBSPhaseFact{Phase: app.OBSLost},
			app.RecordSample{Sample: app.Sample{Uptime: 1}},
		} {
			if err := b.Tell(t.Context(), fact); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		update, err := stream.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, event := range update.Events {
			got = append(got, event.Name())
			if i > 0 && event.Seq != update.Events[i-1].Seq+1 {
				t.Errorf("sequence %d after %d", event.Seq, update.Events[i-1].Seq)
			}
		}
		want := []string{
			"obs:phaseChanged", "obs:connectionChanged", "obs:sceneListChanged", "obs:sceneChanged", "obs:sceneChanged",
			"obs:phaseChanged", "obs:connectionChanged", "system:statusChange", "performance:update",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
		if change := update.Events[4].Body.(app.OBSSceneChanged); *change.PreviousScene != "Main" || change.CurrentScene != "Break" || change.SceneIndex != 1 {
			t.Errorf("got %+v", change)
		}
		if b.disk.commits != commits {
			t.Error("the disk was written to")
		}
		if s := b.Snapshot(); s.OBS.CurrentScene != "Break" || s.System.Status != app.Degraded {
			t.Errorf("snapshot %+v %+v", s.OBS, s.System)
		}
	})
}
