package wsserver

import (
	"net/http"
	"net/url"
	"strconv"

	"cuewire/app"
)

func (s *Server) listInputs(w http.ResponseWriter, r *http.Request) {
	got, ok := s.askOBS(w, r, app.ListInputs{Kind: r.URL.Query().Get("kind")})
	if ok {
		inputs, _ := got.([]app.OBSInput)
		answer(w, http.StatusOK, map[string]any{"inputs": list(inputs)})
	}
}

// putInput sets the volume first: OBS may refuse that for its value.
func (s *Server) putInput(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Muted    *bool    `json:"muted"`
		VolumeDB *float64 `json:"volumeDb"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Muted == nil && body.VolumeDB == nil {
		invalid(w, "muted or volumeDb must be given.")
		return
	}
	name := r.PathValue("name")
	if body.VolumeDB != nil {
		if *body.VolumeDB < -100 || *body.VolumeDB > 26 {
			invalid(w, "volumeDb must be a number from -100 to 26.")
			return
		}
		if _, ok := s.askOBS(w, r, app.SetVolume{Input: name, DB: *body.VolumeDB}); !ok {
			return
		}
	}
	if body.Muted != nil {
		if _, ok := s.askOBS(w, r, app.SetMute{Input: name, Muted: *body.Muted}); !ok {
			return
		}
	}
	answer(w, http.StatusOK, struct {
		done
		Name     string   `json:"inputName"`
		Muted    *bool    `json:"muted,omitempty"`
		VolumeDB *float64 `json:"volumeDb,omitempty"`
	}{done{Success: true, Message: "Input set"}, name, body.Muted, body.VolumeDB})
}

// screenshot answers with a picture, of the scene on program unless a source is named.
func (s *Server) screenshot(w http.ResponseWriter, r *http.Request) {
	cmd, wrong := readScreenshot(r.URL.Query())
	if wrong != "" {
		invalid(w, wrong)
		return
	}
	if cmd.Source == "" {
		state, ok := s.connected(w, r)
		if !ok {
			return
		}
		cmd.Source = state.CurrentScene
	}
	got, ok := s.askOBS(w, r, cmd)
	if !ok {
		return
	}
	shot, _ := got.(app.OBSScreenshot)
	switch shot.ContentType {
	case "image/png", "image/jpeg":
	default: // what calls itself OBS does not choose what our address serves
		answerError(w, http.StatusInternalServerError, app.CodeInternal, "OBS sent something that is not the picture asked for.")
		return
	}
	header := w.Header()
	header.Set("Content-Type", shot.ContentType)
	header.Set("Content-Length", strconv.Itoa(len(shot.Data)))
	header.Set("Cache-Control", "no-store")
	_, _ = w.Write(shot.Data) // a reader who has gone needs none
}

func readScreenshot(query url.Values) (cmd app.TakeScreenshot, wrong string) {
	cmd = app.TakeScreenshot{Source: query.Get("source"), Format: query.Get("format")}
	switch cmd.Format {
	case "", "png", "jpg", "jpeg":
	default:
		return cmd, "format must be png or jpg."
	}
	if text := query.Get("width"); text != "" {
		width, err := strconv.Atoi(text)
		if err != nil || width < 8 || width > 4096 {
			return cmd, "width must be a whole number from 8 to 4096."
		}
		cmd.Width = width
	}
	return cmd, ""
}

func (s *Server) callVendor(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Vendor  string         `json:"vendor"`
		Request string         `json:"request"`
		Data    map[string]any `json:"data"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Vendor == "" || body.Request == "" {
		invalid(w, "vendor and request must be given.")
		return
	}
	got, ok := s.askOBS(w, r, app.CallVendor{Vendor: body.Vendor, Request: body.Request, Data: body.Data})
	if !ok {
		return
	}
	data, _ := got.(map[string]any)
	if data == nil {
		data = map[string]any{}
	}
	answer(w, http.StatusOK, struct {
		done
		Data map[string]any `json:"responseData"`
	}{done{Success: true, Message: "OBS's plugin has answered"}, data})
}
