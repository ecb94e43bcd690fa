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

// endOf returns when the running timer will reach zero, in ms since 1970: the time
// left at the server's time, which must be this computer's.
func endOf(s *socket) float64 {
	s.t.Helper()
	before := float64(time.Now().UnixMilli())
	s.send(`{"type":"request_state"}`)
	room := s.until("the room", func(f frame) bool { return f["type"] == "room" })
	after := float64(time.Now().UnixMilli())
	playback := room["playback"].(map[string]any)
	if playback["state"] != "running" {
		s.t.Fatalf("playback %v", playback)
	}
	now := room["server_time"].(float64)
	if now < before-50 || now > after+50 {
		s.t.Fatalf("the server's time is %.0f, this computer's between %.0f and %.0f", now, before, after)
	}
	return now + playback["duration_ms"].(float64) - playback["elapsed_ms"].(float64)
}

func TestARunningTimerSurvivesKill9(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir, "--no-obs")
	s := p.dial("/ws/" + p.room() + "?output=controller")
	s.send(`{"type":"control","action":"play"}`)
	s.until("running", func(f frame) bool { return f["type"] == "playback_status" && f["state"] == "running" })
	end, given, worst := endOf(s), 300_000.0, 0.0
	for round := range rounds(20, 200) {
		if round%3 == 2 { // a change just before the end must not be lost
			s.send(`{"type":"control","action":"add_time","value":60000}`)
			given += 60_000
			end += 60_000
			s.until("more time", func(f frame) bool { return f["type"] == "playback_status" && f["duration_ms"] == given })
		}
		time.Sleep(time.Duration(rand.IntN(50)) * time.Millisecond)
		p.kill()
		p = start(t, dir, "--no-obs")
		s = p.dial("/ws/" + p.room() + "?output=controller")
		off := math.Abs(endOf(s) - end)
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
	// The figure is 3 s; a test on a busy machine asserts five times that.
	if took := p.stop(); took > 15*time.Second {
		t.Errorf("took %v", took)
	}
	if _, err := s.find(slow, func(frame) bool { return false }); err == nil {
		t.Error("the socket was not closed")
	}
}
