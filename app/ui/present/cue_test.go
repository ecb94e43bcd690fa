package present

import (
	"reflect"
	"strings"
	"testing"

	"cuewire/app"
)

func TestAFormThatNobodyTouchedChangesNothing(t *testing.T) {
	w := catalogue(t).In("en")
	timer := app.Timer{
		Name: "Talk", Speaker: "Ana", Notes: "two\nlines ", Duration: 61_500, Appearance: app.CountUp, WrapYellow: 1_500, LabelColor: "#ff0000",
		Overtime: app.OvertimeStop, AutoAdvance: true, StartAt: "19:30:00", LinkedStart: true, FinishAt: "20:00:15", Skip: true,
		SceneStart: "A", SceneZero: "B", TriggerScene: "C", TriggerStream: true, MessageStart: "D", MessageZero: "E",
		SoundStart: app.Bell, SoundZero: app.Gong, WebhookStart: "http://a/", WebhookZero: "https://b/",
	}
	for _, was := range []app.Timer{timer, NewCue} {
		cue := CueOf(&was)
		if cue.Name == "" {
			cue.Name, was.Name = "x", "x"
		}
		if fields, wrong := cue.Fields(w, &was); fields != (app.TimerFields{}) || len(wrong) > 0 {
			t.Errorf("%s: %+v, %v", was.Name, fields, wrong)
		}
	}
}

func TestEveryFieldOfAFormIsRead(t *testing.T) {
	w := catalogue(t).In("en")
	cue := Cue{
		Name: " Talk ", Speaker: " Ana ", Notes: "n", Length: "1:30", Yellow: "", Red: "0:10", StartAt: "9:05", FinishAt: "21:00:30",
		Linked: true, Appearance: app.Hidden, Label: "#00ff00", Overtime: app.OvertimeStop, AutoAdvance: true, Skip: true,
		TriggerScene: "T", TriggerStream: true, SceneStart: "S", SceneZero: "Z", MessageStart: "m", MessageZero: "M",
		SoundStart: app.Chime, SoundZero: app.Beeps, WebhookStart: "http://a/b", WebhookZero: "https://c",
	}
	was := NewCue
	fields, wrong := cue.Fields(w, &was)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	v := reflect.ValueOf(fields)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; v.Field(i).IsNil() != (name == "Position") {
			t.Errorf("%s is not read", name)
		}
	}
	if *fields.Name != "Talk" || *fields.Duration != 90_000 || *fields.WrapYellow != 0 || *fields.StartAt != "09:05:00" || *fields.FinishAt != "21:00:30" {
		t.Errorf("read %q %d %d %s %s", *fields.Name, *fields.Duration, *fields.WrapYellow, *fields.StartAt, *fields.FinishAt)
	}
}

func TestWhatIsWrongIsSaidOfItsField(t *testing.T) {
	w := catalogue(t).In("en")
	was := NewCue
	was.Name = "Talk"
	long := strings.Repeat("é", app.MaxNameLength+1)
	for field, spoil := range map[string]func(*Cue){
		"name":            func(c *Cue) { c.Name = "  " },
		"speaker":         func(c *Cue) { c.Speaker = long },
		"notes":           func(c *Cue) { c.Notes = strings.Repeat("n", app.MaxTextLength+1) },
		"duration_ms":     func(c *Cue) { c.Length = "" },
		"wrap_yellow_ms":  func(c *Cue) { c.Yellow = "soon" },
		"wrap_red_ms":     func(c *Cue) { c.Red = "1:99" },
		"start_at":        func(c *Cue) { c.StartAt = "25:00" },
		"finish_at":       func(c *Cue) { c.FinishAt = "noon" },
		"label_color":     func(c *Cue) { c.Label = "red" },
		"start_on_scene":  func(c *Cue) { c.TriggerScene = long },
		"obs_scene_start": func(c *Cue) { c.SceneStart = long },
		"obs_scene_zero":  func(c *Cue) { c.SceneZero = long },
		"message_start":   func(c *Cue) { c.MessageStart = strings.Repeat("n", app.MaxTextLength+1) },
		"message_zero":    func(c *Cue) { c.MessageZero = strings.Repeat("n", app.MaxTextLength+1) },
		"webhook_start":   func(c *Cue) { c.WebhookStart = "ftp://host/" },
		"webhook_zero":    func(c *Cue) { c.WebhookZero = "https://" },
	} {
		cue := CueOf(&was)
		spoil(&cue)
		if _, wrong := cue.Fields(w, &was); len(wrong) != 1 || wrong[0].Field != field || strings.HasPrefix(wrong[0].Text, "crew.") {
			t.Errorf("%s: %v", field, wrong)
		}
	}
}

func TestRoomsAreChangedByTheFieldsThatDiffer(t *testing.T) {
	w := catalogue(t).In("en")
	was := app.Room{ID: "r", Name: "Main", ColorNormal: "#22c55e", ColorYellow: "#eab308", ColorRed: "#ef4444"}
	if cmd, wrong := RoomChange(w, &was, was); cmd != nil || wrong != nil {
		t.Errorf("nothing changed: %+v, %v", cmd, wrong)
	}
	now := was
	now.Name, now.AskOpen = "Hall", true
	cmd, wrong := RoomChange(w, &was, now)
	if u, _ := cmd.(app.UpdateRoom); wrong != nil || u.RoomID != "r" || *u.Name != "Hall" || !*u.AskOpen || u.TimeZone != nil || u.ColorRed != nil {
		t.Errorf("%+v, %v", cmd, wrong)
	}
	now.TimeZone, now.ColorRed = "Mars", ""
	if _, wrong := RoomChange(w, &was, now); len(wrong) != 2 || wrong[0].Field != "timezone" || wrong[1].Field != "color_red" {
		t.Errorf("%v", wrong)
	}
	for _, zone := range Zones {
		now = was
		now.TimeZone = zone
		if _, wrong := RoomChange(w, &was, now); wrong != nil {
			t.Errorf("%s is offered and refused: %v", zone, wrong)
		}
	}
}
