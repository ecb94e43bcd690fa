//go:build !headless

package main

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"

	"cuewire/app"
	"cuewire/app/ui"
)

// question is what the dialog of a failed start says: the sentence of the error, or
// for a damaged database that there is something to choose.
func (p *program) question(err error) string {
	if e, ok := errors.AsType[*app.Error](err); ok && app.Damaged(err) {
		return p.words.T("safety.choose", e.Args)
	}
	return p.sentence(err)
}

// recoveries are what can be put in place of a damaged database: the newest good
// backup, if there is one, or nothing. Then Cuewire starts again.
func (p *program) recoveries(a fyne.App) []ui.FatalAction {
	instead := func(file string) func() {
		return func() {
			go func() { // it reads and writes files
				err := p.replaceState(context.Background(), file)
				if err == nil {
					err = p.startAgain(p.args)
				}
				fyne.Do(func() {
					if err != nil {
						p.log.Error("the damaged database stays", "err", err)
						ui.ShowFatal(a, p.words, p.sentence(err), err.Error())
						return
					}
					a.Quit()
				})
			}()
		}
	}
	actions := []ui.FatalAction{{Label: p.words.T("safety.startEmpty", nil), Do: instead("")}}
	list, err := p.listing().List(context.Background())
	if err != nil {
		p.log.Error("the backups cannot be listed", "err", err)
	}
	for _, backup := range list {
		if backup.Good {
			use := ui.FatalAction{Label: p.words.T("safety.useBackup", map[string]any{"Time": localTime(backup.At)}), Do: instead(backup.Name)}
			return append([]ui.FatalAction{use}, actions...)
		}
	}
	return actions
}

// replaceState puts a backup, or nothing where file is "", in place of a database that
// cannot be opened, with the data folder's lock.
func (p *program) replaceState(ctx context.Context, file string) (err error) {
	folder, err := takeFolder(p.dataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.leave()) }()
	if file != "" {
		file = filepath.Join(p.listing().Folder(), file)
	}
	_, err = p.listing().Replace(ctx, file)
	return err
}
