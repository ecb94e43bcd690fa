package engine

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"cuewire/app"
)

var presetName = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

func (t *tx) putPreset(c app.PutPreset) error {
	if !presetName.MatchString(c.Name) {
		return invalid("name", "error.presetName", "{field} must be 1 to 40 of a to z, 0 to 9 and -.")
	}
	k, known := t.preset(c.Name)
	preset := app.Preset{Name: c.Name}
	if known {
		preset = *t.presets[k]
	} else if len(t.presets) >= app.MaxPresets {
		return app.NewError(app.CodeConflict, "error.tooManyPresets", "There are as many looks as Cuewire can hold. Delete one first.", nil)
	}
	f := fields{}
	set(&f, "params", &preset.Params, c.Params, checkParams)
	set(&f, "css", &preset.CSS, c.CSS, checkCSS)
	t.id = preset.Name
	if f.err != nil || (known && len(f.changed) == 0) {
		return f.err
	}
	preset.UpdatedAt = t.now.Time()
	t.presets = slices.Clone(t.presets)
	if known {
		t.presets[k] = &preset
	} else {
		t.presets = slices.Insert(t.presets, k, &preset)
	}
	t.write(app.StorePreset{Preset: &preset})
	t.tell("", app.PresetChanged{Preset: &preset})
	return nil
}

func (t *tx) deletePreset(c app.DeletePreset) error {
	k, known := t.preset(c.Name)
	if !known {
		return app.NewError(app.CodeNotFound, "error.presetNotFound", "There is no look with this name.", nil)
	}
	preset := t.presets[k]
	t.presets = slices.Delete(slices.Clone(t.presets), k, k+1)
	t.write(app.DropPreset{Name: preset.Name})
	t.tell("", app.PresetChanged{Preset: preset, Deleted: true})
	t.id = preset.Name
	return nil
}

func (t *tx) preset(name string) (int, bool) {
	return slices.BinarySearchFunc(t.presets, name, func(p *app.Preset, name string) int { return cmp.Compare(p.Name, name) })
}

func checkParams(field, v string) error {
	if _, err := url.ParseQuery(v); err != nil || len(v) > app.MaxPresetParams || strings.HasPrefix(v, "?") {
		return invalid(field, "error.presetParams", "{field} must be like background=transparent&progress=ring.")
	}
	return checkText(field, v)
}

func checkCSS(field, v string) error {
	switch {
	case len(v) > app.MaxPresetCSS:
		return invalid(field, "error.fieldTooLong", "{field} is too long.")
	case !utf8.ValidString(v) || strings.ContainsRune(v, 0):
		return invalid(field, "error.fieldText", "{field} is not valid text.")
	}
	return nil
}
