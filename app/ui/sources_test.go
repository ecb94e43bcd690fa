package ui

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// fillLibrary gives a core four sources, of which three stand in the scene "Main".
func fillLibrary(core *fakeCore) {
	at := time.Date(2026, 1, 15, 16, 30, 0, 0, time.UTC)
	source := func(id, name, url string, way app.SourceWay, active bool, framing app.FramingState) *app.Source {
		s := &app.Source{
			ID: id, Name: name, URL: url, Width: 800, Height: 600, RefreshRate: 30, Way: way, Load: app.LoadKeep, Active: active,
			Tags: []string{}, Framing: app.Framing{State: framing}, CreatedAt: at, UpdatedAt: at,
		}
		if framing == app.FramingRefused {
			s.Framing.Key = "sources.framing.refused"
		}
		return s
	}
	placed := func(id string, z int, c app.Placement) *app.SceneSource {
		c.ZIndex = z
		return &app.SceneSource{Scene: "Main", SourceID: id, Config: c, AddedAt: at, UpdatedAt: at}
	}
	core.update(func(s *app.Snapshot, _ *app.RoomState) {
		s.Sources = app.SourcesState{
			List: []*app.Source{
				source("a", "Chat", "https://chat.example/box?key=1", app.WayCombined, true, app.FramingAllowed),
				source("b", "Alerts", "https://streamlabs.com/alert-box/v3/secret", app.WayOwn, true, app.FramingRefused),
				source("c", "Lower third", "/overlay/lower-third?room=ABC234", app.WayCombined, true, app.FramingAllowed),
				source("d", "Goal of the month with quite a long name", "https://goals.example/bar", app.WayCombined, false, app.FramingRefused),
			},
			Scenes: map[string][]*app.SceneSource{"Main": {
				placed("a", 0, app.Placement{X: 1400, Y: 100, Width: 400, Height: 600, ScaleX: 1, ScaleY: 1, Visible: true}),
				placed("b", 1, app.Placement{X: 300, Y: 200, Width: 800, Height: 600, ScaleX: 0.5, ScaleY: 0.5, Visible: true}),
				placed("c", 2, app.Placement{X: 400, Y: 900, Width: 900, Height: 120, ScaleX: 1, ScaleY: 1, Rotation: 350, Visible: true}),
			}},
		}
		s.OBS = app.OBSState{
			Phase: app.OBSConnected, Scenes: []app.OBSScene{{Name: "Main"}, {Name: "Break"}}, CurrentScene: "Main",
			Canvas: app.OBSCanvas{Width: 1920, Height: 1080},
		}
	})
}

// library shows a window of a filled library, in its area of sources.
func library(t *testing.T, change func(*Config)) (*stage, *fakeCore) {
	t.Helper()
	core := newFakeCore(1)
	fillLibrary(core)
	s := show(t, core, change)
	s.loop.run(func() { s.openArea(present.SourcesArea) })
	s.loop.until(t, "the sources are shown", func() bool { return s.sources.object.Visible() && len(s.sources.shown.Found) == 4 })
	return s, core
}

// chosen chooses a source and waits for it.
func (s *stage) chosen(t *testing.T, id string) {
	t.Helper()
	s.loop.run(func() { s.chooseSource(id) })
	s.loop.until(t, id+" is chosen", func() bool { return s.sources.editor.shown.Chosen == id })
}

// drag drags a point of the scene by pixels of OBS's canvas, in steps.
func (s *stage) drag(from present.Point, dx, dy float64, steps int) {
	s.loop.run(func() {
		c := s.sources.editor.canvas
		last := c.onScreen(from)
		c.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: last}, Button: desktop.MouseButtonPrimary})
		for i := range steps {
			part := float64(i+1) / float64(steps)
			now := c.onScreen(present.Point{X: from.X + dx*part, Y: from.Y + dy*part})
			c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: now}, Dragged: fyne.NewDelta(now.X-last.X, now.Y-last.Y)})
			last = now
		}
		c.DragEnd()
		c.MouseUp(nil)
	})
}

func placement(t *testing.T, cmd app.Command) app.UpdatePlacement {
	t.Helper()
	c, ok := cmd.(app.UpdatePlacement)
	if !ok {
		t.Fatalf("the core got %T", cmd)
	}
	return c
}

func near(v *float64, want float64) bool { return v != nil && *v >= want-2 && *v <= want+2 }

