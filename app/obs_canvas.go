package app

// OBSCanvas is the size of OBS's canvas in pixels, on which scene items are
// placed. Zero is unknown.
type OBSCanvas struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// OBSCanvasFact tells the canvas's size. OBS does not tell of changes, so the
// bridge asks; a zero size changes nothing.
type OBSCanvasFact struct{ Canvas OBSCanvas }

// OBSCanvasChanged is obs:canvasChanged.
type OBSCanvasChanged struct{ OBSCanvas }

// EventName returns the name on the bus.
func (OBSCanvasChanged) EventName() string { return "obs:canvasChanged" }

func (OBSCanvasFact) command() {}

// Apply sets the canvas's size.
func (f OBSCanvasFact) Apply(s OBSState) (OBSState, []EventBody) {
	if f.Canvas == s.Canvas || f.Canvas == (OBSCanvas{}) {
		return s, nil
	}
	s.Canvas = f.Canvas
	return s, []EventBody{OBSCanvasChanged{f.Canvas}}
}
