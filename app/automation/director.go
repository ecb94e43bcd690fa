package automation

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"cuewire/app"
)

// directorLimit is how many events a Director may fall behind before it starts
// over with what is true then; what it missed is not made up for.
const directorLimit = 4096

// switchTimeout is how long OBS may take for one switch.
const switchTimeout = 5 * time.Second

// Director carries out what the cues of a rundown ask of OBS: the scene of a timer
// goes on program when the timer starts, and another when its time is up.
type Director struct {
	Core app.Core
	OBS  app.OBS
	Log  *slog.Logger // slog.Default when nil
}

// Run directs until ctx ends or the core does, and then returns nil. A switch that
// fails is told as system:error, SCENE_SWITCH_FAILED.
func (d *Director) Run(ctx context.Context) error {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	for {
		_, stream := d.Core.Follow(directorLimit)
		err := d.follow(ctx, stream)
		stream.Close()
		if !errors.Is(err, app.ErrBehind) {
			return nil
		}
		d.Log.Error("cues were missed: too much happened at once")
	}
}

func (d *Director) follow(ctx context.Context, stream app.Stream) error {
	for {
		update, err := stream.Next(ctx)
		if err != nil {
			return err
		}
		for _, event := range update.Events {
			if scene := SceneOf(event, update.Snapshot); scene != "" {
				d.cut(ctx, scene)
			}
		}
	}
}

// SceneOf returns the scene that an event puts on program, "" for none.
func SceneOf(event app.Event, snap *app.Snapshot) string {
	timer := func(id string) *app.Timer {
		if room := snap.Room(event.RoomID); room != nil {
			if t, _ := room.Timer(id); t != nil {
				return t
			}
		}
		return &app.Timer{}
	}
	switch e := event.Body.(type) {
	case app.TimerStarted:
		return timer(e.TimerID).SceneStart
	case app.TimerReachedZero:
		return timer(e.TimerID).SceneZero
	}
	return ""
}

func (d *Director) cut(ctx context.Context, scene string) {
	asking, cancel := context.WithTimeout(ctx, switchTimeout)
	defer cancel()
	_, err := d.OBS.DoOBS(asking, app.SwitchScene{Scene: scene})
	if err == nil || ctx.Err() != nil {
		return
	}
	d.Log.Warn("a cue's scene could not be switched to", "scene", scene, "err", err)
	told := d.Core.Tell(ctx, app.OBSNoticeFact{Event: app.ErrorOccurred{
		Error: "The scene “" + scene + "” of a cue could not be switched to", ErrorCode: "SCENE_SWITCH_FAILED",
		Details: app.ErrorDetails{Reason: err.Error(), Retryable: app.CodeOf(err) != app.CodeNotFound},
	}})
	if told != nil {
		d.Log.Debug("nobody was told", "err", told)
	}
}