func TestDraggingABoxMovesItsSource(t *testing.T) {
	s, core := library(t, nil)
	s.loop.run(func() { s.sources.editor.canvas.held = func() fyne.KeyModifier { return fyne.KeyModifierControl } })
	s.drag(present.Point{X: 400, Y: 300}, 233, 111, 1)
	c := placement(t, core.next(t))
	if c.Scene != "Main" || c.SourceID != "b" || !near(c.Fields.X, 533) || !near(c.Fields.Y, 311) || c.Fields.Width != nil || c.Fields.Rotation != nil || c.Continues {
		t.Errorf("sent %+v", c)
	}
	// The core of this test keeps nothing, so the same is sent once more when the drag
	// has ended, as part of it.
	s.loop.until(t, "b is chosen", func() bool { return s.sources.editor.shown.Chosen == "b" })
}

func TestADragSendsTwentyCommandsASecondAtMostAndTheLast(t *testing.T) {
	core := realCore(t)
	make := func(cmd app.Command) app.Result {
		t.Helper()
		result, err := core.Do(t.Context(), cmd)
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	name, url, width, height := "Alerts", "http://127.0.0.1:9/", 400, 300
	id := make(app.CreateSource{Fields: app.SourceFields{Name: &name, URL: &url, Width: &width, Height: &height}}).ID
	make(app.PlaceSources{Scene: "Main", Places: []app.PlaceSource{{SourceID: id}}})
	_, stream := core.Follow(10_000)
	defer stream.Close()
	s := show(t, core, nil)
	s.loop.run(func() { s.openArea(present.SourcesArea) })
	s.loop.until(t, "the box is there", func() bool { return len(s.sources.editor.canvas.boxes) == 1 })
	s.loop.run(func() { s.sources.editor.canvas.held = func() fyne.KeyModifier { return fyne.KeyModifierControl } })
	begun := time.Now()
	s.drag(present.Point{X: 200, Y: 150}, 600, 500, 400)
	s.loop.until(t, "the box is where it was dropped", func() bool {
		p := core.Snapshot().Sources.Placed("Main", id).Config
		return near(&p.X, 600) && near(&p.Y, 500) && len(s.sources.editor.canvas.live) == 0
	})
	most := int(time.Since(begun)/strokePace) + 3
	commands := 0
	for ended := false; !ended; {
		update, err := stream.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range update.Events {
			if moved, ok := e.Body.(app.SceneSourceUpdated); ok {
				commands++
				ended = near(&moved.Config.X, 600) && near(&moved.Config.Y, 500)
			}
		}
	}
	if commands > most {
		t.Errorf("%d commands, %d at most", commands, most)
	}
	s.loop.run(func() { s.undoEdit() })
	s.loop.until(t, "the drag is undone as one", func() bool { return core.Snapshot().Sources.Placed("Main", id).Config.X == 0 })
}

func TestResizingByAGripSnapsAndKeepsProportions(t *testing.T) {
	s, core := library(t, nil)
	s.chosen(t, "b")
	s.drag(present.Point{X: 700, Y: 500}, 258, 100, 1) // its corner comes near the canvas's middle
	c := placement(t, core.next(t))
	if c.SourceID != "b" || c.Fields.Width == nil || *c.Fields.Width != 1320 || *c.Fields.Height != 990 || c.Fields.X != nil {
		t.Errorf("sent %+v", c.Fields)
	}
}

func TestKeysMoveTheChosenBox(t *testing.T) {
	s, core := library(t, nil)
	s.chosen(t, "b")
	for _, test := range []struct {
		key  fyne.KeyName
		held fyne.KeyModifier
		x, y float64
	}{
		{fyne.KeyRight, 0, 301, 0},
		{fyne.KeyLeft, fyne.KeyModifierShift, 290, 0},
		{fyne.KeyUp, 0, 0, 199},
		{fyne.KeyDown, fyne.KeyModifierShift, 0, 210},
	} {
		s.loop.until(t, "the last one is done", func() bool { return len(s.sources.editor.canvas.live) == 0 })
		s.loop.run(func() {
			c := s.sources.editor.canvas
			c.held = func() fyne.KeyModifier { return test.held }
			c.TypedKey(&fyne.KeyEvent{Name: test.key})
		})
		f := placement(t, core.next(t)).Fields
		if test.x != 0 && (f.X == nil || *f.X != test.x || f.Y != nil) || test.y != 0 && (f.Y == nil || *f.Y != test.y || f.X != nil) {
			t.Errorf("%s: %+v", test.key, f)
		}
	}
	s.loop.run(func() { s.sources.editor.canvas.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete}) })
	if c, ok := core.next(t).(app.UnplaceSources); !ok || c.Scene != "Main" || c.SourceIDs[0] != "b" {
		t.Errorf("the Delete key sent %+v", c)
	}
	s.loop.run(func() { s.sources.editor.canvas.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) })
	s.loop.until(t, "nothing is chosen", func() bool { return s.sources.shown.Chosen == "" })
	s.key(fyne.KeySpace)
	s.key(fyne.KeyUp)
	core.nothing(t) // the timer's keys are the live area's
}

