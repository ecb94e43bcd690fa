package ui

// Autostart starts Cuewire, hidden, when its user logs in. Both methods may read and
// write files, so the window never calls them on the UI goroutine.
type Autostart interface {
	On() (bool, error)
	Set(on bool) error
}

// startWithSystem has Cuewire started with the system, or no longer.
func (w *Window) startWithSystem(on bool) {
	if w.cfg.Autostart == nil {
		return
	}
	w.enqueue(func() {
		if err := w.cfg.Autostart.Set(on); err != nil {
			w.fail("frame.start.error", nil, err)
			w.do(func() { setCheck(w.settings.start, !on) })
		}
	})
}
