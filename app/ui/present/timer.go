package present

import (
	"image/color"
	"time"

	"cuewire/app"
)

// Timer is the card with the big digits.
type Timer struct {
	Digits   string
	Color    color.Color // of the digits
	Place    string      // "2 / 5"
	Name     string
	Speaker  string
	State    Mark   // "Running", "Paused", "Overtime"
	Zone     string // the zone in words, for who cannot tell the colours apart; "" in the first
	Ends     string // when it reaches zero, by the clock; "" unless running
	Next     string // the timer that follows, with what to say in front
	Message  string // what is on the screens now, with what to say in front; "" for nothing
	Progress Progress
}

// Progress is the bar below the digits, in pixels of Input.BarWidth. From
// Done on it is still to come, from Yellow and Red on it is coloured so.
type Progress struct {
	Shown              bool
	Fast               bool // it moves by several pixels a second
	Width              int
	Done, Yellow, Red  int
	Normal, Wrap, Last color.NRGBA
}

const (
	barPace app.Millis = 250     // how often at most the bar moves
	fastBar app.Millis = 120_000 // runs shorter than this have a bar that moves more than once a second
)

func timerOf(in Input, room *app.RoomState, current *app.Timer, position int) (t Timer, change, drift app.Millis) {
	w, play := in.Words, room.Playback
	if current == nil {
		return Timer{
			Digits: Clock(0), Color: Line,
			Name:  w.T("window.timer.none", nil),
			State: Mark{w.T("window.state.stopped", nil), Muted},
		}, 0, 0
	}
	elapsed := play.ElapsedAt(in.Now)
	left := play.Duration - elapsed
	running := play.State == app.Running
	t = Timer{
		Name: current.Name, Speaker: current.Speaker,
		Place:    w.T("window.timer.place", map[string]any{"Position": position + 1, "Total": len(room.Timers)}),
		Progress: progressOf(in, room.Room, current, play.Duration, elapsed),
	}
	if t.Name == "" {
		t.Name = w.T("window.timer.unnamed", map[string]any{"Position": position + 1})
	}
	switch current.Appearance {
	case app.TimeOfDay:
		now := in.Now.Time().In(zoneOf(in, room.Room))
		t.Digits, change = now.Format("15:04:05"), 1000-app.Millis(in.Now%1000)
	case app.CountUp:
		t.Digits, change = countup(elapsed)
	default:
		shown := left
		if current.Overtime == app.OvertimeStop {
			shown = max(left, 0)
		}
		t.Digits, change = countdown(shown)
	}
	if !running && current.Appearance != app.TimeOfDay {
		change = 0
	}
	over := left < 0 && play.State != app.Stopped
	t.Color, t.Zone = zoneColor(in, room.Room, current, left, play.State)
	switch {
	case over && running && current.Overtime != app.OvertimeStop:
		t.State = Mark{w.T("window.state.overtime", nil), Bad}
	case over && running:
		t.State = Mark{w.T("window.state.finished", nil), Bad}
	case running:
		t.State = Mark{w.T("window.state.running", nil), Good}
	case play.State == app.Paused:
		t.State = Mark{w.T("window.state.paused", nil), Warn}
	default:
		t.State = Mark{w.T("window.state.stopped", nil), Muted}
	}
	if running {
		for _, at := range []app.Millis{current.WrapYellow, current.WrapRed} {
			if at > 0 && left > at {
				change = sooner(change, left-at)
			}
		}
		if drift = t.Progress.change(play.Duration, elapsed); t.Progress.Fast {
			change, drift = sooner(change, drift), 0
		}
		if left > 0 {
			end := in.Now.Add(left).Time().In(in.Zone).Format("15:04:05")
			t.Ends = w.T("window.timer.ends", map[string]any{"Time": end})
		}
	}
	if i := after(room.Timers, position); i >= 0 {
		next := room.Timers[i]
		t.Next = w.T("window.timer.next", map[string]any{"Name": joined(next.Name, next.Speaker, Length(next.Duration))})
	} else {
		t.Next = w.T("window.timer.last", nil)
	}
	if m := room.Message(play.MessageID); m != nil {
		t.Message = w.T("window.timer.message", map[string]any{"Text": m.Text})
	}
	return t, change, drift
}

// zoneColor returns the colour of the digits and the zone in words.
func zoneColor(in Input, room *app.Room, t *app.Timer, left app.Millis, state app.PlayState) (color.Color, string) {
	readable := func(text string, usual Ink) color.Color {
		return Readable(in.Theme, parseColor(text, usual.In(in.Theme)))
	}
	switch {
	case t.Appearance == app.TimeOfDay:
		return Text, in.Words.T("window.zone.clock", nil)
	case t.Appearance == app.Hidden:
		return Muted, in.Words.T("window.zone.hidden", nil)
	case state == app.Stopped:
		return Text, ""
	case left <= 0 || (t.WrapRed > 0 && left <= t.WrapRed):
		return readable(room.ColorRed, Bad), in.Words.T("window.zone.red", nil)
	case t.WrapYellow > 0 && left <= t.WrapYellow:
		return readable(room.ColorYellow, Warn), in.Words.T("window.zone.yellow", nil)
	default:
		return readable(room.ColorNormal, Good), ""
	}
}

func zoneOf(in Input, room *app.Room) *time.Location {
	if room.TimeZone != "" {
		if zone, err := time.LoadLocation(room.TimeZone); err == nil {
			return zone
		}
	}
	return in.Zone
}

func progressOf(in Input, room *app.Room, t *app.Timer, duration, elapsed app.Millis) Progress {
	if duration <= 0 || in.BarWidth <= 0 || t.Appearance == app.TimeOfDay {
		return Progress{}
	}
	at := func(d app.Millis) int { // the pixel that the bar has reached after d
		d = min(max(d, 0), duration)
		return int(int64(d) * int64(in.BarWidth) / int64(duration))
	}
	p := Progress{
		Shown: true, Fast: duration < fastBar, Width: in.BarWidth,
		Done: at(elapsed), Yellow: in.BarWidth, Red: in.BarWidth,
		Normal: parseColor(room.ColorNormal, Good.In(in.Theme)),
		Wrap:   parseColor(room.ColorYellow, Warn.In(in.Theme)),
		Last:   parseColor(room.ColorRed, Bad.In(in.Theme)),
	}
	if t.WrapRed > 0 {
		p.Red = at(duration - t.WrapRed)
		p.Yellow = p.Red
	}
	if t.WrapYellow > 0 {
		p.Yellow = min(p.Red, at(duration-t.WrapYellow))
	}
	return p
}

// change returns after how long the bar reaches its next pixel, never sooner than
// barPace; 0 when it is full.
func (p Progress) change(duration, elapsed app.Millis) app.Millis {
	if !p.Shown || p.Done >= p.Width {
		return 0
	}
	width := int64(p.Width)
	next := app.Millis((int64(p.Done+1)*int64(duration) + width - 1) / width)
	return max(next-elapsed, barPace)
}

// joined puts " · " between the parts that are there.
func joined(parts ...string) string {
	text := ""
	for _, part := range parts {
		if part != "" && text != "" {
			text += " · "
		}
		text += part
	}
	return text
}