func TestNumbersButtonsAndTheStack(t *testing.T) {
	s, core := library(t, nil)
	s.chosen(t, "b")
	e := s.sources.editor
	type press struct {
		what  string
		do    func()
		right func(app.UpdatePlacement) bool
	}
	for _, p := range []press{
		{"X", func() { e.numbers[0].SetText("12.5"); enter(e.numbers[0]) }, func(c app.UpdatePlacement) bool { return *c.Fields.X == 12.5 && c.Fields.Y == nil }},
		{"width", func() { e.numbers[2].SetText("600"); enter(e.numbers[2]) }, func(c app.UpdatePlacement) bool { return *c.Fields.Width == 1200 && c.Fields.ScaleX == nil }},
		{"turn", func() { e.numbers[4].SetText("33,5"); enter(e.numbers[4]) }, func(c app.UpdatePlacement) bool { return *c.Fields.Rotation == 33.5 }},
		{"right", func() { test.Tap(e.aligns[present.AlignRight]) }, func(c app.UpdatePlacement) bool { return *c.Fields.X == 1520 && c.Fields.Y == nil }},
		{"page size", func() { test.Tap(e.own) }, func(c app.UpdatePlacement) bool { return *c.Fields.Width == 1600 && *c.Fields.Height == 1200 }},
		{"fill", func() { test.Tap(e.fill) }, func(c app.UpdatePlacement) bool {
			return *c.Fields.X == 0 && *c.Fields.Width == 3840 && *c.Fields.Height == 2160
		}},
		{"hide", func() { test.Tap(e.visible) }, func(c app.UpdatePlacement) bool { return !*c.Fields.Visible }},
		{"back", func() { test.Tap(e.back) }, func(c app.UpdatePlacement) bool { return c.SourceID == "b" && *c.Fields.ZIndex == -1 && !c.Continues }},
	} {
		s.loop.until(t, "the last one is done", func() bool { return len(e.canvas.live) == 0 })
		s.loop.run(p.do)
		if c := placement(t, core.next(t)); c.Scene != "Main" || !p.right(c) {
			t.Errorf("%s sent %+v", p.what, c)
		}
	}
	s.loop.until(t, "all is done", func() bool { return len(e.canvas.live) == 0 })
	s.loop.run(func() { e.numbers[3].SetText("-4"); enter(e.numbers[3]) })
	s.loop.until(t, "what is wrong is said", func() bool { return s.View().Notice == "Write a size of 1 pixel or more." })
	core.nothing(t)
}

func TestTheListSearchesSwitchesAndPlaces(t *testing.T) {
	s, core := library(t, nil)
	row := func(name string) *sourceRow {
		for _, o := range test.LaidOutObjects(s.sources.list) {
			if r, ok := o.(*sourceRow); ok && r.name.full == name {
				return r
			}
		}
		t.Fatalf("there is no row %q", name)
		return nil
	}
	s.loop.run(func() { row("Chat").toggle.Tapped(nil) })
	if c := core.next(t); c != (app.DeactivateSource{ID: "a"}) {
		t.Errorf("switched off: %+v", c)
	}
	s.loop.run(func() { s.sources.search.SetText("GOAL") })
	s.loop.until(t, "the search has found it", func() bool { return len(s.sources.shown.Found) == 1 })
	s.loop.run(func() {
		r := row("Goal of the month with quite a long name")
		if r.about.full != "Cannot be combined: show it the own way · goals.example/bar" || r.about.ink != present.Warn {
			t.Errorf("it says %q", r.about.full)
		}
		r.toggle.Tapped(nil)
		r.pick()
	})
	if c := core.next(t); c != (app.ActivateSource{ID: "d"}) {
		t.Errorf("switched on: %+v", c)
	}
	s.loop.until(t, "it can be put into the scene", func() bool { return s.sources.editor.put.Visible() })
	s.loop.run(func() { test.Tap(s.sources.editor.put) })
	if c, ok := core.next(t).(app.PlaceSources); !ok || c.Scene != "Main" || c.Places[0].SourceID != "d" {
		t.Errorf("put into the scene: %+v", c)
	}
	s.loop.run(func() { s.sources.search.SetText("nothing like it") })
	s.loop.until(t, "nothing is found, and said", func() bool { return s.sources.nothing.Visible() && !s.sources.list.Visible() })
}

