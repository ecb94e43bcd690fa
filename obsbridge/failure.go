package obsbridge

import (
	"context"
	"errors"

	"github.com/andreykaipov/goobs/api/closecodes"

	"cuewire/app"
)

// failure says why a try to connect failed.
func (a *attemptError) failure() *app.Error {
	args := map[string]any{"Host": a.target.Host, "Port": a.target.Port}
	fail := func(code app.Code, key, message string) *app.Error {
		return app.NewError(code, key, message, args)
	}
	switch {
	case wrongPassword(a.err):
		return fail(app.CodeUnauthorized, "obs.wrongPassword", "OBS did not accept the password")
	case kicked(a.err):
		return fail(app.CodeForbidden, "obs.kicked", "OBS ended the connection by hand")
	case closedWith(a.err) == closecodes.UnsupportedRpcVersion:
		return fail(app.CodeUnavailable, "obs.version", "this OBS speaks another version of obs-websocket; version 5 is needed, which OBS has since 28")
	case a.serverOff:
		return fail(app.CodeUnavailable, "obs.serverOff", "OBS's WebSocket server is switched off")
	case a.nothing && nobodyListens(a.err):
		return fail(app.CodeUnavailable, "obs.notFound", "no OBS was found on this computer")
	case nobodyListens(a.err):
		return fail(app.CodeUnavailable, "obs.refused", "nothing listens at the address of OBS")
	case errors.Is(a.err, errNotOBS):
		return fail(app.CodeUnavailable, "obs.notOBS", "what listens at that address is not OBS's WebSocket server")
	case errors.Is(a.err, context.Canceled):
		return fail(app.CodeTimeout, "obs.cancelled", "the request was given up before OBS answered")
	case errors.Is(a.err, context.DeadlineExceeded):
		return fail(app.CodeTimeout, "obs.unreachable", "no answer came from the address of OBS")
	}
	e := fail(app.CodeUnavailable, "obs.connectFailed", "the connection to OBS failed")
	e.Err = a.err
	return e
}

// failure says why OBS refused a request. OBS's own comment is English, and for
// people who know OBS; it travels in Args.
func (r *refusal) failure() *app.Error {
	args := map[string]any{"Request": r.request, "Comment": r.comment}
	switch {
	case r.code == statusNotReady:
		return app.NewError(app.CodeConflict, "obs.switching", "OBS is changing its scene collection; try again when it is done", nil)
	case r.code == 600:
		return app.NewError(app.CodeNotFound, "obs.noResource", "OBS has nothing of that name: "+r.comment, args)
	case r.code == 602, r.code >= 300 && r.code < 500:
		return app.NewError(app.CodeInvalid, "obs.badRequest", "OBS did not accept the request: "+r.comment, args)
	case r.code == 204, r.code == 605, r.code == 607:
		return app.NewError(app.CodeUnavailable, "obs.tooOld", "this OBS cannot do that: it is too old, or a part of it is not installed", args)
	case r.code >= 500 && r.code < 700:
		return app.NewError(app.CodeConflict, "obs.conflict", "OBS cannot do that now: "+r.comment, args)
	default:
		return app.NewError(app.CodeInternal, "obs.refusedRequest", "OBS refused the request: "+r.comment, args)
	}
}
