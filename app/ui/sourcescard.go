package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// sourcesArea is the library of browser sources beside the editor of where they stand.
type sourcesArea struct {
	w                *Window
	object           *fyne.Container
	heading          *line
	undo, redo, more *widget.Button
	add              *widget.Button
	search           *field
	list             *widget.List
	empty            *emptyState
	nothing          *line // the search found nothing
	editor           *sceneEditor
	shown            present.Library
	words            *i18n.Words
}

func newSourcesArea(w *Window) *sourcesArea {
	button := func(icon fyne.Resource, press func()) *widget.Button {
		b := widget.NewButtonWithIcon("", icon, press)
		b.Importance = widget.LowImportance
		return b
	}
	a := &sourcesArea{
		w: w, heading: newHeading(), nothing: newLine(sizeText, present.Muted).align(fyne.TextAlignCenter),
		undo: button(theme.ContentUndoIcon(), w.undoEdit), redo: button(theme.ContentRedoIcon(), w.redoEdit),
		more: button(theme.MoreVerticalIcon(), nil), add: button(theme.ContentAddIcon(), w.askSource),
		search: w.newField(), empty: newEmptyState(w.askSource),
	}
	a.add.Importance = widget.HighImportance
	a.more.OnTapped = func() { w.libraryMenu(a.more) }
	a.search.ActionItem = container.New(fixed{28, 20}, widget.NewIcon(theme.SearchIcon()))
	a.search.escape = func() { a.search.SetText("") }
	a.search.OnChanged = func(text string) { w.change(func(l *present.Local) { l.Search = text }) }
	a.list = widget.NewList(
		func() int { return len(a.shown.Found) },
		func() fyne.CanvasObject { return newSourceRow() },
		func(i int, o fyne.CanvasObject) { a.fill(i, o.(*sourceRow)) },
	)
	a.list.HideSeparators = true
	a.list.OnSelected = func(i int) {
		a.list.UnselectAll()
		if i < len(a.shown.Found) {
			w.chooseSource(a.shown.Found[i].ID)
		}
	}
	a.editor = newSceneEditor(w)
	head := container.New(row{shares: []float32{1}, gap: 6}, a.heading, compact(container.New(row{gap: 2}, a.undo, a.redo, a.more, a.add)))
	library := card(container.New(column{grow: 2, gap: 8}, head, a.search,
		container.NewStack(a.list, container.New(column{grow: -1}, a.nothing), a.empty.object)))
	a.object = container.New(sidebar{}, library, canvas.NewRectangle(present.Background), a.editor.object)
	return a
}

func (a *sourcesArea) canvas() fyne.CanvasObject { return a.object }

func (a *sourcesArea) pressed(fyne.KeyName) bool { return false }

func (a *sourcesArea) typed(r rune) bool {
	switch r {
	case 'n', 'N':
		a.w.askSource()
	case 'e', 'E':
		a.w.editSource(a.shown.Chosen)
	default:
		return false
	}
	return true
}

// sidebar gives its first object a part of the width, its second a gutter, and its
// third what is left.
type sidebar struct{}

func (sidebar) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := toPixel(min(max(size.Width*0.3, 310), 420))
	objects[0].Resize(fyne.NewSize(width, size.Height))
	objects[1].Move(fyne.NewPos(width, 0))
	objects[1].Resize(fyne.NewSize(gap, size.Height))
	objects[2].Move(fyne.NewPos(width+gap, 0))
	objects[2].Resize(fyne.NewSize(max(0, size.Width-width-gap), size.Height))
}

func (sidebar) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(860, 530) }

func (a *sourcesArea) fill(i int, r *sourceRow) {
	if i < 0 || i >= len(a.shown.Found) {
		return
	}
	s := a.shown.Found[i]
	r.pick = func() { a.w.chooseSource(s.ID) }
	r.edit = func() { a.w.editSource(s.ID) }
	r.menu = func(at fyne.Position) { a.w.sourceMenu(s.ID, at) }
	r.flip = func() { a.w.flipSource(s.ID) }
	r.set(a.shown.Row(i, a.words), a.words)
}

func (a *sourcesArea) show(v present.View, words *i18n.Words) {
	l := v.Library
	relabel := a.words == nil || a.words.Lang() != words.Lang()
	if !relabel && l.Same(a.shown) {
		return
	}
	if relabel {
		setButton(a.add, words.T("editor.add", nil), theme.ContentAddIcon(), widget.HighImportance, true)
		a.search.SetPlaceHolder(words.T("editor.search", nil))
		a.empty.relabel(words.T("editor.empty", nil), words.T("editor.purpose", nil), words.T("editor.add", nil))
		a.nothing.set(words.T("editor.nothing", nil), present.Muted)
	}
	a.shown, a.words = l, words
	title := words.T("frame.area.sources", nil)
	if l.Total > 0 {
		title += " " + present.Count(words, int64(l.Total))
	}
	a.heading.set(title, present.Text)
	a.empty.object.Hidden = l.Total > 0
	a.nothing.Hidden = l.Total == 0 || len(l.Found) > 0
	a.list.Hidden = len(l.Found) == 0
	a.search.Hidden = l.Total == 0
	a.editor.show(l, words)
	a.object.Refresh()
	a.list.Refresh()
}

