package wsserver

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"cuewire/app"
)

// What came in whatever pieces, an idle connection holds neither a reader's stack nor
// its buffer.
func TestIdleConnectionsOnlyWait(t *testing.T) {
	s, _ := startCounting(t, &counting{limits: app.Limits{}}, Limits{})
	split := frame(fin|opPing, []byte("split"))
	for _, pieces := range [][][]byte{
		{},
		{text("a")},
		{frame(fin|opPong, nil)},
		{frame(fin|opPing, []byte("hello")), text("a")},
		{bytes.Join([][]byte{text("a"), frame(fin|opPong, []byte("b")), frame(fin|opPing, nil), text("c")}, nil)},
		{bytes.Join([][]byte{frame(opText, []byte("a")), frame(fin|opPong, nil), frame(fin, []byte("b"))}, nil)},
		{split[:1], split[1:4], split[4:]},
	} {
		c := rawDial(t, s, "/")
		c.write(pieces...)
		c.write(frame(fin|opPing, []byte("end")))
		for payload := []byte(nil); string(payload) != "end"; { // then all of it was read
			var err error
			if _, payload, err = c.read(); err != nil {
				t.Fatal(err)
			}
		}
	}
	var stacks string
	defer func() {
		if t.Failed() {
			t.Log(stacks)
		}
	}()
	waitUntil(t, func() bool {
		all := make([]byte, 1<<20)
		stacks = string(all[:runtime.Stack(all, true)])
		return strings.Count(stacks, "(*session).wait(") == 7 && !strings.Contains(stacks, "(*session).read(")
	})
	waiting := 0
	for _, c := range s.sourceSaver.wheel.all() {
		c.mu.Lock()
		if !c.closing {
			waiting++
		}
		c.mu.Unlock()
	}
	if waiting != 7 {
		t.Errorf("%d of 7 are there", waiting)
	}
}
