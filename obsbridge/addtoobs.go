package obsbridge

import (
	"context"
	"fmt"
	"time"

	"github.com/andreykaipov/goobs/api/requests/config"
	"github.com/andreykaipov/goobs/api/requests/inputs"
	"github.com/andreykaipov/goobs/api/requests/sceneitems"
	"github.com/andreykaipov/goobs/api/requests/scenes"

	"cuewire/app"
)

// Codes of obs-websocket's RequestStatus.
const (
	statusNotFound    = 600
	statusExists      = 601
	statusInvalidKind = 605
)

// How often adding to all scenes is tried while their list changes.
const (
	addTries = 5
	addPause = 100 * time.Millisecond
)

// addBrowserSource implements app.AddBrowserSource: all of it or nothing. The
// bridge lets one in at a time, so that two clicks never make two sources.
func (l *link) addBrowserSource(ctx context.Context, c app.AddBrowserSource) (app.AddedBrowserSource, error) {
	if err := checkBrowserSource(c); err != nil {
		return app.AddedBrowserSource{}, err
	}
	for try := 1; ; try++ {
		added, err := l.addOrUndo(ctx, c)
		// OBS goes on listing a scene for a moment after it was removed; what is put
		// into that goes with it.
		if c.Scene != "" || !refusedWith(err, statusNotFound) || try == addTries {
			return added, err
		}
		sleep(ctx, addPause)
	}
}

func (l *link) addOrUndo(ctx context.Context, c app.AddBrowserSource) (app.AddedBrowserSource, error) {
	var added app.AddedBrowserSource
	err := l.addTo(ctx, c, &added)
	if err == nil {
		return added, nil
	}
	undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), askTime)
	defer cancel()
	if undoErr := l.undoAddBrowserSource(undo, added); undoErr != nil {
		l.log.Warn("a half-made browser source stays in OBS", "input", added.Input, "err", undoErr)
	}
	return app.AddedBrowserSource{}, err
}

func (l *link) addTo(ctx context.Context, c app.AddBrowserSource, added *app.AddedBrowserSource) error {
	into, err := l.scenesNamed(ctx, c.Scene)
	if err != nil {
		return err
	}
	existing, err := l.browserSources(ctx)
	if err != nil {
		return err
	}
	for _, s := range existing {
		if c.Page != "" && s.Page == c.Page || s.URL == c.URL {
			added.Input = s.Input
			if !sameSettings(s, wantedSource(c)) {
				added.Before = &s
				if err := l.setBrowser(ctx, s.Input, wantedSource(c)); err != nil {
					return err
				}
			}
			break
		}
	}
	for _, scene := range into {
		if err := l.addToScene(ctx, scene, c, added); err != nil {
			return err
		}
	}
	return nil
}

// scenesNamed returns the scene of that name, or all for "".
func (l *link) scenesNamed(ctx context.Context, name string) ([]string, error) {
	var list scenes.GetSceneListResponse
	if err := l.ask(ctx, &scenes.GetSceneListParams{}, &list); err != nil {
		return nil, err
	}
	var found []string
	for _, s := range list.Scenes {
		if name == "" || s.SceneName == name {
			found = append(found, s.SceneName)
		}
	}
	if len(found) == 0 {
		return nil, app.NewError(app.CodeNotFound, "obs.noScene", "OBS has no scene named "+name, map[string]any{"Scene": name})
	}
	return found, nil
}

// addToScene makes the source, the first time, and an item of it, unless the
// scene has one.
func (l *link) addToScene(ctx context.Context, scene string, c app.AddBrowserSource, added *app.AddedBrowserSource) error {
	if added.Input == "" {
		item, err := l.createBrowser(ctx, scene, c, added)
		if err != nil {
			return err
		}
		return l.placeItem(ctx, scene, item, c)
	}
	switch _, err := l.itemOf(ctx, scene, added.Input); {
	case err == nil:
		return nil
	case !refusedWith(err, statusNotFound):
		return err
	}
	var made sceneitems.CreateSceneItemResponse
	if err := l.ask(ctx, &sceneitems.CreateSceneItemParams{SceneName: &scene, SourceName: &added.Input}, &made); err != nil {
		return err
	}
	added.Items = append(added.Items, app.OBSPlacedItem{Scene: scene, Item: made.SceneItemId})
	return l.placeItem(ctx, scene, made.SceneItemId, c)
}

