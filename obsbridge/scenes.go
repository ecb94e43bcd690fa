package obsbridge

import (
	"context"
	"slices"

	"github.com/andreykaipov/goobs/api/requests/config"
	"github.com/andreykaipov/goobs/api/requests/sceneitems"
	"github.com/andreykaipov/goobs/api/requests/transitions"
	"github.com/andreykaipov/goobs/api/typedefs"

	"cuewire/app"
)

func (l *link) setTransition(ctx context.Context, c app.SetTransition) error {
	if c.Duration != nil && (*c.Duration < 50 || *c.Duration > 20_000) {
		return app.NewError(app.CodeInvalid, "obs.transitionDuration", "a transition takes 50 to 20000 ms", nil)
	}
	if c.Name != "" {
		if err := l.ask(ctx, &transitions.SetCurrentSceneTransitionParams{TransitionName: &c.Name}, nil); err != nil {
			return err
		}
	}
	if c.Duration == nil {
		return nil
	}
	ms := float64(*c.Duration)
	return l.ask(ctx, &transitions.SetCurrentSceneTransitionDurationParams{TransitionDuration: &ms}, nil)
}

// switchProfile refuses while an output runs: OBS would end it.
func (l *link) switchProfile(ctx context.Context, c app.SwitchProfile) error {
	if l.streaming.Load() || l.recording.Load() {
		return app.NewError(app.CodeConflict, "obs.profileWhileLive", "another profile would end the stream or the recording; stop them first", nil)
	}
	return l.ask(ctx, &config.SetCurrentProfileParams{ProfileName: &c.Profile}, nil)
}

// switchCollection waits longer than other commands: OBS answers when it is done.
func (l *link) switchCollection(ctx context.Context, c app.SwitchCollection) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, switchingTime)
		defer cancel()
	}
	return l.ask(ctx, &config.SetCurrentSceneCollectionParams{SceneCollectionName: &c.Collection}, nil)
}

func (l *link) sceneItems(ctx context.Context, scene string) ([]app.OBSSceneItem, error) {
	var list sceneitems.GetSceneItemListResponse
	if err := l.ask(ctx, &sceneitems.GetSceneItemListParams{SceneName: &scene}, &list); err != nil {
		return nil, err
	}
	// OBS counts from the bottom.
	slices.SortStableFunc(list.SceneItems, func(a, b *typedefs.SceneItem) int { return b.SceneItemIndex - a.SceneItemIndex })
	items := make([]app.OBSSceneItem, len(list.SceneItems))
	for i, item := range list.SceneItems {
		items[i] = sceneItem(item)
	}
	return items, nil
}

func sceneItem(item *typedefs.SceneItem) app.OBSSceneItem {
	t, kind := item.SceneItemTransform, item.InputKind
	switch {
	case item.IsGroup:
		kind = "group"
	case kind == "":
		kind = "scene"
	}
	return app.OBSSceneItem{
		ID: item.SceneItemID, SourceName: item.SourceName, SourceKind: kind, Visible: item.SceneItemEnabled,
		X: t.PositionX, Y: t.PositionY, Width: t.SourceWidth, Height: t.SourceHeight,
		ScaleX: t.ScaleX, ScaleY: t.ScaleY, Rotation: t.Rotation,
		Alignment: int(t.Alignment), Bounds: t.BoundsType, BoundsAlignment: int(t.BoundsAlignment),
		BoundsWidth: t.BoundsWidth, BoundsHeight: t.BoundsHeight,
		CropLeft: int(t.CropLeft), CropTop: int(t.CropTop), CropRight: int(t.CropRight), CropBottom: int(t.CropBottom),
	}
}

func (l *link) addSceneItem(ctx context.Context, c app.AddSceneItem) (app.OBSSceneItem, error) {
	var made sceneitems.CreateSceneItemResponse
	visible := !c.Hidden
	if err := l.ask(ctx, &sceneitems.CreateSceneItemParams{SceneName: &c.Scene, SourceName: &c.Source, SceneItemEnabled: &visible}, &made); err != nil {
		return app.OBSSceneItem{}, err
	}
	items, err := l.sceneItems(ctx, c.Scene)
	if err != nil {
		return app.OBSSceneItem{}, err
	}
	for _, item := range items {
		if item.ID == made.SceneItemId {
			return item, nil
		}
	}
	return app.OBSSceneItem{}, app.NewError(app.CodeConflict, "obs.itemGone", "somebody has removed the item again already", nil)
}

func (l *link) moveSceneItem(ctx context.Context, c app.MoveSceneItem) error {
	items, err := l.sceneItems(ctx, c.Scene)
	if err != nil {
		return err
	}
	if c.Place < 0 || c.Place >= len(items) {
		return app.NewError(app.CodeInvalid, "obs.place", "the scene has no such place", map[string]any{"Count": len(items)})
	}
	index := len(items) - 1 - c.Place
	return l.ask(ctx, &sceneitems.SetSceneItemIndexParams{SceneName: &c.Scene, SceneItemId: &c.Item, SceneItemIndex: &index}, nil)
}
