package ui

import (
	"fmt"
	"image/png"
	"os"
	"testing"

	"fyne.io/fyne/v2"

	"cuewire/app"
	"cuewire/app/ui/present"
)

func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip()
	}
	core := newFakeCore(10000)
	core.update(func(s *app.Snapshot, r *app.RoomState) {
		for i, timer := range r.Timers {
			timer.Speaker = "Maria Silva"
			timer.Notes = "Bring the lower third\nand more"
			if i%3 == 0 {
				timer.LabelColor = present.LabelColors[i/3%8]
				timer.SceneStart = "Camera"
				timer.AutoAdvance = true
			}
			if i%5 == 1 {
				timer.StartAt = "19:30:00"
				timer.Appearance = app.CountUp
				timer.SceneStart = "Nowhere"
			}
			timer.Skip = i == 4
			timer.LinkedStart = i%2 == 0
		}
		r.Playback.CurrentTimerID = "3"
		r.Playback.State = app.Running
		s.OBS = app.OBSState{Phase: app.OBSConnected, Scenes: []app.OBSScene{{Name: "Camera"}, {Name: "Slides"}}, CurrentScene: "Camera"}
	})
	for _, lang := range []string{"en", "pt-BR"} {
		s := show(t, core, func(c *Config) {
			c.Lang = lang
			c.Plan = func(room *app.RoomState, now app.Instant) present.Plan {
				p := present.Plan{Starts: make([]present.Start, len(room.Timers)), Zone: nil}
				return p
			}
			c.Plan = nil
		})
		for _, size := range []fyne.Size{{Width: 1280, Height: 800}, {Width: 1024, Height: 640}} {
			s.loop.run(func() {
				s.win.Resize(size)
				s.openArea(present.RundownArea)
			})
			snap := func(name string) {
				s.loop.run(func() {
					f, _ := os.Create(fmt.Sprintf("%s/%s-%s-%d.png", dir, name, lang, int(size.Width)))
					png.Encode(f, s.Canvas().Capture())
					f.Close()
				})
			}
			snap("cues")
			s.loop.run(func() {
				s.cues.table.edit.begin("4", present.LengthColumn, "x")
				s.cues.table.edit.commit()
			})
			snap("edit")
			s.loop.run(func() {
				s.cues.table.edit.close()
				s.openArea(present.LiveArea)
			})
		}
	}
}
