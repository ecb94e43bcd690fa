package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cuewire/app"
)

// make1 adds a source and returns its id.
func (b *bench) newSource(name, url string) string {
	b.t.Helper()
	return b.do(app.CreateSource{Fields: app.SourceFields{Name: &name, URL: &url}}).ID
}

func (b *bench) refusedWith(cmd app.Command, code app.Code, words string) {
	b.t.Helper()
	before := b.Snapshot()
	_, err := b.Do(b.t.Context(), cmd)
	if app.CodeOf(err) != code || !strings.Contains(fmt.Sprint(err), words) {
		b.t.Errorf("%T: got %v, want %s with %q", cmd, err, code, words)
	}
	if after := b.Snapshot(); after.Seq != before.Seq {
		b.t.Errorf("%T was refused and told something", cmd)
	}
}

func placedIn(b *bench, scene string) (names []string) {
	sources := b.Snapshot().Sources
	for _, p := range sources.Scenes[scene] {
		names = append(names, sources.Source(p.SourceID).Name)
	}
	return names
}

func sourceNames(b *bench) (names []string) {
	for _, s := range b.Snapshot().Sources.List {
		names = append(names, s.Name)
	}
	return names
}

func TestSourceLife(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		events := b.listen()
		id := b.newSource("Alerts", "https://example.com/alerts?key=secret")
		b.do(app.UpdateSource{ID: id, Fields: app.SourceFields{Name: ptr("Alert box"), Width: ptr(800), Tags: &[]string{" fun ", "fun", "live"}}})
		b.do(app.UpdateSource{ID: id, Fields: app.SourceFields{Width: ptr(800)}}) // nothing changes, nothing is told
		b.do(app.PlaceSources{Scene: "Main", Places: []app.PlaceSource{{SourceID: id, Config: app.PlacementFields{X: ptr(10.5)}}}})
		b.do(app.ActivateSource{ID: id})
		b.refusedWith(app.ActivateSource{ID: id}, app.CodeConflict, "already active")
		b.refusedWith(app.DeleteSource{ID: id}, app.CodeConflict, "Cannot delete an active source. Please deactivate it first.")
		b.do(app.UpdatePlacement{Scene: "Main", SourceID: id, Fields: app.PlacementFields{X: ptr(10.5), Y: ptr(-20.0), Visible: ptr(false)}})
		b.do(app.DeactivateSource{ID: id})
		b.refusedWith(app.DeactivateSource{ID: id}, app.CodeConflict, "already inactive")
		b.do(app.UpdateSource{ID: id, Active: ptr(true)})
		b.do(app.UpdateSource{ID: id, Active: ptr(false)})
		b.do(app.DeleteSource{ID: id})
		b.refusedWith(app.DeleteSource{ID: id}, app.CodeNotFound, "Source not found")
		want := []string{
			"sources:create", "sources:update name,width,tags", "scenes:sourceAdded", "sources:activate", "scenes:sourceConfigUpdated y,visible",
			"sources:deactivate", "sources:update isActive", "sources:activate", "sources:update isActive", "sources:deactivate",
			"scenes:sourceRemoved", "sources:delete",
		}
		if diff := cmp.Diff(want, events()); diff != "" {
			t.Error(diff)
		}
		if s := b.Snapshot().Sources; len(s.List) != 0 || len(s.Scenes) != 0 {
			t.Errorf("left over: %+v", s)
		}
	})
}

// listen returns what returns the names of the library's events since, with what changed.
func (b *bench) listen() func() []string {
	b.t.Helper()
	_, stream := b.Follow(10_000)
	b.t.Cleanup(stream.Close)
	from := b.Snapshot().Seq
	return func() (names []string) {
		for upto := b.Snapshot().Seq; from < upto; {
			update, err := stream.Next(b.t.Context())
			if err != nil {
				b.t.Fatal(err)
			}
			for _, e := range update.Events {
				from = e.Seq
				name := e.Name()
				switch body := e.Body.(type) {
				case app.SourceUpdated:
					name += " " + strings.Join(body.Changes, ",")
				case app.SceneSourceUpdated:
					name += " " + strings.Join(body.Changes, ",")
				}
				if strings.HasPrefix(name, "sources:") || strings.HasPrefix(name, "scenes:") {
					names = append(names, name)
				}
			}
		}
		return names
	}
}

