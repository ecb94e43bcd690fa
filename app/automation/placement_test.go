package automation_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/app/automation"
	"cuewire/app/engine"
)

// stageOBS is an OBS with browser sources and their items in scenes, which notes
// what it was asked for. Real OBS is in app/e2e.
type stageOBS struct {
	mu     sync.Mutex
	inputs map[string]app.OBSBrowserInput
	items  map[string][]app.OBSSceneItem // by scene, the front first
	last   int
	asked  []string
	err    error // of making anything
}

func newStageOBS() *stageOBS {
	return &stageOBS{inputs: map[string]app.OBSBrowserInput{}, items: map[string][]app.OBSSceneItem{}}
}

func (o *stageOBS) DoOBS(_ context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, strings.TrimPrefix(fmt.Sprintf("%T", cmd), "app."))
	switch c := cmd.(type) {
	case app.ListBrowserInputs:
		var list []app.OBSBrowserInput
		for _, input := range o.inputs {
			list = append(list, input)
		}
		return list, nil
	case app.ListSceneItems:
		return slices.Clone(o.items[c.Scene]), nil
	case app.MakeBrowserInput:
		if o.err != nil {
			return nil, o.err
		}
		o.inputs[c.Name] = app.OBSBrowserInput{Input: c.Name, SourceID: c.SourceID, Settings: c.Settings}
		return app.MadeBrowserInput{Input: c.Name, Item: o.add(c.Scene, c.Name)}, nil
	case app.SetBrowserInput:
		o.inputs[c.Input] = app.OBSBrowserInput(c)
	case app.AddSceneItem:
		return app.OBSSceneItem{ID: o.add(c.Scene, c.Source)}, nil
	case app.RemoveSceneItem:
		o.items[c.Scene] = slices.DeleteFunc(o.items[c.Scene], func(i app.OBSSceneItem) bool { return i.ID == c.Item })
	case app.TransformSceneItem:
		o.edit(c.Scene, c.Item, func(i *app.OBSSceneItem) {
			i.X, i.Y, i.ScaleX, i.ScaleY, i.Rotation, i.Alignment = c.X, c.Y, c.ScaleX, c.ScaleY, c.Rotation, 5
		})
	case app.ShowSceneItem:
		o.edit(c.Scene, c.Item, func(i *app.OBSSceneItem) { i.Visible = c.Visible })
	}
	return nil, nil
}

func (o *stageOBS) add(scene, source string) int {
	o.last++
	item := app.OBSSceneItem{ID: o.last, SourceName: source, ScaleX: 1, ScaleY: 1, Alignment: 5}
	o.items[scene] = append([]app.OBSSceneItem{item}, o.items[scene]...)
	return o.last
}

func (o *stageOBS) edit(scene string, id int, change func(*app.OBSSceneItem)) {
	for i := range o.items[scene] {
		if o.items[scene][i].ID == id {
			change(&o.items[scene][i])
		}
	}
}

// item returns the front item of a scene, zero for none.
func (o *stageOBS) item(scene string) app.OBSSceneItem {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.items[scene]) == 0 {
		return app.OBSSceneItem{}
	}
	return o.items[scene][0]
}

func (o *stageOBS) count(kind string) (n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, asked := range o.asked {
		if asked == kind {
			n++
		}
	}
	return n
}

// stage is an engine, a placer and an OBS that is connected.
type stage struct {
	*engine.Engine
	t      *testing.T
	obs    *stageOBS
	events app.Stream
}

func setStage(t *testing.T, obs *stageOBS) *stage {
	t.Helper()
	core, err := engine.Open(t.Context(), engine.Config{Store: nowhere{}, Example: engine.Example{Room: "Main"}})
	if err != nil {
		t.Fatal(err)
	}
	placer := &automation.Placer{Core: core, OBS: obs, Address: func(_ context.Context, given string) (string, string, error) {
		return "http://127.0.0.1:3000" + given, given, nil
	}}
	ctx, cancel := context.WithCancel(context.Background())
	var parts sync.WaitGroup
	parts.Go(func() { _ = core.Run(ctx) })
	parts.Go(func() { _ = placer.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		parts.Wait()
	})
	_, events := core.Follow(10_000)
	t.Cleanup(events.Close)
	s := &stage{core, t, obs, events}
	s.connect("1")
	return s
}

