package app_test

import (
	"testing"
	"time"

	"cuewire/app"
)

func TestParseClockTime(t *testing.T) {
	for text, want := range map[string]app.ClockTime{"": "", "9:05": "09:05:00", "09:05": "09:05:00", "23:59:59": "23:59:59", "0:00": "00:00:00"} {
		if got, ok := app.ParseClockTime(text); !ok || got != want {
			t.Errorf("%q: got %q %t", text, got, ok)
		}
	}
	for _, text := range []string{"24:00", "9", "9:5", "12:60", "noon", "12:00:60", " 12:00", "12:00 pm"} {
		if got, ok := app.ParseClockTime(text); ok {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}

func TestClockTimeAfter(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04:05", text, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for name, test := range map[string]struct {
		clock       app.ClockTime
		after, want string
	}{
		"later today":            {"20:00:00", "2026-06-01 10:00:00", "2026-06-01 20:00:00"},
		"now":                    {"10:00:00", "2026-06-01 10:00:00", "2026-06-01 10:00:00"},
		"tomorrow":               {"09:59:59", "2026-06-01 10:00:00", "2026-06-02 09:59:59"},
		"next year":              {"00:00:00", "2026-12-31 23:59:59", "2027-01-01 00:00:00"},
		"clocks go back tonight": {"08:00:00", "2026-10-24 20:00:00", "2026-10-25 08:00:00"},
		"left out by the clocks": {"02:30:00", "2026-03-28 20:00:00", "2026-03-29 03:30:00"},
	} {
		if got := test.clock.After(at(test.after)); !got.Equal(at(test.want)) {
			t.Errorf("%s: got %v, want %v", name, got, at(test.want))
		}
	}
	// 02:30 comes twice on this night; it is the first that counts.
	if got := app.ClockTime("02:30:00").After(at("2026-10-25 00:00:00")); got.UTC().Hour() != 0 || got.UTC().Minute() != 30 {
		t.Errorf("the night with two half past twos: %v", got.UTC())
	}
}
