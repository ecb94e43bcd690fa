package store

import (
	"errors"
	"reflect"
	"testing"

	"cuewire/app"
)

const day = 24 * 60 * app.Millis(minute)

// at is the beginning of a minute some time in 2026.
func at(n int) app.Instant { return app.Instant(1_790_000_040_000 + n*minute) }

func mean(values ...float64) (m app.Mean) {
	for _, v := range values {
		m.Add(&v)
	}
	return m
}

func open1(t *testing.T) (*Store, *History) {
	t.Helper()
	s, err := openWith(t, t.TempDir(), embedded())
	if err != nil {
		t.Fatal(err)
	}
	return s, s.History()
}

func TestHistoryIsKeptByTheMinute(t *testing.T) {
	s, h := open1(t)
	add := func(minutes []app.Minute, sources ...app.SourceMinute) {
		t.Helper()
		if err := h.AddMinutes(t.Context(), minutes, sources); err != nil {
			t.Fatal(err)
		}
	}
	add([]app.Minute{{At: at(0), CPU: mean(10, 20)}, {At: at(2), CPU: mean(5)}}, app.SourceMinute{At: at(0), SourceID: "a", FPS: mean(60)})
	// The clock was set back, or Cuewire was started again within the minute.
	add([]app.Minute{{At: at(0), CPU: mean(60), Memory: mean(100)}}, app.SourceMinute{At: at(0), SourceID: "a", FPS: mean(30)}, app.SourceMinute{At: at(0), SourceID: "b", FPS: mean(1)})

	got, err := h.Minutes(t.Context(), at(0), at(2))
	if want := []app.Minute{{At: at(0), CPU: mean(10, 20, 60), Memory: mean(100)}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	if got, err = h.Minutes(t.Context(), at(0)+1, at(2)+1); err != nil || len(got) != 1 || got[0].At != at(2) {
		t.Errorf("from within a minute: %+v, %v", got, err)
	}
	sources, err := h.SourceMinutes(t.Context(), "a", at(0), at(9))
	if want := []app.SourceMinute{{At: at(0), SourceID: "a", FPS: mean(60, 30)}}; err != nil || !reflect.DeepEqual(sources, want) {
		t.Errorf("got %+v, %v", sources, err)
	}

	dir := s.file[:len(s.file)-len(FileName)-1]
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := openWith(t, dir, embedded())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.History().Minutes(t.Context(), at(0), at(3)); err != nil || len(got) != 2 || got[0].CPU.Count != 3 {
		t.Errorf("after a restart: %+v, %v", got, err)
	}
	if err := h.AddMinutes(t.Context(), []app.Minute{{At: at(0)}}, nil); err == nil {
		t.Error("a closed store takes minutes")
	}
	if _, err := h.Minutes(t.Context(), at(0), at(1)); err == nil {
		t.Error("a closed store tells minutes")
	}
}

func TestPruneForgetsWhatIsOldAndWhatIsTooMuch(t *testing.T) {
	_, h := open1(t)
	week := 7 * 24 * 60
	const fill = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT ?)
		INSERT INTO history SELECT ? + i, '{}' FROM n`
	if _, err := h.store.measuring().Exec(fill, maxMinutes+500, int64(at(0))/minute); err != nil {
		t.Fatal(err)
	}
	ahead := app.Minute{At: at(10 * week)} // the clock was wrong for a moment
	if err := h.AddMinutes(t.Context(), []app.Minute{ahead}, []app.SourceMinute{{At: at(0), SourceID: "a"}, {At: at(week), SourceID: "a"}}); err != nil {
		t.Fatal(err)
	}
	count := func() int {
		t.Helper()
		all, err := h.Minutes(t.Context(), 0, at(100*week))
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if err := h.Prune(t.Context(), 0); err != nil || count() != maxMinutes {
		t.Errorf("by number: %d, %v", count(), err)
	}
	if err := h.Prune(t.Context(), at(week+600)); err != nil {
		t.Fatal(err)
	}
	all, err := h.Minutes(t.Context(), 0, at(100*week))
	if err != nil || all[0].At != at(600) || all[len(all)-1].At != at(maxMinutes+499) {
		t.Errorf("by age: %v to %v, %v", all[0].At, all[len(all)-1].At, err)
	}
	if left, err := h.SourceMinutes(t.Context(), "a", 0, at(100*week)); err != nil || len(left) != 1 || left[0].At != at(week) {
		t.Errorf("of a source: %v, %v", left, err)
	}
	if err := h.Prune(t.Context(), at(week).Add(30*day)); err != nil || count() != 0 {
		t.Errorf("a month later: %d, %v", count(), err)
	}
}

func TestDamagedHistoryIsAnErrorThatSaysWhere(t *testing.T) {
	_, h := open1(t)
	if _, err := h.store.measuring().Exec("INSERT INTO history VALUES (?, 'no json')", int64(at(0))/minute); err != nil {
		t.Fatal(err)
	}
	_, err := h.Minutes(t.Context(), 0, at(9))
	if e, ok := errors.AsType[*app.Error](err); !ok || e.Key != badRow.key {
		t.Errorf("got %v", err)
	}
}

func TestAlertRulesAreStored(t *testing.T) {
	s, _ := open1(t)
	rules := app.DefaultAlertRules()[:2]
	for _, put := range [][]app.AlertRule{rules, {}, nil} {
		if err := s.Commit(t.Context(), []app.Change{app.PutAlertRules{Rules: put}}); err != nil {
			t.Fatal(err)
		}
		if saved, err := s.Load(t.Context()); err != nil || !reflect.DeepEqual(saved.AlertRules, put) {
			t.Errorf("put %v, got %v, %v", put, saved.AlertRules, err)
		}
	}
}
