//go:build unix

package obstest

import (
	"bufio"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// browserSource registers a stand-in for OBS's browser source, which Debian's OBS
// is built without.
//
//go:embed browser_source.lua
var browserSource []byte

// Options say what a RealOBS is like; the zero value is an OBS with a password,
// its server switched on, and one scene named "Scene".
type Options struct {
	Home      string   // its home folder; "" for a fresh one
	Port      int      // 0 for a free one
	Password  string   // "" for "cuewire-test"
	NoAuth    bool     // asks for no password
	ServerOff bool     // its WebSocket server is switched off
	Scenes    []string // of its scene collection, top first; nil for one named "Scene"
	// Collections are further scene collections, by name: the scenes of each.
	Collections map[string][]string
	// Collection, if not nil, is the JSON of the first scene collection instead.
	Collection []byte
}

// RealOBS is an OBS Studio that runs for a test. It belongs to the test's goroutine.
type RealOBS struct {
	Port     int
	Password string
	Home     string // its HOME; its settings are in Home/.config/obs-studio

	t       testing.TB
	options Options
	display string
	obs     *exec.Cmd
	exited  chan struct{}
}

// StartOBS starts an OBS of its own, with its own screen, and returns once its
// WebSocket server listens. It stops with the test. A machine without OBS or Xvfb
// skips the test, unless CI is set.
func StartOBS(t testing.TB, options Options) *RealOBS {
	t.Helper()
	for _, tool := range []string{"obs", "Xvfb"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s is not installed; install Debian's obs-studio, obs-plugins, xvfb and xauth", tool)
			}
			t.Skipf("%s is not installed", tool)
		}
	}
	o := &RealOBS{t: t, options: options, Home: options.Home, Port: options.Port}
	o.Password = cmp.Or(options.Password, "cuewire-test")
	if o.Home == "" {
		o.Home = t.TempDir()
	}
	if o.Port == 0 {
		o.Port = freePort(t)
	}
	if options.NoAuth {
		o.Password = ""
	}
	o.writeSettings()
	o.startScreen()
	t.Cleanup(o.Kill)
	o.Start()
	return o
}

// Address returns where its WebSocket server listens.
func (o *RealOBS) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Port)) }

// URL returns the address as cuewire --obs takes it.
func (o *RealOBS) URL() string { return "obsws://" + o.Address() + "/" + o.Password }

// Getenv is os.Getenv as a program sees it that runs in this OBS's home.
func (o *RealOBS) Getenv(name string) string {
	switch name {
	case "HOME":
		return o.Home
	case "XDG_CONFIG_HOME":
		return filepath.Join(o.Home, ".config")
	}
	return os.Getenv(name)
}

// Start starts OBS again after Kill or Quit and returns once it listens.
func (o *RealOBS) Start() {
	o.t.Helper()
	log, err := os.OpenFile(filepath.Join(o.Home, "obs.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		o.t.Fatal(err)
	}
	defer log.Close()
	o.obs = exec.Command("obs", "--multi", "--disable-updater", "--disable-missing-files-check", "--disable-shutdown-check")
	o.obs.Env = append(os.Environ(), "HOME="+o.Home, "XDG_CONFIG_HOME="+filepath.Join(o.Home, ".config"),
		"DISPLAY="+o.display, "LIBGL_ALWAYS_SOFTWARE=1", "QT_QPA_PLATFORM=xcb")
	o.obs.Stdout, o.obs.Stderr = log, log
	o.obs.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := o.obs.Start(); err != nil {
		o.t.Fatalf("start OBS: %v", err)
	}
	o.exited = make(chan struct{})
	go func(obs *exec.Cmd, exited chan struct{}) {
		obs.Wait()
		close(exited)
	}(o.obs, o.exited)
	if o.options.ServerOff {
		return
	}
	o.waitUntilListening()
}

// Kill ends OBS at once, as a crash would.
func (o *RealOBS) Kill() { o.stop(syscall.SIGKILL) }

// Quit has OBS end by itself.
func (o *RealOBS) Quit() { o.stop(syscall.SIGINT) }

// Restart kills OBS and starts it again on the same port and settings.
func (o *RealOBS) Restart() {
	o.t.Helper()
	o.Kill()
	o.Start()
}

// Signal sends OBS a signal: SIGSTOP freezes it, SIGCONT lets it go on.
func (o *RealOBS) Signal(s syscall.Signal) {
	if err := syscall.Kill(-o.obs.Process.Pid, s); err != nil {
		o.t.Helper()
		o.t.Fatalf("signal OBS: %v", err)
	}
}

// Refreshes returns how often the refresh button of a browser source was pressed.
func (o *RealOBS) Refreshes() int {
	text, _ := os.ReadFile(filepath.Join(o.Home, "refreshed"))
	return strings.Count(string(text), "\n")
}

// PID returns OBS's process id.
func (o *RealOBS) PID() int { return o.obs.Process.Pid }

func (o *RealOBS) stop(s syscall.Signal) {
	if o.obs == nil {
		return
	}
	group := -o.obs.Process.Pid
	syscall.Kill(group, s)
	select {
	case <-o.exited:
	case <-time.After(20 * time.Second):
		o.t.Errorf("OBS did not end within 20 s of %v", s)
		syscall.Kill(group, syscall.SIGKILL)
		<-o.exited
	}
	syscall.Kill(group, syscall.SIGKILL) // whatever else it started
	o.obs = nil
}

func (o *RealOBS) waitUntilListening() {
	o.t.Helper()
	deadline := time.Now().Add(90 * time.Second)
	for time.Now().Before(deadline) {
		conn, err := net.DialTimeout("tcp", o.Address(), time.Second)
		if err == nil {
			conn.Close()
			return
		}
		select {
		case <-o.exited:
			o.t.Fatalf("OBS ended before it listened; its log:\n%s", o.logTail())
		case <-time.After(50 * time.Millisecond):
		}
	}
	o.t.Fatalf("OBS does not listen on port %d; its log:\n%s", o.Port, o.logTail())
}

func (o *RealOBS) logTail() string {
	text, _ := os.ReadFile(filepath.Join(o.Home, "obs.log"))
	return string(text[max(0, len(text)-4000):])
}

// startScreen starts an X server on whichever display number is free.
func (o *RealOBS) startScreen() {
	o.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		o.t.Fatal(err)
	}
	defer read.Close()
	screen := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp")
	screen.ExtraFiles = []*os.File{write}
	screen.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = screen.Start()
	write.Close()
	if err != nil {
		o.t.Fatalf("start Xvfb: %v", err)
	}
	o.t.Cleanup(func() {
		syscall.Kill(-screen.Process.Pid, syscall.SIGKILL)
		screen.Wait()
	})
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		o.t.Fatalf("Xvfb did not start: %v", err)
	}
	o.display = ":" + strings.TrimSpace(number)
}

