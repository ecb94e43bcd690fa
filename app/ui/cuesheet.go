package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// The tabs of the sheet of a cue.
const (
	tabBasics = iota
	tabTime
	tabLook
	tabStart
	tabZero
	cueTabs
)

var cueTabTexts = [cueTabs]string{"crew.tab.basics", "crew.tab.time", "crew.tab.look", "crew.tab.start", "crew.tab.zero"}

var (
	appearances = []app.Appearance{app.Countdown, app.CountUp, app.TimeOfDay, app.Hidden}
	overtimes   = []app.Overtime{app.OvertimeContinue, app.OvertimeStop}
	sounds      = []app.Sound{"", app.Chime, app.Bell, app.Gong, app.Beeps}
)

// cueSheet asks for all fields of a timer.
type cueSheet struct {
	*sheet
	name, speaker, notes, length, yellow, red, start, finish, label *field
	webhooks, messages                                              [2]*field // at the start, at zero
	scenes                                                          [2]*pickField
	trigger                                                         *pickField
	appearance, overtime                                            *choice
	sounds                                                          [2]*choice
	skip, linked, stream, advance                                   *tick
}

// askTimer asks for a new timer of the rundown.
func (w *Window) askTimer() {
	room := w.room()
	if room == nil {
		return
	}
	was := present.NewCue
	s := w.newCueSheet(&was)
	s.openCue("window.ask.newtimer", "window.ask.add", &was, func(fields app.TimerFields) app.Command {
		if fields.Duration == nil {
			fields.Duration = &was.Duration
		}
		return app.CreateTimer{RoomID: room.Room.ID, Fields: fields}
	})
}

// editTimer asks for changes of a timer.
func (w *Window) editTimer(id string) {
	room := w.room()
	if room == nil {
		return
	}
	was, _ := room.Timer(id)
	if was == nil {
		return
	}
	s := w.newCueSheet(was)
	s.openCue("crew.cue.edit", "crew.save", was, func(fields app.TimerFields) app.Command {
		if fields == (app.TimerFields{}) {
			return nil
		}
		return app.UpdateTimer{RoomID: room.Room.ID, TimerID: id, Fields: fields}
	})
}

func (w *Window) newCueSheet(t *app.Timer) *cueSheet {
	s := &cueSheet{sheet: w.newSheet(600)}
	cue := present.CueOf(t)
	scenes := make([]string, 0, len(w.cfg.Core.Snapshot().OBS.Scenes))
	for _, scene := range w.cfg.Core.Snapshot().OBS.Scenes {
		scenes = append(scenes, scene.Name)
	}
	var content [cueTabs]fyne.CanvasObject
	content[tabBasics] = s.basics(cue)
	content[tabTime] = s.times(cue)
	content[tabLook] = s.looks(cue)
	content[tabStart] = s.starts(cue, scenes)
	content[tabZero] = s.zeros(cue, scenes)
	items := make([]*container.TabItem, cueTabs)
	for i, c := range content {
		items[i] = container.NewTabItem(w.text(cueTabTexts[i]), container.New(box{4, 8}, c))
	}
	s.tabs = container.NewAppTabs(items...)
	return s
}

func (s *cueSheet) basics(cue present.Cue) fyne.CanvasObject {
	var name, speaker, length, notes fyne.CanvasObject
	s.name, name = s.entry(tabBasics, "name", "window.ask.name", cue.Name)
	s.speaker, speaker = s.entry(tabBasics, "speaker", "window.ask.speaker", cue.Speaker)
	s.length, length = s.entry(tabBasics, "duration_ms", "window.ask.length", cue.Length)
	s.notes, notes = s.entry(tabBasics, "notes", "crew.cue.notes", cue.Notes)
	s.notes.MultiLine, s.notes.Wrapping = true, fyne.TextWrapWord
	s.notes.SetMinRowsVisible(3)
	s.notes.SetPlaceHolder(s.w.text("crew.cue.notes.hint"))
	s.skip = s.check("crew.cue.skip", cue.Skip)
	return stacked(name, pair(speaker, length), s.hint("window.ask.length.hint"), notes, s.skip)
}

func (s *cueSheet) times(cue present.Cue) fyne.CanvasObject {
	var start, finish, yellow, red fyne.CanvasObject
	s.start, start = s.entry(tabTime, "start_at", "crew.cue.start", cue.StartAt)
	s.finish, finish = s.entry(tabTime, "finish_at", "crew.cue.finish", cue.FinishAt)
	s.yellow, yellow = s.entry(tabTime, "wrap_yellow_ms", "crew.cue.yellow", cue.Yellow)
	s.red, red = s.entry(tabTime, "wrap_red_ms", "crew.cue.red", cue.Red)
	s.start.SetPlaceHolder(s.w.text("crew.cue.start.none"))
	s.finish.SetPlaceHolder(s.w.text("crew.cue.finish.none"))
	s.yellow.SetPlaceHolder(s.w.text("crew.cue.never"))
	s.red.SetPlaceHolder(s.w.text("crew.cue.never"))
	s.linked = s.check("crew.cue.linked", cue.Linked)
	return stacked(pair(start, finish), s.hint("crew.cue.clock.hint"), s.linked, pair(yellow, red), s.hint("crew.cue.warn.hint"))
}

