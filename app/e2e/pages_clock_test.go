package e2e

import (
	"encoding/json"
	"os"
	"testing"
)

// TestPagesClockError runs the pages' own connection on simulated networks whose delays
// are as those measured on good Wi-Fi and by a power-saving tablet: 200 devices with clocks
// of their own on each, for three minutes, from two seconds after they connect.
func TestPagesClockError(t *testing.T) {
	script, err := os.ReadFile("testdata/clock/main.mjs")
	if err != nil {
		t.Fatal(err)
	}
	output := runBesidePages(t, map[string][]byte{"main.mjs": script}, "link.js", "clock.js", "emitter.js", "frames.js")
	var seen map[string]struct{ Single, Error, Early, Within float64 }
	if err := json.Unmarshal(output, &seen); err != nil {
		t.Fatal(err)
	}
	for network, want := range map[string]struct{ single, most float64 }{"good Wi-Fi": {13, 2}, "power-saving tablet": {56, 6}} {
		got := seen[network]
		t.Logf("%s: p99 %.2f ms, %.2f ms in the first ten seconds; of single pings %.2f ms", network, got.Error, got.Early, got.Single)
		if got.Single < 0.9*want.single || got.Single > 1.1*want.single {
			t.Errorf("%s: this is another network: single pings' p99 is %.1f ms, measured was %.0f", network, got.Single, want.single)
		}
		if got.Error > want.most || got.Early > want.most {
			t.Errorf("%s: off by %.2f ms, %.2f ms in the first ten seconds, may be by %.0f", network, got.Error, got.Early, want.most)
		}
		if got.Within < 0.999 {
			t.Errorf("%s: %.2f %% of the errors are within what the clock says", network, 100*got.Within)
		}
	}
}
