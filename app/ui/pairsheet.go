package ui

import (
	"context"
	"image"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/skip2/go-qrcode"

	"cuewire/app"
	"cuewire/app/ui/present"
)

const (
	pairWidth float32 = 620
	qrSide    float32 = 232
	sizeCode  float32 = 40 // of the six digits
)

// pairDialog lets a device in: first it asks what the device may do, then it shows the
// code, until the device has used it.
type pairDialog struct {
	w       *Window
	dialog  *dialog.CustomDialog
	pairing app.Pairing
	left    *line
	state   *widget.Label
}

// askPairing asks what the next device may do.
func (w *Window) askPairing() {
	if w.cfg.Devices == nil {
		w.tell("window.status.noserver", nil)
		return
	}
	role := present.PairingRoles[0]
	roles := make([]string, len(present.PairingRoles))
	for i, r := range present.PairingRoles {
		roles[i] = present.RoleName(w.words, r)
	}
	about := smallPrint()
	choose := widget.NewRadioGroup(roles, nil)
	choose.Required = true
	choose.OnChanged = func(text string) {
		for i, r := range present.PairingRoles {
			if roles[i] == text {
				role = r
				about.SetText(w.text("devices.role." + string(r) + ".use"))
			}
		}
	}
	choose.SetSelected(roles[0])
	name := w.newField()
	name.SetPlaceHolder(w.text("devices.name.hint"))
	problem := wrapped("")
	problem.Importance = widget.WarningImportance
	problem.Hide()
	caption := func(key string) *line {
		l := newCaption()
		l.set(w.text(key), present.Muted)
		return l
	}
	parts := []fyne.CanvasObject{}
	if !w.cfg.Devices.Reach().Sharing {
		share := widget.NewCheck(w.text("devices.share"), nil)
		share.SetChecked(w.cfg.Core.Snapshot().Settings.Sharing)
		share.OnChanged = func(on bool) { w.send(app.SetSettings{Fields: app.SettingsFields{Sharing: &on}}) }
		parts = append(parts, wrapped(w.text("devices.pair.unshared")), share, widget.NewSeparator())
	}
	parts = append(parts, caption("devices.pair.role"), choose, about, caption("devices.name"), name, problem)
	content := container.New(box{8, 2}, container.New(column{grow: -1, gap: 4}, parts...))

	d := dialog.NewCustomWithoutButtons(w.text("devices.pair.title"), content, w.win)
	begin := func() {
		text, wrong := present.DeviceName(w.words, name.Text)
		if len(wrong) > 0 {
			problem.SetText(wrong[0].Text)
			problem.Show()
			return
		}
		p, err := w.cfg.Devices.Pair(role, text)
		if err != nil {
			problem.SetText(present.Reason(w.words, err))
			problem.Show()
			return
		}
		w.showPairing(p)
	}
	name.OnSubmitted = func(string) { begin() }
	d.SetButtons([]fyne.CanvasObject{
		widget.NewButton(w.text("window.ask.cancel"), d.Hide),
		&widget.Button{Text: w.text("devices.pair.begin"), Importance: widget.HighImportance, OnTapped: begin},
	})
	w.open(d, pairWidth)
	w.enter = begin
}

// showPairing shows a code until it is used or has ended.
func (w *Window) showPairing(p app.Pairing) {
	d := &pairDialog{w: w, pairing: p, left: newLine(sizeText, present.Muted), state: wrapped("")}
	d.state.Hide()
	d.dialog = dialog.NewCustomWithoutButtons(w.words.T("devices.pair.for", map[string]any{"Role": present.RoleName(w.words, p.Role)}), d.content(), w.win)
	d.buttons(false)
	w.open(d.dialog, pairWidth)
	ctx, end := context.WithCancel(context.Background())
	d.dialog.SetOnClosed(func() {
		end()
		if d.pairing.State == app.PairingWaiting {
			w.cfg.Devices.CancelPairing(p.ID) // nobody sees it any more
		}
	})
	go d.follow(ctx)
}