func (s *stage) connect(id string) {
	s.t.Helper()
	s.tell(app.OBSPhaseFact{At: s.Now(), Phase: app.OBSConnected, Host: "127.0.0.1", Port: 4455, ConnectionID: id})
	s.tell(app.OBSResyncFact{Scenes: []app.OBSScene{{Name: "Main"}, {Name: "Other"}}, CurrentScene: "Main"})
}

func (s *stage) tell(fact app.Command) {
	s.t.Helper()
	if err := s.Tell(s.t.Context(), fact); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) do(cmd app.Command) app.Result {
	s.t.Helper()
	result, err := s.Do(s.t.Context(), cmd)
	if err != nil {
		s.t.Fatalf("%T: %v", cmd, err)
	}
	return result
}

// own adds a source shown the own way, in a scene, and activates it.
func (s *stage) own(name, scene string) string {
	s.t.Helper()
	way, address := app.WayOwn, "/overlay/obs"
	id := s.do(app.CreateSource{Fields: app.SourceFields{Name: &name, URL: &address, Width: ptr(800), Height: ptr(600), Way: &way}}).ID
	s.do(app.PlaceSources{Scene: scene, Places: []app.PlaceSource{{SourceID: id, Config: app.PlacementFields{X: ptr(10.0), ScaleX: ptr(2.0)}}}})
	s.do(app.ActivateSource{ID: id})
	return id
}

// until waits until something is so; it may take a busy machine long.
func (s *stage) until(what string, so func() bool) {
	s.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !so() {
		if time.Now().After(deadline) {
			s.t.Fatalf("never: %s; asked %v", what, s.obs.asked)
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-s.t.Context().Done():
		}
	}
}

// event waits for an event of the kind.
func event[E app.EventBody](s *stage) (body E) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	for {
		update, err := s.events.Next(ctx)
		if err != nil {
			s.t.Fatalf("waiting for %T: %v", body, err)
		}
		for _, e := range update.Events {
			if found, ok := e.Body.(E); ok {
				return found
			}
		}
	}
}

func TestWhatIsShownTheOwnWayIsInOBS(t *testing.T) {
	s := setStage(t, newStageOBS())
	id := s.own("Alerts", "Main")
	s.until("the item is there", func() bool {
		i := s.obs.item("Main")
		return i.Visible && i.X == 10 && i.ScaleX == 2
	})
	s.obs.mu.Lock()
	settings := s.obs.inputs["Alerts"].Settings
	s.obs.mu.Unlock()
	if settings.URL != "http://127.0.0.1:3000/overlay/obs" || settings.Page != "/overlay/obs" || settings.FPS != 30 {
		t.Errorf("made with %+v", settings)
	}
	s.until("its input is known", func() bool { return s.Snapshot().Sources.Source(id).OBSInput == "Alerts" })
	if n := s.obs.count("WatchOBS"); n != 1 {
		t.Errorf("transforms were watched %d times", n)
	}

	// What was done in OBS is reported, and what was reported is not done again.
	before := s.obs.count("TransformSceneItem")
	s.obs.mu.Lock()
	s.obs.edit("Main", s.obs.last, func(i *app.OBSSceneItem) { i.X, i.Rotation = 300, 90 })
	s.obs.mu.Unlock()
	s.tell(app.OBSNoticeFact{Event: app.OBSSceneItemTransformed{SceneName: "Main"}})
	changed := event[app.SceneSourceUpdated](s)
	if !slices.Equal(changed.Changes, []string{"x", "rotation"}) || changed.Config.X != 300 {
		t.Errorf("reported as %+v", changed)
	}
	s.do(app.UpdatePlacement{Scene: "Main", SourceID: id, Fields: app.PlacementFields{Y: ptr(5.0)}})
	s.until("the next change is done", func() bool { return s.obs.item("Main").Y == 5 })
	if n := s.obs.count("TransformSceneItem") - before; n != 1 {
		t.Errorf("%d transforms for one change", n)
	}

	s.do(app.UpdateSource{ID: id, Fields: app.SourceFields{Width: ptr(1600)}})
	s.until("the page's size follows and the shown size stays", func() bool {
		s.obs.mu.Lock()
		defer s.obs.mu.Unlock()
		return s.obs.inputs["Alerts"].Settings.Width == 1600 && s.obs.items["Main"][0].ScaleX == 1
	})
	s.do(app.DeactivateSource{ID: id})
	s.until("it is gone", func() bool { return s.obs.item("Main").ID == 0 })
	s.until("nobody watches any more", func() bool { return s.obs.count("WatchOBS") == 2 })
}

