package ui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// supportPatience is how long making a support file may take.
const supportPatience = time.Minute

// crashNoticeFor is how long it stands that Cuewire ended by a fault, unless it is
// dismissed.
const crashNoticeFor app.Millis = 10 * 60_000

// askSupport asks where the support file is to be written.
func (w *Window) askSupport() {
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		switch {
		case err != nil:
			w.fail("insight.support.error", nil, err)
		case file != nil:
			go w.writeSupport(file.URI().Name(), file)
		}
	}, w.win)
	d.SetFileName("cuewire-support-" + w.cfg.Core.Now().Time().Local().Format("20060102-1504") + ".zip")
	d.SetTitleText(w.text("insight.support.title"))
	d.SetConfirmText(w.text("crew.save"))
	d.SetDismissText(w.text("window.ask.cancel"))
	w.openFileDialog(d)
}

// writeSupport writes the support file. It is never called on the UI goroutine.
func (w *Window) writeSupport(name string, file io.WriteCloser) {
	ctx, cancel := context.WithTimeout(context.Background(), supportPatience)
	defer cancel()
	var bundle bytes.Buffer // whole, before anything is written
	err := w.cfg.Support.WriteBundle(ctx, &bundle)
	if err == nil {
		_, err = file.Write(bundle.Bytes())
	}
	if err = errors.Join(err, file.Close()); err != nil {
		w.fail("insight.support.error", nil, err)
		return
	}
	w.tell("insight.support.done", map[string]any{"Name": name})
}

// tellCrashes tells that Cuewire ended by a fault in an earlier run.
func (w *Window) tellCrashes(reports []app.CrashReport) {
	if len(reports) == 0 {
		return
	}
	folder := filepath.Dir(reports[len(reports)-1].File)
	text := w.wordsNow().T("insight.crashed", map[string]any{"Folder": folder})
	till := w.cfg.Core.Now().Add(crashNoticeFor)
	w.change(func(l *present.Local) { l.Notice, l.NoticeTill = text, till })
}
