package insight

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"time"
)

// handler takes secrets out of records and hands what is left to others.
type handler struct {
	redact *Redactor
	next   []slog.Handler
}

// newHandler returns a handler for all of next; each has its own level.
func newHandler(redact *Redactor, next ...slog.Handler) slog.Handler {
	return &handler{redact: redact, next: next}
}

// Enabled implements [slog.Handler].
func (h *handler) Enabled(ctx context.Context, level slog.Level) bool {
	for _, next := range h.next {
		if next.Enabled(ctx, level) {
			return true
		}
	}
	return false
}

// Handle implements [slog.Handler].
func (h *handler) Handle(ctx context.Context, record slog.Record) error {
	clean := slog.NewRecord(record.Time, record.Level, h.redact.Text(record.Message), record.PC)
	record.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(h.attr(a))
		return true
	})
	var errs []error
	for _, next := range h.next {
		if next.Enabled(ctx, record.Level) {
			errs = append(errs, next.Handle(ctx, clean.Clone()))
		}
	}
	return errors.Join(errs...)
}

// WithAttrs implements [slog.Handler].
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = h.attr(a)
	}
	return h.with(func(next slog.Handler) slog.Handler { return next.WithAttrs(clean) })
}

// WithGroup implements [slog.Handler].
func (h *handler) WithGroup(name string) slog.Handler {
	return h.with(func(next slog.Handler) slog.Handler { return next.WithGroup(h.redact.Text(name)) })
}

func (h *handler) with(change func(slog.Handler) slog.Handler) slog.Handler {
	changed := make([]slog.Handler, len(h.next))
	for i, next := range h.next {
		changed[i] = change(next)
	}
	return &handler{h.redact, changed}
}

// attr returns an attribute without secrets.
func (h *handler) attr(a slog.Attr) slog.Attr {
	key := h.redact.Text(a.Key)
	if Secret(a.Key) {
		return slog.String(key, Hidden)
	}
	value := a.Value.Resolve()
	switch value.Kind() {
	case slog.KindBool, slog.KindInt64, slog.KindUint64, slog.KindFloat64, slog.KindTime:
		return slog.Attr{Key: key, Value: value}
	case slog.KindDuration:
		return slog.String(key, value.Duration().Round(time.Microsecond).String())
	case slog.KindString:
		return slog.String(key, h.redact.Text(value.String()))
	case slog.KindGroup:
		clean := make([]any, 0, len(value.Group()))
		for _, inner := range value.Group() {
			clean = append(clean, h.attr(inner))
		}
		return slog.Group(key, clean...)
	}
	return slog.Any(key, h.value(value.Any()))
}

// value returns any other value as text or as plain JSON, without secrets.
func (h *handler) value(v any) (clean any) {
	defer func() {
		if recover() != nil { // its own String or MarshalJSON; what it says is not known
			clean = fmt.Sprintf("a %T that cannot be shown", v)
		}
	}()
	switch v := v.(type) {
	case nil:
		return nil
	case error:
		return h.redact.Text(v.Error())
	case fmt.Stringer:
		return h.redact.Text(v.String())
	case []byte:
		return h.redact.Text(string(v))
	}
	switch reflect.Indirect(reflect.ValueOf(v)).Kind() {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array:
		if text, err := json.Marshal(v); err == nil && len(text) <= maxText {
			var plain any
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.UseNumber()
			if decoder.Decode(&plain) == nil {
				return h.redact.plain(plain)
			}
		}
	}
	return h.redact.Text(fmt.Sprintf("%+v", v))
}

// plain takes secrets out of a JSON value.
func (r *Redactor) plain(v any) any {
	switch v := v.(type) {
	case string:
		return r.Text(v)
	case []any:
		for i := range v {
			v[i] = r.plain(v[i])
		}
	case map[string]any:
		clean := make(map[string]any, len(v))
		for name, inner := range v {
			if Secret(name) && inner != nil && inner != "" {
				inner = Hidden
			}
			clean[r.Text(name)] = r.plain(inner)
		}
		return clean
	}
	return v
}
