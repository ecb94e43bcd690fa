package obsbridge

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/andreykaipov/goobs/api/requests/sceneitems"
	"github.com/andreykaipov/goobs/api/requests/scenes"
	"github.com/andreykaipov/goobs/api/typedefs"

	"cuewire/app"
)

// DoOBS implements app.OBS.
func (b *Bridge) DoOBS(ctx context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	switch c := cmd.(type) {
	case app.ConnectOBS:
		return nil, b.connect(ctx, c)
	case app.DisconnectOBS:
		b.mu.Lock()
		w := b.wish
		b.mu.Unlock()
		w.off = true
		return nil, b.do(ctx, &order{wish: w})
	case app.ReconnectOBS:
		return nil, b.reconnect(ctx)
	}
	l, err := b.connected()
	if err != nil {
		return nil, err
	}
	answer, err := l.carryOut(ctx, cmd)
	if err != nil {
		return nil, failure(err)
	}
	return answer, nil
}

func (b *Bridge) connect(ctx context.Context, c app.ConnectOBS) error {
	var w wish
	if c.Host != "" {
		t, err := checkTarget(c)
		if err != nil {
			return err
		}
		w.target = &t
	}
	l, err := b.open(ctx, w, nil)
	if err != nil {
		return failure(err)
	}
	return b.do(ctx, &order{wish: w, given: l})
}

// reconnect connects anew to what is wished. When that fails the old connection is
// dropped all the same.
func (b *Bridge) reconnect(ctx context.Context) error {
	b.mu.Lock()
	w := b.wish
	b.mu.Unlock()
	w.off = false
	l, err := b.open(ctx, w, nil)
	doErr := b.do(ctx, &order{wish: w, given: l})
	if err != nil {
		return failure(err)
	}
	return doErr
}

// connected returns the connection that commands go to.
func (b *Bridge) connected() (*link, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.live == nil || b.live.reason() != nil {
		return nil, app.NewError(app.CodeUnavailable, "obs.notConnected", "OBS is not connected. Please connect to OBS first.", nil)
	}
	if b.live.busy() {
		return nil, app.NewError(app.CodeConflict, "obs.switching", "OBS is changing its scene collection; try again when it is done", nil)
	}
	return b.live, nil
}

func (l *link) carryOut(ctx context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	switch c := cmd.(type) {
	case app.SwitchScene:
		return nil, l.ask(ctx, &scenes.SetCurrentProgramSceneParams{SceneName: &c.Scene}, nil)
	case app.ListSceneItems:
		return l.sceneItems(ctx, c.Scene)
	default:
		return nil, app.NewError(app.CodeInvalid, "obs.unknownCommand", fmt.Sprintf("the bridge does not know the command %T", cmd), nil)
	}
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

// failure turns what went wrong into what a person gets to see.
func failure(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*app.Error](err); ok {
		return e
	}
	if a, ok := errors.AsType[*attemptError](err); ok {
		return a.failure()
	}
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.failure()
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return app.NewError(app.CodeTimeout, "obs.timeout", "OBS did not answer in time", nil)
	case errors.Is(err, context.Canceled):
		return app.NewError(app.CodeTimeout, "obs.cancelled", "the request was given up before OBS answered", nil)
	case errors.Is(err, errSessionOver):
		return app.NewError(app.CodeUnavailable, "obs.lost", "the connection to OBS was lost before it answered", nil)
	}
	e := app.NewError(app.CodeInternal, "obs.fault", "the request to OBS failed", nil)
	e.Err = err
	return e
}
