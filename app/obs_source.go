package app

import "math"

// The commands by which sources of the library are shown the own way.
type (
	// ListBrowserInputs answers with []OBSBrowserInput, all of OBS's browser sources.
	ListBrowserInputs struct{}
	// MakeBrowserInput makes a browser source and a hidden item of it on top of a scene,
	// and answers with a MadeBrowserInput. CodeUnavailable when OBS has no browser source.
	MakeBrowserInput struct {
		Scene    string
		Name     string // a number is added when another source has it
		SourceID string // of the library's source that it shows
		Settings BrowserSettings
	}
	// SetBrowserInput changes the settings of one and says which source it shows.
	SetBrowserInput struct {
		Input    string
		SourceID string
		Settings BrowserSettings
	}
	// TransformSceneItem puts an item with its top left corner at X, Y and turns it
	// about that, free of any bounding box.
	TransformSceneItem struct {
		Scene                          string
		Item                           int
		X, Y, ScaleX, ScaleY, Rotation float64
	}
)

// BrowserSettings are the settings of a browser source that the library has a say in.
type BrowserSettings struct {
	URL      string // whole; file: for a local file
	Page     string // which page of ours it is, see PageOf; "" for a foreign one
	CSS      string // beyond OBS's own, which makes pages transparent
	Width    int
	Height   int
	FPS      int  // 0 for OBS's own rate
	Shutdown bool // the page is unloaded while nothing shows it
}

// OBSBrowserInput is a browser source of OBS with its settings.
type OBSBrowserInput struct {
	Input    string
	SourceID string // of the library's source that it was made for, "" for none
	Settings BrowserSettings
}

// SourceFound returns the library's entry of a browser source that OBS has, not
// placed anywhere. OBS's own rate of frames is the highest that a source can have.
func SourceFound(input OBSBrowserInput) SourceInOBS {
	settings, way := input.Settings, WayOwn
	name := []rune(input.Input)
	short := string(name[:min(len(name), MaxNameLength)])
	if settings.FPS == 0 {
		settings.FPS = MaxRefreshRate
	}
	load := LoadKeep
	if settings.Shutdown {
		load = LoadUnload
	}
	return SourceInOBS{Input: input.Input, Known: input.SourceID, Places: []PlacementIn{}, Fields: SourceFields{
		Name: &short, URL: &settings.URL, Width: &settings.Width, Height: &settings.Height, RefreshRate: &settings.FPS,
		CSS: &settings.CSS, Way: &way, Load: &load,
	}}
}

// MadeBrowserInput is a browser source that was made, and its item.
type MadeBrowserInput struct {
	Input string
	Item  int
}

func (ListBrowserInputs) obsCommand()  {}
func (MakeBrowserInput) obsCommand()   {}
func (SetBrowserInput) obsCommand()    {}
func (TransformSceneItem) obsCommand() {}

// The alignments of OBS, bits that are added up; 0 is the centre.
const (
	alignLeft    = 1
	alignRight   = 2
	alignTop     = 4
	alignBottom  = 8
	alignTopLeft = alignTop | alignLeft
)

const noBounds = "OBS_BOUNDS_NONE"

// Shown is where something is shown in a scene: what a placement and a scene item
// of OBS have in common. X and Y are the top left corner before rotation, sizes are
// canvas pixels, negative where OBS has flipped it.
type Shown struct {
	X, Y, Width, Height, Rotation float64
	Visible                       bool
}

// Shown returns where the placement shows its source.
func (p Placement) Shown() Shown {
	return Shown{p.X, p.Y, p.Width * p.ScaleX, p.Height * p.ScaleY, p.Rotation, p.Visible}
}

// closeEnough is how many pixels, or degrees, two values may differ and be the same:
// OBS calculates with fewer digits.
const closeEnough = 0.01

// Near reports whether two numbers of OBS's are the same.
func Near(a, b float64) bool { return math.Abs(a-b) <= closeEnough }

// Plain reports whether the item is placed by its top left corner and its scale
// alone, as TransformSceneItem leaves it.
func (i OBSSceneItem) Plain() bool {
	return i.Alignment == alignTopLeft && (i.Bounds == "" || i.Bounds == noBounds)
}

