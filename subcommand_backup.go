package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/pflag"

	"cuewire/app"
	"cuewire/app/store"
)

var backupCommand = subcommand{
	name: "backup", usage: "[--data-dir DIR] [FILE]",
	about: "make a backup of everything, and a copy of it in FILE",
	prepare: func(*pflag.FlagSet) func(context.Context, *program, []string) error {
		return func(ctx context.Context, p *program, args []string) error {
			switch len(args) {
			case 0:
				return p.backup(ctx, "")
			case 1:
				return p.backup(ctx, args[0])
			}
			return tooMuch(args[1])
		}
	},
}

var restoreCommand = subcommand{
	name: "restore", usage: "[--data-dir DIR] FILE\n       cuewire restore --newest [--data-dir DIR]\n       cuewire restore --empty [--data-dir DIR]\n       cuewire restore --list [--data-dir DIR]",
	about: "put a backup in place of everything, list the backups",
	prepare: func(flags *pflag.FlagSet) func(context.Context, *program, []string) error {
		list := flags.Bool("list", false, "list the backups that there are")
		newest := flags.Bool("newest", false, "restore the newest good one")
		empty := flags.Bool("empty", false, "set a damaged database aside and start with an empty one")
		return func(ctx context.Context, p *program, args []string) error {
			chosen := len(args)
			for _, flag := range []bool{*list, *newest, *empty} {
				if flag {
					chosen++
				}
			}
			switch {
			case chosen == 0:
				return useError("safety.which", "Name the backup to restore; cuewire restore --list shows those that there are.", nil)
			case chosen > 1:
				return useError("safety.oneOf", "Name one file, or --newest, --empty or --list, not several.", nil)
			case *list:
				return p.listBackups(ctx)
			case *newest:
				return p.restoreNewest(ctx)
			case *empty:
				return p.startEmpty(ctx)
			}
			return p.restore(ctx, args[0])
		}
	},
}

// localTime is a time as a person of this computer reads it.
func localTime(at time.Time) string { return at.Local().Format("2006-01-02 15:04") }

// backup makes a backup and prints where it is.
func (p *program) backup(ctx context.Context, file string) error {
	var made app.Backup
	err := p.inFolder(ctx, func() error {
		return p.withBackups(ctx, func(b *store.Backups) (err error) {
			made, err = b.Make(ctx, app.BackupAsked)
			return err
		})
	}, func(other running) error {
		answer, _, err := other.ask(ctx, http.MethodPost, "/api/backups", nil, nil)
		if err == nil {
			err = json.Unmarshal(answer, &made)
		}
		return err
	})
	if err != nil {
		return err
	}
	from := filepath.Join(p.listing().Folder(), made.Name)
	if file == "" {
		_, err = fmt.Fprintln(p.out, from)
		return err
	}
	if info, statErr := os.Stat(file); statErr == nil && info.IsDir() {
		file = filepath.Join(file, made.Name)
	}
	if err := p.copyBackup(made.Name, file); err != nil {
		return &app.Error{
			Code: app.CodeUnavailable, Key: "command.cannotWrite", Message: "The file " + file + " could not be written",
			Args: map[string]any{"File": file, "Reason": reason(err)}, Err: err,
		}
	}
	_, err = fmt.Fprintln(p.out, file)
	return err
}

// copyBackup copies a backup into a file that is whole and on disk, or stays what it was.
func (p *program) copyBackup(name, file string) (err error) {
	source, _, err := p.listing().Read(name)
	if err != nil {
		return err
	}
	defer source.Close()
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // only its owner may read it
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // what matters went wrong before
		}
	}()
	_, err = io.Copy(f, source)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

// withBackups works on the backups of the data folder, whose lock is held, with the
// state loaded.
func (p *program) withBackups(ctx context.Context, work func(*store.Backups) error) error {
	return p.withState(ctx, func(core app.Core, s *store.Store) error {
		return work(store.NewBackups(store.BackupsConfig{Dir: p.dataDir, Store: s, Core: core, Log: p.log}))
	})
}

func (p *program) listBackups(ctx context.Context) error {
	list, err := p.listing().List(ctx) // whether a copy runs or not
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, p.words.T("safety.columns", nil))
	for _, b := range list {
		good := p.words.T("safety.good", nil)
		if !b.Good {
			good = p.words.T("safety.bad", nil)
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", b.Name, localTime(b.At), b.Size, p.words.T("safety.reason."+string(b.Reason), nil), good)
	}
	return table.Flush()
}