func TestSourceFieldsAreChecked(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := b.newSource("Taken", "/overlay/obs?room=ABC")
		long := strings.Repeat("x", 100_001)
		for _, c := range []struct {
			fields app.SourceFields
			words  string
		}{
			{app.SourceFields{Name: ptr(" ")}, "name must not be empty"},
			{app.SourceFields{Name: ptr(strings.Repeat("é", 256))}, "name is too long"},
			{app.SourceFields{Width: ptr(0)}, "width must be between 1 and 7680"},
			{app.SourceFields{Width: ptr(7681)}, "width must be between 1 and 7680"},
			{app.SourceFields{Height: ptr(4321)}, "height must be between 1 and 4320"},
			{app.SourceFields{RefreshRate: ptr(61)}, "refreshRate must be between 1 and 60"},
			{app.SourceFields{CSS: &long}, "cssCustom is too long"},
			{app.SourceFields{JS: &long}, "jsCustom is too long"},
			{app.SourceFields{Way: ptr(app.SourceWay("other"))}, "way must be one of combined, own"},
			{app.SourceFields{Load: ptr(app.SourceLoad(""))}, "load must be one of preload, unload"},
			{app.SourceFields{Tags: &[]string{""}}, "tags must not be empty"},
			{app.SourceFields{URL: ptr("")}, "url must not be empty"},
			{app.SourceFields{URL: ptr("example.com")}, "url must begin with http:// or https://"},
			{app.SourceFields{URL: ptr("javascript:alert(1)")}, "is a script"},
			{app.SourceFields{URL: ptr("JavaScript:alert(1)")}, "is a script"},
			{app.SourceFields{URL: ptr("data:text/html,hi")}, "holds a page"},
			{app.SourceFields{URL: ptr("ftp://example.com/x")}, "nothing that a browser source can show"},
			{app.SourceFields{URL: ptr("http://")}, "no host"},
			{app.SourceFields{URL: ptr("http://a b/")}, "not an address"},
			{app.SourceFields{URL: ptr("//example.com/x")}, "page of Cuewire"},
			{app.SourceFields{URL: ptr("/api/settings")}, "begins with /overlay/ or /r/"},
			{app.SourceFields{URL: ptr("/overlay/../api/settings")}, "begins with /overlay/ or /r/"},
			{app.SourceFields{URL: ptr("/overlay/%2e%2e/api")}, "begins with /overlay/ or /r/"},
			{app.SourceFields{URL: ptr("/overlay/combined")}, "cannot be one of them"},
			{app.SourceFields{URL: ptr("file:///a.html"), Way: ptr(app.WayCombined)}, "way \"own\""},
			{app.SourceFields{URL: ptr("file://server/a.html"), Way: ptr(app.WayOwn)}, "file on OBS's computer"},
		} {
			b.refusedWith(app.UpdateSource{ID: id, Fields: c.fields}, app.CodeInvalid, c.words)
		}
		b.refusedWith(app.CreateSource{Fields: app.SourceFields{Name: ptr("Taken"), URL: ptr("http://a/")}}, app.CodeConflict, "A source with this name already exists")
		b.refusedWith(app.CreateSource{Fields: app.SourceFields{URL: ptr("http://a/")}}, app.CodeInvalid, "name is missing")
		b.refusedWith(app.CreateSource{Fields: app.SourceFields{Name: ptr("x")}}, app.CodeInvalid, "url is missing")
		if _, err := b.Do(t.Context(), app.UpdateSource{ID: id, Fields: app.SourceFields{URL: ptr("http://user:hunter2@/")}}); strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("the refusal tells the password: %v", err)
		}
		local := b.newSource("Local", "FILE:///home/me/a.html")
		if way := b.Snapshot().Sources.Source(local).Way; way != app.WayOwn {
			t.Errorf("a local file goes the way %q", way)
		}
		b.refusedWith(app.UpdateSource{ID: local, Fields: app.SourceFields{Way: ptr(app.WayCombined)}}, app.CodeInvalid, "own way")
	})
}

