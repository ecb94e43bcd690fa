package app

import (
	"fmt"
	"time"
)

// ClockTime is a time of day, "HH:MM:SS", or "" for none. What day it falls on
// depends on when one asks, see [ClockTime.After].
type ClockTime string

// ParseClockTime reads "H:MM", "HH:MM" or "HH:MM:SS", 0:00 to 23:59:59, and "".
func ParseClockTime(text string) (ClockTime, bool) {
	if text == "" {
		return "", true
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return ClockTime(t.Format("15:04:05")), true
		}
	}
	return "", false
}

// After returns the first moment at or after t that has this time of day, on the
// wall clocks of t's location. A time that a day leaves out (clocks go forward)
// is as much later as they went; of one that a day has twice it is the first.
func (c ClockTime) After(t time.Time) time.Time {
	var hour, minute, second int
	if _, err := fmt.Sscanf(string(c), "%d:%d:%d", &hour, &minute, &second); err != nil {
		return t
	}
	for day := t.Day() - 1; ; day++ {
		at := time.Date(t.Year(), t.Month(), day, hour, minute, second, 0, t.Location())
		for _, turn := range []time.Duration{time.Hour, 30 * time.Minute} { // what clocks go back by
			if first := at.Add(-turn); first.Hour() == hour && first.Minute() == minute {
				at = first
			}
		}
		if !at.Before(t) {
			return at
		}
	}
}
