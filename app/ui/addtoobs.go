package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// The size of our pages in OBS.
const (
	pageWidth  = 1920
	pageHeight = 1080
)

// undoFor is how long what was added can be undone.
const undoFor app.Millis = 20_000

// chooseScenes asks where in OBS a page is to go, with a menu below the button.
func (w *Window) chooseScenes(link present.LinkKind, below fyne.CanvasObject) {
	s := w.cfg.Core.Snapshot().OBS
	if !s.Connected() {
		w.tell("window.add.notconnected", nil)
		return
	}
	menu := fyne.NewMenu("",
		fyne.NewMenuItem(w.words.T("window.add.scene", map[string]any{"Scene": s.CurrentScene}), func() { w.addToOBS(link, s.CurrentScene) }),
		fyne.NewMenuItem(w.text("window.add.all"), func() { w.addToOBS(link, "") }))
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(below)
	popUp := widget.NewPopUpMenu(menu, w.win.Canvas())
	size, room := popUp.MinSize(), w.win.Canvas().Size()
	at.X = max(0, min(at.X, room.Width-size.Width))
	at.Y = max(0, min(at.Y+below.Size().Height, room.Height-size.Height))
	popUp.ShowAtPosition(at)
}

// addToOBS puts a page of ours into a scene of OBS, or into all for "".
func (w *Window) addToOBS(link present.LinkKind, scene string) {
	page := present.PageForOBS(w.input(), link)
	if page.Path == "" {
		return
	}
	go func() {
		added, err := w.addPage(page, scene)
		switch {
		case err != nil:
			w.fail("window.error.add", map[string]any{"Page": page.Name}, err)
		case len(added.Items) == 0 && added.Before == nil:
			w.tell("window.add.there", map[string]any{"Page": added.Input})
		default:
			w.tellAdded(added, scene)
		}
	}()
}

func (w *Window) addPage(page present.Page, scene string) (app.AddedBrowserSource, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	address, id, err := w.cfg.PageForOBS(ctx, page.Path)
	if err != nil {
		return app.AddedBrowserSource{}, err
	}
	answer, err := w.doOBS(app.AddBrowserSource{
		Page: id, Scene: scene, Name: page.Name, URL: address, Width: pageWidth, Height: pageHeight,
	}, connectPatience)
	added, _ := answer.(app.AddedBrowserSource)
	return added, err
}

// tellAdded tells what was added, and offers to undo it.
func (w *Window) tellAdded(added app.AddedBrowserSource, scene string) {
	key, args := "window.add.done", map[string]any{"Page": added.Input, "Scene": scene, "Count": len(added.Items)}
	switch {
	case len(added.Items) == 0:
		key = "window.add.changed"
	case scene == "":
		key = "window.add.doneall"
	}
	text := w.wordsNow().T(key, args)
	till := w.cfg.Core.Now().Add(undoFor)
	w.change(func(l *present.Local) {
		l.Notice, l.NoticeTill, l.Undo, l.Later = text, till, true, ""
		w.undo = func() { w.undoAdd(added) }
	})
}

// undoNotice takes back what the notice tells.
func (w *Window) undoNotice() {
	var undo func()
	w.change(func(l *present.Local) {
		undo, w.undo = w.undo, nil
		l.Notice, l.NoticeTill, l.Undo = "", 0, false
	})
	if undo != nil {
		undo()
	}
}

// undoAdd takes back what was added last.
func (w *Window) undoAdd(added app.AddedBrowserSource) {
	go func() {
		if _, err := w.doOBS(app.UndoAddBrowserSource{Added: added}, connectPatience); err != nil {
			w.fail("window.error.undo", map[string]any{"Page": added.Input}, err)
			return
		}
		w.tell("window.add.undone", map[string]any{"Page": added.Input})
	}()
}

// lookAtSources finds out which sources of OBS go to an old address of ours.
func (w *Window) lookAtSources(ctx context.Context) {
	list, err := w.cfg.Corrections(ctx)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		w.cfg.Log.Warn("the browser sources of OBS cannot be looked at", "error", err)
	}
	w.change(func(l *present.Local) { l.Outdated = len(list) })
}

// updateSources sends those sources to where we are now.
func (w *Window) updateSources() {
	w.change(func(l *present.Local) { l.Outdated = 0 })
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), connectPatience)
		defer cancel()
		list, err := w.cfg.Corrections(ctx)
		for _, c := range list {
			if err == nil {
				_, err = w.doOBS(app.UpdateBrowserSourceURL{Input: c.Input, URL: c.To, Page: c.Page}, patience)
			}
		}
		if err != nil {
			w.lookAtSources(ctx)
			w.fail("window.error.update", nil, err)
			return
		}
		w.tell("window.obs.updated", map[string]any{"Count": len(list)})
	}()
}
