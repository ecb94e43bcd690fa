package insight

import (
	"archive/zip"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"time"

	"cuewire/app"
)

//go:embed README.txt
var readme string

// bundlePatience is how long one part of a bundle may take.
const bundlePatience = 10 * time.Second

// Bundle is the support file. Log must be given; what else is nil is left out.
// docs/insight.md says what is in it.
type Bundle struct {
	Version  string
	Args     []string  // that Cuewire was started with
	Started  time.Time // zero where it does not run
	Log      *Log
	Crashes  *Crashes
	Machine  func() app.Machine
	Snapshot func() *app.Snapshot
	Metrics  func(io.Writer) error
	Database func(context.Context) (app.DatabaseHealth, error)
	Problem  error // why something is missing
}

var _ app.Support = (*Bundle)(nil)

// WriteBundle implements [app.Support].
func (b *Bundle) WriteBundle(ctx context.Context, w io.Writer) error {
	var snap *app.Snapshot
	redact := &Redactor{known: b.Log.told()}
	if b.Snapshot != nil {
		snap = b.Snapshot()
		for _, a := range snap.Apps {
			redact.Hide(a.Key, a.Secret)
		}
	}
	p := &packing{zip: zip.NewWriter(w), redact: redact, at: time.Now()}
	p.problem("the data folder", b.Problem)
	p.text("README.txt", readme)
	p.json("version.json", b.about())
	if snap != nil {
		p.json("settings.json", snap.Settings)
		p.json("state.json", stateOf(snap))
		p.json("obs.json", obsOf(snap.OBS))
	}
	if b.Metrics != nil {
		p.part("metrics.txt", b.Metrics)
	}
	p.part("goroutines.txt", func(w io.Writer) error { return pprof.Lookup("goroutine").WriteTo(w, 1) })
	if b.Database != nil {
		check, done := context.WithTimeout(ctx, bundlePatience)
		health, err := b.Database(check)
		done()
		p.problem("database.json", err)
		p.json("database.json", health)
	}
	p.text("log.jsonl", string(b.Log.ring.text()))
	if b.Crashes != nil {
		names, texts, err := b.Crashes.Reports()
		p.problem("crashes", err)
		for i, name := range names {
			p.text("crashes/"+name, string(texts[i]))
		}
	}
	if len(p.problems) > 0 {
		p.text("problems.txt", strings.Join(p.problems, "\n")+"\n")
	}
	return errors.Join(p.err, p.zip.Close(), ctx.Err())
}

// about is version.json.
func (b *Bundle) about() map[string]any {
	about := map[string]any{
		"cuewire": b.Version, "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH, "cores": runtime.NumCPU(),
		"made": time.Now().UTC(), "args": b.Args, "goroutines": runtime.NumGoroutine(),
		"system": nil, "processor": nil, "started": nil, "uptimeSeconds": nil,
	}
	if b.Machine != nil {
		machine := b.Machine()
		about["system"], about["processor"] = machine.System, machine.Model
	}
	if !b.Started.IsZero() {
		about["started"], about["uptimeSeconds"] = b.Started.UTC(), time.Since(b.Started).Seconds()
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	about["memory"] = map[string]any{"heapBytes": memory.HeapAlloc, "systemBytes": memory.Sys - memory.HeapReleased, "collections": memory.NumGC}
	if info, ok := debug.ReadBuildInfo(); ok {
		modules := map[string]string{}
		for _, m := range info.Deps {
			modules[m.Path] = m.Version
		}
		about["modules"] = modules
	}
	return about
}

// packing is a bundle that is being written.
type packing struct {
	zip      *zip.Writer
	redact   *Redactor
	at       time.Time
	problems []string
	err      error // of the writer
}

// problem remembers what could not be found out.
func (p *packing) problem(name string, err error) {
	if err != nil {
		p.problems = append(p.problems, name+": "+p.redact.Text(err.Error()))
	}
}

// text adds a file. What kinds of secrets look like was taken out of the texts
// where they were made; those that are known are looked for once more.
func (p *packing) text(name, text string) {
	file, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.at})
	if err == nil {
		_, err = io.WriteString(file, withoutHome(p.redact.withoutKnown(text)))
	}
	p.err = errors.Join(p.err, err)
}

func (p *packing) part(name string, write func(io.Writer) error) {
	var b bytes.Buffer
	p.problem(name, contained(func() error { return write(&b) }))
	p.text(name, b.String())
}

// json adds a value, with what stands under the names of secrets taken out.
func (p *packing) json(name string, value any) {
	text, err := json.Marshal(value)
	var plain any
	if err == nil {
		err = json.Unmarshal(text, &plain)
	}
	if err == nil {
		text, err = json.MarshalIndent(p.redact.plain(plain), "", "  ")
	}
	p.problem(name, err)
	if err == nil {
		p.text(name, string(text)+"\n")
	}
}

// contained makes a fault of what a bundle asks an error.
func contained(ask func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("it failed: %v", fault)
		}
	}()
	return ask()
}