// chooseSource chooses a source in the list, and its box in the scene.
func (w *Window) chooseSource(id string) {
	w.change(func(l *present.Local) { l.Source = id })
	i := slices.IndexFunc(w.sources.shown.Found, func(s *app.Source) bool { return s.ID == id })
	if i >= 0 {
		w.sources.list.ScrollTo(i)
	}
}

// flipSource switches a source on or off.
func (w *Window) flipSource(id string) {
	s := w.cfg.Core.Snapshot().Sources.Source(id)
	switch {
	case s == nil:
	case s.Active:
		w.send(app.DeactivateSource{ID: id})
	default:
		w.send(app.ActivateSource{ID: id})
	}
}

// sourceRow is one source of the list.
type sourceRow struct {
	clickRow
	name, about *line
	toggle      *toggle
	placed      *widget.Icon // it stands in the scene shown
	more        *moreIcon
	shown       present.SourceRow
	lang        string
	edit, flip  func()
	menu        func(at fyne.Position)
}

func newSourceRow() *sourceRow {
	r := &sourceRow{
		name: newLine(sizeText, present.Text), about: newLine(sizeCaption, present.Muted), toggle: newToggle(),
		placed: widget.NewIcon(theme.VisibilityIcon()),
	}
	r.toggle.flip = func() { r.flip() }
	r.more = newMoreIcon(func(at fyne.Position) { r.menu(at) })
	texts := container.New(box{0, 5}, container.New(column{grow: -1}, r.name, r.about))
	r.setup(46, container.New(box{6, 0}, container.New(row{shares: []float32{0, 1}, gap: 10}, r.toggle, texts,
		container.New(fixed{16, 46}, container.New(middle{}, container.New(fixed{16, 16}, r.placed))), container.New(fixed{20, 46}, r.more))))
	r.ExtendBaseWidget(r)
	return r
}

// DoubleTapped is called by Fyne.
func (r *sourceRow) DoubleTapped(*fyne.PointEvent) { r.edit() }

// TappedSecondary is called by Fyne.
func (r *sourceRow) TappedSecondary(e *fyne.PointEvent) { r.menu(e.AbsolutePosition) }

func (r *sourceRow) set(v present.SourceRow, words *i18n.Words) {
	if v == r.shown && r.lang == words.Lang() && !r.rethemed() {
		return
	}
	r.shown, r.lang = v, words.Lang()
	r.name.set(v.Name, present.Text)
	r.about.set(v.About.Text, v.About.Color)
	r.toggle.set(v.Active)
	r.placed.Hidden = !v.Placed
	r.base, r.strip.FillColor = present.Surface, present.Surface
	if v.Chosen {
		r.base, r.strip.FillColor = tint(present.Accent), present.Accent
	}
	r.cells.Refresh()
	r.strip.Refresh()
	r.paint()
}

// toggle is a switch.
type toggle struct {
	widget.BaseWidget
	track *canvas.Rectangle
	knob  *canvas.Circle
	on    bool
	flip  func()
}

func newToggle() *toggle {
	t := &toggle{track: rounded(present.Line, 9), knob: canvas.NewCircle(present.Muted)}
	t.ExtendBaseWidget(t)
	return t
}

func (t *toggle) set(on bool) {
	if t.on == on {
		return
	}
	t.on = on
	t.Refresh()
}

// Tapped is called by Fyne.
func (t *toggle) Tapped(*fyne.PointEvent) { t.flip() }

// Cursor is called by Fyne.
func (t *toggle) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is called by Fyne.
func (t *toggle) CreateRenderer() fyne.WidgetRenderer { return &toggleRenderer{t} }

type toggleRenderer struct{ t *toggle }

func (r *toggleRenderer) Layout(size fyne.Size) {
	t := r.t
	t.track.Resize(fyne.NewSize(34, 18))
	t.track.Move(fyne.NewPos((size.Width-34)/2, toPixel((size.Height-18)/2)))
	x := t.track.Position().X + 3
	t.track.FillColor, t.knob.FillColor = present.Line, present.Muted
	if t.on {
		x += 16
		t.track.FillColor, t.knob.FillColor = present.Good, present.Background
	}
	t.knob.Resize(fyne.NewSize(12, 12))
	t.knob.Move(fyne.NewPos(x, t.track.Position().Y+3))
}

func (r *toggleRenderer) MinSize() fyne.Size { return fyne.NewSize(38, 24) }
func (r *toggleRenderer) Refresh() {
	r.Layout(r.t.Size())
	canvas.Refresh(r.t.track)
}

func (r *toggleRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.track, r.t.knob}
}
func (r *toggleRenderer) Destroy() {}
