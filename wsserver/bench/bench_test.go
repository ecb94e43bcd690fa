package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The test binary is its own servers and crowds, as the program is.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && (os.Args[1] == "crowd" || os.Args[1] == "serve" || os.Args[1] == "relay") {
		main()
		return
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0") // of the many processes that it starts
	os.Exit(m.Run())
}

// Every way delivers every message, of some 300 bytes, and tells what that cost.
func TestEveryWayDelivers(t *testing.T) {
	if len(wayNames) != len(ways) {
		t.Fatalf("%d ways have a place in the tables, of %d", len(wayNames), len(ways))
	}
	for _, name := range wayNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := serve(t.Context(), task{Way: name, Clients: 5, Burst: time.Millisecond, Live: 100 * time.Millisecond, Rate: 50})
			if err != nil {
				t.Fatal(err)
			}
			if d.Bytes < 250 || d.Bytes > 370 {
				t.Errorf("a message has %.0f bytes", d.Bytes)
			}
			if n := d.Burst.Messages; n == 0 || n%(5*inFlight) != 0 {
				t.Errorf("%d messages in bursts of %d to 5 clients", n, inFlight)
			}
			if d.Live.Messages != 5*5 || d.Delays.Count != 5*5 {
				t.Errorf("%d live messages delivered, %d timed, of 25", d.Live.Messages, d.Delays.Count)
			}
			if d.Burst.CPU <= 0 || d.Live.CPU <= 0 || d.Delays.P50 <= 0 || d.Delays.P99 < d.Delays.P50 || d.Delays.P99 > 60 {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestStalledClientsStall(t *testing.T) {
	d, err := serve(t.Context(), task{Way: "Cuewire, PalcoTimer", Clients: 5, Stalled: 2, Live: 100 * time.Millisecond, Rate: 50})
	if err != nil {
		t.Fatal(err)
	}
	if d.Live.Messages != 3*5 || d.Delays.Count != 3*5 {
		t.Errorf("the others got %d messages, %d timed, of 15", d.Live.Messages, d.Delays.Count)
	}
}

func TestALostMessageIsAnError(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if d, err := serve(ctx, task{Way: floorName, Clients: 1, Live: time.Hour, Rate: 1}); err == nil {
		t.Errorf("got %+v", d)
	}
	if d, err := serve(t.Context(), task{Way: "pigeons", Clients: 1}); err == nil {
		t.Errorf("got %+v", d)
	}
}

// Stamps are counted however the stream is cut.
func TestStampsAreCounted(t *testing.T) {
	sent := time.Now().Add(-time.Second).UnixNano()
	text := frameText(stampOf(0)) + frameText(stampOf(sent)) + "rest"
	for cut := range len(text) {
		m := &member{crowd: &crowd{}}
		came := m.count([]byte(text[:cut]))
		came += m.count(append(append([]byte(nil), m.rest...), text[cut:]...))
		if came != 2 || len(m.took) != 1 || m.took[0] < time.Second || len(m.rest) != 0 {
			t.Fatalf("cut at %d: %d came, took %v, left %q", cut, came, m.took, m.rest)
		}
	}
}

func TestTheRelayRelays(t *testing.T) {
	b := &bench{plan: plan{presses: 3}, ctx: t.Context()}
	for _, disk := range []string{"", filepath.Join(t.TempDir(), "relay")} {
		d, err := b.timeRelay(disk)
		if err != nil || d.Count != 3*hallSize {
			t.Errorf("%+v %v", d, err)
		}
	}
}

func TestFigures(t *testing.T) {
	f := ratio(of(8, 2, 9), of(4, 2, 3))
	if got := f.cells(); got != "1 | 2 | 3" {
		t.Errorf("got %s", got)
	}
	if got := ratio(of(1), unmeasured("no %s", "disk")); got.cells() != "null | null | null" || got.cell() != "null: no disk" || !math.IsNaN(got.median()) {
		t.Errorf("got %+v", got)
	}
	var r report
	r.most("small enough", "s", of(1, 2, 6), 2)
	r.most("too much", "s", of(3), 2)
	r.least("enough", "×", of(6), 6)
	r.least("not known", "×", unmeasured("no %s", "disk"), 6)
	r.grows("squared", of(2), of(200), 10)
	r.broken("window", fmt.Errorf("no screen"))
	text := r.markdown()
	for _, want := range []string{
		"| small enough | 1 | 2 | 6 | s | ≤ 2 | yes |", "| too much | 3 | 3 | 3 | s | ≤ 2 | **no** |", "| enough | 6 | 6 | 6 | × | ≥ 6 | yes |",
		"| not known | null | null | null | × | ≥ 6 | null: no disk |", "| squared | 2 | 2 | 2 |", "Not measured: window: no screen.",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestOnlyTheMeasuredPartIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "performance.md")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("before\n" + partBegins + "\nold\n" + partEnds + "\nafter\n")
	if err := replaceMeasured(path, "new\n"); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "before\n"+partBegins+"\nnew\n"+partEnds+"\nafter\n" {
		t.Errorf("%q %v", text, err)
	}
	write("a page of another kind")
	if err := replaceMeasured(path, "new\n"); err == nil {
		t.Error("it was replaced in a page that has no such part")
	}
}

// The page that make bench writes has the part that it replaces.
func TestThePageHasAMeasuredPart(t *testing.T) {
	text, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	begins, ends := strings.Index(string(text), partBegins+"\n"), strings.Index(string(text), partEnds)
	if begins < 0 || ends < begins {
		t.Errorf("the measured part is from %d to %d", begins, ends)
	}
}

func TestGoBenchmarksAreRead(t *testing.T) {
	got := benchFigures("goos: linux\nBenchmarkDurableCommit-2   \t600\t  0 ns/op\t 1.500 commit÷fdatasync\t 407.0 commit-p50-µs\nBenchmarkDurableCommit-2   \t600\t  0 ns/op\t 1.300 commit÷fdatasync\t 400.0 commit-p50-µs\nPASS\n")
	if f := got["commit÷fdatasync"]; len(f.rounds) != 2 || f.median() != 1.4 {
		t.Errorf("got %+v", got)
	}
}

func TestWidgetsAreRead(t *testing.T) {
	got := widgetsSeen(`=== RUN   TestCombiningSaves/no_widgets
    combined_saving_test.go:209: {"memory MiB":376} <nil>
=== RUN   TestCombiningSaves/12_sites,_own_pages
    combined_saving_test.go:209: {"CPU % of a core":127,"memory MiB":847} <nil>
`)
	if len(got) != 2 || got["no widgets"]["memory MiB"] != 376 || got["12 sites, own pages"]["CPU % of a core"] != 127 {
		t.Errorf("got %v", got)
	}
}

// A process that works is seen to.
func TestObserve(t *testing.T) {
	before, err := observe(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for began := ownCPU(); ownCPU()-began < 20*time.Millisecond; {
	}
	after, err := observe(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if cpu := after.cpu - before.cpu; cpu < 20*time.Millisecond || after.resident < 1<<20 || after.switches < before.switches {
		t.Errorf("used %v, %+v", cpu, after)
	}
	if _, err := observe(1 << 30); err == nil {
		t.Error("a process that does not exist was observed")
	}
}
