package obsbridge

import (
	"github.com/andreykaipov/goobs/api/events/subscriptions"

	"cuewire/app"
)

// usual are the events that every session gets.
const usual = subscriptions.All &^ (subscriptions.Filters | subscriptions.Canvases)

// watched is what each watcher watches of the high-volume events.
type watched map[string]app.OBSWatch

func (w *watched) set(watcher string, events app.OBSWatch) {
	if events == (app.OBSWatch{}) {
		delete(*w, watcher)
		return
	}
	if *w == nil {
		*w = watched{}
	}
	(*w)[watcher] = events
}

// subscriptions returns obs-websocket's mask of everything that is wanted.
func (w watched) subscriptions() int {
	mask := usual
	for _, events := range w {
		if events.Meters {
			mask |= subscriptions.InputVolumeMeters
		}
		if events.Transforms {
			mask |= subscriptions.SceneItemTransformChanged
		}
		if events.Activity {
			mask |= subscriptions.InputActiveStateChanged | subscriptions.InputShowStateChanged
		}
	}
	return mask
}
