package wsserver

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cuewire/app"
)

// fakeInsight remembers what it was asked and answers with what the test says.
type fakeInsight struct {
	asked app.LogQuery
	err   error
}

func (f *fakeInsight) Logs(q app.LogQuery) app.LogPage {
	f.asked = q
	return app.LogPage{Total: 7, HasMore: true, Logs: []app.LogEntry{{
		Timestamp: time.Date(2026, 1, 15, 16, 35, 0, 0, time.UTC), Level: app.LogWarn, Message: "OBS is gone", Context: json.RawMessage(`{"part":"obs"}`),
	}}}
}

func (f *fakeInsight) WriteBundle(_ context.Context, w io.Writer) error {
	_, _ = io.WriteString(w, "PK half of it")
	return f.err
}

// insightful is a server with everything that helps to look into it.
func insightful(t testing.TB, f *fakeInsight, edit ...func(*Config)) *Server {
	t.Helper()
	with := func(c *Config) {
		c.Logs, c.Support = f, f
		c.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "cuewire_rooms 1\n") })
	}
	return start(t, realCore(t), append([]func(*Config){with, withTokens(t)}, edit...)...)
}

func TestTheLogOverREST(t *testing.T) {
	f := &fakeInsight{}
	s := insightful(t, f)
	resp, text := call(t, s, "GET", "/api/system/logs", "")
	want := `{"hasMore":true,"logs":[{"timestamp":"2026-01-15T16:35:00.000Z","level":"warn","message":"OBS is gone","context":{"part":"obs"}}],"total":7}` + "\n"
	if resp.StatusCode != 200 || text != want || f.asked != (app.LogQuery{Limit: 100}) {
		t.Errorf("%d %s, asked %+v", resp.StatusCode, text, f.asked)
	}
	since := time.Date(2026, 1, 15, 16, 35, 0, 0, time.FixedZone("", -3*3600))
	call(t, s, "GET", "/api/system/logs?level=error&limit=1000&offset=20&part=obs&since=2026-01-15T16:35:00-03:00", "")
	if !f.asked.Since.Equal(since) || f.asked.Level != app.LogError || f.asked.Limit != 1000 || f.asked.Offset != 20 || f.asked.Part != "obs" {
		t.Errorf("asked %+v", f.asked)
	}
	call(t, s, "GET", "/api/system/logs?since=2026-01-15T16:35:00+03:00", "") // the + arrives as a space
	if !f.asked.Since.Equal(since.Add(-6 * time.Hour)) {
		t.Errorf("asked %+v", f.asked)
	}
	f.asked = app.LogQuery{}
	for query, says := range map[string]string{
		"level=loud": "level must be", "level=ERROR": "level must be", "limit=0": "limit must be", "limit=1001": "limit must be", "limit=ten": "limit must be", "limit=": "limit must be",
		"offset=-1": "offset must be", "offset=99999999999999999999": "offset must be", "since=yesterday": "since must be", "since=": "since must be",
		"lvl=error": "not by", "limit=1&limit=2": "once", "since%0A=1": "not by", "token=x": "not by",
	} {
		resp, text := call(t, s, "GET", "/api/system/logs?"+query, "")
		if resp.StatusCode != 400 || !strings.Contains(text, says) {
			t.Errorf("%s: %d %s", query, resp.StatusCode, text)
		}
	}
	if f.asked != (app.LogQuery{}) {
		t.Errorf("a bad query was asked: %+v", f.asked)
	}
}

func TestWhoMayLookInside(t *testing.T) {
	s := insightful(t, &fakeInsight{}, func(c *Config) { c.Dev = true })
	for path, needed := range map[string]app.Role{
		"/api/system/logs": app.Admin, "/api/system/support": app.Admin, "/metrics": app.Operator, "/debug/pprof/": app.Admin, "/debug/pprof/heap": app.Admin,
	} {
		if resp, text := call(t, s, "GET", path, ""); resp.StatusCode != 200 {
			t.Errorf("%s from this computer: %d %s", path, resp.StatusCode, text)
		}
		if resp, _ := call(t, s, "GET", path, "", elsewhere...); resp.StatusCode != 401 {
			t.Errorf("%s from elsewhere: %d", path, resp.StatusCode)
		}
		if resp, _ := call(t, s, "GET", path, "", "Origin", "http://evil.example"); resp.StatusCode != 403 {
			t.Errorf("%s from a foreign page: %d", path, resp.StatusCode)
		}
		for _, role := range []app.Role{app.Viewer, app.Agenda, app.Moderator, app.Operator, app.Controller, app.Admin} {
			token := tokenFor(t, s, "x", role, time.Hour)
			want := 403
			if role.Covers(needed) && !strings.HasPrefix(path, "/debug/") {
				want = 200
			}
			resp, _ := call(t, s, "GET", path, "", append([]string{"Authorization", "Bearer " + token}, elsewhere...)...)
			if resp.StatusCode != want {
				t.Errorf("%s as %s from elsewhere: %d, want %d", path, role, resp.StatusCode, want)
			}
		}
	}
	if resp, _ := call(t, s, "GET", "/debug/pprof/cmdline", ""); resp.StatusCode != 404 {
		t.Errorf("the command line: %d", resp.StatusCode)
	}
	plain := insightful(t, &fakeInsight{})
	if resp, _ := call(t, plain, "GET", "/debug/pprof/heap", ""); resp.StatusCode != 404 {
		t.Errorf("profiles without --dev: %d", resp.StatusCode)
	}
}