// writeSettings makes a configuration that OBS starts with without a dialog.
func (o *RealOBS) writeSettings() {
	o.t.Helper()
	config := filepath.Join(o.Home, ".config", "obs-studio")
	if _, err := os.Stat(filepath.Join(config, "global.ini")); err == nil {
		return // a home that has been used before
	}
	script := filepath.Join(o.Home, "browser_source.lua")
	o.write(script, browserSource)
	o.write(filepath.Join(config, "global.ini"), fmt.Appendf(nil, `[General]
FirstRun=true
LastVersion=486539266
InfoIncrement=9999
EnableAutoUpdates=false
[Basic]
Profile=Untitled
ProfileDir=Untitled
SceneCollection=Untitled
SceneCollectionFile=Untitled
[OBSWebSocket]
FirstLoad=false
ServerEnabled=%t
ServerPort=%d
AlertsEnabled=false
AuthRequired=%t
ServerPassword=%s
`, !o.options.ServerOff, o.Port, !o.options.NoAuth, strings.ReplaceAll(o.Password, `\`, `\\`)))
	o.write(filepath.Join(config, "basic", "profiles", "Untitled", "basic.ini"), fmt.Appendf(nil, `[General]
Name=Untitled
[SimpleOutput]
FilePath=%s
RecFormat=mkv
RecQuality=Small
RecEncoder=x264
VBitrate=300
[Video]
BaseCX=640
BaseCY=360
OutputCX=640
OutputCY=360
FPSCommon=30
`, o.Home))
	scenes := o.options.Scenes
	if scenes == nil {
		scenes = []string{"Scene"}
	}
	first := o.options.Collection
	if first == nil {
		first = Collection("Untitled", scenes, script)
	}
	o.write(filepath.Join(config, "basic", "scenes", "Untitled.json"), first)
	for name, scenes := range o.options.Collections {
		o.write(filepath.Join(config, "basic", "scenes", name+".json"), Collection(name, scenes, script))
	}
}

func (o *RealOBS) write(file string, text []byte) {
	o.t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		o.t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		o.t.Fatal(err)
	}
}

// Collection returns the file of a scene collection with empty scenes, top first,
// the Cut transition, and the script loaded ("" for none).
func Collection(name string, scenes []string, script string) []byte {
	type object = map[string]any
	var order, sources []object
	for _, scene := range scenes {
		order = append(order, object{"name": scene})
		sources = append(sources, object{"id": "scene", "name": scene, "settings": object{"items": []any{}}})
	}
	c := object{
		"name": name, "current_scene": scenes[0], "current_program_scene": scenes[0],
		"scene_order": order, "sources": sources, "current_transition": "Cut",
	}
	return finish(c, script)
}

// BigCollection returns the file of a scene collection named "Untitled" with that
// many items, hidden, in scenes of a thousand each.
func BigCollection(items int) []byte {
	type object = map[string]any
	const each = 1000
	sources := []object{{"id": "color_source", "versioned_id": "color_source_v3", "name": "Colour", "settings": object{"width": 16, "height": 16}}}
	var order []object
	for scene := 0; scene*each < items; scene++ {
		var in []object
		for id := 1; id <= min(each, items-scene*each); id++ {
			in = append(in, object{
				"name": "Colour", "id": id, "visible": false, "align": 5,
				"pos": object{"x": id, "y": 0}, "scale": object{"x": 1, "y": 1},
			})
		}
		name := fmt.Sprintf("Scene %d", scene+1)
		order = append(order, object{"name": name})
		sources = append(sources, object{"id": "scene", "name": name, "settings": object{"items": in, "id_counter": each}})
	}
	return finish(object{
		"name": "Untitled", "current_scene": "Scene 1", "current_program_scene": "Scene 1",
		"scene_order": order, "sources": sources, "current_transition": "Cut",
	}, "")
}

func finish(c map[string]any, script string) []byte {
	type object = map[string]any
	if script != "" {
		c["modules"] = object{"scripts-tool": []object{{"path": script, "settings": object{}}}}
	}
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // names and lists only
	}
	return text
}

// freePort returns a port that nobody listens on now.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