// createBrowser makes the source under the first name that is free.
func (l *link) createBrowser(ctx context.Context, scene string, c app.AddBrowserSource, added *app.AddedBrowserSource) (int, error) {
	kind := browserKind
	for n := 1; ; n++ {
		name := c.Name
		if n > 1 {
			name = fmt.Sprintf("%s %d", c.Name, n)
		}
		var made inputs.CreateInputResponse
		err := l.ask(ctx, &inputs.CreateInputParams{
			SceneName: &scene, InputName: &name, InputKind: &kind, InputSettings: settingsOf(wantedSource(c)),
		}, &made)
		switch {
		case err == nil:
			added.Input, added.Created = name, true
			added.Items = append(added.Items, app.OBSPlacedItem{Scene: scene, Item: made.SceneItemId})
			return made.SceneItemId, nil
		case refusedWith(err, statusInvalidKind):
			return 0, app.NewError(app.CodeUnavailable, "obs.noBrowser", "this OBS has no browser source", nil)
		case !refusedWith(err, statusExists) || n == 100:
			return 0, err
		}
	}
}

// itemOf returns the item of a source in a scene; a refusal with statusNotFound
// when there is none.
func (l *link) itemOf(ctx context.Context, scene, source string) (int, error) {
	var found sceneitems.GetSceneItemIdResponse
	err := l.ask(ctx, &sceneitems.GetSceneItemIdParams{SceneName: &scene, SourceName: &source}, &found)
	return found.SceneItemId, err
}

func (l *link) placeItem(ctx context.Context, scene string, item int, c app.AddBrowserSource) error {
	at := c.Place
	if at == nil {
		var video config.GetVideoSettingsResponse
		if err := l.ask(ctx, &config.GetVideoSettingsParams{}, &video); err != nil {
			return err
		}
		at = fit(float64(c.Width), float64(c.Height), video.BaseWidth, video.BaseHeight)
	}
	topLeft := 5
	return l.ask(ctx, &setTransform{Scene: scene, Item: item, Transform: place{
		PositionX: &at.X, PositionY: &at.Y, ScaleX: &at.ScaleX, ScaleY: &at.ScaleY, Alignment: &topLeft,
	}}, nil)
}

// fit returns where a page of that size is as large as the canvas allows, centred.
func fit(width, height, canvasWidth, canvasHeight float64) *app.OBSPlace {
	scale := min(canvasWidth/width, canvasHeight/height)
	return &app.OBSPlace{
		X: (canvasWidth - width*scale) / 2, Y: (canvasHeight - height*scale) / 2,
		ScaleX: scale, ScaleY: scale,
	}
}

// undoAddBrowserSource takes back what is still there of what was added.
func (l *link) undoAddBrowserSource(ctx context.Context, added app.AddedBrowserSource) error {
	if added.Input == "" {
		return nil
	}
	for _, made := range added.Items {
		item, err := l.itemOf(ctx, made.Scene, added.Input)
		if err == nil && item == made.Item {
			err = l.ask(ctx, &sceneitems.RemoveSceneItemParams{SceneName: &made.Scene, SceneItemId: &item}, nil)
		}
		if err != nil && !refusedWith(err, statusNotFound) {
			return err
		}
	}
	if added.Before != nil {
		err := l.setBrowser(ctx, added.Input, *added.Before)
		if err != nil && !refusedWith(err, statusNotFound) {
			return err
		}
	}
	if !added.Created {
		return nil
	}
	return l.removeUnused(ctx, added.Input)
}

// removeUnused removes an input that is in no scene any more, and returns when it
// is gone.
func (l *link) removeUnused(ctx context.Context, input string) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	all, err := l.scenesNamed(ctx, "")
	if err != nil {
		return err
	}
	for _, scene := range all {
		if _, err := l.itemOf(ctx, scene, input); !refusedWith(err, statusNotFound) {
			return err // nil: somebody has put it elsewhere too
		}
	}
	err = l.ask(ctx, &inputs.RemoveInputParams{InputName: &input}, nil)
	if err != nil && !refusedWith(err, statusNotFound) {
		return err
	}
	// OBS removes by and by; until then the source would be found and used again.
	for ctx.Err() == nil {
		err := l.ask(ctx, &inputs.GetInputSettingsParams{InputName: &input}, nil)
		if refusedWith(err, statusNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		sleep(ctx, 20*time.Millisecond)
	}
	return ctx.Err()
}
