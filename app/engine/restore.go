package engine

import (
	"maps"

	"cuewire/app"
)

// workingOf returns what is stored as the engine keeps it.
func workingOf(saved *app.Saved) working {
	w := working{
		rooms: saved.Rooms, settings: saved.Settings, presets: saved.Presets, sources: saved.Sources, alertRules: saved.AlertRules,
		apps: saved.Apps, quick: saved.QuickTimers, tokens: saved.Tokens,
	}
	withDefaults(&w.settings)
	return w
}

// saved returns everything that is to be stored after this step.
func (t *tx) saved() *app.Saved {
	ranks := make(map[string]int64, len(t.e.ranks))
	if !t.anew {
		maps.Copy(ranks, t.e.ranks)
	}
	maps.Copy(ranks, t.ranks)
	return &app.Saved{
		Rooms: t.rooms, Ranks: ranks, Settings: t.settings, Presets: t.presets, Sources: t.sources,
		AlertRules: t.alertRules, Apps: t.apps, QuickTimers: t.quick, Tokens: t.tokens,
	}
}

// restore puts what a backup holds in place of the present state. What ran when it
// was made counts as having run since, as after a restart. Tokens are the present
// ones: what was revoked stays revoked.
func (t *tx) restore(c app.RestoreState) error {
	if c.Saved == nil || len(c.Saved.Rooms) == 0 {
		return app.NewError(app.CodeInvalid, "safety.empty", "There is no room in this backup. Nothing was changed.", nil)
	}
	tokens := t.tokens
	t.working = workingOf(c.Saved)
	t.tokens = tokens
	t.ranks, t.histories, t.library, t.anew = maps.Clone(c.Saved.Ranks), nil, libraryHistory{}, true
	t.recover()
	t.rewrite()
	t.tell("", app.StateRestored{Backup: c.From})
	return nil
}

// rewrite has everything written anew.
func (t *tx) rewrite() { t.changes = []app.Change{app.PutEverything{Saved: t.saved()}} }

// writeAnew hands everything to the store once more when that has found its file
// damaged: it sets that aside and writes a new one.
func (e *Engine) writeAnew(err error) {
	if !app.Damaged(err) || e.anew != 0 {
		return
	}
	t := e.begin(e.line.now())
	t.rewrite()
	e.handed++
	e.anew = e.handed
	e.commit.add(t.changes, e.handed)
}

// writtenAnew tells that the store has a new file, if it has.
func (e *Engine) writtenAnew(upto uint64) {
	if e.anew == 0 || upto < e.anew {
		return
	}
	e.anew = 0
	safety, events := app.DataRecovered{Recovered: app.Recovered{At: e.line.now().Time(), Memory: true}}.Apply(e.live.Safety)
	e.live.Safety = safety
	e.publishNow(events...)
}
