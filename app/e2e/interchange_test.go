package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// post sends a file and returns the answer.
func (p *program) post(path, mediaType string, body []byte) (status int, text string) {
	p.t.Helper()
	answer, err := http.Post(p.URL+path, mediaType, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(all)
}

func TestRundownsComeAndGoAsFiles(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	room := "/api/v1/rooms/" + p.room()
	const csv = "Title;Speaker;Duration\nDoors;;10:00\nKeynote;Ana Souza;45:00\n"
	if status, text := p.post(room+"/import?name=show.csv&replace=1", "text/csv", []byte(csv)); status != http.StatusOK || !strings.Contains(text, `"imported":2`) {
		t.Fatalf("import: %d %s", status, text)
	}
	var rundown struct {
		Timers []struct {
			Name, Speaker string
			Duration      int64 `json:"duration_ms"`
		}
	}
	p.get(room+"/timers", &rundown)
	if len(rundown.Timers) != 2 || rundown.Timers[1].Speaker != "Ana Souza" || rundown.Timers[1].Duration != 45*60_000 {
		t.Errorf("rundown: %+v", rundown)
	}
	for _, format := range []string{"csv", "xlsx", "json"} {
		answer, err := http.Get(p.URL + room + "/export?format=" + format)
		if err != nil {
			t.Fatal(err)
		}
		file, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(answer.Header.Get("Content-Disposition"), "Main."+format) {
			t.Fatalf("export %s: %s %v %v", format, answer.Status, answer.Header, err)
		}
		if status, text := p.post(room+"/import?name=Main."+format, "application/octet-stream", file); status != http.StatusOK || !strings.Contains(text, `"imported":`) {
			t.Errorf("back from %s: %d %s", format, status, text)
		}
	}
	p.get(room+"/timers", &rundown)
	if len(rundown.Timers) != 16 { // each file held what there was
		t.Errorf("after three times twice as many: %d", len(rundown.Timers))
	}

	status, text := p.post(room+"/import?name=bad.csv", "text/csv", []byte("Title,Duration\nFine,5:00\nBad,soon\n"))
	var refusal struct {
		Problems []struct {
			Row    int
			Column string
		}
	}
	if err := json.Unmarshal([]byte(text), &refusal); err != nil || status != http.StatusBadRequest || len(refusal.Problems) != 1 || refusal.Problems[0].Row != 3 || refusal.Problems[0].Column != "B" {
		t.Errorf("a bad row: %d %s", status, text)
	}
	if status, _ := p.post(room+"/import?name=x.csv", "text/plain", []byte(csv)); status != http.StatusUnsupportedMediaType {
		t.Errorf("as a form could send it: %d", status)
	}
	after := rundown
	p.get(room+"/timers", &after)
	if len(after.Timers) != 16 {
		t.Errorf("something was imported: %d", len(after.Timers))
	}
}
