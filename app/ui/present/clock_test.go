package present

import (
	"testing"

	"pgregory.net/rapid"

	"cuewire/app"
)

func TestClock(t *testing.T) {
	for seconds, want := range map[int64]string{
		0: "0:00", 9: "0:09", 60: "1:00", 599: "9:59", 3599: "59:59", 3600: "1:00:00", 36_061: "10:01:01",
	} {
		if got := Clock(seconds); got != want {
			t.Errorf("Clock(%d) = %q, want %q", seconds, got, want)
		}
	}
}

func TestCountdownShowsTheCeilingAndOvertimeTheFloor(t *testing.T) {
	for _, test := range []struct {
		left   app.Millis
		digits string
		change app.Millis
	}{
		{60_000, "1:00", 1000},
		{59_999, "1:00", 999},
		{59_001, "1:00", 1},
		{59_000, "0:59", 1000},
		{1001, "0:02", 1},
		{1000, "0:01", 1000},
		{1, "0:01", 1},
		{0, "0:00", 1},
		{-1, "+0:00", 999},
		{-999, "+0:00", 1},
		{-1000, "+0:01", 1000},
		{-3_600_500, "+1:00:00", 500},
	} {
		digits, change := countdown(test.left)
		if digits != test.digits || change != test.change {
			t.Errorf("countdown(%d) = %q, %d, want %q, %d", test.left, digits, change, test.digits, test.change)
		}
	}
}

func TestCountupShowsTheFloor(t *testing.T) {
	for elapsed, want := range map[app.Millis]string{0: "0:00", 999: "0:00", 1000: "0:01", 61_999: "1:01"} {
		if got, _ := countup(elapsed); got != want {
			t.Errorf("countup(%d) = %q, want %q", elapsed, got, want)
		}
	}
}

func TestDigitsStandUntilTheChangeAndThenDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		left := app.Millis(rapid.Int64Range(-7_200_000, 7_200_000).Draw(t, "left"))
		digits, change := countdown(left)
		if change < 1 || change > 1000 {
			t.Fatalf("change after %d ms", change)
		}
		if before, _ := countdown(left - change + 1); before != digits {
			t.Fatalf("%q became %q before the change", digits, before)
		}
		if after, _ := countdown(left - change); after == digits {
			t.Fatalf("still %q after the change", digits)
		}
	})
}

func TestParseLength(t *testing.T) {
	for text, want := range map[string]app.Millis{
		"5": 300_000, " 5 ": 300_000, "0": 0, "90": 5_400_000, "5:30": 330_000, "0:05": 5_000,
		"1:05:00": 3_900_000, "125:00": 7_500_000,
	} {
		if got, ok := ParseLength(text); !ok || got != want {
			t.Errorf("ParseLength(%q) = %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", ":", "5:", ":30", "5:3", "5:60", "1:60:00", "-5", "+5", "5.5", "1:2:3:4", "five", "99999999999", "600000"} {
		if got, ok := ParseLength(text); ok {
			t.Errorf("ParseLength(%q) = %d, want a refusal", text, got)
		}
	}
}

func TestParseLengthReadsWhatClockWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.Int64Range(0, 360_000).Draw(t, "seconds")
		if got, ok := ParseLength(Clock(seconds)); !ok || got != app.Millis(seconds)*1000 {
			t.Fatalf("%q became %d, %v", Clock(seconds), got, ok)
		}
	})
}