func TestPlacementsAreCheckedAndOrdered(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		one, two, three := b.newSource("One", "http://a/1"), b.newSource("Two", "http://a/2"), b.newSource("Three", "http://a/3")
		place := func(id string, f app.PlacementFields) app.Command {
			return app.PlaceSources{Scene: "Main", Places: []app.PlaceSource{{SourceID: id, Config: f}}}
		}
		b.refusedWith(place(one, app.PlacementFields{ScaleX: ptr(0.05)}), app.CodeInvalid, "scaleX must be between 0.1 and 10.0")
		b.refusedWith(place(one, app.PlacementFields{Rotation: ptr(361.0)}), app.CodeInvalid, "rotation must be between 0 and 360")
		b.refusedWith(place("nothing", app.PlacementFields{}), app.CodeNotFound, "Source not found")
		b.refusedWith(app.PlaceSources{Scene: " ", Places: []app.PlaceSource{{SourceID: one}}}, app.CodeInvalid, "sceneName")
		b.do(place(one, app.PlacementFields{}))
		b.refusedWith(place(one, app.PlacementFields{}), app.CodeConflict, "Source is already present in this scene")
		result := b.do(app.PlaceSources{Scene: "Main", Places: []app.PlaceSource{{SourceID: two}, {SourceID: one}, {SourceID: three}, {SourceID: "nothing"}}})
		if e := result.Each; len(e) != 4 || e[0] != nil || app.CodeOf(e[1]) != app.CodeConflict || e[2] != nil || app.CodeOf(e[3]) != app.CodeNotFound {
			t.Errorf("each: %v", result.Each)
		}
		if got := placedIn(b, "Main"); !slices.Equal(got, []string{"One", "Two", "Three"}) {
			t.Errorf("back to front: %v", got)
		}
		p := b.Snapshot().Sources.Placed("Main", two).Config
		if want := (app.Placement{Width: 1920, Height: 1080, ScaleX: 1, ScaleY: 1, Visible: true, ZIndex: 1}); p != want {
			t.Errorf("a new placement is %+v", p)
		}
		b.do(app.UpdatePlacement{Scene: "Main", SourceID: one, Fields: app.PlacementFields{ZIndex: ptr(7)}})
		if got := placedIn(b, "Main"); !slices.Equal(got, []string{"Two", "Three", "One"}) {
			t.Errorf("back to front: %v", got)
		}
		b.refusedWith(app.UpdatePlacement{Scene: "Main", SourceID: one, Fields: app.PlacementFields{ScaleY: ptr(12.0)}}, app.CodeInvalid, "scaleY")
		b.do(app.UpdatePlacement{Scene: "Main", SourceID: one, Fields: app.PlacementFields{ScaleY: ptr(12.0)}, FromOBS: true})
		b.do(app.RenamePlacedScene{Before: "Main", After: "Stage"})
		if got := placedIn(b, "Stage"); !slices.Equal(got, []string{"Two", "Three", "One"}) || len(placedIn(b, "Main")) != 0 {
			t.Errorf("after the scene's renaming: %v", got)
		}
		b.refusedWith(app.UnplaceSources{Scene: "Main", SourceIDs: []string{one}}, app.CodeNotFound, "Source is not present in this scene")
		b.do(app.UnplaceSources{Scene: "Stage", SourceIDs: []string{one, two, three}})
		if s := b.Snapshot().Sources.Scenes; len(s) != 0 {
			t.Errorf("left over: %v", s)
		}
	})
}

func TestSourceLimits(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		if s := b.Snapshot().Settings; s.MaxConcurrentSources != 100 || s.MaxSourcesPerScene != 100 {
			t.Errorf("the defaults are %+v", s)
		}
		b.refusedWith(app.SetSettings{Fields: app.SettingsFields{MaxSourcesPerScene: ptr(0)}}, app.CodeInvalid, "maxSourcesPerScene")
		b.do(app.SetSettings{Fields: app.SettingsFields{MaxConcurrentSources: ptr(1), MaxSourcesPerScene: ptr(1)}})
		one, two := b.newSource("One", "http://a/1"), b.newSource("Two", "http://a/2")
		b.do(app.ActivateSource{ID: one})
		b.refusedWith(app.ActivateSource{ID: two}, app.CodeConflict, "allow (1)")
		result := b.do(app.PlaceSources{Scene: "Main", Places: []app.PlaceSource{{SourceID: one}, {SourceID: two}}})
		if app.CodeOf(result.Each[1]) != app.CodeConflict {
			t.Errorf("each: %v", result.Each)
		}
	})
}

