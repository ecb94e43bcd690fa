package present

import (
	"context"
	"errors"

	"cuewire/app"
	"cuewire/app/i18n"
)

// Reason says in the reader's words why something failed.
func Reason(w *i18n.Words, err error) string {
	if e, ok := errors.AsType[*app.Error](err); ok {
		if text := w.T(e.Key, e.Args); text != e.Key {
			return text
		}
		if w.Lang() == "en" {
			return e.Message
		}
	}
	switch code := app.CodeOf(err); {
	case errors.Is(err, context.DeadlineExceeded), code == app.CodeTimeout:
		return w.T("window.reason.timeout", nil)
	case code == app.CodeUnavailable:
		return w.T("window.reason.unavailable", nil)
	case code == app.CodeNotFound:
		return w.T("window.reason.notfound", nil)
	case code == app.CodeConflict:
		return w.T("window.reason.conflict", nil)
	case code == app.CodeInvalid:
		return w.T("window.reason.invalid", nil)
	default:
		return w.T("window.reason.other", map[string]any{"Error": err.Error()})
	}
}
