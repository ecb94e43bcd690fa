package insight

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"cuewire/app"
)

// The reports of crashes.
const (
	CrashFolder  = "crashes" // in the data folder
	crashRunning = "running" // what the runtime writes to when it ends by a fault; its head alone until then
	crashNew     = ".new"    // behind the name of a report that was not told yet
	crashKept    = 10        // reports; older ones are removed
	crashSize    = 256 << 10 // bytes of a report that are kept
)

// headEnd ends what is written at the start.
const headEnd = "\n---\n"

// Crashes keeps reports of how Cuewire ended by a fault, in the data folder. Nothing
// of it leaves the computer.
type Crashes struct {
	folder string
	redact *Redactor
	head   string
}

// WatchCrashes makes the runtime leave a report if Cuewire ends by a fault from now
// on, and returns what is left of earlier runs and was not told yet, the oldest
// first. The caller holds the data folder's lock. An error means that there will be
// no reports, and is a reason to tell it and go on.
func WatchCrashes(dataDir, version string, redact *Redactor) (*Crashes, []app.CrashReport, error) {
	c := &Crashes{
		folder: filepath.Join(dataDir, CrashFolder), redact: redact,
		head: fmt.Sprintf("Cuewire %s, %s, %s/%s\nstarted %s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, time.Now().UTC().Format(time.RFC3339)),
	}
	if err := os.MkdirAll(c.folder, 0o700); err != nil {
		return c, nil, fmt.Errorf("keep reports of crashes: %w", err)
	}
	untold, err := c.collect()
	running, openErr := os.OpenFile(c.path(crashRunning), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if openErr != nil {
		return c, untold, fmt.Errorf("keep reports of crashes: %w", errors.Join(err, openErr))
	}
	_, writeErr := running.WriteString(c.head + headEnd)
	debug.SetTraceback("all")
	err = errors.Join(err, writeErr, debug.SetCrashOutput(running, debug.CrashOptions{}), running.Close()) // the runtime has a handle of its own
	if err != nil {
		return c, untold, fmt.Errorf("keep reports of crashes: %w", err)
	}
	return c, untold, nil
}

// OpenCrashes returns the reports in the data folder and leaves everything as it is.
func OpenCrashes(dataDir string, redact *Redactor) *Crashes {
	return &Crashes{folder: filepath.Join(dataDir, CrashFolder), redact: redact}
}

func (c *Crashes) path(name string) string { return filepath.Join(c.folder, name) }

// collect makes a report of what the last run left behind, and returns those that
// were not told yet.
func (c *Crashes) collect() ([]app.CrashReport, error) {
	var errs []error
	head, fault, err := c.last()
	errs = append(errs, err)
	if fault != "" {
		at := time.Now()
		if info, err := os.Stat(c.path(crashRunning)); err == nil {
			at = info.ModTime()
		}
		errs = append(errs, c.keep(at, head, fault))
	}
	var untold []app.CrashReport
	names, err := c.names()
	errs = append(errs, err)
	for _, name := range names[:max(0, len(names)-crashKept)] {
		errs = append(errs, os.Remove(c.path(name)))
	}
	for _, name := range names[max(0, len(names)-crashKept):] {
		told, isNew := strings.CutSuffix(name, crashNew)
		if !isNew {
			continue
		}
		if err := os.Rename(c.path(name), c.path(told)); err != nil {
			errs = append(errs, err)
			continue
		}
		report := app.CrashReport{File: c.path(told)}
		if info, err := os.Stat(report.File); err == nil {
			report.At = info.ModTime()
		}
		untold = append(untold, report)
	}
	return untold, errors.Join(errs...)
}

// last returns what the last run, or this one, has left behind: why it ended by a
// fault, "" where it did not.
func (c *Crashes) last() (head, fault string, err error) {
	text, err := os.ReadFile(c.path(crashRunning))
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", nil
	}
	begin, end, _ := bytes.Cut(text, []byte(headEnd))
	return string(begin), string(bytes.TrimSpace(end)), err
}

// names returns the names of the reports, the oldest first.
func (c *Crashes) names() ([]string, error) {
	entries, err := os.ReadDir(c.folder)
	var names []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "crash-") && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, err
}

// Recovered keeps a report of a part's fault that was contained. It is told at the
// next start.
func (c *Crashes) Recovered(part string, fault any, stack []byte) error {
	return c.keep(time.Now(), c.head+"\nin the part "+part, fmt.Sprintf("%v\n\n%s", fault, stack))
}

// keep writes a report that was not told yet.
func (c *Crashes) keep(at time.Time, head, fault string) error {
	if len(fault) > crashSize {
		fault = fault[:crashSize] + "\n…"
	}
	text := head + "\nended " + at.UTC().Format(time.RFC3339) + headEnd + c.redact.clean(fault) + "\n"
	for n := 0; ; n++ {
		path := c.path(fmt.Sprintf("crash-%s-%03d.txt%s", at.UTC().Format("20060102-150405.000"), n, crashNew))
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) && n < crashKept {
			continue
		}
		if err == nil {
			_, err = f.WriteString(withoutHome(text))
			err = errors.Join(err, f.Close(), os.Chtimes(path, at, at))
		}
		if err != nil {
			return fmt.Errorf("keep a report of a crash: %w", err)
		}
		return nil
	}
}

// Reports returns the kept reports by their names, the newest last.
func (c *Crashes) Reports() (names []string, texts [][]byte, err error) {
	names, err = c.names()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	for i, name := range names {
		text, readErr := os.ReadFile(c.path(name))
		err = errors.Join(err, readErr)
		texts = append(texts, text)
		names[i] = strings.TrimSuffix(name, crashNew)
	}
	head, fault, lastErr := c.last()
	if fault != "" { // nobody has started since
		names, texts = append(names, "crash-last.txt"), append(texts, []byte(withoutHome(head+headEnd+c.redact.clean(fault)+"\n")))
	}
	return names, texts, errors.Join(err, lastErr)
}

// Close says that Cuewire ends in order.
func (c *Crashes) Close() error {
	err := debug.SetCrashOutput(nil, debug.CrashOptions{})
	if removeErr := os.Remove(c.path(crashRunning)); !errors.Is(removeErr, fs.ErrNotExist) {
		err = errors.Join(err, removeErr)
	}
	return err
}
