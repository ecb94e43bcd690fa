//go:build unix

package obsbridge_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/obsbridge"
	"cuewire/obsbridge/obstest"
)

func TestRealOBSIsFoundAndFollowed(t *testing.T) {
	t.Parallel()
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"One", "Two", "Three"}})
	core := obstest.NewCore()
	b := start(t, obsbridge.Config{Core: core, Getenv: obs.Getenv})

	state := core.Wait(t, "scenes", func(s app.OBSState) bool { return s.Connected() && len(s.Scenes) > 0 })
	if got := names(state.Scenes); got != "One,Two,Three" {
		t.Errorf("scenes: got %s, want One,Two,Three", got)
	}
	if state.CurrentScene != "One" || state.OBSVersion == "" || state.WebSocketVersion == "" || state.ConnectionID == "" {
		t.Errorf("state: %+v", state)
	}
	core.Wait(t, "statistics", func(s app.OBSState) bool { return s.Stats != nil && s.Stats.RenderTotalFrames > 0 })

	from := len(core.Events())
	do(t, b, app.SwitchScene{Scene: "Three"})
	changed, _ := obstest.WaitEvent[app.OBSSceneChanged](t, core, from, nil)
	if changed.PreviousScene == nil || *changed.PreviousScene != "One" || changed.CurrentScene != "Three" || changed.SceneIndex != 2 {
		t.Errorf("scene changed: %+v", changed)
	}
	if _, err := b.DoOBS(context.Background(), app.SwitchScene{Scene: "Nowhere"}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("switch to a scene that is not there: %v", err)
	}

	rounds := 2
	if soak() {
		rounds = 50
	}
	for range rounds {
		obs.Kill()
		core.Wait(t, "the loss", func(s app.OBSState) bool { return !s.Connected() })
		core.WaitPhase(t, app.OBSNotRunning)
		obs.Start()
		listening := time.Now()
		core.WaitPhase(t, app.OBSConnected)
		t.Logf("connected again %v after OBS listens", time.Since(listening))
	}
	obs.Quit()
	core.WaitPhase(t, app.OBSNotRunning)
}

func names(scenes []app.OBSScene) string {
	var names []string
	for _, s := range scenes {
		names = append(names, s.Name)
	}
	return strings.Join(names, ",")
}

