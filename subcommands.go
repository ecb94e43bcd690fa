package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"cuewire/app"
	"cuewire/app/engine"
	"cuewire/app/i18n"
	"cuewire/app/insight"
	"cuewire/app/store"
	"cuewire/assets"
)

// subcommand is something that Cuewire does instead of serving: cuewire NAME
// [flags] [arguments].
type subcommand struct {
	name  string
	usage string // what stands behind the name
	about string // one line
	// prepare adds the subcommand's own flags, and returns what it does once they
	// are read. An error of wrongUse is told with a hint at --help.
	prepare func(flags *pflag.FlagSet) func(ctx context.Context, p *program, args []string) error
}

// subcommands are all of them, in the order in which --help lists them.
var subcommands = []subcommand{exportCommand, importCommand, appCommand, tokenCommand, backupCommand, restoreCommand, supportCommand}

// wrongUse is an error of the command line itself; the exit code is 2.
type wrongUse struct{ error }

func (e wrongUse) Unwrap() error { return e.error }

// useError says what is wrong with the command line.
func useError(key, message string, args map[string]any) error {
	return wrongUse{app.NewError(app.CodeInvalid, key, message, args)}
}

// findSubcommand returns the subcommand that a command line begins with, or nil.
func findSubcommand(args []string) *subcommand {
	for i, c := range subcommands {
		if len(args) > 0 && args[0] == c.name {
			return &subcommands[i]
		}
	}
	return nil
}

// listSubcommands is what --help says of them.
func listSubcommands() string {
	var b strings.Builder
	for _, c := range subcommands {
		fmt.Fprintf(&b, "  %-8s %s\n", c.name, c.about)
	}
	return b.String()
}

// run carries the subcommand out and returns the exit code: 0, 1 when it failed, 2
// for a command line that makes no sense.
func (c *subcommand) run(args []string, out, errOut io.Writer) int {
	catalogue, err := i18n.Load(assets.I18n())
	if err != nil {
		fmt.Fprintf(errOut, "cuewire: %v\n", err)
		return 1
	}
	p := &program{out: out, errOut: errOut, catalogue: catalogue, words: catalogue.In(i18n.System()), logs: insight.NewLog(errOut, slog.LevelError)}
	p.log = p.logs.Logger("")
	flags := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	flags.SetOutput(out)
	flags.SortFlags = false
	flags.StringVar(&p.dataDir, "data-dir", defaultDataDir(), "folder that keeps rooms, settings and backups")
	do := c.prepare(flags)
	flags.Usage = func() {
		fmt.Fprintf(out, "cuewire %s: %s.\n\nUsage: cuewire %s %s\n\n%s", c.name, c.about, c.name, c.usage, flags.FlagUsages())
	}
	if err := flags.Parse(args); errors.Is(err, errHelp) {
		return 0
	} else if err != nil {
		return p.misused(c, err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), stopSignals...)
	defer stop()
	err = do(ctx, p, flags.Args())
	if wrong, ok := errors.AsType[wrongUse](err); ok {
		return p.misused(c, wrong.error)
	}
	if err != nil {
		return p.fail(err)
	}
	return 0
}

// misused says what is wrong with a subcommand's line and returns the exit code.
func (p *program) misused(c *subcommand, err error) int {
	fmt.Fprintf(p.errOut, "cuewire %s: %s\n%s\n", c.name, p.sentence(err),
		p.words.T("command.help", map[string]any{"Command": "cuewire " + c.name + " --help"}))
	return 2
}

// How long a subcommand waits for a copy that has the folder and does not answer
// yet: one that starts or stops, or another subcommand.
const (
	folderPatience = 5 * time.Second
	folderPause    = 100 * time.Millisecond
)

// inFolder does a subcommand's work: here, with the data folder in its own hands,
// or, while a copy runs with it, there, by asking that copy. The work is done once.
func (p *program) inFolder(ctx context.Context, here func() error, there func(running) error) error {
	if _, err := os.Stat(filepath.Join(p.dataDir, store.FileName)); errors.Is(err, os.ErrNotExist) {
		return app.NewError(app.CodeNotFound, "command.noData", "There is nothing of Cuewire's in the folder "+p.dataDir+
			". Start Cuewire with it once, or name another with --data-dir.", map[string]any{"Folder": p.dataDir})
	}
	return p.inAnyFolder(ctx, here, there)
}

// inAnyFolder is inFolder for a folder that may be empty.
func (p *program) inAnyFolder(ctx context.Context, here func() error, there func(running) error) error {
	patience, cancel := context.WithTimeout(ctx, folderPatience)
	defer cancel()
	for {
		folder, err := takeFolder(p.dataDir)
		if err == nil {
			return errors.Join(here(), folder.leave())
		}
		if !errors.Is(err, errRunning) {
			return err
		}
		other, err := findRunning(p.dataDir)
		if err == nil {
			_, _, err = other.ask(ctx, "GET", "/api/ready", nil, nil) // alerts do not keep it from working
		}
		if err == nil {
			return there(other)
		}
		select {
		case <-patience.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return &app.Error{Code: errSilent.Code, Key: errSilent.Key, Message: errSilent.Message, Err: err}
		case <-time.After(folderPause):
		}
	}
}

// withCore runs work on the state in the data folder, whose lock is held.
func (p *program) withCore(ctx context.Context, work func(core app.Core) error) error {
	return p.withState(ctx, func(core app.Core, _ *store.Store) error { return work(core) })
}

// withState is withCore for work that needs the store too.
func (p *program) withState(ctx context.Context, work func(app.Core, *store.Store) error) (err error) {
	s, err := store.Open(ctx, store.Config{Dir: p.dataDir, Log: p.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	core, err := engine.Open(ctx, engine.Config{Store: s, Log: p.log, Example: p.example()})
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- core.Run(running) }()
	err = work(core, s)
	stop()
	return errors.Join(err, <-ended)
}
