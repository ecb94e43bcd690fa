package automation

import (
	"slices"

	"cuewire/app"
)

// settleScene brings a scene of OBS and the placements in it together.
func (l *look) settleScene(scene string) {
	got, err := l.OBS.DoOBS(l.ctx, app.ListSceneItems{Scene: scene})
	if err != nil {
		if app.CodeOf(err) != app.CodeNotFound { // else it has just gone
			l.failed = err
		}
		return
	}
	items, _ := got.([]app.OBSSceneItem)
	changed := false
	for _, id := range l.concerned(scene, items) {
		key := placeKey{scene, id}
		agreed, synced := l.items[key]
		item := itemOf(items, agreed, l.inputs[id].name)
		source, placed := l.snap.Sources.Source(id), l.snap.Sources.Placed(scene, id)
		switch {
		case placed != nil && ownAndActive(source) && item != nil:
			l.settleItem(key, source, placed, item)
		case placed != nil && ownAndActive(source) && synced && l.stillIn(scene):
			l.drop(key) // somebody has removed it in OBS
			l.do(l.ctx, app.UnplaceSources{Scene: scene, SourceIDs: []string{id}, FromOBS: true})
		case placed != nil && ownAndActive(source):
			changed = l.putIn(key, source, placed) || changed
		case placed == nil && ownAndActive(source) && item != nil && !synced && l.marks.added[scene] && !l.marks.all:
			l.takeOver(key, source, items, item) // somebody has put it there in OBS
		case item != nil:
			l.takeOut(key, source, placed, item, synced)
		default:
			l.drop(key)
		}
	}
	if changed {
		if got, err = l.OBS.DoOBS(l.ctx, app.ListSceneItems{Scene: scene}); err != nil {
			l.failed = err
			return
		}
		items, _ = got.([]app.OBSSceneItem)
	}
	l.settleOrder(scene, items)
}

// concerned returns the sources that may have an item in a scene, each once.
func (l *look) concerned(scene string, items []app.OBSSceneItem) (ids []string) {
	add := func(id string) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, placed := range l.snap.Sources.Scenes[scene] {
		add(placed.SourceID)
	}
	for key := range l.items {
		if key.scene == scene {
			add(key.source)
		}
	}
	for _, item := range items {
		for id, agreed := range l.inputs {
			if agreed.name == item.SourceName {
				add(id)
			}
		}
		if input := l.listed[item.SourceName]; input.SourceID != "" {
			add(input.SourceID)
			if _, known := l.inputs[input.SourceID]; !known {
				s := l.snap.Sources.Source(input.SourceID)
				l.inputs[input.SourceID] = agreedInput{name: input.Input, adopted: s == nil || s.Adopted}
			}
		}
	}
	return ids
}

// itemOf returns the item that was agreed on, else the frontmost of that input; nil
// for none.
func itemOf(items []app.OBSSceneItem, agreed agreedItem, input string) *app.OBSSceneItem {
	if input == "" {
		return nil
	}
	var found *app.OBSSceneItem
	for i := range items {
		if items[i].SourceName != input {
			continue
		}
		if agreed.id != 0 && items[i].ID == agreed.id {
			return &items[i]
		}
		if found == nil {
			found = &items[i]
		}
	}
	return found
}

// stillIn reports whether OBS has the scene: what went with it was not removed from it.
func (l *look) stillIn(scene string) bool {
	obs := l.Core.Snapshot().OBS
	return obs.Connected() && !obs.CollectionChanging && obs.SceneIndex(scene) >= 0
}

// settleItem brings a placement and its item together.
func (l *look) settleItem(key placeKey, s *app.Source, placed *app.SceneSource, item *app.OBSSceneItem) {
	if item.Width > 0 && (int(item.Width) != s.Width || int(item.Height) != s.Height) {
		l.mark(func(m *marks) { m.inputs = true }) // an older OBS does not tell that its settings were changed
	}
	actual, config := item.Shown(s.Width, s.Height), placed.Config
	if agreed, synced := l.items[key]; synced && agreed.shown != (app.Shown{}) && agreed.id == item.ID {
		if fields, differs := reported(config, agreed.shown, actual); differs {
			result, ok := l.do(l.ctx, app.UpdatePlacement{Scene: key.scene, SourceID: key.source, Fields: fields, FromOBS: true})
			if !ok {
				return
			}
			if placed = result.Snapshot.Sources.Placed(key.scene, key.source); placed == nil {
				return
			}
			config = placed.Config
		}
	}
	if l.transform(key, s, *item, config.Shown()) {
		l.items[key] = agreedItem{item.ID, config.Shown()}
	}
}