func TestDeletingASourceCanBeUndone(t *testing.T) {
	s, core := library(t, nil)
	s.loop.run(func() { s.sourceMenu("d", fyne.NewPos(200, 200)); s.entry(t, "Delete") })
	if c := core.next(t); c != (app.DeleteSource{ID: "d"}) {
		t.Errorf("sent %+v", c)
	}
	s.loop.until(t, "undoing is offered", func() bool { return s.View().Undo && s.notice.undo.Visible() })
	s.tap(ButtonUndo)
	if c := core.next(t); c != (app.UndoSources{}) {
		t.Errorf("sent %+v", c)
	}
}

func TestEditingASourceSendsWhatDiffersAndSaysWhatIsWrong(t *testing.T) {
	s, core := library(t, func(c *Config) {
		c.Ours = func(u *url.URL) bool { return u.Host == "127.0.0.1:3000" }
	})
	s.loop.run(func() {
		s.editSource("b")
		f := s.focused(t)
		f.SetText("")
		enter(f)
		if !s.said("Write something here") {
			t.Error("an empty name is not said beside its field")
		}
		f.SetText("Alarms")
		s.Canvas().FocusNext()
		s.Canvas().Focused().(*pickField).SetText("http://127.0.0.1:3000/overlay/obs?x=1")
		enter(f)
	})
	c, ok := core.next(t).(app.UpdateSource)
	if !ok || c.ID != "b" || *c.Fields.Name != "Alarms" || *c.Fields.URL != "/overlay/obs?x=1" || c.Fields.Width != nil || c.Fields.Tags != nil {
		t.Errorf("sent %+v", c)
	}
}

func TestTheSceneIsPhotographedOnlyWhileItIsSeen(t *testing.T) {
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 16, 9)), nil); err != nil {
		t.Fatal(err)
	}
	asked := make(chan string, 1000)
	obs := fakeOBS(func(_ context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
		if shot, ok := cmd.(app.TakeScreenshot); ok {
			asked <- shot.Source
			return app.OBSScreenshot{ContentType: "image/jpeg", Data: picture.Bytes()}, nil
		}
		return nil, app.NewError(app.CodeUnavailable, "", "", nil)
	})
	core := newFakeCore(1)
	fillLibrary(core)
	s := show(t, core, func(c *Config) { c.OBS = obs })
	s.loop.until(t, "the window has settled", func() bool { return s.Renders() > 0 })
	if len(asked) > 0 {
		t.Error("a picture is taken while the live area is shown")
	}
	s.loop.run(func() { s.openArea(present.SourcesArea) })
	if scene := <-asked; scene != "Main" {
		t.Errorf("a picture of %q", scene)
	}
	s.loop.until(t, "the picture is shown", func() bool { return s.sources.editor.canvas.picture.Visible() })
	s.loop.run(func() { s.sources.editor.scenes.SetSelected("Break") })
	scene := <-asked
	for scene == "Main" { // one more that was asked for before
		scene = <-asked
	}
	if scene != "Break" {
		t.Errorf("a picture of %q", scene)
	}
	s.loop.run(s.Hide)
	if scene := s.sceneWanted(); scene != "" {
		t.Errorf("a picture of %q is wanted while the window is hidden", scene)
	}
}

func TestTheLibraryIsWrittenAndReadAgain(t *testing.T) {
	s, core := library(t, nil)
	path := filepath.Join(t.TempDir(), "sources.json")
	file, err := storage.Writer(storage.NewFileURI(path))
	if err != nil {
		t.Fatal(err)
	}
	s.writeSources(core.Snapshot().Sources.List, file)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s.importSources("sources.json", data)
	c, ok := core.next(t).(app.ImportSources)
	if !ok || len(c.Sources) != 4 || *c.Sources[1].URL != "https://streamlabs.com/alert-box/v3/secret" || *c.Sources[1].Way != app.WayOwn {
		t.Errorf("imported %+v", c)
	}
	s.loop.until(t, "the import is told", func() bool { return strings.HasSuffix(s.View().Notice, "imported from sources.json.") })
	for _, wrong := range []string{"no JSON", `{"format":"other","version":1}`, `[]`} {
		s.importSources("x.json", []byte(wrong))
		s.loop.until(t, "the refusal is told", func() bool { return strings.HasPrefix(s.View().Notice, "Nothing was imported.") })
		s.loop.run(s.dismissNotice)
		s.loop.until(t, "it is gone", func() bool { return s.View().Notice == "" })
	}
	core.nothing(t)
}
