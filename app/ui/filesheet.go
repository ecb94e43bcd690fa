package ui

import (
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

// fileLimit is one byte more than a rundown's file may have, so that a longer one
// is refused as too large and not as damaged.
const fileLimit = 10<<20 + 1

var exports = []struct{ format, text string }{
	{"xlsx", "crew.export.xlsx"}, {"csv", "crew.export.csv"}, {"json", "crew.export.json"}, {"html", "crew.export.html"},
}

// fileMenu shows what the rundown can be read from and written to.
func (w *Window) fileMenu(below fyne.CanvasObject) {
	if w.cfg.Files == nil {
		w.tell("crew.files.none", nil)
		return
	}
	items := []*fyne.MenuItem{w.item("crew.import", theme.FolderOpenIcon(), w.askImport), fyne.NewMenuItemSeparator()}
	for _, e := range exports {
		items = append(items, w.item(e.text, theme.DocumentSaveIcon(), func() { w.askExport(e.format) }))
	}
	w.menuBelow(below, items...)
}

// askImport asks for the file to import.
func (w *Window) askImport() {
	if w.cfg.Files == nil {
		w.tell("crew.files.none", nil)
		return
	}
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			w.fail("crew.import.error", nil, err)
		case file != nil:
			w.importFile(file.URI().Name(), func() (io.ReadCloser, error) { return file, nil })
		}
	}, w.win)
	d.SetFilter(storage.NewExtensionFileFilter([]string{".csv", ".xlsx", ".json", ".CSV", ".XLSX", ".JSON"}))
	d.SetTitleText(w.text("crew.import.title"))
	d.SetConfirmText(w.text("crew.import.open"))
	d.SetDismissText(w.text("window.ask.cancel"))
	w.openFileDialog(d)
}

// openFileDialog shows it as large as the window lets it be.
func (w *Window) openFileDialog(d *dialog.FileDialog) {
	size := w.win.Canvas().Size()
	w.open(d, min(760, size.Width-40))
	d.Resize(fyne.NewSize(min(760, size.Width-40), min(560, size.Height-60)))
}

// importFile reads a file, and asks what is to become of what is in it.
func (w *Window) importFile(name string, open func() (io.ReadCloser, error)) {
	go func() {
		timers, problems, err := w.readFile(name, open)
		w.do(func() { w.offerRundown(name, timers, problems, err) })
	}()
}

// offerRundown asks what is to become of what is in a file, or tells why nothing is.
func (w *Window) offerRundown(name string, timers []app.TimerFields, problems any, err error) {
	if err != nil {
		w.showFileProblems(name, problems, err)
		return
	}
	w.askReplace(name, timers)
}

func (w *Window) readFile(name string, open func() (io.ReadCloser, error)) ([]app.TimerFields, any, error) {
	file, err := open()
	if err != nil {
		return nil, nil, fmt.Errorf("open the file: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, fileLimit))
	if err != nil {
		return nil, nil, fmt.Errorf("read the file: %w", err)
	}
	return w.cfg.Files.ReadRundown(name, data)
}

// showFileProblems tells why nothing was imported, by row and column.
func (w *Window) showFileProblems(name string, problems any, err error) {
	title := w.words.T("crew.import.refused", map[string]any{"Name": name})
	w.showTexts(title, present.Reason(w.words, err), present.FileProblems(w.words, problems))
}

// askReplace asks whether timers come after those that are there or in their place.
// Where there are none it asks nothing.
func (w *Window) askReplace(name string, timers []app.TimerFields) {
	room := w.room()
	if room == nil {
		return
	}
	take := func(replace bool) {
		w.carryOut(app.ImportTimers{RoomID: room.Room.ID, Timers: timers, Replace: replace}, func(_ app.Result, err error) {
			if err != nil {
				w.fail("crew.import.error", nil, err)
				return
			}
			w.tell("crew.import.done", map[string]any{"Count": len(timers), "Name": name})
		})
	}
	if len(room.Timers) == 0 {
		take(false)
		return
	}
	message := widget.NewLabel(w.words.T("crew.import.text", map[string]any{"Count": len(timers), "Name": name, "There": len(room.Timers)}))
	message.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustomWithoutButtons(w.text("crew.import.title"), container.NewStack(message), w.win)
	choose := func(text string, importance widget.Importance, replace bool) *widget.Button {
		return &widget.Button{Text: w.text(text), Importance: importance, OnTapped: func() {
			d.Hide()
			take(replace)
		}}
	}
	d.SetButtons([]fyne.CanvasObject{
		widget.NewButton(w.text("window.ask.cancel"), d.Hide),
		choose("crew.import.replace", widget.DangerImportance, true),
		choose("crew.import.append", widget.HighImportance, false),
	})
	w.open(d, 520)
}

// askExport asks where the rundown is to be written.
func (w *Window) askExport(format string) {
	room := w.room()
	if room == nil {
		return
	}
	lang := w.words.Lang()
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		switch {
		case err != nil:
			w.fail("crew.export.error", nil, err)
		case file != nil:
			go w.export(format, room, lang, file)
		}
	}, w.win)
	d.SetFileName(present.FileName(room.Room, format))
	d.SetTitleText(w.text("crew.export.title"))
	d.SetConfirmText(w.text("crew.save"))
	d.SetDismissText(w.text("window.ask.cancel"))
	w.openFileDialog(d)
}

// export writes the rundown to a file. It is never called on the UI goroutine.
func (w *Window) export(format string, room *app.RoomState, lang string, file fyne.URIWriteCloser) {
	data, _, err := w.cfg.Files.WriteRundown(format, room, lang)
	if err == nil {
		_, err = file.Write(data)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		w.fail("crew.export.error", nil, err)
		return
	}
	w.tell("crew.export.done", map[string]any{"Name": file.URI().Name()})
}
