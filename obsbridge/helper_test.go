package obsbridge_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/app/alarm/alarmtest"
	"cuewire/obsbridge"
)

// start runs a bridge until the test ends and checks that it ends well.
func start(t testing.TB, c obsbridge.Config) *obsbridge.Bridge {
	t.Helper()
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	if c.Bell == nil {
		c.Bell = alarmtest.Bell(t, nil)
	}
	c.NoKeyring = true
	b := obsbridge.New(c)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(30 * time.Second):
			t.Error("Run did not end within 30 s")
		}
	})
	return b
}

// testLog writes log lines to the test's log.
type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func do(t testing.TB, b *obsbridge.Bridge, cmd app.OBSCommand) app.OBSAnswer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	answer, err := b.DoOBS(ctx, cmd)
	if err != nil {
		t.Fatalf("%#v: %v", cmd, err)
	}
	return answer
}

// refused checks that a command is refused with the code, and says why.
func refused(t testing.TB, b *obsbridge.Bridge, cmd app.OBSCommand, code app.Code) {
	t.Helper()
	_, err := b.DoOBS(context.Background(), cmd)
	if app.CodeOf(err) != code {
		t.Errorf("%#v: got %v, want %s", cmd, err, code)
	}
}
