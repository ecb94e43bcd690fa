package automation

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"cuewire/app"
)

// placerLimit is how many events a Placer may fall behind before it starts over
// with what is true then.
const placerLimit = 8192

// Pauses of a Placer.
const (
	placerPause = 40 * time.Millisecond // between two looks: a drag in OBS tells of every frame
	placerRetry = 5 * time.Second       // after OBS has refused something
	placerAsk   = 15 * time.Second      // the longest that one look may take
)

// placerWatch is the name under which a Placer watches transforms.
const placerWatch = "placement"

// Placer keeps the sources that are shown the own way, and what OBS shows, in step,
// both ways. What Cuewire and OBS agreed on last decides who has changed something
// since: what differs from it in OBS is reported as a change of the placement, what
// differs from it in the library is done in OBS; where both do, the library wins.
// When OBS comes back there is nothing agreed on, so the library wins there too.
type Placer struct {
	Core app.Core
	OBS  app.OBS
	// Address returns the whole address of a source's page as OBS reaches it, and which
	// page of ours it is, "" for a foreign one.
	Address func(ctx context.Context, given string) (address, page string, err error)
	Log     *slog.Logger // slog.Default when nil

	mu    sync.Mutex // guards marks
	marks marks
	wake  chan struct{} // holds a token while there are marks

	// What follows belongs to the goroutine that looks.
	connection string // that the rest is about: OBS's connection and scene collection
	inputs     map[string]agreedInput
	items      map[placeKey]agreedItem
	orders     map[string][]string // sources of a scene, the front first
	watching   bool
	told       map[string]bool // sources of whose failure somebody was told
}

// placeKey names a placement.
type placeKey struct{ scene, source string }

// agreedInput is the browser source that shows a source, as both sides had it last.
type agreedInput struct {
	name     string
	settings app.BrowserSettings
	adopted  bool
}

// agreedItem is a scene item, as both sides had it last.
type agreedItem struct {
	id    int
	shown app.Shown
}

// marks say where to look.
type marks struct {
	all     bool
	inputs  bool            // at the settings of the inputs
	sources map[string]bool // at these sources and wherever they stand
	scenes  map[string]bool
	added   map[string]bool // scenes into which somebody put something in OBS
	renames []rename
}

// rename is a scene or an input that OBS calls otherwise.
type rename struct {
	before, after string
	input         bool
}

// Run keeps both in step until ctx ends or the core does, and then returns nil.
func (p *Placer) Run(ctx context.Context) error {
	if p.Log == nil {
		p.Log = slog.Default()
	}
	p.wake = make(chan struct{}, 1)
	p.forget("")
	ctx, cancel := context.WithCancel(ctx)
	listening := make(chan struct{})
	go func() {
		defer close(listening)
		defer cancel()
		p.listen(ctx)
	}()
	defer func() {
		cancel()
		<-listening
	}()
	var retry <-chan time.Time
	for {
		select {
		case <-p.wake:
		case <-retry:
			p.mark(func(m *marks) { m.all = true })
		case <-ctx.Done():
			return nil
		}
		retry = nil
		if !p.look(ctx) {
			retry = time.After(placerRetry)
		}
		select {
		case <-time.After(placerPause):
		case <-ctx.Done():
			return nil
		}
	}
}

// listen turns events into marks.
func (p *Placer) listen(ctx context.Context) {
	for {
		_, stream := p.Core.Follow(placerLimit)
		p.mark(func(m *marks) { m.all = true })
		err := p.follow(ctx, stream)
		stream.Close()
		if !errors.Is(err, app.ErrBehind) {
			return
		}
	}
}

func (p *Placer) follow(ctx context.Context, stream app.Stream) error {
	for {
		update, err := stream.Next(ctx)
		if err != nil {
			return err
		}
		for _, event := range update.Events {
			if note := noteOf(event.Body); note != nil {
				p.mark(note)
			}
		}
	}
}

// noteOf returns what an event marks, nil for nothing.
func noteOf(body app.EventBody) func(*marks) {
	source := func(id string) func(*marks) { return func(m *marks) { m.sources[id] = true } }
	scene := func(name string) func(*marks) { return func(m *marks) { m.scenes[name] = true } }
	switch e := body.(type) {
	case app.SourceCreated:
		return source(e.Source.ID)
	case app.SourceUpdated:
		return source(e.Source.ID)
	case app.SourceActivated:
		return source(e.SourceID)
	case app.SourceDeactivated:
		return source(e.SourceID)
	case app.SourceDeleted:
		return source(e.SourceID)
	case app.SceneSourceAdded:
		return scene(e.SceneName)
	case app.SceneSourceRemoved:
		return scene(e.SceneName)
	case app.SceneSourceUpdated:
		return scene(e.SceneName)
	case app.OBSSceneItemCreated:
		return func(m *marks) { m.scenes[e.SceneName], m.added[e.SceneName] = true, true }
	case app.OBSSceneItemRemoved:
		return scene(e.SceneName)
	case app.OBSSceneItemVisible:
		return scene(e.SceneName)
	case app.OBSSceneItemsReordered:
		return scene(e.SceneName)
	case app.OBSSceneItemTransformed:
		return scene(e.SceneName)
	case app.OBSInputSettingsChanged:
		return func(m *marks) { m.inputs = true }
	case app.OBSInputRenamed:
		return func(m *marks) { m.renames = append(m.renames, rename{e.PreviousName, e.InputName, true}) }
	case app.OBSSceneRenamed:
		return func(m *marks) { m.renames = append(m.renames, rename{e.PreviousName, e.SceneName, false}) }
	case app.StateRestored, app.OBSInputRemoved, app.OBSConnectionChanged, app.OBSSceneListChanged, app.OBSCollectionChanged:
		return func(m *marks) { m.all = true }
	}
	return nil
}

