package e2e

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

// rounds is how often a test that repeats does so; make soak repeats more.
func rounds(short, long int) int {
	if os.Getenv("CUEWIRE_SOAK") != "" {
		return long
	}
	return short
}

// remaining returns the time left at the client's own clock, in ms.
func remaining(s *socket) float64 {
	s.t.Helper()
	s.send(`{"type":"request_state"}`)
	room := s.until("the room", func(f frame) bool { return f["type"] == "room" })
	playback := room["playback"].(map[string]any)
	if playback["state"] != "running" {
		s.t.Fatalf("playback %v", playback)
	}
	left := playback["duration_ms"].(float64) - playback["elapsed_ms"].(float64)
	return left - (float64(time.Now().UnixMilli()) - room["server_time"].(float64))
}

func TestARunningTimerSurvivesKill9(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir, "--no-obs")
	s := p.dial("/ws/" + p.room() + "?output=controller")
	s.send(`{"type":"control","action":"play"}`)
	s.until("running", func(f frame) bool { return f["type"] == "playback_status" && f["state"] == "running" })
	left, at := remaining(s), time.Now()
	worst := 0.0
	for round := range rounds(20, 200) {
		if round%3 == 2 { // a change just before the end must not be lost
			s.send(`{"type":"control","action":"add_time","value":60000}`)
			s.until("more time", func(f frame) bool { return f["type"] == "playback_status" })
			left += 60_000
		}
		time.Sleep(time.Duration(rand.IntN(50)) * time.Millisecond)
		p.kill()
		p = start(t, dir, "--no-obs")
		s = p.dial("/ws/" + p.room() + "?output=controller")
		want := left - float64(time.Since(at).Milliseconds())
		off := math.Abs(remaining(s) - want)
		worst = max(worst, off)
		if off > 50 {
			t.Fatalf("round %d: the time left is off by %.0f ms", round, off)
		}
	}
	t.Logf("%d rounds of kill -9 and restart: the time left was off by %.0f ms at most", rounds(20, 200), worst)
}

func TestSignalsStopInOrder(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	s := p.dial("/")
	if took := p.stop(); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
	if _, err := s.find(slow, func(frame) bool { return false }); err == nil {
		t.Error("the socket was not closed")
	}
}
