package present

import (
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"cuewire/app"
	"cuewire/app/i18n"
)

// Cue is a timer as a form shows it: what a person types is text. The fields are
// those of [app.TimerFields].
type Cue struct {
	Name, Speaker, Notes      string
	Length, Yellow, Red       string // see ParseLength; Yellow and Red are "" for never
	StartAt, FinishAt         string // times of day, "" for none
	Linked                    bool
	Appearance                app.Appearance
	Label                     string // "#rrggbb", "" for none
	Overtime                  app.Overtime
	AutoAdvance, Skip         bool
	TriggerScene              string
	TriggerStream             bool
	SceneStart, SceneZero     string
	MessageStart, MessageZero string
	SoundStart, SoundZero     app.Sound
	WebhookStart, WebhookZero string
}

// NewCue is what a new timer begins with.
var NewCue = app.Timer{
	Duration: 5 * 60_000, Appearance: app.Countdown, Overtime: app.OvertimeContinue,
	WrapYellow: app.DefaultWrapYellow, WrapRed: app.DefaultWrapRed,
}

// CueOf returns the form's contents for a timer.
func CueOf(t *app.Timer) Cue {
	return Cue{
		Name: t.Name, Speaker: t.Speaker, Notes: t.Notes,
		Length: Length(t.Duration), Yellow: warning(t.WrapYellow), Red: warning(t.WrapRed),
		StartAt: shortTime(t.StartAt), FinishAt: shortTime(t.FinishAt), Linked: t.LinkedStart,
		Appearance: t.Appearance, Label: t.LabelColor, Overtime: t.Overtime, AutoAdvance: t.AutoAdvance, Skip: t.Skip,
		TriggerScene: t.TriggerScene, TriggerStream: t.TriggerStream,
		SceneStart: t.SceneStart, SceneZero: t.SceneZero, MessageStart: t.MessageStart, MessageZero: t.MessageZero,
		SoundStart: t.SoundStart, SoundZero: t.SoundZero, WebhookStart: t.WebhookStart, WebhookZero: t.WebhookZero,
	}
}

// warning writes the time left at which a colour changes, "" for never.
func warning(d app.Millis) string {
	if d == 0 {
		return ""
	}
	return Length(d)
}

// shortTime writes a time of day without seconds where there are none.
func shortTime(c app.ClockTime) string { return strings.TrimSuffix(string(c), ":00") }

// Wrong is a field that cannot be taken as it is, and why.
type Wrong struct {
	Field string // its JSON name
	Text  string
}

// Fields returns what differs from was, and what is wrong, in the form's order;
// nothing is to be sent while anything is. A field whose text is as it was stays
// as it is, to the millisecond.
func (c Cue) Fields(w *i18n.Words, was *app.Timer) (app.TimerFields, []Wrong) {
	f, before := form{words: w}, CueOf(was)
	fields := app.TimerFields{
		Name:          f.name("name", before.Name, c.Name),
		Speaker:       f.line("speaker", before.Speaker, c.Speaker),
		Duration:      f.length("duration_ms", before.Length, c.Length, false),
		Notes:         f.text("notes", before.Notes, c.Notes),
		Skip:          changed(was.Skip, c.Skip),
		StartAt:       f.clock("start_at", before.StartAt, c.StartAt),
		FinishAt:      f.clock("finish_at", before.FinishAt, c.FinishAt),
		LinkedStart:   changed(was.LinkedStart, c.Linked),
		WrapYellow:    f.length("wrap_yellow_ms", before.Yellow, c.Yellow, true),
		WrapRed:       f.length("wrap_red_ms", before.Red, c.Red, true),
		Appearance:    changed(was.Appearance, c.Appearance),
		LabelColor:    f.color("label_color", before.Label, c.Label),
		TriggerScene:  f.line("start_on_scene", before.TriggerScene, c.TriggerScene),
		TriggerStream: changed(was.TriggerStream, c.TriggerStream),
		SceneStart:    f.line("obs_scene_start", before.SceneStart, c.SceneStart),
		SoundStart:    changed(was.SoundStart, c.SoundStart),
		MessageStart:  f.text("message_start", before.MessageStart, c.MessageStart),
		WebhookStart:  f.webhook("webhook_start", before.WebhookStart, c.WebhookStart),
		Overtime:      changed(was.Overtime, c.Overtime),
		AutoAdvance:   changed(was.AutoAdvance, c.AutoAdvance),
		SceneZero:     f.line("obs_scene_zero", before.SceneZero, c.SceneZero),
		SoundZero:     changed(was.SoundZero, c.SoundZero),
		MessageZero:   f.text("message_zero", before.MessageZero, c.MessageZero),
		WebhookZero:   f.webhook("webhook_zero", before.WebhookZero, c.WebhookZero),
	}
	return fields, f.wrong
}

// form reads fields and gathers what is wrong with them.
type form struct {
	words *i18n.Words
	wrong []Wrong
}

func (f *form) refuse(field, key string, args map[string]any) {
	f.wrong = append(f.wrong, Wrong{field, f.words.T(key, args)})
}

func changed[T comparable](was, now T) *T {
	if was == now {
		return nil
	}
	return &now
}

