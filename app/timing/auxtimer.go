package timing

import "cuewire/app"

// ApplyAux carries one press of an auxiliary timer's controls out at now. It
// returns its run after that, or an *app.Error and the run as it was.
func ApplyAux(t *app.AuxTimer, c app.ControlAux, now app.Instant) (app.AuxRun, error) {
	run := t.Run
	switch c.Action {
	case app.Play:
		if run.State != app.Running {
			run.State, run.StartedAt = app.Running, now
		}
	case app.Pause:
		if run.State == app.Running {
			run.State, run.Elapsed, run.StartedAt = app.Paused, run.ElapsedAt(now), 0
		}
	case app.Stop:
		run = app.AuxRun{State: app.Stopped, Duration: t.Duration}
	case app.Reset:
		run.Duration, run.Elapsed = t.Duration, 0
		if run.State == app.Running {
			run.StartedAt = now
		}
	case app.AddTime, app.SetTime:
		if c.Value == nil {
			return run, errValue
		}
		given := run.Duration
		if c.Action == app.SetTime {
			if *c.Value < 0 {
				return run, errNegative
			}
			given = run.ElapsedAt(now)
		}
		if *c.Value > app.MaxDuration-given {
			return run, errTooLong
		}
		run.Duration = given + max(*c.Value, -given)
	default:
		return run, errAction
	}
	return run, nil
}

// ShiftAux returns the run after the time line was moved by d.
func ShiftAux(run app.AuxRun, d app.Millis) app.AuxRun {
	if run.State == app.Running {
		run.StartedAt = run.StartedAt.Add(d)
	}
	return run
}
