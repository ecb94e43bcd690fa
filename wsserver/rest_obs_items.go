package wsserver

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"cuewire/app"
)

// listedItem is a scene item, sceneItemIndex counting from the top.
type listedItem struct {
	ID    int `json:"sceneItemId"`
	Index int `json:"sceneItemIndex"`
	sceneItem
}

func listed(index int, item app.OBSSceneItem) listedItem {
	return listedItem{item.ID, index, sceneItem{
		item.SourceName, item.SourceKind, item.Visible,
		&transform{item.X, item.Y, item.Width, item.Height, item.ScaleX, item.ScaleY, item.Rotation},
	}}
}

// itemsOf asks OBS what is in the scene that the path names, or answers why not.
func (s *Server) itemsOf(w http.ResponseWriter, r *http.Request) ([]app.OBSSceneItem, bool) {
	name := r.PathValue("scene")
	got, ok := s.askAboutScene(w, r, name, app.ListSceneItems{Scene: name})
	items, _ := got.([]app.OBSSceneItem)
	return items, ok
}

// itemID returns the item that the path names, or answers 400.
func itemID(w http.ResponseWriter, r *http.Request) (int, bool) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || id < 0 {
		invalid(w, "The id of a scene item is a whole number.")
		return 0, false
	}
	return id, true
}

// itemAt returns where among items the one with that id is, or answers 404.
func itemAt(w http.ResponseWriter, scene string, items []app.OBSSceneItem, id int) (int, bool) {
	at := slices.IndexFunc(items, func(item app.OBSSceneItem) bool { return item.ID == id })
	if at < 0 {
		answerError(w, http.StatusNotFound, app.CodeNotFound, fmt.Sprintf("Scene '%s' has no item %d in OBS", scene, id))
	}
	return at, at >= 0
}

func (s *Server) listItems(w http.ResponseWriter, r *http.Request) {
	items, ok := s.itemsOf(w, r)
	if !ok {
		return
	}
	shown := make([]listedItem, len(items))
	for i, item := range items {
		shown[i] = listed(i, item)
	}
	answer(w, http.StatusOK, map[string]any{"sceneName": r.PathValue("scene"), "items": shown})
}

func (s *Server) addItem(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Source string `json:"sourceName"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Source == "" {
		invalid(w, "sourceName must be the name of a source in OBS.")
		return
	}
	name := r.PathValue("scene")
	got, ok := s.askAboutScene(w, r, name, app.AddSceneItem{Scene: name, Source: body.Source})
	if item, made := got.(app.OBSSceneItem); ok && made {
		answer(w, http.StatusCreated, listed(0, item))
	}
}

// putItem changes the fields given, after seeing that the item and its new place
// exist. What OBS may refuse most goes first.
func (s *Server) putItem(w http.ResponseWriter, r *http.Request) {
	id, ok := itemID(w, r)
	if !ok {
		return
	}
	var body struct {
		Visible  *bool    `json:"visible"`
		Index    *int     `json:"index"`
		X        *float64 `json:"x"`
		Y        *float64 `json:"y"`
		ScaleX   *float64 `json:"scaleX"`
		ScaleY   *float64 `json:"scaleY"`
		Rotation *float64 `json:"rotation"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	name := r.PathValue("scene")
	place := app.PlaceSceneItem{
		Scene: name, Item: id,
		X: body.X, Y: body.Y, ScaleX: body.ScaleX, ScaleY: body.ScaleY, Rotation: body.Rotation,
	}
	var cmds []app.OBSCommand
	if place != (app.PlaceSceneItem{Scene: name, Item: id}) {
		cmds = append(cmds, place)
	}
	if body.Index != nil {
		cmds = append(cmds, app.MoveSceneItem{Scene: name, Item: id, Place: *body.Index})
	}
	if body.Visible != nil {
		cmds = append(cmds, app.ShowSceneItem{Scene: name, Item: id, Visible: *body.Visible})
	}
	if len(cmds) == 0 {
		invalid(w, "At least one of visible, index, x, y, scaleX, scaleY and rotation must be given.")
		return
	}
	items, ok := s.itemsOf(w, r)
	if !ok {
		return
	}
	if _, ok := itemAt(w, name, items, id); !ok {
		return
	}
	if body.Index != nil && (*body.Index < 0 || *body.Index >= len(items)) {
		invalid(w, fmt.Sprintf("index must be a whole number from 0, the top, to %d.", len(items)-1))
		return
	}
	for _, cmd := range cmds {
		if _, ok := s.askAboutScene(w, r, name, cmd); !ok {
			return
		}
	}
	if items, ok = s.itemsOf(w, r); !ok {
		return
	}
	if at, ok := itemAt(w, name, items, id); ok {
		answer(w, http.StatusOK, listed(at, items[at]))
	}
}

func (s *Server) removeItem(w http.ResponseWriter, r *http.Request) {
	id, ok := itemID(w, r)
	if !ok {
		return
	}
	name := r.PathValue("scene")
	if _, ok := s.askAboutScene(w, r, name, app.RemoveSceneItem{Scene: name, Item: id}); ok {
		answer(w, http.StatusOK, struct {
			done
			Scene string `json:"sceneName"`
			ID    int    `json:"sceneItemId"`
		}{done{Success: true, Message: "Scene item removed"}, name, id})
	}
}