// name is a text of one line that must be there.
func (f *form) name(field, was, now string) *string {
	if strings.TrimSpace(now) == "" {
		f.refuse(field, "crew.wrong.empty", nil)
		return nil
	}
	return f.line(field, was, now)
}

func (f *form) line(field, was, now string) *string {
	return f.limited(field, was, strings.TrimSpace(now), app.MaxNameLength)
}

func (f *form) text(field, was, now string) *string {
	return f.limited(field, was, now, app.MaxTextLength)
}

func (f *form) limited(field, was, now string, limit int) *string {
	if utf8.RuneCountInString(now) > limit {
		f.refuse(field, "crew.wrong.long", map[string]any{"Limit": limit})
	}
	return changed(was, now)
}

// length reads a length of time; where it may be empty that is 0.
func (f *form) length(field, was, now string, optional bool) *app.Millis {
	now = strings.TrimSpace(now)
	if now == was {
		return nil
	}
	if optional && now == "" {
		return new(app.Millis)
	}
	d, ok := ParseLength(now)
	if !ok {
		f.refuse(field, "window.ask.length.wrong", nil)
	}
	return &d
}

func (f *form) clock(field, was, now string) *app.ClockTime {
	now = strings.TrimSpace(now)
	if now == was {
		return nil
	}
	c, ok := app.ParseClockTime(now)
	if !ok {
		f.refuse(field, "crew.wrong.clock", nil)
	}
	return &c
}

// color reads a colour or none.
func (f *form) color(field, was, now string) *string {
	now = strings.TrimSpace(now)
	if now != "" && !IsColor(now) {
		f.refuse(field, "crew.wrong.color", nil)
	}
	return changed(was, now)
}

func (f *form) webhook(field, was, now string) *string {
	now = strings.TrimSpace(now)
	if u, err := url.Parse(now); now != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		f.refuse(field, "crew.wrong.webhook", nil)
	}
	return changed(was, now)
}

// MessageFields reads the fields of a message.
func MessageFields(w *i18n.Words, m app.Message) (app.MessageFields, []Wrong) {
	f := form{words: w}
	if strings.TrimSpace(m.Text) == "" {
		f.refuse("text", "crew.wrong.empty", nil)
	}
	f.text("text", "", m.Text)
	return app.MessageFields{Text: &m.Text, Color: &m.Color, Bold: &m.Bold, Uppercase: &m.Uppercase, Flash: &m.Flash}, f.wrong
}

// AuxFields returns what of an auxiliary timer differs from was.
func AuxFields(w *i18n.Words, was *app.AuxTimer, name, length string, direction app.Appearance) (app.AuxFields, []Wrong) {
	f := form{words: w}
	return app.AuxFields{
		Name:      f.name("name", was.Name, name),
		Duration:  f.length("duration_ms", Length(was.Duration), length, false),
		Direction: changed(was.Direction, direction),
	}, f.wrong
}

// FreeName returns a name that none of the auxiliary timers has.
func FreeName(w *i18n.Words, timers []*app.AuxTimer) string {
	taken := map[string]bool{}
	for _, t := range timers {
		taken[t.Name] = true
	}
	for i := 1; ; i++ {
		if name := w.T("crew.aux.new", map[string]any{"Number": i}); !taken[name] {
			return name
		}
	}
}

// RoomName reads the name of a new room.
func RoomName(w *i18n.Words, text string) (string, []Wrong) {
	f := form{words: w}
	f.name("name", "", text)
	return strings.TrimSpace(text), f.wrong
}

// RoomChange returns the command that makes of a room what now says, nil when they
// are alike.
func RoomChange(w *i18n.Words, was *app.Room, now app.Room) (app.Command, []Wrong) {
	f := form{words: w}
	c := app.UpdateRoom{
		RoomID: was.ID, Name: f.name("name", was.Name, now.Name), TimeZone: f.zone("timezone", was.TimeZone, now.TimeZone),
		ColorNormal: f.mustColor("color_normal", was.ColorNormal, now.ColorNormal),
		ColorYellow: f.mustColor("color_yellow", was.ColorYellow, now.ColorYellow),
		ColorRed:    f.mustColor("color_red", was.ColorRed, now.ColorRed),
		AskOpen:     changed(was.AskOpen, now.AskOpen),
	}
	if c == (app.UpdateRoom{RoomID: was.ID}) {
		return nil, f.wrong
	}
	return c, f.wrong
}

func (f *form) zone(field, was, now string) *string {
	now = strings.TrimSpace(now)
	if _, err := time.LoadLocation(now); err != nil || now == "Local" {
		f.refuse(field, "crew.wrong.zone", nil)
	}
	return changed(was, now)
}

func (f *form) mustColor(field, was, now string) *string {
	if strings.TrimSpace(now) == "" {
		f.refuse(field, "crew.wrong.color", nil)
	}
	return f.color(field, was, now)
}

// Zones are time zones to choose from; any other can be written.
var Zones = []string{
	"America/Sao_Paulo", "America/Manaus", "America/Fortaleza", "America/New_York", "America/Chicago", "America/Los_Angeles",
	"Europe/Lisbon", "Europe/London", "Europe/Berlin", "Africa/Luanda", "Asia/Tokyo", "Australia/Sydney", "UTC",
}
