package interchange

import (
	"strings"
	"testing"

	"cuewire/app"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]app.Millis{
		"5:00": 300_000, "0:07": 7000, "1:05:00": 3_900_000, "90": 5_400_000, "1.5": 90_000, "1,5": 90_000, "90s": 90_000,
		"1h30": 5_400_000, "1h30m": 5_400_000, "1h 30min 5s": 5_405_000, "5 min": 300_000, "2 hours": 7_200_000, "1,5 h": 5_400_000,
		"3 minutos": 180_000, "45 segundos": 45_000, "90:00": 5_400_000, "0:00:01.250": 1250, "0:01,5": 1500, "0": 0, "8784:00:00": app.MaxDuration,
	} {
		if got, ok := parseDuration(text); !ok || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-5", "1:60", "1:60:00", "5:", ":30", "1:2:3:4", "s", "m", "1h30s5", "5 x", "1e3", "1h60m x", "٣", "∞", "NaN"} {
		if got, ok := parseDuration(text); ok {
			t.Errorf("%q is taken for %d ms", text, got)
		}
	}
}

func TestParseClock(t *testing.T) {
	for text, want := range map[string]app.ClockTime{
		"19:30": "19:30:00", "9:05": "09:05:00", "19:30:15": "19:30:15", "7:30 PM": "19:30:00", "12:00 am": "00:00:00", "7pm": "19:00:00",
		"19h30": "19:30:00", "19h": "19:00:00",
	} {
		if got, ok := parseClock(text); !ok || got != want {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"24:00", "19", "noon", "13:00 PM", "19:60"} {
		if got, ok := parseClock(text); ok {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}

// No heading means two columns.
func TestHeadingsAreUnambiguous(t *testing.T) {
	owner := map[string]string{}
	for _, c := range columns {
		own := map[string]bool{}
		for _, heading := range append([]string{c.field, c.title}, strings.Split(c.also, ",")...) {
			own[fold(heading)] = true
		}
		for heading := range own {
			if owner[heading] != "" {
				t.Errorf("%s means %s and %s", heading, owner[heading], c.field)
			}
			owner[heading] = c.field
		}
	}
	if fold(" DURAÇÃO (h:mm): ") != "duracaohmm" {
		t.Error(fold(" DURAÇÃO (h:mm): "))
	}
}

func TestLetters(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA"} {
		if got := letters(i); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}
