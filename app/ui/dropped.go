package ui

import (
	"encoding/json"
	"fmt"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"cuewire/app"
)

// dropped imports a file that was dropped onto the window, whichever page is open: a
// rundown, a file of sources, or one of OBS's scene collections. What is in it decides.
func (w *Window) dropped(files []fyne.URI) {
	switch {
	case w.win.Canvas().Overlays().Top() != nil: // something is being asked
	case len(files) != 1:
		w.tell("crew.import.one", nil)
	default:
		go w.importDropped(files[0])
	}
}

// importDropped is never called on the UI goroutine.
func (w *Window) importDropped(file fyne.URI) {
	data, err := readDropped(file)
	switch {
	case err != nil:
		w.fail("crew.import.error", nil, err)
	case w.holdsSources(data):
		w.importSources(file.Name(), data)
	case w.cfg.Files == nil:
		w.tell("crew.files.none", nil)
	default:
		timers, problems, err := w.cfg.Files.ReadRundown(file.Name(), data)
		w.do(func() { w.offerRundown(file.Name(), timers, problems, err) })
	}
}

func readDropped(file fyne.URI) (data []byte, err error) {
	reader, err := storage.Reader(file)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	defer reader.Close()
	if data, err = io.ReadAll(io.LimitReader(reader, fileLimit)); err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	return data, nil
}

// holdsSources reports whether a file is one of sources or a scene collection.
func (w *Window) holdsSources(data []byte) bool {
	var file app.SourceFile
	if json.Unmarshal(data, &file) != nil {
		return false
	}
	if file.Format == app.SourceFileFormat {
		return true
	}
	if w.cfg.Collections == nil {
		return false
	}
	_, err := w.cfg.Collections.BrowserSources(data)
	return err == nil
}
