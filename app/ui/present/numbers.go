package present

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cuewire/app/i18n"
)

// Number writes a whole number without marks, for what is no amount: a port, a place.
func Number(n int64) string { return strconv.FormatInt(n, 10) }

// Count writes an amount, with the reader's mark between thousands.
func Count(w *i18n.Words, n int64) string { return w.Count(n) }

// decimal writes a number with the given digits after the reader's decimal mark, and no
// mark between thousands: what it writes into a field is read again.
func decimal(w *i18n.Words, value float64, digits int) string {
	text := strconv.FormatFloat(value, 'f', digits, 64)
	if w.Lang() == "pt-BR" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// Date writes a day.
func Date(w *i18n.Words, t time.Time) string {
	if w.Lang() == "pt-BR" {
		return t.Format("02/01/2006")
	}
	return t.Format("2 Jan 2006")
}

func percent(w *i18n.Words, value float64, digits int) string {
	return decimal(w, value, digits) + " %"
}

// mebibytes writes an amount of memory given in MiB.
func mebibytes(w *i18n.Words, mib float64) string {
	if mib >= 1024 {
		return decimal(w, mib/1024, 1) + " GiB"
	}
	return fmt.Sprintf("%.0f MiB", mib)
}

// Shortened returns at most so many characters of a text, the last one an ellipsis
// where something is left out.
func Shortened(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// wholeNumber reads a whole number that is not negative.
func wholeNumber(text string) (n int64, ok bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 63)
	return n, err == nil && n >= 0
}
