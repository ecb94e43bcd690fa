package app

// SourceFileFormat marks the files of the library.
const SourceFileFormat = "cuewire-sources"

// SourceFile is the library as a file, without placements and without what is of
// this computer alone.
type SourceFile struct {
	Format  string         `json:"format"`
	Version int            `json:"version"` // 1
	Sources []SourceFields `json:"sources"`
}

// NewSourceFile returns a file of sources.
func NewSourceFile(list []*Source) SourceFile {
	file := SourceFile{SourceFileFormat, 1, make([]SourceFields, len(list))}
	for i, s := range list {
		file.Sources[i] = SourceFields{
			Name: &s.Name, URL: &s.URL, Width: &s.Width, Height: &s.Height, RefreshRate: &s.RefreshRate,
			CSS: &s.CSS, JS: &s.JS, Way: &s.Way, Load: &s.Load, Tags: &s.Tags,
		}
	}
	return file
}

// Check says why there is nothing to import in a file, nil where there is.
func (f SourceFile) Check() error {
	switch {
	case f.Format != SourceFileFormat || f.Version != 1:
		return NewError(CodeInvalid, "error.sourceFile",
			"This is not a file of Cuewire's sources: its format must be \""+SourceFileFormat+"\", version 1.", nil)
	case len(f.Sources) == 0:
		return NewError(CodeInvalid, "error.sourceFileEmpty", "The file holds no sources.", nil)
	}
	return nil
}
