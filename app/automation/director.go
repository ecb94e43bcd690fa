package automation

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"cuewire/app"
)

// directorLimit is how many events a Director may fall behind before it starts
// over with what is true then; what it missed is not made up for.
const directorLimit = 4096

// Director carries out what a rundown asks for by itself: timers that start when
// OBS switches to a scene or begins to stream, and what their cues do when they
// start and when their time is up. It acts on what happens while it runs, on
// nothing that was true before. docs/automation.md describes it for people.
type Director struct {
	Core    app.Core
	OBS     app.OBS
	Version string       // of Cuewire, as webhooks tell it
	Log     *slog.Logger // slog.Default when nil

	switches *switcher
	webhooks *caller
}

// Run directs until ctx ends or the core does, and then returns nil; what waits
// then is not carried out. What fails is told as system:error.
func (d *Director) Run(ctx context.Context) error {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	ctx, cancel := context.WithCancel(ctx)
	d.webhooks = newCaller("Cuewire/"+d.Version, d.webhookFailed)
	defer d.webhooks.wait()
	d.switches = newSwitcher(d)
	var switching sync.WaitGroup
	defer switching.Wait()
	switching.Go(func() { d.switches.run(ctx) })
	defer cancel()
	for {
		snap, stream := d.Core.Follow(directorLimit)
		err := d.follow(ctx, snap, stream)
		stream.Close()
		if !errors.Is(err, app.ErrBehind) {
			return nil
		}
		d.Log.Error("cues were missed: too much happened at once")
	}
}

func (d *Director) follow(ctx context.Context, snap *app.Snapshot, stream app.Stream) error {
	watch := watcher{streaming: snap.OBS.Stream.Active, own: d.switches.ours}
	for {
		update, err := stream.Next(ctx)
		if err != nil {
			return err
		}
		for _, event := range update.Events {
			if cause, ok := watch.cause(event); ok {
				d.trigger(ctx, &watch, cause)
			}
			if c, ok := cueOf(event, update.Snapshot); ok {
				d.carryOut(ctx, c)
			}
		}
	}
}

// fail tells everybody that something did not work.
func (d *Director) fail(ctx context.Context, code, sentence string, err error) {
	if ctx.Err() != nil {
		return
	}
	d.Log.Warn("what a rundown asked for failed", "code", code, "what", sentence, "err", err)
	told := d.Core.Tell(ctx, app.OBSNoticeFact{Event: app.ErrorOccurred{
		Error: sentence, ErrorCode: code,
		Details: app.ErrorDetails{Reason: err.Error(), Retryable: app.CodeOf(err) != app.CodeNotFound},
	}})
	if told != nil {
		d.Log.Debug("nobody was told", "err", told)
	}
}

func (d *Director) webhookFailed(ctx context.Context, host string, err error) {
	d.fail(ctx, "WEBHOOK_FAILED", "The webhook of a cue at “"+host+"” could not be called", err)
}
