package ui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// libraryMenu shows where sources come from and go to.
func (w *Window) libraryMenu(below fyne.CanvasObject) {
	w.menuBelow(below,
		w.item("editor.adopt", theme.DownloadIcon(), w.adoptFromOBS),
		w.item("editor.import", theme.FolderOpenIcon(), w.askSourceFile),
		w.item("editor.export", theme.DocumentSaveIcon(), w.askSourceExport))
}

// askSourceFile asks for a file of sources, or of one of OBS's scene collections.
func (w *Window) askSourceFile() {
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			w.fail("crew.import.error", nil, err)
		case file != nil:
			go w.readSources(file)
		}
	}, w.win)
	d.SetFilter(storage.NewExtensionFileFilter([]string{".json", ".JSON"}))
	d.SetTitleText(w.text("editor.import.title"))
	d.SetConfirmText(w.text("crew.import.open"))
	d.SetDismissText(w.text("window.ask.cancel"))
	w.openFileDialog(d)
}

// readSources imports a file. It is never called on the UI goroutine.
func (w *Window) readSources(file fyne.URIReadCloser) {
	data, err := io.ReadAll(io.LimitReader(file, fileLimit))
	if err = errors.Join(err, file.Close()); err != nil {
		w.fail("crew.import.error", nil, fmt.Errorf("read the file: %w", err))
		return
	}
	w.importSources(file.URI().Name(), data)
}

// importSources imports what is in a file. It is never called on the UI goroutine.
func (w *Window) importSources(name string, data []byte) {
	var file app.SourceFile
	err := json.Unmarshal(data, &file)
	if err == nil && file.Format == "" && w.cfg.Collections != nil {
		if found, err := w.cfg.Collections.BrowserSources(data); err == nil {
			w.do(func() { w.askAdopt(w.cfg.Core.Snapshot().Sources.Known(found), false) })
			return
		}
	}
	if err == nil {
		err = file.Check()
	} else {
		err = app.NewError(app.CodeInvalid, "error.sourceFile", "This is not a file of Cuewire's sources.", nil)
	}
	if err != nil {
		w.fail("crew.import.error", nil, err)
		return
	}
	for i := range file.Sources {
		w.ownPath(&file.Sources[i])
	}
	w.carryOut(app.ImportSources{Sources: file.Sources}, func(result app.Result, err error) {
		if err != nil {
			w.fail("crew.import.error", nil, err)
			return
		}
		w.tellUndo("editor.imported", map[string]any{"Count": len(result.IDs), "Name": name}, func() { w.send(app.UndoSources{}) })
	})
}

// askSourceExport asks where the library is to be written.
func (w *Window) askSourceExport() {
	list := w.cfg.Core.Snapshot().Sources.List
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		switch {
		case err != nil:
			w.fail("crew.export.error", nil, err)
		case file != nil:
			go w.writeSources(list, file)
		}
	}, w.win)
	d.SetFileName("sources.json")
	d.SetTitleText(w.text("editor.export.title"))
	d.SetConfirmText(w.text("crew.save"))
	d.SetDismissText(w.text("window.ask.cancel"))
	w.openFileDialog(d)
}

// writeSources writes the library to a file. It is never called on the UI goroutine.
func (w *Window) writeSources(list []*app.Source, file fyne.URIWriteCloser) {
	data, err := json.MarshalIndent(app.NewSourceFile(list), "", "  ")
	if err == nil {
		_, err = file.Write(append(data, '\n'))
	}
	if err = errors.Join(err, file.Close()); err != nil {
		w.fail("crew.export.error", nil, err)
		return
	}
	w.tell("editor.exported", map[string]any{"Count": len(list), "Name": file.URI().Name()})
}

// adoptFromOBS asks OBS for its browser sources, and then which to take over.
func (w *Window) adoptFromOBS() {
	if !w.cfg.Core.Snapshot().OBS.Connected() {
		w.tell("window.add.notconnected", nil)
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), connectPatience)
		defer cancel()
		found, err := app.SourcesInOBS(ctx, w.cfg.OBS, w.cfg.Core.Snapshot())
		if err != nil {
			w.fail("editor.error.adopt", nil, err)
			return
		}
		w.do(func() { w.askAdopt(found, true) })
	}()
}

// askAdopt asks which browser sources are to be taken over. Live, OBS has them now.
func (w *Window) askAdopt(found []app.SourceInOBS, live bool) {
	var rows []fyne.CanvasObject
	var checks []*widget.Check
	var offered []app.SourceInOBS
	for _, f := range found {
		if f.Known != "" {
			continue
		}
		w.ownPath(&f.Fields)
		check := widget.NewCheck(f.Input, nil)
		check.SetChecked(true)
		about := newLine(sizeCaption, present.Muted)
		about.set(present.FoundNote(w.words, f), present.Muted)
		checks, offered = append(checks, check), append(offered, f)
		rows = append(rows, check, container.New(box{32, 0}, about))
	}
	if len(offered) == 0 {
		w.tell("editor.adopt.none", nil)
		return
	}
	d := dialog.NewCustomWithoutButtons(w.text("editor.adopt.title"), container.New(column{grow: 1, gap: 6},
		wrapped(w.text("editor.adopt.text")), container.NewVScroll(container.New(column{grow: -1}, rows...))), w.win)
	take := &widget.Button{Text: w.text("editor.adopt.take"), Importance: widget.HighImportance, OnTapped: func() {
		cmd := app.AdoptSources{Live: live}
		for i, check := range checks {
			if check.Checked {
				cmd.Sources = append(cmd.Sources, offered[i])
			}
		}
		d.Hide()
		if len(cmd.Sources) > 0 {
			w.adopt(cmd)
		}
	}}
	d.SetButtons([]fyne.CanvasObject{widget.NewButton(w.text("window.ask.cancel"), d.Hide), take})
	w.open(d, 520)
	d.Resize(fyne.NewSize(520, min(460, d.MinSize().Height+float32(len(offered))*56)))
}

func (w *Window) adopt(cmd app.AdoptSources) {
	w.carryOut(cmd, func(_ app.Result, err error) {
		if err != nil {
			w.fail("editor.error.adopt", nil, err)
			return
		}
		w.tell("editor.adopted", map[string]any{"Count": len(cmd.Sources)})
	})
}

// wrapped is a text of several lines.
func wrapped(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}
