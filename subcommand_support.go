package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"cuewire/app"
	"cuewire/app/insight"
	"cuewire/app/store"
	"cuewire/metrics"
)

var supportCommand = subcommand{
	name: "support", usage: "[FILE.zip] [--data-dir DIR]",
	about: "write a file for who helps: versions, figures, the log, without secrets",
	prepare: func(*pflag.FlagSet) func(context.Context, *program, []string) error {
		return func(ctx context.Context, p *program, args []string) error {
			file := "cuewire-support-" + time.Now().Format("20060102-150405") + ".zip"
			switch {
			case len(args) > 1:
				return tooMuch(args[1])
			case len(args) == 1:
				file = args[0]
			}
			return p.writeSupport(ctx, file)
		}
	},
}

// writeSupport writes the support file: that of the copy that runs, else what is in
// the folder; and that too where the copy does not answer.
func (p *program) writeSupport(ctx context.Context, file string) error {
	out, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // before the work
	if err != nil {
		return cannotWrite(file, err)
	}
	var bundle []byte
	err = p.inFolder(ctx, func() error {
		bundle, err = p.bundleOfFolder(ctx, true)
		return err
	}, func(other running) error {
		bundle, _, err = other.ask(ctx, http.MethodGet, "/api/system/support", nil, nil)
		return err
	})
	if e, ok := errors.AsType[*app.Error](err); ok && e.Key == errSilent.Key {
		fmt.Fprintln(p.errOut, p.words.T("insight.support.silent", nil))
		bundle, err = p.bundleOfFolder(ctx, false)
	}
	if err == nil {
		if _, err = out.Write(bundle); err != nil {
			err = cannotWrite(file, err)
		}
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return errors.Join(err, os.Remove(file))
	}
	if path, err := filepath.Abs(file); err == nil {
		file = path
	}
	fmt.Fprintln(p.out, p.words.T("insight.support.written", map[string]any{"File": file}))
	return nil
}

func cannotWrite(file string, err error) error {
	var path *os.PathError
	reason := err.Error()
	if errors.As(err, &path) {
		reason = path.Err.Error()
	}
	return &app.Error{
		Code: app.CodeUnavailable, Key: "command.cannotWrite", Message: "The file " + file + " could not be written: " + reason,
		Args: map[string]any{"File": file, "Reason": reason}, Err: err,
	}
}

// bundleOfFolder makes a support file of what is in the data folder. The database
// is opened only by who has the folder; that it cannot be opened is told in the file.
func (p *program) bundleOfFolder(ctx context.Context, ours bool) ([]byte, error) {
	p.logs.Recall(p.dataDir)
	bundle := insight.Bundle{
		Version: version, Log: p.logs, Crashes: insight.OpenCrashes(p.dataDir, p.logs.Redactor), Machine: sync.OnceValue(metrics.Machine),
		Problem: errSilent,
	}
	if ours {
		var s *store.Store
		if s, bundle.Problem = store.Open(ctx, store.Config{Dir: p.dataDir, Log: p.logs.Logger("store")}); bundle.Problem == nil {
			defer s.Close() // nothing was written
			bundle.Database = s.Check
			bundle.Snapshot, bundle.Problem = stored(ctx, s)
		}
	}
	var b bytes.Buffer
	if err := bundle.WriteBundle(ctx, &b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// stored returns what the database holds as a snapshot, nil where it cannot be read.
func stored(ctx context.Context, s *store.Store) (func() *app.Snapshot, error) {
	saved, err := s.Load(ctx)
	if err != nil {
		return nil, err
	}
	snap := &app.Snapshot{
		At: app.InstantOf(time.Now()), Rooms: saved.Rooms, Settings: saved.Settings, Presets: saved.Presets, Sources: saved.Sources,
		Apps: saved.Apps, QuickTimers: saved.QuickTimers, Tokens: saved.Tokens,
		OBS: app.OBSState{Phase: app.OBSOff},
	}
	return func() *app.Snapshot { return snap }, nil
}
