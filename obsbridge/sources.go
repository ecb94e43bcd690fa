package obsbridge

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/andreykaipov/goobs/api/requests/inputs"

	"cuewire/app"
)

// sourceSetting is a setting of our own in the browser sources that show a source of
// the library: its id.
const sourceSetting = "cuewire_source"

// plainCSS is the style sheet that OBS gives a browser source, which makes pages
// transparent.
const plainCSS = "body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; }"

// browserInputs lists all browser sources with their settings. One that goes away
// meanwhile is left out.
func (l *link) browserInputs(ctx context.Context) ([]app.OBSBrowserInput, error) {
	kind := browserKind
	var list inputs.GetInputListResponse
	if err := l.ask(ctx, &inputs.GetInputListParams{InputKind: &kind}, &list); err != nil {
		return nil, err
	}
	found := make([]app.OBSBrowserInput, 0, len(list.Inputs))
	for _, i := range list.Inputs {
		var answer inputs.GetInputSettingsResponse
		err := l.ask(ctx, &inputs.GetInputSettingsParams{InputName: &i.InputName}, &answer)
		if isRefusal(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		id, _ := answer.InputSettings[sourceSetting].(string)
		found = append(found, app.OBSBrowserInput{Input: i.InputName, SourceID: id, Settings: browserSettings(answer.InputSettings)})
	}
	return found, nil
}

// browserSettings reads a browser source's settings, of which OBS leaves out what is
// still at its default.
func browserSettings(settings map[string]any) app.BrowserSettings {
	s := app.BrowserSettings{Width: number(settings, "width", 800), Height: number(settings, "height", 600)}
	s.URL, _ = settings["url"].(string)
	if local, _ := settings["is_local_file"].(bool); local {
		path, _ := settings["local_file"].(string)
		s.URL = fileURL(path)
	}
	s.Page, _ = settings[pageSetting].(string)
	if custom, _ := settings["fps_custom"].(bool); custom {
		s.FPS = number(settings, "fps", 30)
	}
	s.Shutdown, _ = settings["shutdown"].(bool)
	if css, ok := settings["css"].(string); ok {
		s.CSS = strings.TrimPrefix(strings.TrimPrefix(css, plainCSS), "\n")
	}
	return s
}

// writeSettings returns settings as OBS spells them.
func writeSettings(sourceID string, s app.BrowserSettings) map[string]any {
	css := plainCSS
	if s.CSS != "" {
		css += "\n" + s.CSS
	}
	settings := map[string]any{
		"url": s.URL, "is_local_file": false, "width": s.Width, "height": s.Height, "fps_custom": s.FPS != 0,
		"css": css, "shutdown": s.Shutdown, pageSetting: s.Page, sourceSetting: sourceID,
	}
	if s.FPS != 0 {
		settings["fps"] = s.FPS
	}
	if path, ok := filePath(s.URL); ok {
		settings["is_local_file"], settings["local_file"] = true, path
		delete(settings, "url")
	}
	return settings
}

// fileURL returns the address of a file on OBS's computer, of whatever system.
func fileURL(path string) string {
	path = strings.ReplaceAll(path, `\`, "/")
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… is /C:/… in a URL
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// filePath returns the path of a file: address.
func filePath(address string) (path string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "file" {
		return "", false
	}
	path = u.Path
	if len(path) > 2 && path[2] == ':' {
		path = path[1:]
	}
	return path, true
}

// makeBrowser makes a browser source under the first name that is free, hidden.
func (l *link) makeBrowser(ctx context.Context, c app.MakeBrowserInput) (app.MadeBrowserInput, error) {
	kind, visible := browserKind, false
	for n := 1; ; n++ {
		name := c.Name
		if n > 1 {
			name = fmt.Sprintf("%s %d", c.Name, n)
		}
		var made inputs.CreateInputResponse
		err := l.ask(ctx, &inputs.CreateInputParams{
			SceneName: &c.Scene, InputName: &name, InputKind: &kind, InputSettings: writeSettings(c.SourceID, c.Settings),
			SceneItemEnabled: &visible,
		}, &made)
		switch {
		case err == nil:
			return app.MadeBrowserInput{Input: name, Item: made.SceneItemId}, nil
		case refusedWith(err, statusInvalidKind):
			return app.MadeBrowserInput{}, app.NewError(app.CodeUnavailable, "obs.noBrowser", "this OBS has no browser source", nil)
		case !refusedWith(err, statusExists) || n == 100:
			return app.MadeBrowserInput{}, err
		}
	}
}
