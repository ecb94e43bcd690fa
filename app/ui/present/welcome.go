package present

import (
	"net/url"
	"path"
	"strings"

	"cuewire/app"
	"cuewire/app/i18n"
)

// StepState is how far a step of the welcome is.
type StepState int

// The states.
const (
	StepOpen    StepState = iota // to be done
	StepDone                     //
	StepWaiting                  // something is in its way that its text names
)

// Step is one of the welcome's.
type Step struct {
	State  StepState
	Title  string
	Text   string
	Button string // "" where there is nothing to press
}

// The steps of the welcome, in their order.
const (
	WelcomeOBS = iota
	WelcomePages
	WelcomeTimer
	WelcomeDevice
	WelcomeSteps
)

// Welcome is how far a new Cuewire has come: everything is found out from what is
// true, so that a step done elsewhere counts too.
type Welcome struct {
	Steps [WelcomeSteps]Step
	Done  bool // all of them
}

// WelcomeOf returns how far this Cuewire has come. Firewall is what has to be said of
// the computer's, "" for nothing.
func WelcomeOf(in Input, firewall string) Welcome {
	w := in.Words
	v := Welcome{Steps: [WelcomeSteps]Step{
		WelcomeOBS: welcomeOBS(in), WelcomePages: welcomePages(in), WelcomeTimer: welcomeTimer(in), WelcomeDevice: welcomeDevice(in, firewall),
	}}
	v.Done = true
	for i, key := range [WelcomeSteps]string{"welcome.obs", "welcome.pages", "welcome.timer", "welcome.device"} {
		v.Steps[i].Title = w.T(key, nil)
		v.Done = v.Done && v.Steps[i].State == StepDone
	}
	return v
}

func welcomeOBS(in Input) Step {
	o, _, _ := obsOf(in)
	if o.Connected {
		return Step{StepDone, "", in.Words.T("welcome.obs.done", map[string]any{"Version": in.Snapshot.OBS.OBSVersion}), ""}
	}
	return Step{StepWaiting, "", o.Hint, in.Words.T("welcome.obs.press", nil)}
}

func welcomePages(in Input) Step {
	if len(in.Addresses) == 0 {
		return Step{StepWaiting, "", in.Words.T("window.status.noserver", nil), ""}
	}
	return Step{StepDone, "", in.Words.T("welcome.pages.done", map[string]any{"Address": in.Addresses[0]}), in.Words.T("welcome.pages.press", nil)}
}

func welcomeTimer(in Input) Step {
	w := in.Words
	for _, c := range in.Snapshot.Clients {
		if c.InOBS && showsTimer(c) {
			return Step{StepDone, "", w.T("welcome.timer.done", nil), ""}
		}
	}
	if !in.Snapshot.OBS.Connected() {
		return Step{StepWaiting, "", w.T("welcome.timer.first", nil), ""}
	}
	return Step{StepOpen, "", w.T("welcome.timer.text", map[string]any{"Scene": in.Snapshot.OBS.CurrentScene}), w.T("welcome.timer.press", nil)}
}

func showsTimer(c *app.Client) bool {
	u, err := url.Parse(c.Page)
	return err == nil && (u.Path == "/overlay/timer" || strings.HasPrefix(u.Path, "/r/") && path.Base(u.Path) == "viewer")
}

func welcomeDevice(in Input, firewall string) Step {
	w := in.Words
	for _, c := range in.Snapshot.Clients {
		if t := in.Snapshot.Token(c.TokenID, in.Now.Time()); t != nil {
			return Step{StepDone, "", w.T("welcome.device.done", map[string]any{"Name": deviceName(w, t)}), w.T("welcome.device.more", nil)}
		}
	}
	text := w.T("welcome.device.text", nil)
	if firewall != "" {
		text += " " + firewall
	}
	return Step{StepOpen, "", text, w.T("devices.pair", nil)}
}

func deviceName(w *i18n.Words, t *app.Token) string {
	if t.Name == "" {
		return w.T("devices.unnamed", nil)
	}
	return t.Name
}
