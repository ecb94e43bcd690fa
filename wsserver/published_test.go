package wsserver

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// Everything that PalcoTimer's page publishes, and the errors that its users meet.
// TestTranscripts runs each transcript against the codec and a live socket; here
// it is seen to that there is one for each of these.
var (
	palcoTimerRequests = []string{"request_state", "ping", "pong"} // pong is what its last line asks clients for
	palcoTimerActions  = []string{
		"play", "pause", "stop", "reset", "next", "previous", "go_to", "add_time", "set_time",
		"blackout", "stop_blackout", "flash", "stop_flash", "focus", "stop_focus", "show_message", "hide_message",
	}
	palcoTimerOutputs = []string{"viewer", "operator", "agenda", "moderator", "controller"}
	palcoTimerFrames  = map[string][]string{ // with the fields it publishes
		"room":            {"room.id", "room.name", "timers", "messages", "playback.state", "playback.current_timer_id", "playback.elapsed_ms", "playback.blackout", "playback.flash", "playback.focus", "server_time"},
		"playback_status": {"state", "timer_id", "elapsed_ms", "duration_ms", "server_time", "blackout", "flash", "focus"},
		"timer_update":    {"timer.action", "timer.timer.id"},
		"message_update":  {"message.action", "message.message.id"},
		"pong":            {"server_time"},
		"error":           {"code", "message"},
	}
	// timer_update and message_update by action.
	palcoTimerChanges = []string{
		"timer_update create", "timer_update update", "timer_update delete", "timer_update reorder",
		"message_update create", "message_update update", "message_update delete", "message_update show", "message_update hide",
	}
	palcoTimerErrors = []string{
		"INVALID_MESSAGE", "UNKNOWN_TYPE", "UNKNOWN_ACTION", "INVALID", "NOT_FOUND", "CONFLICT", "FORBIDDEN",
	}
)

func TestEveryPublishedFrameHasATranscript(t *testing.T) {
	sent, got := map[string]bool{}, map[string]bool{}
	files, err := filepath.Glob("testdata/palcotimer*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, path := range files {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			readTranscript(t, string(file.Data), sent, got)
		}
	}
	check := func(what string, have map[string]bool, names ...string) {
		for _, name := range names {
			if !have[name] {
				t.Errorf("no transcript has the %s %s", what, name)
			}
		}
	}
	for _, name := range palcoTimerRequests {
		check("request", sent, name)
	}
	for _, name := range palcoTimerActions {
		check("control", sent, "control "+name)
		check("answer to", got, "control "+name)
	}
	for _, name := range palcoTimerOutputs {
		check("output", sent, "output "+name)
	}
	for name, fields := range palcoTimerFrames {
		check("frame", got, name)
		for _, field := range fields {
			check("field", got, name+" "+field)
		}
	}
	check("frame", got, palcoTimerChanges...)
	for _, code := range palcoTimerErrors {
		check("error", got, "error "+code)
	}
	if t.Failed() {
		t.Logf("sent: %v\ncame: %v", slices.Sorted(maps.Keys(sent)), slices.Sorted(maps.Keys(got)))
	}
}

// readTranscript notes what a transcript sends and gets. A control counts as
// answered when it is followed by a frame that is not an error.
func readTranscript(t *testing.T, script string, sent, got map[string]bool) {
	t.Helper()
	control := ""
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "connect "):
			if _, output, ok := strings.Cut(line, "output="); ok {
				output, _, _ = strings.Cut(output, "&")
				sent["output "+output] = true
			}
		case strings.HasPrefix(line, "> "):
			var request struct{ Type, Action string }
			control = ""
			if json.Unmarshal([]byte(line[2:]), &request) != nil {
				continue // an error's transcript
			}
			sent[request.Type] = true
			if request.Type == "control" {
				control = "control " + request.Action
				sent[control] = true
			}
		case strings.HasPrefix(line, "= "):
			control = ""
		case strings.HasPrefix(line, "< "):
			var frame map[string]any
			if err := json.Unmarshal([]byte(line[2:]), &frame); err != nil {
				t.Fatalf("%v in %s", err, line)
			}
			name, ok := frame["type"].(string)
			if !ok {
				continue // an answer over HTTP
			}
			got[name] = true
			note(got, name, "", frame)
			if name == "error" {
				got["error "+frame["code"].(string)] = true
			} else if control != "" {
				got[control] = true
			}
			if change, ok := frame[strings.TrimSuffix(name, "_update")].(map[string]any); ok && name != "room" {
				if action, ok := change["action"].(string); ok {
					got[name+" "+action] = true
				}
			}
		}
	}
}

// note notes every field of a frame by its path.
func note(got map[string]bool, name, path string, fields map[string]any) {
	for field, value := range fields {
		got[name+" "+path+field] = true
		if inner, ok := value.(map[string]any); ok {
			note(got, name, path+field+".", inner)
		}
	}
}