func (p *Placer) mark(note func(*marks)) {
	p.mu.Lock()
	if p.marks.sources == nil {
		p.marks = marks{sources: map[string]bool{}, scenes: map[string]bool{}, added: map[string]bool{}}
	}
	note(&p.marks)
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// take returns the marks and clears them.
func (p *Placer) take() marks {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.marks
	p.marks = marks{}
	return m
}

// forget drops everything that was agreed on.
func (p *Placer) forget(connection string) {
	p.connection = connection
	p.inputs, p.items, p.orders = map[string]agreedInput{}, map[placeKey]agreedItem{}, map[string][]string{}
	p.told = map[string]bool{}
}

// look brings both sides together where the marks are. It reports whether nothing
// failed that another try could help.
func (p *Placer) look(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, placerAsk)
	defer cancel()
	m := p.take()
	obs := p.Core.Snapshot().OBS
	if !obs.Connected() || obs.CollectionChanging {
		p.forget("")
		return true
	}
	if now := obs.ConnectionID + " " + obs.Collection; now != p.connection {
		p.forget(now)
		m.all = true
	}
	for _, r := range m.renames {
		p.follows(ctx, r, &m)
	}
	l := look{Placer: p, ctx: ctx, marks: m, snap: p.Core.Snapshot()}
	p.watch(ctx, l.snap)
	if l.nothingToDo() {
		return true
	}
	l.dirtyScenes()
	l.settleInputs()
	for _, scene := range l.snap.OBS.Scenes {
		if l.failed != nil && app.CodeOf(l.failed) == app.CodeUnavailable {
			break // OBS has gone; it will all be done when it is back
		}
		if l.scenes[scene.Name] || l.everywhere {
			l.settleScene(scene.Name)
		}
	}
	return l.failed == nil || app.CodeOf(l.failed) == app.CodeUnavailable
}

// watch watches transforms while there is anything whose transform matters.
func (p *Placer) watch(ctx context.Context, snap *app.Snapshot) {
	wanted := false
	for _, placed := range snap.Sources.Scenes {
		for _, one := range placed {
			wanted = wanted || ownAndActive(snap.Sources.Source(one.SourceID))
		}
	}
	if wanted == p.watching {
		return
	}
	if _, err := p.OBS.DoOBS(ctx, app.WatchOBS{Watcher: placerWatch, Events: app.OBSWatch{Transforms: wanted}}); err != nil {
		p.Log.Debug("transforms cannot be watched", "err", err)
		return
	}
	p.watching = wanted
}

// follows lets the library follow what was renamed in OBS.
func (p *Placer) follows(ctx context.Context, r rename, m *marks) {
	if r.input {
		for id, agreed := range p.inputs {
			if agreed.name == r.before {
				agreed.name = r.after
				p.inputs[id] = agreed
				p.do(ctx, app.SetSourceInput{ID: id, Input: r.after})
			}
		}
		return
	}
	for key, agreed := range p.items {
		if key.scene == r.before {
			delete(p.items, key)
			p.items[placeKey{r.after, key.source}] = agreed
		}
	}
	p.orders[r.after] = p.orders[r.before]
	delete(p.orders, r.before)
	if len(p.Core.Snapshot().Sources.Scenes[r.before]) > 0 {
		p.do(ctx, app.RenamePlacedScene{Before: r.before, After: r.after})
	}
	m.scenes[r.after] = true
}

// do tells the library what has become of OBS.
func (p *Placer) do(ctx context.Context, cmd app.Command) (app.Result, bool) {
	result, err := p.Core.Do(ctx, cmd)
	if err != nil && ctx.Err() == nil {
		p.Log.Warn("what was changed in OBS cannot be taken over", "err", err)
	}
	return result, err == nil
}

// ownAndActive reports whether OBS is to show a source by an input of its own.
func ownAndActive(s *app.Source) bool { return s != nil && s.Active && s.Way == app.WayOwn }
