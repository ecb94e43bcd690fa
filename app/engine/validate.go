package engine

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cuewire/app"
)

var hexColor = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// invalid says what is wrong with a field; {field} in the message is its name.
func invalid(field, key, message string) error {
	return app.NewError(app.CodeInvalid, key, strings.ReplaceAll(message, "{field}", field), map[string]any{"Field": field})
}

func checkName(field, v string) error {
	switch {
	case strings.TrimSpace(v) == "":
		return invalid(field, "error.fieldEmpty", "{field} must not be empty.")
	case utf8.RuneCountInString(v) > app.MaxNameLength:
		return invalid(field, "error.fieldTooLong", "{field} is too long.")
	}
	return checkText(field, v)
}

// checkLine checks a short text that may be empty: a speaker, the name of a scene.
func checkLine(field, v string) error {
	if utf8.RuneCountInString(v) > app.MaxNameLength {
		return invalid(field, "error.fieldTooLong", "{field} is too long.")
	}
	return checkText(field, v)
}

func checkText(field, v string) error {
	switch {
	case utf8.RuneCountInString(v) > app.MaxTextLength:
		return invalid(field, "error.fieldTooLong", "{field} is too long.")
	case !utf8.ValidString(v) || strings.ContainsRune(v, 0):
		return invalid(field, "error.fieldText", "{field} is not valid text.")
	}
	return nil
}

func checkMessage(field, v string) error {
	if strings.TrimSpace(v) == "" {
		return invalid(field, "error.fieldEmpty", "{field} must not be empty.")
	}
	return checkText(field, v)
}

func checkColor(field, v string) error {
	if !hexColor.MatchString(v) {
		return invalid(field, "error.fieldColor", "{field} must be a colour like #22c55e.")
	}
	return nil
}

func checkLabel(field, v string) error {
	if v == "" {
		return nil
	}
	return checkColor(field, v)
}

func checkZone(field, v string) error {
	if v == "" {
		return nil
	}
	if _, err := time.LoadLocation(v); err != nil || v == "Local" {
		return invalid(field, "error.fieldZone", "{field} must be a time zone like America/Sao_Paulo.")
	}
	return nil
}

func checkDuration(field string, v app.Millis) error {
	if v < 0 || v > app.MaxDuration {
		return invalid(field, "error.fieldDuration", "{field} must be between 0 and 366 days, in milliseconds.")
	}
	return nil
}

func oneOf[T ~string](values ...T) func(string, T) error {
	return func(field string, v T) error {
		if slices.Contains(values, v) {
			return nil
		}
		names := make([]string, len(values))
		for i, value := range values {
			names[i] = string(value)
		}
		return app.NewError(app.CodeInvalid, "error.fieldOneOf", field+" must be one of "+strings.Join(names, ", ")+".",
			map[string]any{"Field": field, "Values": strings.Join(names, ", ")})
	}
}

// clockTime returns v in its one spelling, or as it is when it has none.
func clockTime(v *app.ClockTime) *app.ClockTime {
	if v == nil {
		return nil
	}
	if c, ok := app.ParseClockTime(string(*v)); ok {
		return &c
	}
	return v
}

func checkClockTime(field string, v app.ClockTime) error {
	if _, ok := app.ParseClockTime(string(v)); !ok {
		return invalid(field, "error.fieldClockTime", "{field} must be a time of day like 19:30 or 19:30:15.")
	}
	return nil
}

func checkSound(field string, v app.Sound) error {
	return oneOf("", app.Chime, app.Bell, app.Gong, app.Beeps)(field, v)
}

// checkWebhook checks an address that is called, "" for none.
func checkWebhook(field, v string) error {
	if v != "" && !app.ValidWebhook(v) {
		return invalid(field, "error.fieldWebhook", "{field} must be an address like https://example.com/hook.")
	}
	return nil
}

func anything[T any](string, T) error { return nil }

// fields gathers which fields changed, and the first thing that is wrong.
type fields struct {
	changed []string
	err     error
}

// set gives a field a new value if there is one, it is valid and it differs.
func set[T comparable](f *fields, name string, field, value *T, check func(string, T) error) {
	if f.err != nil || value == nil {
		return
	}
	if f.err = check(name, *value); f.err == nil && *field != *value {
		*field = *value
		f.changed = append(f.changed, name)
	}
}

