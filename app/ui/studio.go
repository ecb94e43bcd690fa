package ui

import (
	"cuewire/app"
	"cuewire/app/ui/present"
)

// pickScene puts a scene on program, in studio mode into the preview.
func (w *Window) pickScene(scene string) {
	s := w.cfg.Core.Snapshot().OBS
	if s.StudioMode {
		if scene != s.PreviewScene {
			w.switchTo(scene, app.SwitchPreview{Scene: scene})
		}
		return
	}
	if scene != s.CurrentScene {
		w.switchTo(scene, app.SwitchScene{Scene: scene})
	}
}

// switchTo asks OBS for a scene, which is marked until OBS has answered.
func (w *Window) switchTo(scene string, cmd app.OBSCommand) {
	w.change(func(l *present.Local) { l.Pending = scene })
	w.askOBS(cmd, "window.error.scene", map[string]any{"Scene": scene}, func() {
		w.change(func(l *present.Local) {
			if l.Pending == scene {
				l.Pending = ""
			}
		})
	})
}

// takePreview puts the scene in preview on program, with OBS's transition.
func (w *Window) takePreview() {
	scene := w.cfg.Core.Snapshot().OBS.PreviewScene
	w.askOBS(app.TriggerTransition{}, "window.error.scene", map[string]any{"Scene": scene}, nil)
}