// PageSize returns what of a page of that size is left by the item's crop, 1 at least.
func (i OBSSceneItem) PageSize(width, height int) (w, h float64) {
	return max(1, float64(width-i.CropLeft-i.CropRight)), max(1, float64(height-i.CropTop-i.CropBottom))
}

// Shown returns where OBS shows the item, whose source has a page of that size.
// Alignment and bounding box are taken into account.
func (i OBSSceneItem) Shown(width, height int) Shown {
	w, h := i.PageSize(width, height)
	s := Shown{Width: w * i.ScaleX, Height: h * i.ScaleY, Rotation: i.Rotation, Visible: i.Visible}
	boxWidth, boxHeight := s.Width, s.Height
	var dx, dy float64
	if i.Bounds != "" && i.Bounds != noBounds {
		s.Width, s.Height = i.bounded(w, h)
		boxWidth, boxHeight = i.BoundsWidth, i.BoundsHeight
		dx, dy = aligned(i.BoundsAlignment, boxWidth-s.Width, boxHeight-s.Height)
	}
	ax, ay := aligned(i.Alignment, boxWidth, boxHeight)
	sin, cos := math.Sincos(i.Rotation * math.Pi / 180)
	s.X, s.Y = i.X+(dx-ax)*cos-(dy-ay)*sin, i.Y+(dx-ax)*sin+(dy-ay)*cos
	if dx-ax == 0 && dy-ay == 0 {
		s.X, s.Y = i.X, i.Y
	}
	for _, v := range []*float64{&s.X, &s.Y, &s.Width, &s.Height, &s.Rotation} {
		if math.IsNaN(*v) || math.IsInf(*v, 0) {
			*v = 0 // of a file that no OBS wrote
		}
	}
	return s
}

// bounded returns the size that OBS shows a source of w by h in its bounding box.
func (i OBSSceneItem) bounded(w, h float64) (width, height float64) {
	width, height = w*i.ScaleX, h*i.ScaleY
	if i.Bounds != "OBS_BOUNDS_STRETCH" && (width == 0 || height == 0) {
		return width, height
	}
	acrossW, acrossH := i.BoundsWidth/math.Abs(width), i.BoundsHeight/math.Abs(height)
	factor := 1.0
	switch i.Bounds {
	case "OBS_BOUNDS_STRETCH":
		return math.Copysign(i.BoundsWidth, i.ScaleX), math.Copysign(i.BoundsHeight, i.ScaleY)
	case "OBS_BOUNDS_SCALE_INNER":
		factor = min(acrossW, acrossH)
	case "OBS_BOUNDS_SCALE_OUTER":
		factor = max(acrossW, acrossH)
	case "OBS_BOUNDS_SCALE_TO_WIDTH":
		factor = acrossW
	case "OBS_BOUNDS_SCALE_TO_HEIGHT":
		factor = acrossH
	case "OBS_BOUNDS_MAX_ONLY":
		factor = min(1, acrossW, acrossH)
	}
	return width * factor, height * factor
}

// aligned returns where in a box of that size an alignment's point is.
func aligned(alignment int, width, height float64) (x, y float64) {
	switch {
	case alignment&alignRight != 0:
		x = width
	case alignment&alignLeft == 0:
		x = width / 2
	}
	switch {
	case alignment&alignBottom != 0:
		y = height
	case alignment&alignTop == 0:
		y = height / 2
	}
	return x, y
}

// PlacementFrom returns the placement of a page of that size that shows it as OBS
// does now.
func PlacementFrom(s Shown, width, height int) Placement {
	return Placement{
		X: s.X, Y: s.Y, Width: float64(width), Height: float64(height),
		ScaleX: s.Width / float64(width), ScaleY: s.Height / float64(height), Rotation: s.Rotation, Visible: s.Visible,
	}
}

// SceneCollections reads OBS's own files.
type SceneCollections interface {
	// BrowserSources returns the browser sources of a scene collection's file and where
	// they stand. It fails with CodeInvalid for anything else.
	BrowserSources(file []byte) ([]SourceInOBS, error)
}
