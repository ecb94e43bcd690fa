package ui

import (
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"golang.org/x/time/rate"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// notices send the system's notifications of alerts and of timers that reach zero, where
// a person has chosen them and while the window is not in front. More than three in a
// row wait for nobody: what comes sooner than ten seconds after them is left out.
type notices struct {
	w     *Window
	front atomic.Bool // the window has the keyboard
	most  *rate.Limiter
	send  func(*fyne.Notification)
}

const (
	noticePace  = 10 * time.Second
	noticeBurst = 3
)

func newNotices(w *Window) *notices {
	n := &notices{w: w, most: rate.NewLimiter(rate.Every(noticePace), noticeBurst), send: w.cfg.App.SendNotification}
	if cycle := w.cfg.App.Lifecycle(); cycle != nil {
		cycle.SetOnEnteredForeground(func() { n.front.Store(true) })
		cycle.SetOnExitedForeground(func() { n.front.Store(false) })
	}
	return n
}

// heed sends a notification of an event that is worth one. It waits for the system, so
// it is never called on the UI goroutine.
func (n *notices) heed(e app.EventBody, snap *app.Snapshot) {
	prefs := n.w.prefs
	var title, text string
	switch e := e.(type) {
	case app.AlertChanged:
		if !prefs.notifyAlerts.Load() || !e.Active || e.Severity == app.SeverityInfo {
			return
		}
		title, text = present.AlertNotice(n.w.wordsNow(), e.Alert)
	case app.TimerReachedZero:
		room := snap.Room(e.RoomID)
		if !prefs.notifyZero.Load() || room == nil {
			return
		}
		title, text = present.ZeroNotice(n.w.wordsNow(), snap, room, e.TimerID)
	default:
		return
	}
	if n.w.visible.Load() && n.front.Load() || !n.most.Allow() {
		return
	}
	n.send(fyne.NewNotification(title, text))
}
