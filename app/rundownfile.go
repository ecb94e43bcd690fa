package app

// RundownFiles reads and writes rundowns as files of other programs.
type RundownFiles interface {
	// ReadRundown returns the timers of a file. When anything is wrong with it there
	// are none: problems says all that is, as a value for JSON, and err is an *Error.
	ReadRundown(name string, data []byte) (timers []TimerFields, problems any, err error)
	// WriteRundown returns the room's rundown as a file and its media type. It fails
	// with CodeInvalid for a format that it does not know.
	WriteRundown(format string, room *RoomState, lang string) (data []byte, mediaType string, err error)
}