// reported returns what of a placement was changed in OBS and not in the library.
func reported(config app.Placement, agreed, actual app.Shown) (f app.PlacementFields, differs bool) {
	wanted := config.Shown()
	for _, v := range []struct {
		wanted, agreed, actual float64
		field                  **float64
		unit                   float64 // what the field is counted in
	}{
		{wanted.X, agreed.X, actual.X, &f.X, 1},
		{wanted.Y, agreed.Y, actual.Y, &f.Y, 1},
		{wanted.Width, agreed.Width, actual.Width, &f.ScaleX, config.Width},
		{wanted.Height, agreed.Height, actual.Height, &f.ScaleY, config.Height},
		{wanted.Rotation, agreed.Rotation, actual.Rotation, &f.Rotation, 1},
	} {
		if !app.Near(v.actual, v.agreed) && app.Near(v.wanted, v.agreed) && v.unit != 0 {
			value := v.actual / v.unit
			*v.field, differs = &value, true
		}
	}
	if actual.Visible != agreed.Visible && wanted.Visible == agreed.Visible {
		f.Visible, differs = &actual.Visible, true
	}
	return f, differs
}

// transform shows an item as wanted, as far as it is not.
func (l *look) transform(key placeKey, s *app.Source, item app.OBSSceneItem, wanted app.Shown) bool {
	actual := item.Shown(s.Width, s.Height)
	var cmds []app.OBSCommand
	same := app.Near(actual.X, wanted.X) && app.Near(actual.Y, wanted.Y) && app.Near(actual.Rotation, wanted.Rotation) &&
		app.Near(actual.Width, wanted.Width) && app.Near(actual.Height, wanted.Height)
	if !same || !item.Plain() {
		width, height := item.PageSize(s.Width, s.Height)
		cmds = append(cmds, app.TransformSceneItem{
			Scene: key.scene, Item: item.ID, X: wanted.X, Y: wanted.Y,
			ScaleX: wanted.Width / width, ScaleY: wanted.Height / height, Rotation: wanted.Rotation,
		})
	}
	if actual.Visible != wanted.Visible {
		cmds = append(cmds, app.ShowSceneItem{Scene: key.scene, Item: item.ID, Visible: wanted.Visible})
	}
	for _, cmd := range cmds {
		if _, err := l.OBS.DoOBS(l.ctx, cmd); err != nil {
			l.fails(s, err)
			return false
		}
	}
	return true
}

// putIn puts a source into a scene of OBS, hidden until it stands where it is to be.
func (l *look) putIn(key placeKey, s *app.Source, placed *app.SceneSource) bool {
	if _, known := l.inputs[s.ID]; !known && l.find(s) {
		l.settleInput(s)
	}
	item, err := l.addItem(key, s)
	if err != nil {
		l.fails(s, err)
		return false
	}
	// Wherever OBS has put it, everything about it is set.
	if !l.transform(key, s, app.OBSSceneItem{ID: item}, placed.Config.Shown()) {
		return false
	}
	l.items[key] = agreedItem{item, placed.Config.Shown()}
	return true
}

// addItem makes an item of the source's input, and the input where there is none.
func (l *look) addItem(key placeKey, s *app.Source) (item int, err error) {
	if agreed, known := l.inputs[s.ID]; known {
		got, err := l.OBS.DoOBS(l.ctx, app.AddSceneItem{Scene: key.scene, Source: agreed.name, Hidden: true})
		if added, ok := got.(app.OBSSceneItem); ok && err == nil {
			return added.ID, nil
		}
		if app.CodeOf(err) != app.CodeNotFound {
			return 0, err
		}
		delete(l.inputs, s.ID) // it has gone with its last item
	}
	wanted, err := l.wanted(s)
	if err != nil {
		return 0, err
	}
	got, err := l.OBS.DoOBS(l.ctx, app.MakeBrowserInput{Scene: key.scene, Name: s.Name, SourceID: s.ID, Settings: wanted})
	if err != nil {
		return 0, err
	}
	made, _ := got.(app.MadeBrowserInput)
	l.agree(s, made.Input, wanted)
	return made.Item, nil
}

// drop forgets an item, and the input with the last of them: OBS removes an input
// that is in no scene.
func (l *look) drop(key placeKey) {
	delete(l.items, key)
	for other := range l.items {
		if other.source == key.source {
			return
		}
	}
	if !l.inputs[key.source].adopted {
		delete(l.inputs, key.source)
	}
}

