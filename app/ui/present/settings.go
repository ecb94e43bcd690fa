package present

import (
	"slices"
	"strings"

	"cuewire/app"
)

// Settings is the page of settings.
type Settings struct{ app.Settings }

func settingsOf(in Input) (Content, app.Millis, app.Millis) {
	return Settings{in.Snapshot.Settings}, 0, 0
}

// Same reports whether another page looks alike.
func (s Settings) Same(other Content) bool {
	o, ok := other.(Settings)
	return ok && s.Language == o.Language && s.ViewingOpen == o.ViewingOpen && s.CloseToTray == o.CloseToTray &&
		slices.Equal(s.AllowedOrigins, o.AllowedOrigins) && s.OIDCIssuer == o.OIDCIssuer && s.OIDCAudience == o.OIDCAudience &&
		s.MaxConcurrentSources == o.MaxConcurrentSources && s.MaxSourcesPerScene == o.MaxSourcesPerScene
}

// Origin writes an origin as it is stored: a slash at the end, which browsers show in
// addresses, is none of it.
func Origin(text string) string { return strings.TrimSuffix(strings.TrimSpace(text), "/") }
