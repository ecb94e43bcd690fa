package wsserver

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"cuewire/app"
	"cuewire/app/store"
)

// withBackups gives a server the backups of its core.
func withBackups(t *testing.T) (core app.Core, backups *store.Backups) {
	t.Helper()
	engine, disk, dir := coreOnDisk(t)
	return engine, store.NewBackups(store.BackupsConfig{Dir: dir, Store: disk, Core: engine, Log: discard})
}

func TestBackupsByREST(t *testing.T) {
	core, backups := withBackups(t)
	s := start(t, core, withTokens(t), func(c *Config) { c.Backups = backups })
	room := core.Snapshot().Rooms[0].Room
	resp, text := call(t, s, "POST", "/api/backups", "")
	var made app.Backup
	if err := json.Unmarshal([]byte(text), &made); err != nil || resp.StatusCode != http.StatusCreated || !made.Good || made.Reason != app.BackupAsked {
		t.Fatalf("%d %s %v", resp.StatusCode, text, err)
	}
	if resp, text := call(t, s, "GET", "/api/backups/"+made.Name, ""); resp.StatusCode != http.StatusOK || !strings.HasPrefix(text, "SQLite format 3\x00") ||
		int64(len(text)) != made.Size || !strings.Contains(resp.Header.Get("Content-Disposition"), made.Name) {
		t.Errorf("download: %d, %d bytes, %v", resp.StatusCode, len(text), resp.Header)
	}
	if resp, text := call(t, s, "POST", "/api/v1/rooms/"+room.ID+"/timers", `{"name":"Mistake","duration_ms":1000}`); resp.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	// Everybody is sent away, whatever they speak.
	token := tokenFor(t, s, "ana", app.Controller, 1<<40)
	bus, stage := dial(t, s, "/"), dial(t, s, "/ws/"+room.ShortCode)
	resp, text = call(t, s, "POST", "/api/backups/"+made.Name+"/restore", "")
	var restored app.Restored
	if err := json.Unmarshal([]byte(text), &restored); err != nil || resp.StatusCode != http.StatusOK || restored.From.Name != made.Name || restored.Before == nil ||
		resp.Header.Get(durableHeader) != "true" {
		t.Fatalf("%d %s %v", resp.StatusCode, text, err)
	}
	if n := len(core.Snapshot().Rooms[0].Timers); n != 2 {
		t.Errorf("%d timers", n)
	}
	told := false
	for _, c := range []*client{bus, stage} {
		for {
			_, frame, err := c.ReadMessage()
			if err == nil {
				told = told || strings.Contains(string(frame), "system:restored") && strings.Contains(string(frame), made.Name)
				continue
			}
			if !websocket.IsCloseError(err, closeRestored) {
				t.Errorf("closed with %v", err)
			}
			break
		}
	}
	if !told {
		t.Error("the bus does not tell")
	}
	dial(t, s, "/ws/"+room.ShortCode) // and may come back
	if resp, _ := call(t, s, "GET", "/api/tokens", "", "Authorization", "Bearer "+token); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a token of after the backup: %d", resp.StatusCode) // still good, and still a controller's
	}

	resp, text = call(t, s, "GET", "/api/backups", "")
	var list struct{ Backups []app.Backup }
	if err := json.Unmarshal([]byte(text), &list); err != nil || resp.StatusCode != http.StatusOK || len(list.Backups) != 2 {
		t.Errorf("%d %s %v", resp.StatusCode, text, err)
	}
	if err := core.Tell(t.Context(), app.DataRecovered{Recovered: app.Recovered{Backup: made.Name}}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "what was recovered is known", func() bool { return core.Snapshot().Safety.Recovered != nil })
	if resp, text := call(t, s, "GET", "/api/backups", ""); !strings.Contains(text, `"aside":""`) {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
	if resp, _ := call(t, s, "DELETE", "/api/backups/recovered", ""); resp.StatusCode != http.StatusNoContent || core.Snapshot().Safety.Recovered != nil {
		t.Errorf("dismissed: %d, %+v", resp.StatusCode, core.Snapshot().Safety)
	}
	for path, want := range map[string]int{
		"/api/backups/none.db/restore": 404, "/api/backups/..%2Fcuewire.db/restore": 404, "/api/backups/..%5Ccuewire.db/restore": 404,
	} {
		if resp, text := call(t, s, "POST", path, ""); resp.StatusCode != want {
			t.Errorf("%s: %d %s", path, resp.StatusCode, text)
		}
		if resp, text := call(t, s, "GET", strings.TrimSuffix(path, "/restore"), ""); resp.StatusCode != want {
			t.Errorf("GET %s: %d %s", path, resp.StatusCode, text)
		}
	}
	// They hold secrets: nobody but admin.
	for method, path := range map[string]string{"GET": "/api/backups/" + made.Name, "POST": "/api/backups/" + made.Name + "/restore", "DELETE": "/api/backups/recovered"} {
		if resp, _ := call(t, s, method, path, "", "Authorization", "Bearer "+token); resp.StatusCode != http.StatusForbidden {
			t.Errorf("a controller, %s %s: %d", method, path, resp.StatusCode)
		}
		if resp, _ := call(t, s, method, path, "", elsewhere...); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("from elsewhere, %s %s: %d", method, path, resp.StatusCode)
		}
	}
}
