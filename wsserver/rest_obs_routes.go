package wsserver

import (
	"errors"
	"net/http"

	"cuewire/app"
)

// obsRoutes adds the routes by which OBS is worked with, beyond the published
// ones. docs/protocols/rest-obs.md describes them.
func (s *Server) obsRoutes(on func(pattern string, m methods)) {
	operator := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Operator, h) }
	admin := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Admin, h) }

	on("/api/obs/scenes", methods{"GET": operator(s.obsScenes), "POST": operator(s.createScene)})
	on("/api/obs/scenes/{scene}", methods{"PUT": operator(s.renameScene), "DELETE": operator(s.removeScene)})
	on("/api/obs/scenes/{scene}/items", methods{"GET": operator(s.listItems), "POST": operator(s.addItem)})
	on("/api/obs/scenes/{scene}/items/{id}", methods{"PUT": operator(s.putItem), "DELETE": operator(s.removeItem)})

	on("/api/obs/studio-mode", methods{"GET": operator(s.studioMode), "PUT": operator(s.putStudioMode)})
	on("/api/obs/preview-scene", methods{"GET": operator(s.previewScene), "POST": operator(s.switchPreview)})
	on("/api/obs/transition", methods{"GET": operator(s.transition), "PUT": operator(s.putTransition), "POST": operator(s.triggerTransition)})

	on("/api/obs/outputs", methods{"GET": operator(s.outputs)})
	for _, call := range outputCalls {
		on("/api/obs/"+call.path, methods{"POST": operator(s.outputCall(call))})
	}
	on("/api/obs/stream/stop", methods{"POST": operator(s.stopStream)})
	on("/api/obs/record/stop", methods{"POST": operator(s.stopRecord)})

	on("/api/obs/inputs", methods{"GET": operator(s.listInputs)})
	on("/api/obs/inputs/{name}", methods{"PUT": operator(s.putInput)})
	on("/api/obs/screenshot", methods{"GET": operator(s.screenshot)})

	on("/api/obs/profile", methods{"GET": operator(s.profile), "PUT": admin(s.putProfile)})
	on("/api/obs/collection", methods{"GET": operator(s.collection), "PUT": admin(s.putCollection)})
	on("/api/obs/vendor", methods{"POST": admin(s.callVendor)})

	browsers := &browserCalls{Server: s}
	on("/api/obs/browser-sources", methods{"GET": operator(browsers.list), "POST": admin(browsers.add)})
	on("/api/obs/browser-sources/{name}", methods{"PUT": admin(browsers.put)})
	on("/api/obs/browser-sources/{name}/refresh", methods{"POST": operator(browsers.refresh)})
	on("/api/obs/browser-sources/undo", methods{"POST": admin(browsers.undo), "PUT": admin(func(w http.ResponseWriter, r *http.Request) {
		r.SetPathValue("name", "undo") // a source may be called that
		browsers.put(w, r)
	})})

	on("/api/obs/instances", methods{"GET": admin(s.listInstances), "POST": admin(s.addInstance)})
	on("/api/obs/instances/{id}", methods{"DELETE": admin(s.removeInstance)})
	on("/api/obs/instances/{id}/activate", methods{"POST": admin(s.activateInstance)})
}

// askOBS carries out a command, or answers why not.
func (s *Server) askOBS(w http.ResponseWriter, r *http.Request, cmd app.OBSCommand) (app.OBSAnswer, bool) {
	got, err := s.doOBS(r, cmd)
	if err != nil {
		s.refuse(w, r, err)
	}
	return got, err == nil
}

// askAboutScene is askOBS for a command that names a scene, "" for all of them.
func (s *Server) askAboutScene(w http.ResponseWriter, r *http.Request, scene string, cmd app.OBSCommand) (app.OBSAnswer, bool) {
	got, err := s.doOBS(r, cmd)
	switch {
	case app.CodeOf(err) == app.CodeNotFound && scene != "" && s.core.Snapshot().OBS.SceneIndex(scene) < 0:
		answerError(w, http.StatusNotFound, app.CodeNotFound, "Scene '"+scene+"' not found in OBS")
	case err != nil:
		s.refuse(w, r, err)
	}
	return got, err == nil
}

// readOptionalBody is readBody for a body that may be missing.
func (s *Server) readOptionalBody(w http.ResponseWriter, r *http.Request, value any) bool {
	return r.ContentLength == 0 || s.readBody(w, r, value)
}

// invalid answers 400.
func invalid(w http.ResponseWriter, message string) {
	answerError(w, http.StatusBadRequest, app.CodeInvalid, message)
}

// keyOf returns the text key of an error, "" where it has none.
func keyOf(err error) string {
	if known, ok := errors.AsType[*app.Error](err); ok {
		return known.Key
	}
	return ""
}