// takeOver makes a placement of what somebody has put into a scene in OBS.
func (l *look) takeOver(key placeKey, s *app.Source, items []app.OBSSceneItem, item *app.OBSSceneItem) {
	shown := item.Shown(s.Width, s.Height)
	c := app.PlacementFrom(shown, s.Width, s.Height)
	fields := app.PlacementFields{X: &c.X, Y: &c.Y, ScaleX: &c.ScaleX, ScaleY: &c.ScaleY, Rotation: &c.Rotation, Visible: &c.Visible}
	_, ok := l.do(l.ctx, app.PlaceSources{Scene: key.scene, Places: []app.PlaceSource{{SourceID: s.ID, Config: fields}}, FromOBS: true})
	if ok {
		l.items[key] = agreedItem{item.ID, shown}
	}
}

// takeOut takes an item out of OBS that is not wanted there any more. What was
// OBS's own before is only hidden, and left alone when it was not shown for us.
func (l *look) takeOut(key placeKey, s *app.Source, placed *app.SceneSource, item *app.OBSSceneItem, synced bool) {
	adopted := l.inputs[key.source].adopted
	var cmd app.OBSCommand = app.RemoveSceneItem{Scene: key.scene, Item: item.ID}
	if adopted && !synced {
		return
	}
	if adopted && (placed != nil || s == nil) {
		cmd = app.ShowSceneItem{Scene: key.scene, Item: item.ID, Visible: false}
	}
	if _, err := l.OBS.DoOBS(l.ctx, cmd); err != nil && app.CodeOf(err) != app.CodeNotFound {
		l.failed = err
		return
	}
	l.drop(key)
}

// settleOrder brings the stacking of a scene's items and of its placements together.
func (l *look) settleOrder(scene string, items []app.OBSSceneItem) {
	byItem := map[int]string{}
	for key, agreed := range l.items {
		if key.scene == scene {
			byItem[agreed.id] = key.source
		}
	}
	var actual, wanted []string // sources, the front first
	for _, item := range items {
		if id := byItem[item.ID]; id != "" {
			actual = append(actual, id)
		}
	}
	sources := l.Core.Snapshot().Sources
	for _, placed := range slices.Backward(sources.Scenes[scene]) {
		if slices.Contains(actual, placed.SourceID) {
			wanted = append(wanted, placed.SourceID)
		}
	}
	agreed := l.orders[scene]
	switch {
	case len(wanted) != len(actual): // it changes right now; another look is coming
		return
	case slices.Equal(actual, wanted):
	case slices.Equal(wanted, agreed):
		l.reportOrder(scene, sources, actual)
		wanted = actual
	default:
		l.reorder(scene, items, byItem, wanted)
	}
	l.orders[scene] = wanted
}

// reportOrder gives the placements the order, the front first, that they have in OBS.
func (l *look) reportOrder(scene string, sources app.SourcesState, order []string) {
	levels := make([]int, 0, len(order))
	for _, id := range order {
		levels = append(levels, sources.Placed(scene, id).Config.ZIndex)
	}
	slices.Sort(levels)
	for i := 1; i < len(levels); i++ {
		levels[i] = max(levels[i], levels[i-1]+1)
	}
	for i, id := range slices.Backward(order) {
		level := levels[len(order)-1-i]
		if sources.Placed(scene, id).Config.ZIndex != level {
			l.do(l.ctx, app.UpdatePlacement{Scene: scene, SourceID: id, Fields: app.PlacementFields{ZIndex: &level}, FromOBS: true})
		}
	}
}

// reorder moves the items of our sources among the places that they have, so that
// all others keep theirs.
func (l *look) reorder(scene string, items []app.OBSSceneItem, byItem map[int]string, wanted []string) {
	ids := make([]int, len(items))
	var places []int
	itemOf := map[string]int{}
	for i, item := range items {
		ids[i] = item.ID
		if source := byItem[item.ID]; source != "" {
			places = append(places, i)
			itemOf[source] = item.ID
		}
	}
	for k, source := range wanted {
		place, item := places[k], itemOf[source]
		if ids[place] == item {
			continue
		}
		if _, err := l.OBS.DoOBS(l.ctx, app.MoveSceneItem{Scene: scene, Item: item, Place: place}); err != nil {
			l.failed = err
			return
		}
		from := slices.Index(ids, item)
		ids = slices.Insert(slices.Delete(ids, from, from+1), place, item)
	}
}
