package app

// The limits of sources and placements. How many may be active, and stand in a
// scene, is in [Settings].
const (
	MaxSources          = 5_000 // in the library
	MaxSourceWidth      = 7680
	MaxSourceHeight     = 4320
	MaxRefreshRate      = 60
	MaxSourceURL        = 8_000   // bytes
	MaxSourceCode       = 100_000 // bytes of a style sheet or script
	MaxTags             = 20      // of a source
	MaxTagLength        = 50      // characters
	MinPlacementScale   = 0.1
	MaxPlacementScale   = 10
	DefaultSourceLimit  = 100 // of both settings
	MostSourceLimit     = 5_000
	DefaultSourceWidth  = 1920
	DefaultSourceHeight = 1080
	DefaultRefreshRate  = 30
)

// SourceFields are the fields of a source that a person sets; nil leaves a field
// as it is, or at its default in a new one.
type SourceFields struct {
	Name        *string     `json:"name"`
	URL         *string     `json:"url"`
	Width       *int        `json:"width"`
	Height      *int        `json:"height"`
	RefreshRate *int        `json:"refreshRate"`
	CSS         *string     `json:"cssCustom"`
	JS          *string     `json:"jsCustom"`
	Way         *SourceWay  `json:"way"`
	Load        *SourceLoad `json:"load"`
	Tags        *[]string   `json:"tags"`
}

// PlacementFields are the fields of a placement that a person sets; nil leaves a
// field as it is. In a new placement the source stands at the top left corner in
// its own size, visible, in front of the others.
type PlacementFields struct {
	X        *float64 `json:"x"`
	Y        *float64 `json:"y"`
	Width    *float64 `json:"width"`
	Height   *float64 `json:"height"`
	ScaleX   *float64 `json:"scaleX"`
	ScaleY   *float64 `json:"scaleY"`
	Rotation *float64 `json:"rotation"`
	Visible  *bool    `json:"visible"`
	ZIndex   *int     `json:"zIndex"`
}

// SourceInOBS is a browser source that OBS has, as its library entry would be.
type SourceInOBS struct {
	Input  string        `json:"inputName"`
	Fields SourceFields  `json:"source"`
	Places []PlacementIn `json:"scenes"`             // never nil
	Known  string        `json:"sourceId,omitempty"` // of the library's source that it is already, "" for none
}

// PlacementIn is a placement in a scene.
type PlacementIn struct {
	Scene  string    `json:"sceneName"`
	Config Placement `json:"config"`
}

// The commands about sources. A refusal is CodeInvalid for a value, CodeNotFound
// for an id, CodeConflict for a name that is taken or a state that does not allow it.
type (
	// CreateSource adds one to the library, inactive. Name and URL must be given.
	CreateSource struct{ Fields SourceFields }
	// UpdateSource changes one. Active, where given, switches it on or off as well.
	// With FromOBS it tells what was changed there, which Undo does not take back.
	UpdateSource struct {
		ID      string
		Fields  SourceFields
		Active  *bool
		FromOBS bool
	}
	// DeleteSource removes one that is inactive, with its placements.
	DeleteSource struct{ ID string }
	// ActivateSource and DeactivateSource switch one on and off; CodeConflict where it
	// is so already.
	ActivateSource   struct{ ID string }
	DeactivateSource struct{ ID string }
	// DuplicateSource adds a copy, inactive and without placements, its name with a number.
	DuplicateSource struct{ ID string }
	// ImportSources adds sources, all of them or none. A name that is taken gets a number.
	ImportSources struct{ Sources []SourceFields }
	// AdoptSources adds browser sources that OBS has, with their placements, all of
	// them or none; they are shown the own way. With Live they are OBS's own now, so
	// they are active; else they are from a file and wait to be activated.
	AdoptSources struct {
		Sources []SourceInOBS
		Live    bool
	}
	// SetSourceInput tells which input of OBS shows a source, "" for none.
	SetSourceInput struct{ ID, Input string }
	// SetFraming tells what was found out about a source's page. It changes nothing
	// when the source's URL is another by now.
	SetFraming struct {
		ID, URL string
		Framing Framing
	}
	// UndoSources takes back the last change of the library or of placements that is
	// not taken back yet; RedoSources makes it again. Activating and deactivating are
	// not theirs, nor is what was changed in OBS. What can be undone is forgotten when
	// Cuewire ends.
	UndoSources struct{}
	RedoSources struct{}
)

// The commands about placements. None of them asks whether OBS has the scene.
type (
	// PlaceSources puts sources into a scene, each that can be: Result.Each says why
	// one was not. One alone that cannot be is refused.
	PlaceSources struct {
		Scene   string
		Places  []PlaceSource
		FromOBS bool // they were put there in OBS: values are taken as they are, and Undo is not for it
	}
	// UnplaceSources takes sources out of a scene, likewise. With FromOBS it tells what
	// was removed there, which Undo does not take back.
	UnplaceSources struct {
		Scene     string
		SourceIDs []string
		FromOBS   bool
	}
	// UpdatePlacement changes where a source stands. With FromOBS it tells what was
	// changed there: values are taken as they are, outside the limits too, and Undo
	// does not take them back.
	UpdatePlacement struct {
		Scene, SourceID string
		Fields          PlacementFields
		FromOBS         bool
		// Continues says that it goes on with the change before, as a drag does: Undo takes
		// both back as one, where that was one of placements in the same scene.
		Continues bool
	}
	// RenamePlacedScene tells that OBS calls a scene by another name.
	RenamePlacedScene struct{ Before, After string }
)

// PlaceSource is a source to put into a scene, and where.
type PlaceSource struct {
	SourceID string
	Config   PlacementFields
}

// The stored changes.
type (
	PutSource     struct{ Source *Source }
	DropSource    struct{ ID string }
	PutPlacement  struct{ Placement *SceneSource }
	DropPlacement struct{ Scene, SourceID string }
)

// Key returns which thing is written.
func (c PutSource) Key() string  { return "source/" + c.Source.ID }
func (c DropSource) Key() string { return "source/" + c.ID }
func (c PutPlacement) Key() string {
	return "placement/" + c.Placement.SourceID + "/" + c.Placement.Scene
}
func (c DropPlacement) Key() string { return "placement/" + c.SourceID + "/" + c.Scene }

func (CreateSource) command()      {}
func (UpdateSource) command()      {}
func (DeleteSource) command()      {}
func (ActivateSource) command()    {}
func (DeactivateSource) command()  {}
func (DuplicateSource) command()   {}
func (ImportSources) command()     {}
func (AdoptSources) command()      {}
func (SetSourceInput) command()    {}
func (SetFraming) command()        {}
func (UndoSources) command()       {}
func (RedoSources) command()       {}
func (PlaceSources) command()      {}
func (UnplaceSources) command()    {}
func (UpdatePlacement) command()   {}
func (RenamePlacedScene) command() {}
