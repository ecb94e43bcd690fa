package interchange

import (
	"fmt"
	"slices"

	"cuewire/app"
)

const (
	headerRows = 20  // in which the headings are looked for
	maxColumns = 256 // of a spreadsheet
)

// header is the row that names the columns.
type header struct {
	columns []int // by place in the row, the index in columns, -1 for a column that is not ours
	names   []string
	known   int
}

// heading reads a row as the header, and reports whether it can be one: it names
// the timers and says how long they are.
func heading(row []cell) (h header, ok bool) {
	named, timed := false, false
	for _, c := range row {
		i, known := headings[fold(c.text)]
		if !known || c.isTime {
			i = -1
		} else {
			h.known++
			named = named || columns[i].field == "name"
			timed = timed || columns[i].field == "duration_ms" || columns[i].field == "finish_at"
		}
		h.columns = append(h.columns, i)
		h.names = append(h.names, short(c.text))
	}
	return h, named && timed
}

// table turns the rows of a spreadsheet, handed in one by one, into timers.
type table struct {
	problems *problems
	header   *header
	rows     int // handed in
	timers   []app.TimerFields
}

// add takes the next row. It fails when the whole file is to be refused.
func (t *table) add(row []cell) error {
	t.rows++
	if len(row) > maxColumns {
		return tooLarge(fmt.Errorf("row %d has %d columns", t.rows, len(row)))
	}
	if t.header == nil {
		h, ok := heading(row)
		if ok {
			t.header = &h
			t.twice()
		} else if t.rows == headerRows {
			return noHeader()
		}
		return nil
	}
	blank := true
	for i, c := range row {
		if i < len(t.header.columns) && t.header.columns[i] >= 0 && !c.blank() {
			blank = false
		}
	}
	if blank {
		return nil
	}
	if len(t.timers) == MaxRows {
		return tooLarge(nil)
	}
	t.timers = append(t.timers, t.timer(row))
	return nil
}

// timer reads one row.
func (t *table) timer(row []cell) (f app.TimerFields) {
	before := t.problems.total
	for i, c := range t.header.columns {
		if c < 0 {
			continue
		}
		var in cell
		if i < len(row) {
			in = row[i]
		}
		v, wrong := columns[c].value(in)
		if wrong != nil {
			t.problems.add(t.rows, letters(i), t.header.names[i], wrong)
		} else if v != nil {
			columns[c].set(&f, v)
		}
	}
	if f.Duration == nil && t.problems.total == before {
		if f.Duration = implied(f); f.Duration == nil {
			at := slices.IndexFunc(t.header.columns, func(c int) bool { return c >= 0 && columns[c].field == "duration_ms" })
			if at < 0 {
				t.problems.add(t.rows, "", "", missingTime())
			} else {
				t.problems.add(t.rows, letters(at), t.header.names[at], missingTime())
			}
		}
	}
	return f
}

// implied returns the duration of a timer that has none but finishes at a time of
// day: from its start if it has one, else 0. It is nil for other timers.
func implied(f app.TimerFields) *app.Millis {
	if f.FinishAt == nil || *f.FinishAt == "" {
		return nil
	}
	d := app.Millis(0)
	if f.StartAt != nil && *f.StartAt != "" {
		d = (sinceMidnight(*f.FinishAt) - sinceMidnight(*f.StartAt) + day) % day
	}
	return &d
}

func missingTime() *fault {
	return &fault{"interchange.missingTime", "A duration is needed here, or a time at which the timer finishes.", nil}
}

// twice complains of columns that mean the same.
func (t *table) twice() {
	seen := map[int]int{}
	for i, c := range t.header.columns {
		if c < 0 {
			continue
		}
		if first, ok := seen[c]; ok {
			t.problems.add(t.rows, letters(i), t.header.names[i], &fault{
				"interchange.twice", "This column means the same as column " + letters(first) + ". Rename or delete one of them.",
				map[string]any{"First": letters(first)},
			})
			continue
		}
		seen[c] = i
	}
}

// end returns what was read.
func (t *table) end() ([]app.TimerFields, error) {
	if t.header == nil {
		return nil, noHeader()
	}
	return t.timers, nil
}

func noHeader() error {
	return refuse("interchange.noHeader", "No row names the columns. One of the first 20 rows must have at least the headings Name and Duration.", nil)
}

// letters returns what a spreadsheet calls a column, "A" for 0.
func letters(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}
