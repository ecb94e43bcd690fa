package obsbridge

import (
	"context"
	"errors"
	"fmt"

	"cuewire/app"
)

// DoOBS implements app.OBS.
func (b *Bridge) DoOBS(ctx context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	switch c := cmd.(type) {
	case app.ConnectOBS:
		return nil, b.connect(ctx, c)
	case app.DisconnectOBS:
		return nil, b.again(ctx, true)
	case app.ReconnectOBS:
		return nil, b.again(ctx, false)
	case app.WatchOBS:
		return nil, b.watchEvents(ctx, c)
	case app.ListOBS:
		return b.instances.list(), nil
	case app.AddOBS:
		return b.instances.add(c)
	case app.RemoveOBS:
		return nil, b.instances.remove(c.ID)
	case app.ActivateOBS:
		return nil, b.activate(ctx, c.ID)
	}
	l, err := b.connected()
	if err != nil {
		return nil, err
	}
	switch cmd.(type) {
	case app.AddBrowserSource, app.UndoAddBrowserSource:
		if err := b.adding.Acquire(ctx, 1); err != nil {
			return nil, failure(err)
		}
		defer b.adding.Release(1)
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
	if err := b.do(ctx, &order{wish: w, given: l}); err != nil {
		return err
	}
	if err := b.instances.connected(w.target); err != nil {
		b.log.Warn("the choice of OBS is not remembered", "err", err) // connected it is
	}
	return nil
}

// again drops the connection and, unless off, connects anew to what is wished.
func (b *Bridge) again(ctx context.Context, off bool) error {
	return b.do(ctx, &order{wish: wish{off: off}, same: true})
}

// activate makes an instance the active one and connects to it.
func (b *Bridge) activate(ctx context.Context, id string) error {
	target, err := b.instances.activate(id)
	if err != nil {
		return err
	}
	return b.do(ctx, &order{wish: wish{target: target}})
}

// watchEvents changes what one watcher watches, and asks OBS for what all of them
// do together, from the next connection on where there is none.
func (b *Bridge) watchEvents(ctx context.Context, c app.WatchOBS) error {
	if err := b.watching.Acquire(ctx, 1); err != nil {
		return failure(err)
	}
	defer b.watching.Release(1)
	b.mu.Lock()
	b.watched.set(c.Watcher, c.Events)
	wanted, l := b.watched.subscriptions(), b.live
	b.mu.Unlock()
	if l == nil {
		return nil
	}
	return failure(l.watchOnly(ctx, wanted))
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

// carryOut carries a command out over one connection.
func (l *link) carryOut(ctx context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	if params := plain(cmd); params != nil {
		return nil, l.ask(ctx, params, nil)
	}
	switch c := cmd.(type) {
	case app.SetTransition:
		return nil, l.setTransition(ctx, c)
	case app.SwitchProfile:
		return nil, l.switchProfile(ctx, c)
	case app.SwitchCollection:
		return nil, l.switchCollection(ctx, c)
	case app.ListSceneItems:
		return l.sceneItems(ctx, c.Scene)
	case app.AddSceneItem:
		return l.addSceneItem(ctx, c)
	case app.MoveSceneItem:
		return nil, l.moveSceneItem(ctx, c)
	case app.StopStream:
		return nil, l.stopStream(ctx, c)
	case app.StopRecord:
		return l.stopRecord(ctx)
	case app.ListInputs:
		return l.inputs(ctx, c.Kind)
	case app.TakeScreenshot:
		return l.screenshot(ctx, c)
	case app.CallVendor:
		return l.callVendor(ctx, c)
	case app.ListBrowserInputs:
		return l.browserInputs(ctx)
	case app.MakeBrowserInput:
		return l.makeBrowser(ctx, c)
	case app.ListBrowserSources:
		return l.browserSources(ctx)
	case app.AddBrowserSource:
		return l.addBrowserSource(ctx, c)
	case app.UndoAddBrowserSource:
		return nil, l.undoAddBrowserSource(ctx, c.Added)
	default:
		return nil, app.NewError(app.CodeInvalid, "obs.unknownCommand", fmt.Sprintf("the bridge does not know the command %T", cmd), nil)
	}
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
