package store

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"cuewire/app"
)

// kind is a kind of failure. Its text, with {{.Name}} where an argument goes, is
// the English one of the catalogue of texts.
type kind struct {
	code      app.Code
	key, text string
}

// The kinds of failure.
var (
	unwritable = kind{
		app.CodeUnavailable, "store.unwritable",
		"Cuewire cannot write its data in {{.Folder}}. Make that folder writable, or choose another one with --data-dir.",
	}
	full = kind{
		app.CodeUnavailable, "store.full",
		"The disk that holds {{.Folder}} is full. Free some space on it.",
	}
	busy = kind{
		app.CodeUnavailable, "store.busy",
		"Another program is using {{.File}}. Close it.",
	}
	failing = kind{
		app.CodeUnavailable, "store.failing",
		"The disk that holds {{.Folder}} has an error. Check that it is connected and healthy.",
	}
	damaged = kind{
		app.CodeInvalid, "store.damaged",
		"{{.File}} is damaged, or is not a Cuewire database. It was left as it is. “cuewire restore --newest” puts the newest backup in its place, “cuewire restore --empty” starts with an empty one.",
	}
	newer = kind{
		app.CodeConflict, "store.newer",
		"{{.File}} was written by a newer Cuewire (format {{.Found}}, this one knows {{.Known}}). It was left as it is. Install the newer Cuewire, choose another folder with --data-dir, or go back to a backup of before with “cuewire restore”.",
	}
	badRow = kind{
		app.CodeInvalid, "store.row",
		"An entry of {{.File}} cannot be read: {{.ID}} in {{.Table}}. “cuewire restore --newest” puts the newest backup in its place, “cuewire restore --empty” starts with an empty one.",
	}
	migrating = kind{
		app.CodeInternal, "store.migration",
		"{{.File}} could not be brought up to date. It was left as it is. Go on with the Cuewire that you used before.",
	}
	shut = kind{
		app.CodeUnavailable, "store.closed",
		"The database {{.File}} is closed because Cuewire is stopping.",
	}
	failed = kind{
		app.CodeInternal, "store.failed",
		"The database {{.File}} does not work as it should. Start Cuewire again; if that does not help, “cuewire restore --newest” goes back to the newest backup.",
	}
)

// fault returns err as a person should see it: as the kind that SQLite's result
// code in it names, else as the kind given. An *app.Error stays as it is.
func (s *Store) fault(k kind, err error) error {
	if e, ok := errors.AsType[*app.Error](err); ok {
		return e
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() & 0xff { // the primary code of an extended one
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
			k = unwritable
		case sqlite3.SQLITE_FULL:
			k = full
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			k = busy
		case sqlite3.SQLITE_IOERR:
			k = failing
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			k = damaged
		}
	}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		k = full
	case errors.Is(err, syscall.EIO):
		k = failing
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		k = unwritable
	}
	return s.failure(k, err, nil)
}

// failure returns an *app.Error of the kind, with the file and folder among its
// arguments.
func (s *Store) failure(k kind, cause error, args map[string]any) *app.Error {
	all := map[string]any{"File": s.file, "Folder": filepath.Dir(s.file)}
	maps.Copy(all, args)
	text := k.text
	for name, value := range all {
		text = strings.ReplaceAll(text, "{{."+name+"}}", fmt.Sprint(value))
	}
	return &app.Error{Code: k.code, Key: k.key, Message: text, Args: all, Err: cause}
}
