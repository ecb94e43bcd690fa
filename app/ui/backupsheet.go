package ui

import (
	"context"
	"net/url"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

const backupsWidth float32 = 620

// backupsDialog is "Backups": those that there are, with a button that restores each,
// and one that makes another.
type backupsDialog struct {
	w         *Window
	dialog    *dialog.CustomDialog
	recovered *widget.Label
	dismiss   *widget.Button
	list      *fyne.Container
	scroll    *container.Scroll
	empty     *widget.Label
	make      *widget.Button
	said      *widget.Label // what is being done, or went wrong
	busy      bool
}

// showBackups opens it.
func (w *Window) showBackups() {
	if w.cfg.Backups == nil {
		return
	}
	d := &backupsDialog{
		w: w, list: container.New(column{grow: -1, gap: 6}), recovered: widget.NewLabel(""), empty: widget.NewLabel(w.text("safety.list.none")), said: widget.NewLabel(""),
	}
	d.scroll = container.NewVScroll(d.list)
	for _, l := range []*widget.Label{d.recovered, d.said} {
		l.Wrapping = fyne.TextWrapWord
		l.Hide()
	}
	d.recovered.Importance = widget.WarningImportance
	d.dismiss = widget.NewButton(w.text("safety.recovered.dismiss"), d.dismissed)
	d.dismiss.Hide()
	d.empty.Hide()
	hint := widget.NewLabel(w.text("safety.hint"))
	hint.Wrapping = fyne.TextWrapWord
	d.make = &widget.Button{Text: w.text("safety.make"), Icon: theme.DocumentSaveIcon(), Importance: widget.HighImportance, OnTapped: d.makeOne}
	folder := widget.NewButtonWithIcon(w.text("safety.folder"), theme.FolderOpenIcon(), d.openFolder)
	content := container.New(box{8, 2}, container.New(column{grow: -1, gap: 8},
		container.New(box{-8, -8}, d.recovered), container.NewHBox(d.dismiss), container.New(box{-8, -8}, hint),
		container.NewHBox(d.make, folder), container.New(box{-8, -8}, d.said), widget.NewSeparator(), d.empty, container.New(atMost(320), d.scroll)))
	d.dialog = dialog.NewCustom(w.text("safety.title"), w.text("safety.close"), content, w.win)
	w.open(d.dialog, backupsWidth)
	w.backups, w.reopen = d, w.showBackups
	d.refresh("")
}

// open reports whether this dialog is the one open.
func (d *backupsDialog) open() bool { return d.w.dialog == dialog.Dialog(d.dialog) }

// work does something slow away from the UI goroutine while the dialog says what, and
// then lists what there is. done is what to say when it worked.
func (d *backupsDialog) work(doing string, do func(context.Context) error, done string, args map[string]any) {
	if d.busy {
		return
	}
	d.busy = true
	d.make.Disable()
	d.tell(d.w.text(doing))
	go func() {
		err := do(context.Background())
		d.w.do(func() {
			d.busy = false
			d.make.Enable()
			latest := d.w.backups // after a question it is another one
			switch {
			case err != nil && latest.open():
				latest.refresh(present.Reason(d.w.words, err))
			case err != nil:
				d.w.fail("window.error.command", nil, err)
			default:
				d.w.tell(done, args)
				latest.refresh("")
			}
		})
	}()
}

// refresh lists the backups anew, with something said above them.
func (d *backupsDialog) refresh(said string) {
	go func() {
		list, err := d.w.cfg.Backups.List(context.Background())
		d.w.do(func() {
			if !d.open() {
				return
			}
			if err != nil {
				said = present.Reason(d.w.words, err)
			}
			d.fill(list)
			d.tell(said)
		})
	}()
}

// fill shows the backups and what had to be recovered.
func (d *backupsDialog) fill(list []app.Backup) {
	w := d.w
	recovered := w.cfg.Core.Snapshot().Safety.Recovered
	var at time.Time
	for _, b := range list {
		if recovered != nil && b.Name == recovered.Backup {
			at = b.At
		}
	}
	d.recovered.SetText(present.RecoveredText(w.words, recovered, at, time.Local))
	setVisible(d.recovered, recovered != nil)
	setVisible(d.dismiss, recovered != nil)
	d.list.Objects = nil
	for _, r := range present.BackupRows(w.words, list, time.Local) {
		d.list.Add(d.row(r))
	}
	setVisible(d.empty, len(list) == 0)
	setVisible(d.scroll, len(list) > 0)
	d.list.Refresh()
}

func (d *backupsDialog) row(r present.BackupRow) fyne.CanvasObject {
	when, detail := newLine(sizeText, present.Text), newLine(sizeCaption, present.Muted)
	when.set(r.When, present.Text)
	detail.set(r.Detail, present.Muted)
	restore := widget.NewButton(d.w.text("safety.restore"), func() { d.ask(r) })
	if !r.Good {
		restore.Disable()
	}
	return container.New(box{0, 2}, container.New(row{shares: []float32{1}, gap: 16},
		container.New(column{grow: -1, gap: 1}, when, detail), container.NewCenter(compact(restore)), container.New(fixed{8, 1})))
}

// tell says something above the list, "" for nothing.
func (d *backupsDialog) tell(text string) {
	d.said.SetText(text)
	setVisible(d.said, text != "")
	for range 2 { // wrapped text tells its height only once it knows its width
		d.dialog.Resize(d.dialog.MinSize().Max(fyne.NewSize(backupsWidth, 0)))
	}
}

func (d *backupsDialog) makeOne() {
	d.work("safety.making", func(ctx context.Context) error {
		_, err := d.w.cfg.Backups.Make(ctx, app.BackupAsked)
		return err
	}, "safety.made", nil)
}

func (d *backupsDialog) dismissed() {
	d.work("safety.making", d.w.cfg.Backups.Dismiss, "safety.dismissed", nil)
}

// ask asks before it restores, and then comes back to the list.
func (d *backupsDialog) ask(r present.BackupRow) {
	w := d.w
	w.confirm(w.text("safety.restore.title"), w.words.T("safety.restore.text", map[string]any{"Time": r.When}), w.text("safety.restore"), func() {
		d.work("safety.restoring", func(ctx context.Context) error {
			_, err := w.cfg.Backups.Restore(ctx, r.Name)
			return err
		}, "safety.restored.time", map[string]any{"Time": r.When})
	})
	w.dialog.SetOnClosed(func() {
		w.do(func() { // after it, as another dialog may have taken its place
			if w.dialog == nil {
				w.showBackups()
			}
		})
	})
}

func (d *backupsDialog) openFolder() {
	dir, err := filepath.Abs(d.w.cfg.Backups.Folder())
	if err == nil {
		err = d.w.cfg.App.OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)})
	}
	if err != nil {
		d.tell(present.Reason(d.w.words, err))
	}
}
