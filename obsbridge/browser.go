package obsbridge

import (
	"context"
	"errors"

	"github.com/andreykaipov/goobs/api/requests/inputs"
	"github.com/andreykaipov/goobs/api/requests/sources"

	"cuewire/app"
)

const (
	browserKind = "browser_source"
	// pageSetting is a setting of our own in the browser sources that show our pages.
	// OBS keeps it in the scene collection and gives it no meaning.
	pageSetting = "cuewire_page"
)

// browserSources lists all browser sources. One that goes away meanwhile is left out.
func (l *link) browserSources(ctx context.Context) ([]app.OBSBrowserSource, error) {
	kind := browserKind
	var list inputs.GetInputListResponse
	if err := l.ask(ctx, &inputs.GetInputListParams{InputKind: &kind}, &list); err != nil {
		return nil, err
	}
	found := make([]app.OBSBrowserSource, 0, len(list.Inputs))
	for _, i := range list.Inputs {
		source, err := l.browserSource(ctx, i.InputName)
		if isRefusal(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		source.UUID = i.InputUuid
		found = append(found, source)
	}
	return found, nil
}

func (l *link) browserSource(ctx context.Context, input string) (app.OBSBrowserSource, error) {
	var answer inputs.GetInputSettingsResponse
	if err := l.ask(ctx, &inputs.GetInputSettingsParams{InputName: &input}, &answer); err != nil {
		return app.OBSBrowserSource{}, err
	}
	var shown sources.GetSourceActiveResponse
	if err := l.ask(ctx, &sources.GetSourceActiveParams{SourceName: &input}, &shown); err != nil {
		return app.OBSBrowserSource{}, err
	}
	s := app.OBSBrowserSource{Input: input, Showing: shown.VideoShowing, Active: shown.VideoActive}
	// OBS leaves out what is still at its default.
	settings := answer.InputSettings
	s.URL, _ = settings["url"].(string)
	s.Page, _ = settings[pageSetting].(string)
	s.Width, s.Height = number(settings, "width", 800), number(settings, "height", 600)
	if custom, _ := settings["fps_custom"].(bool); custom {
		s.FPS = number(settings, "fps", 30)
	}
	s.Audio, _ = settings["reroute_audio"].(bool)
	return s, nil
}

func number(settings map[string]any, name string, otherwise int) int {
	if n, ok := settings[name].(float64); ok {
		return int(n)
	}
	return otherwise
}

// settingsOf returns a browser source's settings as OBS spells them. Equal
// settings do not reload a page; most others do.
func settingsOf(s app.OBSBrowserSource) map[string]any {
	settings := map[string]any{
		"url": s.URL, "width": s.Width, "height": s.Height, "fps_custom": s.FPS != 0,
		"shutdown": false, "restart_when_active": false, "reroute_audio": s.Audio,
		pageSetting:             s.Page,
		"webpage_control_level": 0, // no page of ours needs OBS's own interface, and one frames other people's
	}
	if s.FPS != 0 {
		settings["fps"] = s.FPS
	}
	return settings
}

// wantedSource returns what the source is to be like.
func wantedSource(c app.AddBrowserSource) app.OBSBrowserSource {
	return app.OBSBrowserSource{URL: c.URL, Page: c.Page, Width: c.Width, Height: c.Height, FPS: c.FPS, Audio: c.Audio}
}

// sameSettings reports whether two sources are set alike.
func sameSettings(a, b app.OBSBrowserSource) bool {
	a.Input, a.UUID, a.Showing, a.Active = b.Input, b.UUID, b.Showing, b.Active
	return a == b
}

func checkBrowserSource(c app.AddBrowserSource) error {
	const most = 8192 // pixels, OBS's limit
	switch {
	case c.Name == "" || c.URL == "":
		return app.NewError(app.CodeInvalid, "obs.browser.empty", "a browser source needs a name and an address", nil)
	case c.Width < 1 || c.Width > most || c.Height < 1 || c.Height > most:
		return app.NewError(app.CodeInvalid, "obs.browser.size", "a browser source is 1 to 8192 pixels wide and high", nil)
	case c.FPS < 0 || c.FPS > 60:
		return app.NewError(app.CodeInvalid, "obs.browser.fps", "a browser source runs at 1 to 60 frames a second", nil)
	}
	return nil
}

func (l *link) setBrowser(ctx context.Context, input string, s app.OBSBrowserSource) error {
	overlay := true
	return l.ask(ctx, &inputs.SetInputSettingsParams{InputName: &input, InputSettings: settingsOf(s), Overlay: &overlay}, nil)
}

func isRefusal(err error) bool {
	_, ok := errors.AsType[*refusal](err)
	return ok
}