func (s *cueSheet) looks(cue present.Cue) fyne.CanvasObject {
	var appearance, label fyne.CanvasObject
	s.appearance, appearance = s.choose(tabLook, "appearance", "crew.cue.appearance",
		s.texts("crew.appearance.", "countdown", "countup", "tod", "hidden"), max(0, slices.Index(appearances, cue.Appearance)))
	s.label, label = s.color(tabLook, "label_color", "crew.cue.label", cue.Label, present.LabelColors)
	return stacked(appearance, label, s.hint("crew.cue.label.hint"))
}

func (s *cueSheet) starts(cue present.Cue, scenes []string) fyne.CanvasObject {
	var trigger fyne.CanvasObject
	s.trigger, trigger = s.pick(tabStart, "start_on_scene", "crew.cue.onscene", cue.TriggerScene, scenes)
	s.stream = s.check("crew.cue.onstream", cue.TriggerStream)
	effects := s.effects(0, tabStart, "_start", scenes, cue.SceneStart, cue.MessageStart, cue.SoundStart, cue.WebhookStart)
	return stacked(pair(trigger, container.New(bottom{}, s.stream)), effects)
}

func (s *cueSheet) zeros(cue present.Cue, scenes []string) fyne.CanvasObject {
	var overtime fyne.CanvasObject
	s.overtime, overtime = s.choose(tabZero, "overtime_mode", "crew.cue.overtime",
		s.texts("crew.overtime.", "continue", "stop"), max(0, slices.Index(overtimes, cue.Overtime)))
	s.advance = s.check("crew.cue.advance", cue.AutoAdvance)
	effects := s.effects(1, tabZero, "_zero", scenes, cue.SceneZero, cue.MessageZero, cue.SoundZero, cue.WebhookZero)
	return stacked(pair(overtime, container.New(bottom{}, s.advance)), effects)
}

// effects asks for what happens when a timer starts, or when its time is up.
func (s *cueSheet) effects(i, tab int, when string, scenes []string, scene, message string, sound app.Sound, webhook string) fyne.CanvasObject {
	var sceneAsked, messageAsked, soundAsked, webhookAsked fyne.CanvasObject
	s.scenes[i], sceneAsked = s.pick(tab, "obs_scene"+when, "crew.cue.scene", scene, scenes)
	s.sounds[i], soundAsked = s.choose(tab, "sound"+when, "crew.cue.sound",
		s.texts("crew.sound.", "none", "chime", "bell", "gong", "beeps"), max(0, slices.Index(sounds, sound)))
	s.messages[i], messageAsked = s.entry(tab, "message"+when, "crew.cue.message", message)
	s.webhooks[i], webhookAsked = s.entry(tab, "webhook"+when, "crew.cue.webhook", webhook)
	s.webhooks[i].SetPlaceHolder("https://…")
	return stacked(pair(sceneAsked, soundAsked), messageAsked, webhookAsked)
}

// texts returns the texts of several keys with one beginning.
func (s *sheet) texts(prefix string, keys ...string) []string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = s.w.text(prefix + key)
	}
	return texts
}

// hint is a line of help below what is asked.
func (s *sheet) hint(key string) fyne.CanvasObject {
	l := newLine(sizeCaption, present.Muted)
	l.set(s.w.text(key), present.Muted)
	return l
}

// openCue shows the sheet; command makes what is to be sent of what differs.
func (s *cueSheet) openCue(title, confirm string, was *app.Timer, command func(app.TimerFields) app.Command) {
	s.open(s.w.text(title), confirm, s.tabs, func() (app.Command, []present.Wrong) {
		changed, wrong := s.cue().Fields(s.w.words, was)
		if len(wrong) > 0 {
			return nil, wrong
		}
		return command(changed), nil
	})
}

// cue returns what is filled in.
func (s *cueSheet) cue() present.Cue {
	return present.Cue{
		Name: s.name.Text, Speaker: s.speaker.Text, Notes: s.notes.Text, Length: s.length.Text,
		Yellow: s.yellow.Text, Red: s.red.Text, StartAt: s.start.Text, FinishAt: s.finish.Text, Linked: s.linked.Checked,
		Appearance: appearances[s.appearance.SelectedIndex()], Label: s.label.Text,
		Overtime: overtimes[s.overtime.SelectedIndex()], AutoAdvance: s.advance.Checked, Skip: s.skip.Checked,
		TriggerScene: s.trigger.Text, TriggerStream: s.stream.Checked,
		SceneStart: s.scenes[0].Text, SceneZero: s.scenes[1].Text, MessageStart: s.messages[0].Text, MessageZero: s.messages[1].Text,
		SoundStart: sounds[s.sounds[0].SelectedIndex()], SoundZero: sounds[s.sounds[1].SelectedIndex()],
		WebhookStart: s.webhooks[0].Text, WebhookZero: s.webhooks[1].Text,
	}
}

// stacked stands what is asked one below the other.
func stacked(objects ...fyne.CanvasObject) fyne.CanvasObject {
	return container.New(column{grow: -1, gap: 8}, objects...)
}

// pair stands two of them side by side.
func pair(left, right fyne.CanvasObject) fyne.CanvasObject {
	return container.New(row{shares: []float32{1, 1}, gap: 12}, left, right)
}

// bottom stands its one child at the bottom of its place.
type bottom struct{}

func (bottom) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	height := objects[0].MinSize().Height
	objects[0].Move(fyne.NewPos(0, size.Height-height))
	objects[0].Resize(fyne.NewSize(size.Width, height))
}

func (bottom) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }
