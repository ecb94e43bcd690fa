package wsserver

import "cuewire/app"

// window counts what was let through in a sliding stretch of time. It holds one
// entry for each, so a quiet client costs nothing.
type window struct {
	times []app.Instant // in order
}

// admit counts one more at now and returns 0, or, when n were let through in the
// last per already, counts nothing and returns how long until one will be, at least 1.
// What comes after now, because the clock was set back, is forgotten.
func (w *window) admit(now app.Instant, n int, per app.Millis) (retry app.Millis) {
	if n <= 0 {
		return 0
	}
	gone := 0
	for gone < len(w.times) && (now.Sub(w.times[gone]) >= per || w.times[gone] > now) {
		gone++
	}
	w.times = w.times[:copy(w.times, w.times[gone:])]
	if len(w.times) < n {
		if len(w.times) == 0 && cap(w.times) > 64 {
			w.times = nil
		}
		w.times = append(w.times, now)
		return 0
	}
	return max(1, per-now.Sub(w.times[0]))
}
