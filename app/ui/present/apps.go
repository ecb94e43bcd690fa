package present

import (
	"slices"
	"strings"
	"time"

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

// Apps is the page of apps and access tokens.
type Apps struct {
	Apps   []*app.BroadcastApp
	Tokens []*app.Token
	Now    time.Time // to the minute
	Zone   *time.Location
}

func appsOf(in Input) (Content, app.Millis, app.Millis) {
	var drift app.Millis
	if len(in.Snapshot.Tokens) > 0 { // they expire
		drift = 60_000 - app.Millis(in.Now%60_000)
	}
	return Apps{in.Snapshot.Apps, in.Snapshot.Tokens, in.Now.Time().Truncate(time.Minute), in.Zone}, 0, drift
}

// Same reports whether another page looks alike.
func (a Apps) Same(other Content) bool {
	o, ok := other.(Apps)
	return ok && slices.Equal(a.Apps, o.Apps) && slices.Equal(a.Tokens, o.Tokens) && a.Now.Equal(o.Now)
}

// TokenRow is an access token in the list.
type TokenRow struct {
	ID    string
	Name  string
	About Mark // its role, and until when it is good
}

// TokenRows returns the tokens that are still good, the newest first.
func (a Apps) TokenRows(w *i18n.Words) []TokenRow {
	var rows []TokenRow
	for _, t := range slices.Backward(a.Tokens) {
		if !a.Now.Before(t.ExpiresAt) {
			continue
		}
		r := TokenRow{ID: t.ID, Name: t.Name}
		if r.Name == "" {
			r.Name = t.Subject
		}
		until := w.T("frame.tokens.until", map[string]any{"Date": Date(w, t.ExpiresAt.In(a.Zone))})
		r.About = Mark{joined(RoleText(w, t.Role), until), Muted}
		if t.ExpiresAt.Sub(a.Now) < 24*time.Hour {
			r.About.Color = Warn
		}
		rows = append(rows, r)
	}
	return rows
}

// TokenRoles are the roles that a token can be made for, the least powerful first.
var TokenRoles = []app.Role{app.Viewer, app.Agenda, app.Moderator, app.Operator, app.Controller, app.Admin}

// TokenLives are for how many days a token can be made.
var TokenLives = []int{1, 30, 365}

// RoleText names a role.
func RoleText(w *i18n.Words, r app.Role) string { return w.T("frame.role."+string(r), nil) }

// TokenName checks the name of whom a token is for.
func TokenName(w *i18n.Words, name string) (string, []Wrong) {
	f := form{words: w}
	if checked := f.name("name", "", name); checked != nil {
		return *checked, nil
	}
	return "", f.wrong
}
