package wsserver

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"cuewire/app"
)

// placedSource is a source in a scene as it is answered.
type placedSource struct {
	Scene     string        `json:"sceneName"`
	ID        string        `json:"sourceId"`
	Name      string        `json:"sourceName"`
	Config    app.Placement `json:"config"`
	AddedAt   string        `json:"addedAt,omitempty"`
	UpdatedAt string        `json:"updatedAt,omitempty"`
}

// sceneOf returns the scene that the path names, or answers that OBS has none of
// that name or is not there. With ?obs=optional it is not asked for.
func (s *Server) sceneOf(w http.ResponseWriter, r *http.Request) (string, bool) {
	name := r.PathValue("scene")
	if r.URL.Query().Get("obs") == "optional" {
		return name, true
	}
	state, ok := s.connected(w, r)
	if !ok {
		return "", false
	}
	if state.SceneIndex(name) < 0 {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "Scene '"+name+"' not found in OBS")
		return "", false
	}
	return name, true
}

// placedScenes answers with all scenes in which a source stands, and those of OBS.
func (s *Server) placedScenes(w http.ResponseWriter, _ *http.Request) {
	type scene struct {
		Name  string `json:"sceneName"`
		InOBS *bool  `json:"inObs"` // null while OBS is not connected
		Total int    `json:"totalSources"`
	}
	snap := s.core.Snapshot()
	yes, no := true, false
	scenes := []scene{}
	known := map[string]bool{}
	if snap.OBS.Connected() {
		for _, one := range snap.OBS.Scenes {
			known[one.Name] = true
			scenes = append(scenes, scene{one.Name, &yes, len(snap.Sources.Scenes[one.Name])})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(snap.Sources.Scenes)) {
		if known[name] {
			continue
		}
		one := scene{Name: name, Total: len(snap.Sources.Scenes[name])}
		if snap.OBS.Connected() {
			one.InOBS = &no
		}
		scenes = append(scenes, one)
	}
	answer(w, http.StatusOK, map[string]any{"scenes": scenes})
}

func (s *Server) sceneSources(w http.ResponseWriter, r *http.Request) {
	scene, ok := s.sceneOf(w, r)
	if !ok {
		return
	}
	type shown struct {
		ID      string        `json:"id"`
		Name    string        `json:"name"`
		URL     string        `json:"url"`
		Active  bool          `json:"isActive"`
		Config  app.Placement `json:"sceneConfig"`
		AddedAt string        `json:"addedAt"`
	}
	sources := s.core.Snapshot().Sources
	in := make([]shown, 0, len(sources.Scenes[scene]))
	for _, placed := range sources.Scenes[scene] {
		if source := sources.Source(placed.SourceID); source != nil {
			in = append(in, shown{source.ID, source.Name, source.URL, source.Active, placed.Config, isoTime(placed.AddedAt)})
		}
	}
	answer(w, http.StatusOK, map[string]any{"sceneName": scene, "sources": in, "totalSources": len(in)})
}

// doPlacement carries out a command about placements; what is wrong with a value is
// said in the published words.
func (s *Server) doPlacement(w http.ResponseWriter, r *http.Request, cmd app.Command) (app.Result, bool) {
	return s.doPrefixed(w, r, "Invalid configuration: ", cmd)
}

// answerPlaced answers with a source in a scene.
func (s *Server) answerPlaced(w http.ResponseWriter, result app.Result, scene, id, message string, added bool) {
	sources := result.Snapshot.Sources
	source, placed := sources.Source(id), sources.Placed(scene, id)
	if source == nil || placed == nil {
		answerError(w, http.StatusConflict, app.CodeConflict, "Somebody has taken the source out of the scene again already.")
		return
	}
	shown := placedSource{Scene: scene, ID: id, Name: source.Name, Config: placed.Config}
	if added {
		shown.AddedAt = isoTime(placed.AddedAt)
	} else {
		shown.UpdatedAt = isoTime(placed.UpdatedAt)
	}
	s.answerChange(w, http.StatusOK, result.Durable, struct {
		done
		Placed placedSource `json:"sceneSource"`
	}{done{Success: true, Message: message}, shown})
}

func (s *Server) placeSource(w http.ResponseWriter, r *http.Request) {
	scene, ok := s.sceneOf(w, r)
	if !ok {
		return
	}
	var body struct {
		Config app.PlacementFields `json:"config"`
	}
	if r.ContentLength != 0 && !s.readBodyUpTo(w, r, maxBody, "Invalid configuration: ", &body) {
		return
	}
	id := r.PathValue("id")
	cmd := app.PlaceSources{Scene: scene, Places: []app.PlaceSource{{SourceID: id, Config: body.Config}}}
	if result, ok := s.doPlacement(w, r, cmd); ok {
		s.answerPlaced(w, result, scene, id, "Source added to scene", true)
	}
}

func (s *Server) putPlacement(w http.ResponseWriter, r *http.Request) {
	scene, ok := s.sceneOf(w, r)
	if !ok {
		return
	}
	continues := false
	if given := r.URL.Query().Get("continues"); given != "" {
		var err error
		if continues, err = strconv.ParseBool(given); err != nil {
			invalid(w, "continues must be true or false.")
			return
		}
	}
	var fields app.PlacementFields
	if !s.readBodyUpTo(w, r, maxBody, "Invalid configuration: ", &fields) {
		return
	}
	id := r.PathValue("id")
	if result, ok := s.doPlacement(w, r, app.UpdatePlacement{Scene: scene, SourceID: id, Fields: fields, Continues: continues}); ok {
		s.answerPlaced(w, result, scene, id, "Source configuration updated", false)
	}
}

func (s *Server) unplaceSource(w http.ResponseWriter, r *http.Request) {
	scene, ok := s.sceneOf(w, r)
	if !ok {
		return
	}
	id := r.PathValue("id")
	result, ok := s.doPlacement(w, r, app.UnplaceSources{Scene: scene, SourceIDs: []string{id}})
	if !ok {
		return
	}
	type removed struct {
		Scene     string `json:"sceneName"`
		ID        string `json:"sourceId"`
		Name      string `json:"sourceName"`
		RemovedAt string `json:"removedAt"`
	}
	gone := removed{Scene: scene, ID: id, RemovedAt: timestamp(result.Snapshot.At)}
	if source := result.Snapshot.Sources.Source(id); source != nil {
		gone.Name = source.Name
	}
	s.answerChange(w, http.StatusOK, result.Durable, struct {
		done
		Removed removed `json:"removedSource"`
	}{done{Success: true, Message: "Source removed from scene"}, gone})
}

// bulkResult is what became of one source of a bulk call.
type bulkResult struct {
	ID      string `json:"sourceId"`
	Success bool   `json:"success"`
	Message string `json:"message"`
}

func bulkMessage(good, all int, what string) string {
	return fmt.Sprintf("%d of %d sources %s", good, all, what)
}

// bulk carries out a command about many sources and says what became of each.
func (s *Server) bulk(w http.ResponseWriter, r *http.Request, ids []string, cmd app.Command, message string) (results []bulkResult, good int, durable, ok bool) {
	results = make([]bulkResult, len(ids))
	for i, id := range ids {
		results[i] = bulkResult{id, true, message}
	}
	result, err := s.core.Do(r.Context(), cmd)
	if err != nil {
		code := app.CodeOf(err)
		if len(ids) > 1 || code != app.CodeInvalid && code != app.CodeNotFound && code != app.CodeConflict {
			s.refuse(w, r, err)
			return nil, 0, false, false
		}
		result.Durable = true
	}
	for i := range results {
		reason := err
		if i < len(result.Each) {
			reason = result.Each[i]
		}
		if reason == nil {
			good++
			continue
		}
		results[i] = bulkResult{ids[i], false, reason.Error()}
		if app.CodeOf(reason) == app.CodeInvalid {
			results[i].Message = "Invalid configuration: " + reason.Error()
		}
	}
	return results, good, result.Durable, true
}

func (s *Server) placeMany(w http.ResponseWriter, r *http.Request) {
	scene, ok := s.sceneOf(w, r)
	if !ok {
		return
	}
	var body struct {
		Sources []struct {
			ID     string              `json:"sourceId"`
			Config app.PlacementFields `json:"config"`
		} `json:"sources"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if len(body.Sources) == 0 {
		invalid(w, "sources must name at least one source.")
		return
	}
	cmd := app.PlaceSources{Scene: scene}
	ids := make([]string, len(body.Sources))
	for i, one := range body.Sources {
		ids[i] = one.ID
		cmd.Places = append(cmd.Places, app.PlaceSource{SourceID: one.ID, Config: one.Config})
	}
	results, added, durable, ok := s.bulk(w, r, ids, cmd, "Source added to scene")
	if ok {
		s.answerChange(w, http.StatusOK, durable, struct {
			done
			Results []bulkResult `json:"results"`
			Added   int          `json:"addedCount"`
			Failed  int          `json:"failedCount"`
		}{done{Success: added > 0, Message: bulkMessage(added, len(ids), "added to the scene")}, results, added, len(ids) - added})
	}
}

func (s *Server) unplaceMany(w http.ResponseWriter, r *http.Request) {
	scene, ok := s.sceneOf(w, r)
	if !ok {
		return
	}
	var body struct {
		IDs []string `json:"sourceIds"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if len(body.IDs) == 0 {
		invalid(w, "sourceIds must name at least one source.")
		return
	}
	results, removed, durable, ok := s.bulk(w, r, body.IDs, app.UnplaceSources{Scene: scene, SourceIDs: body.IDs}, "Source removed from scene")
	if ok {
		s.answerChange(w, http.StatusOK, durable, struct {
			done
			Results []bulkResult `json:"results"`
			Removed int          `json:"removedCount"`
			Failed  int          `json:"failedCount"`
		}{done{Success: removed > 0, Message: bulkMessage(removed, len(body.IDs), "removed from the scene")}, results, removed, len(body.IDs) - removed})
	}
}
