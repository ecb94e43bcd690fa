package ui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"cuewire/app"
)

type fakeSupport struct{ err error }

func (f fakeSupport) WriteBundle(_ context.Context, w io.Writer) error {
	_, _ = io.WriteString(w, "PK")
	return f.err
}

// file is where a support file is written to.
type file struct {
	bytes.Buffer
	closed bool
}

func (f *file) Close() error {
	f.closed = true
	return nil
}

func TestTheWindowTellsOfACrash(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, func(c *Config) {
		c.Crashed = []app.CrashReport{{File: "folder/crashes/crash-1.txt"}}
	})
	if notice := s.View().Notice; !strings.Contains(notice, "ended by a fault") || !strings.Contains(notice, "folder/crashes") {
		t.Errorf("the notice is %q", notice)
	}
	s.loop.run(s.dismissNotice)
	s.loop.until(t, "the notice is gone", func() bool { return s.View().Notice == "" })
}

func TestTheWindowSavesASupportFile(t *testing.T) {
	s := show(t, newFakeCore(1), func(c *Config) { c.Support = fakeSupport{} })
	s.loop.run(s.showSettings)
	s.loop.run(s.askSupport)
	s.loop.until(t, "it asks where to", func() bool { return s.said("Save a support file") })

	var whole file
	s.writeSupport("support.zip", &whole)
	s.loop.until(t, "the notice", func() bool { return strings.Contains(s.View().Notice, "support.zip is written") })
	if whole.String() != "PK" || !whole.closed {
		t.Errorf("%q, closed %v", whole.String(), whole.closed)
	}
	var none file
	s.cfg.Support = fakeSupport{errors.New("out of paper")}
	s.writeSupport("support.zip", &none)
	s.loop.until(t, "the reason", func() bool { return strings.Contains(s.View().Notice, "out of paper") })
	if none.Len() > 0 || !none.closed {
		t.Errorf("half a file: %q, closed %v", none.String(), none.closed)
	}
}