func TestTheSupportFileOverREST(t *testing.T) {
	f := &fakeInsight{}
	s := insightful(t, f)
	resp, text := call(t, s, "GET", "/api/system/support", "")
	if resp.StatusCode != 200 || !strings.HasPrefix(text, "PK") || resp.Header.Get("Content-Type") != "application/zip" ||
		!strings.HasPrefix(resp.Header.Get("Content-Disposition"), `attachment; filename="cuewire-support-2`) {
		t.Errorf("%d %q %v", resp.StatusCode, text, resp.Header)
	}
	f.err = errors.New("no")
	if resp, text := call(t, s, "GET", "/api/system/support", ""); resp.StatusCode != 500 || strings.Contains(text, "PK") {
		t.Errorf("%d %q", resp.StatusCode, text)
	}
}

// What visitors ask for makes no new routes, and every end of a connection has its reason.
func TestCounts(t *testing.T) {
	s := insightful(t, &fakeInsight{})
	call(t, s, "GET", "/api/health", "")
	call(t, s, "GET", "/api/v1/rooms/none", "")
	for _, path := range []string{"/made/up", "/made/up/too?x=1"} {
		call(t, s, "GET", path, "")
	}
	call(t, s, "GET", "/api/health", "", "Host", "evil.example")
	c := dial(t, s, "/")
	c.send(`{"action":"subscribe","events":["obs:*"]}`)
	c.receive()
	if err := c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4321, ""), time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.ReadMessage(); !websocket.IsCloseError(err, 4321) {
		t.Fatal(err)
	}
	b := dial(t, s, "/ws/"+s.core.Snapshot().Rooms[0].Room.ShortCode)
	if err := b.WriteMessage(websocket.BinaryMessage, []byte("x")); err != nil {
		t.Fatal(err)
	}
	for {
		if _, _, err := b.ReadMessage(); websocket.IsCloseError(err, 1003) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	_ = b.Close()
	_ = c.Close()
	deadline := time.After(patience)
	for s.Counts().Dialects[0].Open+s.Counts().Dialects[1].Open > 0 {
		select {
		case <-deadline:
			t.Fatal("a connection stays")
		case <-time.After(time.Millisecond):
		}
	}
	counts := s.Counts()
	routes := map[string]uint64{}
	for _, r := range counts.Routes {
		routes[r.Route+" "+r.Class] = r.Took.Count
	}
	want := map[string]uint64{"/api/health 2xx": 1, "/api/v1/rooms/{room} 4xx": 1, "none 4xx": 2, "refused 4xx": 1}
	if !maps.Equal(routes, want) {
		t.Errorf("got %v, want %v", routes, want)
	}
	names := []string{}
	for _, d := range counts.Dialects {
		names = append(names, d.Dialect)
		ended := uint64(0)
		for _, n := range d.Closed {
			ended += n
		}
		if ended != d.Opened || len(d.Closed) != int(closedReasons) {
			t.Errorf("%s: %d of %d ended, %v", d.Dialect, ended, d.Opened, d.Closed)
		}
	}
	if !slices.Equal(names, []string{"sourcesaver", "palcotimer", "broadcastt", "timerapi"}) {
		t.Errorf("got %v", names)
	}
	if d := counts.Dialects[0]; d.Opened != 1 || d.Closed["client"] != 1 || d.FramesOut < 2 || d.BytesOut < 20 || counts.MessagesIn != 1 {
		t.Errorf("got %+v, %d messages", d, counts.MessagesIn)
	}
	if d := counts.Dialects[1]; d.Closed["protocol"] != 1 {
		t.Errorf("got %+v", d)
	}
}
