package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// windows holds the desktop program's window, with a running timer, against one
// that says hello: side by side on one screen, looked at in the same seconds. Both
// draw by software, as everything does that has no graphics card.
func (b *bench) windows() error {
	if !b.window {
		return nil
	}
	hello := filepath.Join(b.dir, "hello")
	build := exec.CommandContext(b.ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", hello, "./app/e2e/testdata/hello")
	build.Dir = b.root
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build hello: %w\n%s", err, text)
	}
	d, err := b.startDesktop()
	if err != nil {
		return err
	}
	defer d.end()

	greeter := exec.CommandContext(b.ctx, hello)
	greeter.Env = append(os.Environ(), d.env...)
	input, err := greeter.StdinPipe()
	if err != nil {
		return err
	}
	if err := greeter.Start(); err != nil {
		return err
	}
	defer func() {
		_ = greeter.Process.Kill()
		_ = greeter.Wait()
	}()
	p, err := b.launch(desktopName, filepath.Join(b.dir, "desktop"), d.env, "--no-obs", "--no-welcome")
	if err != nil {
		return err
	}
	defer p.stop()
	if err := p.runTimer(); err != nil {
		return err
	}
	if err := p.call(http.MethodPut, "/api/settings", map[string]any{"closeToTray": true}, nil); err != nil {
		return err
	}
	for _, title := range []string{"Cuewire", "Hello"} {
		if _, err := d.window(title); err != nil {
			return err
		}
	}
	pids := [2]int{p.cmd.Process.Pid, greeter.Process.Pid}
	visible, err := b.lookAtBoth(pids)
	if err != nil {
		return err
	}
	if err := d.hide("Cuewire"); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(input); err != nil {
		return err
	}
	hidden, err := b.lookAtBoth(pids)
	if err != nil {
		return err
	}
	ours, theirs := visible[0], visible[1]
	b.report.most("desktop, window visible, running timer: CPU ÷ a window that says hello", "×", ratio(ours.cpu, theirs.cpu), 2)
	b.report.most("the same, both hidden: CPU ÷ hello's", "×", ratio(hidden[0].cpu, hidden[1].cpu), 1.2)
	b.report.most("hidden: writes to the screen, each a frame or more", "/s", hidden[0].screen, 0)

	t := table{
		title: "The window",
		note: fmt.Sprintf("With a running timer, beside a Fyne window that only says hello, both on one screen without a graphics card; %.0f s each. Writes to the screen are calls of writev, with which alone"+
			" a program talks to the X server: where there are none, nothing is drawn.", (b.windowLength * time.Duration(b.looks)).Seconds()),
		head: []string{"window", "CPU, % of a core", "context switches/s", "resident, MiB", "writes to the screen/s"},
	}
	for i, who := range []string{"Cuewire", "hello"} {
		for _, state := range []struct {
			name string
			seen [2]usage
		}{{"visible", visible}, {"hidden", hidden}} {
			u := state.seen[i]
			t.rows = append(t.rows, []string{who + ", " + state.name, u.cpu.cell(), u.switches.cell(), u.resident.cell(), u.screen.cell()})
		}
	}
	b.report.tables = append(b.report.tables, t)
	return nil
}

// lookAtBoth watches both in the same seconds, and then what each writes to the screen.
func (b *bench) lookAtBoth(pids [2]int) (seen [2]usage, err error) {
	if err := b.rest(b.windowLength / 4); err != nil {
		return seen, err
	}
	for range b.looks {
		var before, after [2]observed
		for i, pid := range pids {
			if before[i], err = observe(pid); err != nil {
				return seen, err
			}
		}
		if err := b.rest(b.windowLength); err != nil {
			return seen, err
		}
		for i, pid := range pids {
			if after[i], err = observe(pid); err != nil {
				return seen, err
			}
			seen[i].add(between(before[i], after[i]))
		}
	}
	for i, pid := range pids {
		if seen[i].screen, err = b.screenWrites(pid); err != nil {
			return seen, err
		}
	}
	return seen, nil
}

// screenWrites counts what a program writes to the X server: Xlib and XCB call writev
// for it, and nothing else in these programs does.
func (b *bench) screenWrites(pid int) (figure, error) {
	path := filepath.Join(b.dir, "writev")
	trace := exec.CommandContext(b.ctx, "strace", "-f", "-qq", "-e", "trace=writev", "-e", "signal=none", "-o", path, "-p", strconv.Itoa(pid))
	if err := trace.Start(); err != nil {
		return unmeasured("strace: %v", err), nil
	}
	resting := b.rest(b.idleLength)
	_ = trace.Process.Signal(os.Interrupt) // it lets go of the program
	_ = trace.Wait()                       // that it was interrupted
	lines, err := os.ReadFile(path)
	if err := errors.Join(resting, err); err != nil {
		return figure{}, err
	}
	return of(float64(bytes.Count(lines, []byte("writev("))) / b.idleLength.Seconds()), nil
}

// desktop is a screen, and a message bus with somebody who shows tray icons:
// without one Cuewire does not hide its window.
type desktop struct {
	env     []string
	display string
	bus     *dbus.Conn
	servers []*exec.Cmd
}

func (b *bench) startDesktop() (d *desktop, err error) {
	d = &desktop{}
	defer func() {
		if err != nil {
			d.end()
		}
	}()
	screen := exec.CommandContext(b.ctx, "Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1280x800x24")
	number, err := d.serve(screen)
	if err != nil {
		return d, err
	}
	d.display = ":" + number
	address, err := d.serve(exec.CommandContext(b.ctx, "dbus-daemon", "--session", "--nofork", "--print-address"))
	if err != nil {
		return d, err
	}
	if d.bus, err = dbus.Connect(address); err != nil {
		return d, err
	}
	if err = d.bus.Export(watcher{}, "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher"); err != nil {
		return d, err
	}
	if _, err = d.bus.RequestName("org.kde.StatusNotifierWatcher", dbus.NameFlagDoNotQueue); err != nil {
		return d, err
	}
	d.env = []string{"DISPLAY=" + d.display, "LIBGL_ALWAYS_SOFTWARE=1", "DBUS_SESSION_BUS_ADDRESS=" + address}
	return d, nil
}

// watcher takes tray icons and shows none.
type watcher struct{}

// RegisterStatusNotifierItem is called by programs with a tray icon.
func (watcher) RegisterStatusNotifierItem(string) *dbus.Error { return nil }

// serve starts a server that prints where it serves.
func (d *desktop) serve(cmd *exec.Cmd) (where string, err error) {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	d.servers = append(d.servers, cmd)
	line, err := bufio.NewReader(out).ReadString('\n')
	return strings.TrimSpace(line), err
}

func (d *desktop) end() {
	if d.bus != nil {
		_ = d.bus.Close()
	}
	for _, cmd := range d.servers {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

// window waits for the window of that title to be on the screen and returns its id.
func (d *desktop) window(title string) (string, error) {
	cmd := exec.Command("xdotool", "search", "--sync", "--onlyvisible", "--name", "^"+title+"$")
	cmd.Env = append(os.Environ(), d.env...)
	out, err := cmd.Output()
	id, _, _ := strings.Cut(string(out), "\n")
	if err != nil || id == "" {
		return "", errors.Join(fmt.Errorf("no window %q", title), err)
	}
	return id, nil
}

// hide closes a window as its X does.
func (d *desktop) hide(title string) error {
	id, err := d.window(title)
	if err != nil {
		return err
	}
	return askToClose(d.display, id)
}