func TestTheLibraryWinsWhenOBSComesBack(t *testing.T) {
	s := setStage(t, newStageOBS())
	id := s.own("Alerts", "Main")
	s.until("the item is there", func() bool { return s.obs.item("Main").Visible })
	s.tell(app.OBSPhaseFact{At: s.Now(), Phase: app.OBSLost})
	s.obs.mu.Lock()
	s.obs.edit("Main", s.obs.last, func(i *app.OBSSceneItem) { i.X = 300 })
	s.obs.mu.Unlock()
	s.do(app.UpdatePlacement{Scene: "Main", SourceID: id, Fields: app.PlacementFields{Y: ptr(5.0)}})
	s.connect("2")
	s.until("the library's word is done", func() bool { i := s.obs.item("Main"); return i.X == 10 && i.Y == 5 })
}

func TestCombinedSourcesAreNothingToOBS(t *testing.T) {
	s := setStage(t, newStageOBS())
	name, address := "Chat", "https://example.com/"
	id := s.do(app.CreateSource{Fields: app.SourceFields{Name: &name, URL: &address}}).ID
	s.do(app.PlaceSources{Scene: "Main", Places: []app.PlaceSource{{SourceID: id}}})
	s.do(app.ActivateSource{ID: id})
	s.own("Alerts", "Other") // what comes after it has been looked at
	s.until("the other is there", func() bool { return s.obs.item("Other").Visible })
	if i := s.obs.item("Main"); i.ID != 0 {
		t.Errorf("OBS shows %+v", i)
	}
}

func TestAdoptedSourcesAreHiddenAndNeverRemoved(t *testing.T) {
	obs := newStageOBS()
	found := app.OBSBrowserInput{Input: "Mine", Settings: app.BrowserSettings{URL: "https://example.com/", Width: 400, Height: 300}}
	obs.inputs["Mine"] = found
	obs.edit("Main", obs.add("Main", "Mine"), func(i *app.OBSSceneItem) { i.Visible = true })
	s := setStage(t, obs)
	source := app.SourceFound(found)
	source.Places = []app.PlacementIn{{Scene: "Main", Config: app.PlacementFrom(obs.item("Main").Shown(400, 300), 400, 300)}}
	id := s.do(app.AdoptSources{Sources: []app.SourceInOBS{source}, Live: true}).IDs[0]
	s.do(app.UpdatePlacement{Scene: "Main", SourceID: id, Fields: app.PlacementFields{X: ptr(7.0)}})
	s.until("it is placed", func() bool { return obs.item("Main").X == 7 })
	if n := obs.count("SetBrowserInput"); n != 0 {
		t.Errorf("its settings were written %d times", n)
	}
	s.do(app.DeactivateSource{ID: id})
	s.until("it is hidden", func() bool { i := obs.item("Main"); return i.ID != 0 && !i.Visible })
	s.do(app.ActivateSource{ID: id})
	s.until("it is shown", func() bool { return obs.item("Main").Visible })
	if n := obs.count("RemoveSceneItem") + obs.count("AddSceneItem") + obs.count("MakeBrowserInput"); n != 0 {
		t.Errorf("%d items were made or removed: %v", n, obs.asked)
	}
}

func TestWhatOBSRefusesIsToldOnce(t *testing.T) {
	for _, c := range []struct {
		err       error
		retryable bool
	}{
		{app.NewError(app.CodeUnavailable, "", "this OBS has no browser source", nil), true},
		{app.NewError(app.CodeInvalid, "", "OBS did not accept the request", nil), false},
		{errors.New("a fault"), true},
	} {
		obs := newStageOBS()
		obs.err = c.err
		s := setStage(t, obs)
		id := s.own("Alerts", "Main")
		told := event[app.ErrorOccurred](s)
		if told.SourceID != id || told.ErrorCode != "ACTIVATION_FAILED" || told.Details.Retryable != c.retryable || told.Details.Reason != c.err.Error() {
			t.Errorf("told %+v", told)
		}
		obs.mu.Lock()
		obs.err = nil
		obs.mu.Unlock()
		s.do(app.UpdatePlacement{Scene: "Main", SourceID: id, Fields: app.PlacementFields{X: ptr(3.0)}}) // another look
		s.until("it is there", func() bool { return obs.item("Main").Visible })
	}
}
