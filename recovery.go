package main

import (
	"context"
	"errors"
	"fmt"

	"cuewire/app"
	"cuewire/app/alarm"
	"cuewire/app/engine"
	"cuewire/app/store"
)

// openState opens the store and loads the state. A damaged database is for a person
// to decide about, in the window's dialog. Where there is none the newest good backup
// takes its place: what runs unattended has to come back by itself, and nothing is
// lost by it, as the damaged file is kept.
func (s *services) openState(ctx context.Context, asks bool) error {
	err := s.load(ctx)
	if !app.Damaged(err) || asks {
		return err
	}
	p := s.p
	backup, done, replaceErr := s.backups.ReplaceByNewest(ctx)
	if replaceErr != nil {
		if app.CodeOf(replaceErr) == app.CodeNotFound {
			return err // which says what can be done
		}
		return errors.Join(err, replaceErr)
	}
	p.log.Error("the database is damaged", "err", err)
	fmt.Fprintln(p.errOut, "cuewire: "+p.words.T("safety.used", map[string]any{"Time": localTime(backup.At), "Aside": done.Aside}))
	return s.load(ctx)
}

// load opens the store and loads the state; after an error neither is open.
func (s *services) load(ctx context.Context) (err error) {
	p := s.p
	s.backups = store.NewBackups(store.BackupsConfig{Dir: p.dataDir, Log: p.logs.Logger("store")})
	opened, err := store.Open(ctx, store.Config{Dir: p.dataDir, Log: p.logs.Logger("store")})
	if err != nil {
		return err
	}
	core, err := engine.Open(ctx, engine.Config{Store: opened, Log: p.logs.Logger("engine"), Example: p.example(), Ticks: app.WantTicks, Alarm: alarm.New})
	if err != nil {
		return errors.Join(err, opened.Close())
	}
	s.store, s.core = opened, core
	s.backups = store.NewBackups(store.BackupsConfig{Dir: p.dataDir, Store: opened, Core: core, Log: p.logs.Logger("store")})
	return nil
}

// listing returns the backups of the data folder, to list and read them.
func (p *program) listing() *store.Backups {
	return store.NewBackups(store.BackupsConfig{Dir: p.dataDir, Log: p.logs.Logger("store")})
}
