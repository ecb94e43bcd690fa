package ui

import (
	"net/url"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// The tabs of the sheet of a source.
const (
	sourceBasics = iota
	sourceLook
)

var (
	ways  = []app.SourceWay{app.WayCombined, app.WayOwn}
	loads = []app.SourceLoad{app.LoadKeep, app.LoadUnload}
)

// sourceSheet asks for all fields of a source.
type sourceSheet struct {
	*sheet
	name, tags, width, height, rate, css, js *field
	url                                      *pickField
	way, load                                *choice
}

// askSource asks for a new source of the library.
func (w *Window) askSource() {
	was := present.NewSource
	s := w.newSourceSheet(&was)
	s.openSource("editor.new", "window.ask.add", &was, func(fields app.SourceFields) app.Command {
		return app.CreateSource{Fields: fields}
	})
	s.then = func(result app.Result) { w.change(func(l *present.Local) { l.Source, l.Search = result.ID, "" }) }
}

// editSource asks for changes of a source.
func (w *Window) editSource(id string) {
	was := w.cfg.Core.Snapshot().Sources.Source(id)
	if was == nil {
		return
	}
	s := w.newSourceSheet(was)
	s.openSource("editor.edit", "crew.save", was, func(fields app.SourceFields) app.Command {
		if fields == (app.SourceFields{}) {
			return nil
		}
		return app.UpdateSource{ID: id, Fields: fields}
	})
}

func (w *Window) newSourceSheet(was *app.Source) *sourceSheet {
	s := &sourceSheet{sheet: w.newSheet(600)}
	form := present.SourceFormOf(was)
	s.tabs = container.NewAppTabs(
		container.NewTabItem(w.text("editor.tab.basics"), container.New(box{4, 8}, s.basics(form, was))),
		container.NewTabItem(w.text("editor.tab.look"), container.New(box{4, 8}, s.looks(form, was))),
	)
	return s
}

func (s *sourceSheet) basics(form present.SourceForm, was *app.Source) fyne.CanvasObject {
	var name, address, tags, width, height, rate, way, load fyne.CanvasObject
	s.name, name = s.entry(sourceBasics, "name", "editor.name", form.Name)
	s.url, address = s.pick(sourceBasics, "url", "editor.url", form.URL, present.OfferedPages(s.w.input()))
	s.url.SetPlaceHolder("https://…")
	s.offerOwnPages()
	s.tags, tags = s.entry(sourceBasics, "tags", "editor.tags", form.Tags)
	s.tags.SetPlaceHolder(s.w.text("editor.tags.hint"))
	s.width, width = s.entry(sourceBasics, "width", "editor.pagewidth", form.Width)
	s.height, height = s.entry(sourceBasics, "height", "editor.pageheight", form.Height)
	s.rate, rate = s.entry(sourceBasics, "refreshRate", "editor.rate", form.Rate)
	s.way, way = s.choose(sourceBasics, "way", "editor.way",
		s.texts("editor.way.choice.", "combined", "own"), max(0, slices.Index(ways, form.Way)))
	s.load, load = s.choose(sourceBasics, "load", "editor.load",
		s.texts("editor.load.", "preload", "unload"), max(0, slices.Index(loads, form.Load)))
	content := []fyne.CanvasObject{name, address, s.hint("editor.url.hint"), three(width, height, rate), pair(way, load)}
	if was.ID != "" {
		content = append(content, s.note(present.FramingNote(s.w.words, was)))
	}
	return stacked(append(content, tags)...)
}

func (s *sourceSheet) looks(form present.SourceForm, was *app.Source) fyne.CanvasObject {
	var css, js fyne.CanvasObject
	s.css, css = s.entry(sourceLook, "cssCustom", "editor.css", form.CSS)
	s.js, js = s.entry(sourceLook, "jsCustom", "editor.js", form.JS)
	for _, f := range []*field{s.css, s.js} {
		f.MultiLine, f.Wrapping = true, fyne.TextWrapOff
		f.TextStyle.Monospace = true
		f.SetMinRowsVisible(4)
	}
	content := []fyne.CanvasObject{css, js}
	if was.ID != "" {
		if text := present.StylingNote(s.w.words, was); text != "" {
			content = append([]fyne.CanvasObject{s.note(present.Mark{Text: text, Color: present.Muted})}, content...)
		}
	}
	return stacked(content...)
}

// note is a sentence of its own in a sheet, of two lines at most.
func (s *sheet) note(m present.Mark) fyne.CanvasObject {
	l := widget.NewLabel(m.Text)
	l.Wrapping = fyne.TextWrapWord
	switch m.Color {
	case present.Warn:
		l.Importance = widget.WarningImportance
	case present.Good:
		l.Importance = widget.SuccessImportance
	default:
		l.Importance = widget.LowImportance
	}
	return container.New(twoLines{}, l)
}

// twoLines gives its one child the height of two lines: what a wrapped text needs is
// known only where it is seen.
type twoLines struct{}

func (twoLines) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(-8, -8))
	objects[0].Resize(size.AddWidthHeight(16, 16))
}

