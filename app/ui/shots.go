package ui

import (
	"bytes"
	"context"
	"image/jpeg"
	"time"

	"cuewire/app"
	"cuewire/app/ui/present"
)

const (
	shotEvery    = 2 * time.Second // between two pictures of the scene
	shotPatience = 5 * time.Second
	shotWidth    = 960 // pixels
)

// takeShots keeps a picture of the scene from OBS behind the boxes while they are
// shown. It returns when ctx ends.
func (w *Window) takeShots(ctx context.Context) {
	if w.cfg.OBS == nil {
		return
	}
	var last []byte
	scene := ""
	for {
		now := w.sceneWanted()
		if now != scene {
			scene, last = now, nil
		}
		if scene != "" {
			last = w.takeShot(ctx, scene, last)
		}
		wait := time.NewTimer(shotEvery)
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-w.look: // another scene, perhaps
			wait.Stop()
		case <-wait.C:
		}
	}
}

// sceneWanted returns the scene of which a picture is wanted, "" for none.
func (w *Window) sceneWanted() string {
	v := w.View()
	if !w.visible.Load() || v.Area != present.SourcesArea || !v.Library.Connected {
		return ""
	}
	return v.Library.Scene
}

// takeShot shows a picture of a scene, where it is another than the last, and returns it.
func (w *Window) takeShot(ctx context.Context, scene string, last []byte) []byte {
	ctx, cancel := context.WithTimeout(ctx, shotPatience)
	defer cancel()
	answer, err := w.cfg.OBS.DoOBS(ctx, app.TakeScreenshot{Source: scene, Width: shotWidth, Format: "jpg"})
	shot, ok := answer.(app.OBSScreenshot)
	if err != nil || !ok {
		if ctx.Err() == nil {
			w.cfg.Log.Debug("no picture of the scene", "error", err)
		}
		return last
	}
	if bytes.Equal(shot.Data, last) {
		return last
	}
	picture, err := jpeg.Decode(bytes.NewReader(shot.Data))
	if err != nil {
		w.cfg.Log.Debug("no picture of the scene", "error", err)
		return last
	}
	w.do(func() {
		if w.sceneWanted() == scene {
			w.sources.editor.canvas.setPicture(picture)
		}
	})
	return shot.Data
}
