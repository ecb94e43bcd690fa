package app

import "time"

// Preset is a look that pages take with ?preset=NAME: parameters as they stand in
// an address, which the address's own go before, and a style sheet of the person's.
type Preset struct {
	Name      string    `json:"name"`   // 1 to 40 of a-z, 0-9 and -, unique
	Params    string    `json:"params"` // "background=transparent&progress=ring"
	CSS       string    `json:"css"`    // goes after the page's own; loads nothing from elsewhere
	UpdatedAt time.Time `json:"updated_at"`
}

// The limits of presets.
const (
	MaxPresets      = 100
	MaxPresetCSS    = 100_000 // bytes
	MaxPresetParams = 2_000   // bytes
)

// PutPreset makes the preset with that name, or changes the fields that are not nil.
type PutPreset struct {
	Name        string
	Params, CSS *string
}

// DeletePreset removes one; pages that name it keep their own look.
type DeletePreset struct{ Name string }

// PresetChanged is presets:update or, with Deleted, presets:delete. It is told to
// everybody: pages take the new look at once.
type PresetChanged struct {
	Preset  *Preset `json:"preset"`
	Deleted bool    `json:"-"`
}

// EventName returns the name on the bus.
func (e PresetChanged) EventName() string {
	if e.Deleted {
		return "presets:delete"
	}
	return "presets:update"
}

// The stored changes.
type (
	StorePreset struct{ Preset *Preset }
	DropPreset  struct{ Name string }
)

// Key returns which thing is written.
func (c StorePreset) Key() string { return "preset/" + c.Preset.Name }
func (c DropPreset) Key() string  { return "preset/" + c.Name }

func (PutPreset) command()    {}
func (DeletePreset) command() {}