func TestRealOBSDoesWhatItIsTold(t *testing.T) {
	t.Parallel()
	obs := obstest.StartOBS(t, obstest.Options{
		Scenes:      []string{"One", "Two"},
		Collections: map[string][]string{"Other": {"Alpha", "Beta", "Gamma"}},
	})
	core := obstest.NewCore()
	target, err := obsbridge.ParseTarget(obs.URL())
	if err != nil {
		t.Fatal(err)
	}
	b := start(t, obsbridge.Config{Core: core, Target: &target})
	core.WaitPhase(t, app.OBSConnected)

	t.Run("scenes", func(t *testing.T) {
		do(t, b, app.CreateScene{Scene: "Three"})
		core.Wait(t, "the new scene", func(s app.OBSState) bool { return s.SceneIndex("Three") == 2 })
		do(t, b, app.RenameScene{Scene: "Three", Name: "Third"})
		core.Wait(t, "the new name", func(s app.OBSState) bool { return s.SceneIndex("Third") == 2 && s.SceneIndex("Three") < 0 })
		refused(t, b, app.CreateScene{Scene: "One"}, app.CodeConflict)
		do(t, b, app.SwitchScene{Scene: "Third"})
		core.Wait(t, "the switch", func(s app.OBSState) bool { return s.CurrentScene == "Third" })
		do(t, b, app.RenameScene{Scene: "Third", Name: "Drei"})
		core.Wait(t, "the new name on program", func(s app.OBSState) bool { return s.CurrentScene == "Drei" })
		do(t, b, app.RemoveScene{Scene: "Drei"})
		core.Wait(t, "the removal", func(s app.OBSState) bool { return s.SceneIndex("Drei") < 0 && s.SceneIndex(s.CurrentScene) >= 0 })
	})
	t.Run("studio mode and transitions", func(t *testing.T) {
		refused(t, b, app.SwitchPreview{Scene: "Two"}, app.CodeConflict)
		do(t, b, app.SwitchScene{Scene: "One"})
		do(t, b, app.SetStudioMode{On: true})
		do(t, b, app.SwitchPreview{Scene: "Two"})
		core.Wait(t, "the preview", func(s app.OBSState) bool { return s.StudioMode && s.PreviewScene == "Two" })
		do(t, b, app.TriggerTransition{})
		core.Wait(t, "the transition", func(s app.OBSState) bool { return s.CurrentScene == "Two" })
		do(t, b, app.SetStudioMode{On: false})
		core.Wait(t, "studio mode off", func(s app.OBSState) bool { return !s.StudioMode && s.PreviewScene == "" })
		half := app.Millis(500)
		do(t, b, app.SetTransition{Name: "Fade", Duration: &half})
		core.Wait(t, "Fade", func(s app.OBSState) bool { return s.Transition == "Fade" && s.TransitionDuration == 500 })
		do(t, b, app.SetTransition{Name: "Cut"})
		core.Wait(t, "Cut", func(s app.OBSState) bool { return s.Transition == "Cut" && s.TransitionDuration == 0 })
		refused(t, b, app.SetTransition{Name: "Nothing"}, app.CodeNotFound)
	})
	t.Run("recording", func(t *testing.T) {
		do(t, b, app.StartRecord{})
		core.Wait(t, "recording", func(s app.OBSState) bool { return s.Record.Active && s.Record.Since > 0 })
		core.Wait(t, "its time", func(s app.OBSState) bool {
			return s.Record.Duration > 0 && s.Stats != nil && s.Stats.OutputTotalFrames > 0
		})
		refused(t, b, app.SwitchProfile{Profile: "Untitled"}, app.CodeConflict)
		path := do(t, b, app.StopRecord{}).(string)
		core.Wait(t, "the end", func(s app.OBSState) bool { return !s.Record.Active && s.Record.Since == 0 })
		if !strings.HasPrefix(path, obs.Home) {
			t.Errorf("the recording is at %q", path)
		}
		refused(t, b, app.StopRecord{}, app.CodeConflict)
		refused(t, b, app.StopStream{}, app.CodeConflict)
		refused(t, b, app.SaveReplay{}, app.CodeConflict)
	})
	t.Run("browser sources", func(t *testing.T) { addsToOBS(t, b, core) })
	t.Run("inputs and pictures", func(t *testing.T) {
		for _, input := range do(t, b, app.ListInputs{}).([]app.OBSInput) {
			t.Logf("input %+v", input)
		}
		shot := do(t, b, app.TakeScreenshot{Source: "One", Width: 64}).(app.OBSScreenshot)
		if shot.ContentType != "image/jpeg" || len(shot.Data) < 100 {
			t.Errorf("screenshot: %s, %d bytes", shot.ContentType, len(shot.Data))
		}
		refused(t, b, app.TakeScreenshot{Source: "Nowhere", Width: 64}, app.CodeNotFound)
	})
	t.Run("scene collections", func(t *testing.T) {
		from := len(core.Events())
		do(t, b, app.SwitchCollection{Collection: "Other"})
		state := core.Wait(t, "the other collection", func(s app.OBSState) bool { return s.Collection == "Other" && !s.CollectionChanging })
		if got := names(state.Scenes); got != "Alpha,Beta,Gamma" || state.CurrentScene != "Alpha" {
			t.Errorf("scenes: %s, on program %s", got, state.CurrentScene)
		}
		obstest.WaitEvent(t, core, from, func(e app.OBSCollectionChanged) bool { return e.Changing })
		for _, e := range core.Events()[from:] {
			if _, ok := e.Body.(app.OBSConnectionChanged); ok {
				t.Error("the connection was lost over the change")
			}
		}
		refused(t, b, app.SwitchCollection{Collection: "Nothing"}, app.CodeNotFound)
	})
	// Last, and without stopping: a busy OBS 29 never ends a recording that was paused.
	t.Run("pausing a recording", func(t *testing.T) {
		do(t, b, app.StartRecord{})
		core.Wait(t, "recording", func(s app.OBSState) bool { return s.Record.Active && s.Record.Duration > 0 })
		do(t, b, app.PauseRecord{})
		paused := core.Wait(t, "the pause", func(s app.OBSState) bool { return s.Record.Active && s.Record.Paused })
		do(t, b, app.ResumeRecord{})
		core.Wait(t, "going on", func(s app.OBSState) bool {
			return s.Record.Active && !s.Record.Paused && s.Record.Since == paused.Record.Since
		})
	})
}