func TestLibraryUndo(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		undo := func() { t.Helper(); b.do(app.UndoSources{}) }
		redo := func() { t.Helper(); b.do(app.RedoSources{}) }
		b.refusedWith(app.UndoSources{}, app.CodeConflict, "nothing to undo")
		id := b.newSource("One", "http://a/1")
		b.do(app.PlaceSources{Scene: "Main", Places: []app.PlaceSource{{SourceID: id}}})
		b.do(app.UpdatePlacement{Scene: "Main", SourceID: id, Fields: app.PlacementFields{X: ptr(100.0)}})
		b.do(app.UpdatePlacement{Scene: "Main", SourceID: id, Fields: app.PlacementFields{Y: ptr(50.0)}, FromOBS: true})
		b.do(app.ActivateSource{ID: id})
		b.do(app.UpdateSource{ID: id, Fields: app.SourceFields{Name: ptr("Eins")}})
		undo()
		if s := b.Snapshot().Sources.Source(id); s.Name != "One" || !s.Active {
			t.Errorf("after undoing the name: %+v", s)
		}
		undo()
		if p := b.Snapshot().Sources.Placed("Main", id).Config; p.X != 0 || p.Y != 0 {
			t.Errorf("after undoing the move: %+v", p)
		}
		redo()
		if p := b.Snapshot().Sources.Placed("Main", id).Config; p.X != 100 || p.Y != 50 {
			t.Errorf("after redoing the move: %+v", p)
		}
		b.do(app.DeactivateSource{ID: id})
		b.do(app.DeleteSource{ID: id})
		b.refusedWith(app.RedoSources{}, app.CodeConflict, "nothing to redo")
		undo()
		if s := b.Snapshot().Sources; s.Source(id) == nil || s.Placed("Main", id) == nil || s.Placed("Main", id).Config.X != 100 {
			t.Errorf("after undoing the deletion: %+v", s)
		}
		redo()
		if s := b.Snapshot().Sources; len(s.List)+len(s.Scenes) != 0 {
			t.Errorf("after redoing the deletion: %+v", s)
		}
		undo()
		two := []app.SourceFields{{Name: ptr("One"), URL: ptr("http://a/1")}, {Name: ptr("One"), URL: ptr("http://a/2")}}
		b.do(app.ImportSources{Sources: two})
		if got := sourceNames(b); !slices.Equal(got, []string{"One", "One 2", "One 3"}) {
			t.Errorf("after the import: %v", got)
		}
		b.refusedWith(app.ImportSources{Sources: append(two, app.SourceFields{Name: ptr("x"), URL: ptr("data:,x")})}, app.CodeInvalid, "Source 3: url")
		undo()
		if got := sourceNames(b); !slices.Equal(got, []string{"One"}) {
			t.Errorf("the import is undone as one: %v", got)
		}
		// A source made and switched on since goes away whole.
		b.do(app.DuplicateSource{ID: id})
		copied := b.Snapshot().Sources.List[1]
		if copied.Name != "One 2" || copied.Active || copied.URL != "http://a/1" {
			t.Errorf("the copy: %+v", copied)
		}
		b.do(app.ActivateSource{ID: copied.ID})
		undo()
		if got := sourceNames(b); !slices.Equal(got, []string{"One"}) {
			t.Errorf("after undoing the copy: %v", got)
		}
	})
}

func TestAdoptedSources(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		found := app.SourceInOBS{
			Input:  "Chat",
			Fields: app.SourceFields{Name: ptr("Chat"), URL: ptr("https://example.com/chat"), Width: ptr(400), Height: ptr(600)},
			Places: []app.PlacementIn{{Scene: "Main", Config: app.Placement{X: 5, Width: 400, Height: 600, ScaleX: 0.05, ScaleY: 1, Visible: true}}},
		}
		b.do(app.AdoptSources{Sources: []app.SourceInOBS{found}, Live: true})
		s := b.Snapshot().Sources.List[0]
		if s.Way != app.WayOwn || !s.Active || !s.Adopted || s.OBSInput != "Chat" || b.Snapshot().Sources.Placed("Main", s.ID).Config != found.Places[0].Config {
			t.Errorf("adopted: %+v", s)
		}
		b.refusedWith(app.AdoptSources{Sources: []app.SourceInOBS{found}}, app.CodeConflict, "in the library already")
		b.do(app.SetSourceInput{ID: s.ID, Input: "Chat 2"})
		if got := b.Snapshot().Sources.List[0].OBSInput; got != "Chat 2" {
			t.Errorf("the input is %q", got)
		}
	})
}

func TestFramingBelongsToItsURL(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := b.newSource("One", "http://a/1")
		refused := app.Framing{State: app.FramingRefused, Reason: "The page does not allow it.", Key: "k"}
		b.do(app.SetFraming{ID: id, URL: "http://a/other", Framing: refused})
		if got := b.Snapshot().Sources.Source(id).Framing; got.State != app.FramingUnknown {
			t.Errorf("of another address: %+v", got)
		}
		b.do(app.SetFraming{ID: id, URL: "http://a/1", Framing: refused})
		if got := b.Snapshot().Sources.Source(id).Framing; got != refused {
			t.Errorf("got %+v", got)
		}
		b.do(app.UpdateSource{ID: id, Fields: app.SourceFields{URL: ptr("http://a/2")}})
		if got := b.Snapshot().Sources.Source(id).Framing; got.State != app.FramingUnknown {
			t.Errorf("after another address: %+v", got)
		}
	})
}