func (p *program) restoreNewest(ctx context.Context) error {
	list, err := p.listing().List(ctx)
	if err != nil {
		return err
	}
	for _, b := range list {
		if b.Good {
			return p.restore(ctx, b.Name)
		}
	}
	return app.NewError(app.CodeNotFound, "safety.none", "There is no backup that could be restored.", nil)
}

// restore puts a backup in place of everything: one of the data folder by its name, or
// a file from anywhere. A database that cannot be opened is set aside.
func (p *program) restore(ctx context.Context, file string) error {
	if inFolder := filepath.Join(p.listing().Folder(), file); filepath.Base(file) == file {
		if _, err := os.Stat(inFolder); err == nil {
			file = inFolder
		}
	}
	if _, err := os.Stat(file); err != nil {
		return &app.Error{
			Code: app.CodeInvalid, Key: "command.cannotRead", Message: "The file " + file + " could not be read",
			Args: map[string]any{"File": file, "Reason": reason(err)}, Err: err,
		}
	}
	var done app.Restored
	durable := true
	err := p.inAnyFolder(ctx, func() error {
		err := p.withBackups(ctx, func(b *store.Backups) (err error) {
			done, err = b.RestoreFile(ctx, file)
			durable = done.Durable
			return err
		})
		if !p.cannotOpen(err) {
			return err
		}
		replaced, err := p.listing().Replace(ctx, file)
		if err == nil && replaced.Aside != "" {
			fmt.Fprintln(p.errOut, p.words.T("safety.aside", map[string]any{"Aside": replaced.Aside}))
		}
		return err
	}, func(other running) (err error) {
		done, durable, err = p.restoreThere(ctx, other, file)
		return err
	})
	if err != nil {
		return err
	}
	if !durable {
		return app.NewError(app.CodeUnavailable, "safety.notKept", "The backup was restored, but the disk does not take it. Look whether it is full.", nil)
	}
	fmt.Fprintln(p.out, p.words.T("safety.restored", map[string]any{"Name": filepath.Base(file)}))
	if done.Before != nil {
		fmt.Fprintln(p.out, p.words.T("safety.before", map[string]any{"Name": done.Before.Name}))
	}
	return nil
}

// cannotOpen reports whether an error says that the present database is of no use to
// this Cuewire, so that a backup takes its place.
func (p *program) cannotOpen(err error) bool {
	e, ok := errors.AsType[*app.Error](err)
	return app.Damaged(err) || ok && e.Key == "store.newer"
}

// restoreThere has a running copy restore a file. One that is not in its folder of
// backups is there while it does.
func (p *program) restoreThere(ctx context.Context, other running, file string) (done app.Restored, durable bool, err error) {
	folder, name := p.listing().Folder(), filepath.Base(file)
	if filepath.Dir(file) != folder {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return done, false, folderError(p.dataDir, err)
		}
		f, err := os.CreateTemp(folder, strings.TrimSuffix(name, ".db")+"-*.db")
		if err != nil {
			return done, false, folderError(p.dataDir, err)
		}
		defer os.Remove(f.Name())
		source, err := os.Open(file)
		if err != nil {
			return done, false, errors.Join(err, f.Close())
		}
		defer source.Close()
		_, err = io.Copy(f, source)
		if err = errors.Join(err, f.Close()); err != nil {
			return done, false, folderError(p.dataDir, err)
		}
		name = filepath.Base(f.Name())
	}
	answer, header, err := other.ask(ctx, http.MethodPost, "/api/backups/"+url.PathEscape(name)+"/restore", nil, nil)
	if err == nil {
		err = json.Unmarshal(answer, &done)
	}
	return done, header.Get("Cuewire-Durable") != "false", err
}

// startEmpty sets a database that cannot be opened aside.
func (p *program) startEmpty(ctx context.Context) error {
	refused := app.NewError(app.CodeConflict, "safety.notDamaged", "The database is not damaged. Nothing was changed.", nil)
	return p.inFolder(ctx, func() error {
		err := p.withBackups(ctx, func(*store.Backups) error { return nil })
		if err == nil {
			return refused
		}
		if !app.Damaged(err) {
			return err
		}
		done, err := p.listing().Replace(ctx, "")
		if err == nil {
			fmt.Fprintln(p.out, p.words.T("safety.emptied", map[string]any{"Aside": done.Aside}))
		}
		return err
	}, func(running) error { return refused })
}
