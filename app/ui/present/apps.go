package present

import (
	"strings"

	"cuewire/app"
	"cuewire/app/i18n"
)

// AppAddress returns the WebSocket address to which a program connects with a key,
// made from the one of the addresses that is chosen; "" while nothing is served.
func AppAddress(addresses []string, chosen int, key string) string {
	if len(addresses) == 0 {
		return ""
	}
	base := addresses[min(max(chosen, 0), len(addresses)-1)]
	return "ws" + strings.TrimPrefix(base, "http") + "/app/" + key // https becomes wss
}

// NewApp returns the command that makes an app with a name.
func NewApp(w *i18n.Words, name string) (app.CreateApp, []Wrong) {
	f := form{words: w}
	return app.CreateApp{Fields: app.AppFields{Name: f.name("name", "", name)}}, f.wrong
}