// setTimer changes a timer, all of it or nothing.
func setTimer(timer *app.Timer, v app.TimerFields) (changed []string, err error) {
	next, f := *timer, fields{}
	set(&f, "name", &next.Name, v.Name, checkName)
	set(&f, "speaker", &next.Speaker, v.Speaker, checkLine)
	set(&f, "notes", &next.Notes, v.Notes, checkText)
	set(&f, "duration_ms", &next.Duration, v.Duration, checkDuration)
	set(&f, "appearance", &next.Appearance, v.Appearance, oneOf(app.Countdown, app.CountUp, app.TimeOfDay, app.Hidden))
	set(&f, "wrap_yellow_ms", &next.WrapYellow, v.WrapYellow, checkDuration)
	set(&f, "wrap_red_ms", &next.WrapRed, v.WrapRed, checkDuration)
	set(&f, "label_color", &next.LabelColor, v.LabelColor, checkLabel)
	set(&f, "overtime_mode", &next.Overtime, v.Overtime, oneOf(app.OvertimeContinue, app.OvertimeStop))
	set(&f, "auto_advance", &next.AutoAdvance, v.AutoAdvance, anything)
	set(&f, "start_at", &next.StartAt, clockTime(v.StartAt), checkClockTime)
	set(&f, "linked_start", &next.LinkedStart, v.LinkedStart, anything)
	set(&f, "finish_at", &next.FinishAt, clockTime(v.FinishAt), checkClockTime)
	set(&f, "obs_scene_start", &next.SceneStart, v.SceneStart, checkLine)
	set(&f, "obs_scene_zero", &next.SceneZero, v.SceneZero, checkLine)
	set(&f, "skip", &next.Skip, v.Skip, anything)
	set(&f, "start_on_scene", &next.TriggerScene, v.TriggerScene, checkLine)
	set(&f, "start_on_stream", &next.TriggerStream, v.TriggerStream, anything)
	set(&f, "message_start", &next.MessageStart, v.MessageStart, checkText)
	set(&f, "message_zero", &next.MessageZero, v.MessageZero, checkText)
	set(&f, "sound_start", &next.SoundStart, v.SoundStart, checkSound)
	set(&f, "sound_zero", &next.SoundZero, v.SoundZero, checkSound)
	set(&f, "webhook_start", &next.WebhookStart, v.WebhookStart, checkWebhook)
	set(&f, "webhook_zero", &next.WebhookZero, v.WebhookZero, checkWebhook)
	if f.err == nil && v.Position != nil && *v.Position < 0 {
		f.err = invalid("position", "error.fieldPosition", "{field} must not be negative.")
	}
	if f.err == nil {
		*timer = next
	}
	return f.changed, f.err
}

// setMessage changes a message, all of it or nothing.
func setMessage(m *app.Message, v app.MessageFields) (changed []string, err error) {
	next, f := *m, fields{}
	set(&f, "text", &next.Text, v.Text, checkMessage)
	set(&f, "color", &next.Color, v.Color, oneOf(app.White, app.Green, app.Yellow, app.Red))
	set(&f, "bold", &next.Bold, v.Bold, anything)
	set(&f, "uppercase", &next.Uppercase, v.Uppercase, anything)
	set(&f, "flash", &next.Flash, v.Flash, anything)
	if f.err == nil {
		*m = next
	}
	return f.changed, f.err
}

func (t *tx) setSettings(v app.SettingsFields) error {
	next, f := t.settings, fields{}
	set(&f, "language", &next.Language, v.Language, oneOf("", "en", "pt-BR"))
	set(&f, "viewingOpen", &next.ViewingOpen, v.ViewingOpen, anything)
	set(&f, "closeToTray", &next.CloseToTray, v.CloseToTray, anything)
	set(&f, "maxConcurrentSources", &next.MaxConcurrentSources, v.MaxConcurrentSources, between(1, app.MostSourceLimit))
	set(&f, "maxSourcesPerScene", &next.MaxSourcesPerScene, v.MaxSourcesPerScene, between(1, app.MostSourceLimit))
	set(&f, "oidcIssuer", &next.OIDCIssuer, v.OIDCIssuer, checkIssuer)
	set(&f, "oidcAudience", &next.OIDCAudience, v.OIDCAudience, checkLine)
	set(&f, "welcomed", &next.Welcomed, v.Welcomed, anything)
	set(&f, "sharing", &next.Sharing, v.Sharing, anything)
	set(&f, "shareOn", &next.ShareOn, v.ShareOn, checkLine)
	set(&f, "localNameOff", &next.LocalNameOff, v.LocalNameOff, anything)
	set(&f, "https", &next.HTTPS, v.HTTPS, oneOf(app.HTTPSOff, app.HTTPSLocal, app.HTTPSGiven))
	set(&f, "certFile", &next.CertFile, v.CertFile, checkLine)
	set(&f, "keyFile", &next.KeyFile, v.KeyFile, checkLine)
	if f.err == nil && next.HTTPS == app.HTTPSGiven && (next.CertFile == "" || next.KeyFile == "") {
		f.err = app.NewError(app.CodeInvalid, "error.certificateFiles", "For a certificate of your own, name its file and the file of its key first.", nil)
	}
	if f.err == nil && v.AllowedOrigins != nil {
		for _, origin := range *v.AllowedOrigins {
			if f.err = checkOrigin("allowedOrigins", origin); f.err != nil {
				break
			}
		}
		if !slices.Equal(next.AllowedOrigins, *v.AllowedOrigins) {
			next.AllowedOrigins = slices.Clone(*v.AllowedOrigins)
			f.changed = append(f.changed, "allowedOrigins")
		}
	}
	if f.err != nil || len(f.changed) == 0 {
		return f.err
	}
	t.settings = next
	t.write(app.PutSettings{Settings: next})
	t.tell("", app.SettingsChanged{Settings: next, Changes: f.changed})
	return nil
}

// withDefaults gives the settings that were never stored their defaults.
func withDefaults(s *app.Settings) {
	if s.AllowedOrigins == nil {
		s.AllowedOrigins = []string{} // a list in JSON
	}
	if s.MaxConcurrentSources == 0 {
		s.MaxConcurrentSources = app.DefaultSourceLimit
	}
	if s.MaxSourcesPerScene == 0 {
		s.MaxSourcesPerScene = app.DefaultSourceLimit
	}
}

// checkIssuer checks the address of an outside issuer of tokens, "" for none. What
// comes in clear from another computer could be anybody's.
func checkIssuer(field, v string) error {
	if v != "" && !app.ValidIssuer(v) {
		return invalid(field, "error.fieldIssuer", "{field} must be an address like https://login.example.com.")
	}
	return checkText(field, v)
}

func checkOrigin(field, v string) error {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Scheme+"://"+u.Host != v {
		return invalid(field, "error.fieldOrigin", "{field} must hold origins like http://localhost:8080, without a path.")
	}
	return nil
}