func (twoLines) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 40) }

// offerOwnPages adds the streamer's own pages to the addresses offered, when their
// folder has been read.
func (s *sourceSheet) offerOwnPages() {
	if s.w.cfg.OwnPages == nil {
		return
	}
	offered := present.OfferedPages(s.w.input())
	go func() {
		pages, err := s.w.cfg.OwnPages()
		if err != nil {
			s.w.fail("editor.error.pages", nil, err)
			return
		}
		s.w.do(func() { s.url.SetOptions(append(pages, offered...)) })
	}()
}

// openSource shows the sheet; command makes what is to be sent of what differs.
func (s *sourceSheet) openSource(title, confirm string, was *app.Source, command func(app.SourceFields) app.Command) {
	s.open(s.w.text(title), confirm, s.tabs, func() (app.Command, []present.Wrong) {
		fields, wrong := s.form().Fields(s.w.words, was)
		if len(wrong) > 0 {
			return nil, wrong
		}
		s.w.ownPath(&fields)
		return command(fields), nil
	})
}

// form returns what is filled in.
func (s *sourceSheet) form() present.SourceForm {
	return present.SourceForm{
		Name: s.name.Text, URL: s.url.Text, Tags: s.tags.Text, CSS: s.css.Text, JS: s.js.Text,
		Width: s.width.Text, Height: s.height.Text, Rate: s.rate.Text,
		Way: ways[s.way.SelectedIndex()], Load: loads[s.load.SelectedIndex()],
	}
}

// ownPath turns an address that we serve into the path of its page, so that it
// outlives a change of port.
func (w *Window) ownPath(fields *app.SourceFields) {
	if fields.URL == nil || w.cfg.Ours == nil {
		return
	}
	u, err := url.Parse(strings.TrimSpace(*fields.URL))
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && w.cfg.Ours(u) {
		page := u.RequestURI()
		fields.URL = &page
	}
}

// sourceMenu shows what can be done with a source.
func (w *Window) sourceMenu(id string, at fyne.Position) {
	s := w.cfg.Core.Snapshot().Sources.Source(id)
	if s == nil {
		return
	}
	w.chooseSource(id)
	flip, icon := "editor.activate", theme.MediaPlayIcon()
	if s.Active {
		flip, icon = "editor.deactivate", theme.MediaStopIcon()
	}
	items := []*fyne.MenuItem{
		w.item("crew.cue.edit.item", theme.DocumentCreateIcon(), func() { w.editSource(id) }),
		w.item(flip, icon, func() { w.flipSource(id) }),
		w.item("crew.cue.duplicate", theme.ContentCopyIcon(), func() { w.send(app.DuplicateSource{ID: id}) }),
	}
	scene := w.View().Library.Scene
	switch placed := w.cfg.Core.Snapshot().Sources.Placed(scene, id); {
	case scene == "":
	case placed == nil:
		items = append(items, w.item("editor.put", theme.ContentAddIcon(), func() { w.placeSource(id, scene) }))
	default:
		items = append(items, w.item("editor.out", theme.ContentRemoveIcon(), func() {
			w.send(app.UnplaceSources{Scene: scene, SourceIDs: []string{id}})
		}))
	}
	w.menu(at, append(items, fyne.NewMenuItemSeparator(), w.item("crew.delete", theme.DeleteIcon(), func() { w.deleteSource(id) }))...)
}

// deleteSource deletes a source and offers to take that back.
func (w *Window) deleteSource(id string) {
	s := w.cfg.Core.Snapshot().Sources.Source(id)
	if s == nil {
		return
	}
	w.carryOut(app.DeleteSource{ID: id}, func(_ app.Result, err error) {
		if err != nil {
			w.fail("window.error.command", nil, err)
			return
		}
		w.tellUndo("editor.deleted", map[string]any{"Source": s.Name}, func() { w.send(app.UndoSources{}) })
	})
}

// tellUndo shows a notice with a button that takes back what it tells. It may be
// called from any goroutine.
func (w *Window) tellUndo(key string, args map[string]any, undo func()) {
	text, till := w.wordsNow().T(key, args), w.cfg.Core.Now().Add(undoFor)
	w.change(func(l *present.Local) {
		l.Notice, l.NoticeTill, l.Undo, l.Later = text, till, true, ""
		w.undo = undo
	})
}
