package app

import "errors"

// Code names a kind of failure. Codes are stable: protocols publish them.
type Code string

// The codes that the core itself uses. Dialects translate them to their own
// published ones where those differ.
const (
	CodeInvalid      Code = "INVALID"      // a value is missing, malformed or out of its range
	CodeNotFound     Code = "NOT_FOUND"    // what the command names does not exist
	CodeConflict     Code = "CONFLICT"     // the state does not allow it now
	CodeForbidden    Code = "FORBIDDEN"    // the caller's role does not allow it
	CodeUnauthorized Code = "UNAUTHORIZED" // the caller is not known
	CodeUnavailable  Code = "UNAVAILABLE"  // something that it needs (OBS, the engine) is not there now
	CodeTimeout      Code = "TIMEOUT"      // no answer came in time
	CodeRateLimited  Code = "RATE_LIMITED" // too many requests
	CodeInternal     Code = "INTERNAL"     // a fault of ours
)

// Error is a failure that a person or a protocol gets to see.
//
// Key is the entry of the catalogue of texts that says it in the reader's
// language, filled in with Args; Message says the same in plain English, for
// protocols and logs. Neither ever carries a secret.
type Error struct {
	Code    Code
	Key     string
	Message string
	Args    map[string]any
	Err     error // the cause, nil where there is none
}

// Error returns the English message, with the cause behind it where there is one.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// NewError makes an Error without a cause.
func NewError(code Code, key, message string, args map[string]any) *Error {
	return &Error{Code: code, Key: key, Message: message, Args: args}
}

// CodeOf returns the code of the first *Error in err's chain, CodeInternal for
// any other error, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}
