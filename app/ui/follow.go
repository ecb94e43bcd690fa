package ui

import (
	"context"
	"errors"
	"sync"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// behind is how many events the window may fall behind.
const behind = 1000

// follow tells what happens and changes nothing that is kept: that a page in OBS
// was healed. It has the sources of OBS looked at when there are others. It returns
// when ctx or the core has ended.
func (w *Window) follow(ctx context.Context) {
	var looking sync.WaitGroup
	defer looking.Wait()
	look := func() func() {
		ctx, cancel := context.WithTimeout(ctx, connectPatience)
		looking.Go(func() {
			defer cancel()
			w.lookAtSources(ctx)
		})
		return cancel
	}
	stop := func() {}
	defer func() { stop() }()
	var shown present.Tray
	for ctx.Err() == nil {
		snap, stream := w.cfg.Core.Follow(behind)
		if snap.OBS.Connected() {
			stop()
			stop = look()
		}
		shown = w.trayNow(shown)
		var err error
		for err == nil {
			var update app.Update
			if update, err = stream.Next(ctx); err != nil {
				break
			}
			if w.heed(update.Events) {
				stop()
				stop = look()
			}
			for _, e := range update.Events {
				w.notices.heed(e.Body, update.Snapshot)
			}
			shown = w.trayNow(shown)
		}
		stream.Close()
		if !errors.Is(err, app.ErrBehind) {
			return
		}
	}
}

// heed tells of events what a person wants to know, and reports whether OBS may
// have other sources than before.
func (w *Window) heed(events []app.Event) (others bool) {
	for _, e := range events {
		switch e := e.Body.(type) {
		case app.OBSBrowserRefreshed:
			w.tellLater("window.obs.healed", map[string]any{"Source": e.InputName})
		case app.ErrorOccurred:
			if e.ErrorCode == app.ClockSet {
				w.tellLater("safety.clock", nil)
			}
		case app.OBSStreamChanged:
			w.sawOutput(present.Stream, e.OBSOutput)
		case app.OBSRecordChanged:
			w.sawOutput(present.Record, e.OBSOutput)
		case app.OBSReplayChanged:
			w.sawOutput(present.Replay, e.OBSOutput)
		case app.OBSVirtualCamChanged:
			w.sawOutput(present.Camera, e.OBSOutput)
		case app.OBSConnectionChanged:
			others = others || e.Connected
		case app.OBSCollectionChanged:
			others = others || !e.Changing
		}
	}
	return others
}

// sawOutput ends the wait for an output that runs, however short that was.
func (w *Window) sawOutput(kind present.OutputKind, o app.OBSOutput) {
	if o.Active {
		w.change(func(l *present.Local) { l.Awaited[kind] = false })
	}
}