// content is the code for the camera beside what to do.
func (d *pairDialog) content() fyne.CanvasObject {
	w, p := d.w, d.pairing
	text := func(size float32, s string) *line {
		l := newLine(size, present.Text)
		l.set(s, present.Text)
		return l
	}
	steps := container.New(column{grow: -1, gap: 2})
	if p.Link != "" {
		steps.Add(wrapped(w.text("devices.pair.scan")))
	}
	if p.Address != "" {
		copyIt := widget.NewButtonWithIcon("", theme.ContentCopyIcon(), func() { w.copyText(p.Address) })
		copyIt.Importance = widget.LowImportance
		steps.Add(wrapped(w.text("devices.pair.type")))
		steps.Add(container.New(box{8, 0}, container.New(row{shares: []float32{1}}, text(sizeText, p.Address).bold(), compact(copyIt))))
	} else {
		steps.Add(wrapped(w.text("devices.pair.unreachable")))
	}
	digits := text(sizeCode, present.SixDigits(p.Code)).bold()
	steps.Add(container.New(box{8, 2}, digits))
	steps.Add(container.New(box{8, 0}, d.left))
	steps.Add(d.state)
	side := container.New(row{shares: []float32{0, 1}, gap: 18})
	if code := qrImage(p.Link); code != nil {
		side.Add(container.New(middle{}, code))
	} else {
		side.Add(container.New(fixed{0, 0}))
	}
	side.Add(steps)
	return container.New(box{8, 4}, side)
}

// qrImage draws a text as a QR code, nil where there is nothing to draw.
func qrImage(text string) fyne.CanvasObject {
	if text == "" {
		return nil
	}
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil // too long; the digits do
	}
	var picture image.Image = code.Image(-6) // six pixels a module, with its quiet zone
	shown := canvas.NewImageFromImage(picture)
	shown.ScaleMode = canvas.ImageScalePixels
	shown.FillMode = canvas.ImageFillContain
	return container.New(fixed{qrSide, qrSide}, shown)
}

// follow asks what has become of the code, each second, until ctx ends.
func (d *pairDialog) follow(ctx context.Context) {
	for {
		for _, p := range d.w.cfg.Devices.Pairings() {
			if p.ID == d.pairing.ID {
				left := p.ExpiresAt.Sub(d.w.cfg.Core.Now().Time())
				d.w.do(func() {
					if ctx.Err() == nil {
						d.show(p, left)
					}
				})
				if p.State != app.PairingWaiting {
					return
				}
			}
		}
		if !sleep(ctx, time.Second/2) {
			return
		}
	}
}

// show shows what has become of the code.
func (d *pairDialog) show(p app.Pairing, left time.Duration) {
	w := d.w
	state := p.State
	d.pairing.State = state
	if state == app.PairingWaiting {
		seconds := int64(max(0, left+time.Second-1) / time.Second)
		d.left.set(w.words.T("devices.pair.left", map[string]any{"Time": present.Clock(seconds), "Tries": p.TriesLeft}), present.Muted)
		return
	}
	name := p.Name
	if t := w.cfg.Core.Snapshot().Token(p.TokenID, w.cfg.Core.Now().Time()); t != nil && t.Name != "" {
		name = t.Name
	}
	if state == app.PairingUsed && strings.TrimSpace(name) == "" {
		name = w.text("devices.unnamed")
	}
	d.left.set("", present.Muted)
	d.state.SetText(w.words.T("devices.pair."+string(state), map[string]any{"Name": name}))
	d.state.Importance = widget.WarningImportance
	if state == app.PairingUsed {
		d.state.Importance = widget.SuccessImportance
	}
	d.state.Refresh()
	d.state.Show()
	d.buttons(true)
}

// buttons shows those that make sense while the code waits, or once it has ended.
func (d *pairDialog) buttons(ended bool) {
	w := d.w
	key := "window.ask.cancel"
	if ended {
		key = "window.ask.close"
	}
	buttons := []fyne.CanvasObject{widget.NewButton(w.text(key), func() { d.dialog.Hide() })}
	if ended {
		buttons = append(buttons, &widget.Button{Text: w.text("devices.pair.another"), Importance: widget.HighImportance, OnTapped: w.askPairing})
	}
	d.dialog.SetButtons(buttons)
}
