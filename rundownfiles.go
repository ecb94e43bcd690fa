package main

import (
	"errors"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/interchange"
)

// rundownFiles hands app/interchange to those who may not know it.
type rundownFiles struct{ catalogue *i18n.Catalogue }

var _ app.RundownFiles = rundownFiles{}

var mediaTypes = map[interchange.Format]string{
	interchange.CSV:  "text/csv; charset=utf-8",
	interchange.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	interchange.JSON: "application/json",
	interchange.HTML: "text/html; charset=utf-8",
}

// ReadRundown implements [app.RundownFiles].
func (f rundownFiles) ReadRundown(name string, data []byte) ([]app.TimerFields, any, error) {
	format, err := interchange.Detect(name, data)
	var timers []app.TimerFields
	if err == nil {
		timers, err = interchange.Read(format, data)
	}
	if e, ok := errors.AsType[*interchange.ImportError](err); ok {
		return nil, e.Problems, err
	}
	return timers, nil, err
}

// WriteRundown implements [app.RundownFiles].
func (f rundownFiles) WriteRundown(format string, room *app.RoomState, lang string) ([]byte, string, error) {
	data, err := interchange.Write(interchange.Format(format), room, f.catalogue.In(lang))
	return data, mediaTypes[interchange.Format(format)], err
}

// sceneCollections likewise.
type sceneCollections struct{}

// BrowserSources implements [app.SceneCollections].
func (sceneCollections) BrowserSources(file []byte) ([]app.SourceInOBS, error) {
	return interchange.BrowserSources(file)
}
