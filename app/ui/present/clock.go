package present

import (
	"fmt"
	"strconv"
	"strings"

	"cuewire/app"
)

// Clock writes whole seconds as m:ss, and as h:mm:ss from one hour on.
func Clock(seconds int64) string {
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// Length writes a planned duration as [Clock] does, rounded up to a second.
func Length(d app.Millis) string { return Clock(ceil(d)) }

// timecode writes whole seconds as h:mm:ss always, as OBS does.
func timecode(seconds int64) string {
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

// ceil returns the seconds of d, rounded up; d must not be negative.
func ceil(d app.Millis) int64 { return int64(d+999) / 1000 }

// floor returns the whole seconds of d; d must not be negative.
func floor(d app.Millis) int64 { return int64(d) / 1000 }

// countdown returns the digits for the time left and after how long they change.
// Above zero the ceiling of the seconds is shown, so that 0:00 is exactly zero;
// past it the floor of the overtime, with a plus.
func countdown(left app.Millis) (digits string, change app.Millis) {
	switch {
	case left > 0:
		seconds := ceil(left)
		return Clock(seconds), left - app.Millis(seconds-1)*1000
	case left == 0:
		return Clock(0), 1
	default:
		return "+" + Clock(floor(-left)), 1000 - (-left)%1000
	}
}

// countup returns the digits for the time gone and after how long they change.
func countup(elapsed app.Millis) (digits string, change app.Millis) {
	return Clock(floor(elapsed)), 1000 - elapsed%1000
}

// ParseLength reads a length of time as a person types it: "5" is five minutes,
// "5:30" five minutes and a half, "1:05:00" an hour and five minutes. Ok is false
// for anything else and for lengths above [app.MaxDuration].
func ParseLength(text string) (d app.Millis, ok bool) {
	parts := strings.Split(strings.TrimSpace(text), ":")
	if len(parts) > 3 {
		return 0, false
	}
	var total int64
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil || strings.HasPrefix(part, "+") || (i > 0 && (n > 59 || len(part) != 2)) {
			return 0, false
		}
		total = total*60 + int64(n)
	}
	if len(parts) == 1 {
		total *= 60
	}
	d = app.Millis(total) * 1000
	return d, d <= app.MaxDuration
}

// sooner returns the smaller of two waits, where 0 stands for never.
func sooner(a, b app.Millis) app.Millis {
	switch {
	case a <= 0:
		return b
	case b <= 0:
		return a
	default:
		return min(a, b)
	}
}
