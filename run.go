package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/insight"
	"cuewire/assets"
)

// stopSignals end Cuewire in order.
var stopSignals = []os.Signal{os.Interrupt, syscall.SIGTERM}

// run is the whole program; it returns the exit code.
func run(args []string, out, errOut io.Writer) int {
	if c := findSubcommand(args); c != nil {
		return c.run(args[1:], out, errOut)
	}
	o, err := parseFlags(args, out)
	switch {
	case errors.Is(err, errHelp):
		return 0
	case err != nil:
		fmt.Fprintf(errOut, "cuewire: %v\n", err)
		return 2
	case o.version:
		fmt.Fprint(out, describeVersion())
		return 0
	}
	catalogue, err := i18n.Load(assets.I18n())
	if err != nil {
		fmt.Fprintf(errOut, "cuewire: %v\n", err)
		return 1
	}
	p := &program{
		args: args, options: o, out: out, errOut: errOut, catalogue: catalogue, words: catalogue.In(i18n.System()),
		logs: insight.NewLog(errOut, o.level),
	}
	p.log = p.logs.Logger("")
	if o.obs != nil {
		p.logs.Hide(o.obs.Password)
	}
	if !o.headless && hasWindow() {
		return p.withWindow()
	}
	if !o.headless {
		p.say("start.noDisplay")
	}
	return p.withoutWindow()
}

// program is one start of Cuewire.
type program struct {
	args []string
	options
	out, errOut io.Writer
	catalogue   *i18n.Catalogue
	words       *i18n.Words
	logs        *insight.Log
	log         *slog.Logger // of no part in particular
}

// say prints a sentence for a person.
func (p *program) say(key string) { fmt.Fprintln(p.errOut, p.words.T(key, nil)) }

// fail prints why Cuewire cannot go on, in one sentence, and returns the exit code.
func (p *program) fail(err error) int {
	fmt.Fprintln(p.errOut, "cuewire: "+p.sentence(err))
	return 1
}

// sentence returns an error in the reader's language.
func (p *program) sentence(err error) string {
	e, ok := errors.AsType[*app.Error](err)
	if !ok {
		return err.Error()
	}
	if e.Key == "" {
		return e.Message
	}
	text := p.words.T(e.Key, e.Args)
	if text == e.Key {
		return e.Message
	}
	return text
}

// withoutWindow serves until a signal comes.
func (p *program) withoutWindow() int {
	ctx, stop := signal.NotifyContext(context.Background(), stopSignals...)
	defer stop()
	s, err := p.open(ctx, nil)
	if err != nil {
		return p.fail(err)
	}
	s.start()
	select {
	case <-ctx.Done():
	case err = <-s.failed:
	}
	stop() // a second signal ends Cuewire at once
	if err = errors.Join(err, s.stop()); err != nil {
		return p.fail(err)
	}
	return 0
}