func addsToOBS(t *testing.T, b *obsbridge.Bridge, core *obstest.Core) {
	add := app.AddBrowserSource{Page: "viewer/ABC234", Scene: "One", Name: "Timer", URL: "http://127.0.0.1:3000/r/ABC234/viewer", Width: 1280, Height: 720, FPS: 30}
	added := do(t, b, add).(app.AddedBrowserSource)
	if !added.Created || added.Input != "Timer" || len(added.Items) != 1 {
		t.Fatalf("added: %+v", added)
	}
	again := do(t, b, add).(app.AddedBrowserSource)
	if again.Created || again.Input != "Timer" || len(again.Items) != 0 || again.Before != nil {
		t.Errorf("added again: %+v", again)
	}
	items := do(t, b, app.ListSceneItems{Scene: "One"}).([]app.OBSSceneItem)
	if len(items) != 1 || items[0].SourceKind != "browser_source" || items[0].ScaleX != 0.5 || items[0].X != 0 {
		t.Errorf("items: %+v", items)
	}
	add.Scene, add.URL = "", "http://127.0.0.1:3001/r/ABC234/viewer"
	everywhere := do(t, b, add).(app.AddedBrowserSource)
	if everywhere.Created || len(everywhere.Items) != 1 || everywhere.Items[0].Scene != "Two" || everywhere.Before == nil {
		t.Errorf("added everywhere: %+v", everywhere)
	}
	sources := do(t, b, app.ListBrowserSources{}).([]app.OBSBrowserSource)
	if len(sources) != 1 || sources[0].URL != add.URL || sources[0].Page != add.Page || sources[0].Width != 1280 || sources[0].FPS != 30 || !sources[0].Showing {
		t.Errorf("sources: %+v", sources)
	}
	do(t, b, app.RefreshBrowserSource{Input: "Timer"})
	do(t, b, app.UndoAddBrowserSource{Added: everywhere})
	sources = do(t, b, app.ListBrowserSources{}).([]app.OBSBrowserSource)
	if len(sources) != 1 || sources[0].URL != "http://127.0.0.1:3000/r/ABC234/viewer" {
		t.Errorf("sources after undo: %+v", sources)
	}
	do(t, b, app.UndoAddBrowserSource{Added: added})
	if sources = do(t, b, app.ListBrowserSources{}).([]app.OBSBrowserSource); len(sources) != 0 {
		t.Errorf("sources after the last undo: %+v", sources)
	}

	// Whatever has the name already stays as it is.
	do(t, b, app.CreateScene{Scene: "Agenda"})
	core.Wait(t, "the scene", func(s app.OBSState) bool { return s.SceneIndex("Agenda") >= 0 })
	add.Scene, add.Name, add.Page = "One", "Agenda", "agenda/ABC234"
	if added := do(t, b, add).(app.AddedBrowserSource); added.Input != "Agenda 2" {
		t.Errorf("added beside a scene of that name: %+v", added)
	}
	do(t, b, app.RemoveScene{Scene: "Agenda"})
	refused(t, b, app.AddBrowserSource{Scene: "Nowhere", Name: "X", URL: "http://x/", Width: 1, Height: 1}, app.CodeNotFound)

	items = do(t, b, app.ListSceneItems{Scene: "One"}).([]app.OBSSceneItem)
	do(t, b, app.WatchOBS{Watcher: "test", Events: app.OBSWatch{Transforms: true, Activity: true}})
	from := len(core.Events())
	x := 12.0
	do(t, b, app.PlaceSceneItem{Scene: "One", Item: items[0].ID, X: &x})
	moved, _ := obstest.WaitEvent(t, core, from, func(e app.OBSSceneItemTransformed) bool { return e.Transform.X == 12 })
	if moved.SceneName != "One" || moved.Transform.ScaleX != items[0].ScaleX {
		t.Errorf("moved: %+v", moved)
	}
	do(t, b, app.WatchOBS{Watcher: "test"})
	do(t, b, app.ShowSceneItem{Scene: "One", Item: items[0].ID, Visible: false})
	obstest.WaitEvent(t, core, from, func(e app.OBSSceneItemVisible) bool { return !e.Visible })
	do(t, b, app.RemoveSceneItem{Scene: "One", Item: items[0].ID})
	obstest.WaitEvent[app.OBSSceneItemRemoved](t, core, from, nil)
}
