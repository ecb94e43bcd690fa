package store

import (
	"context"
	"fmt"

	"cuewire/app"
)

// quickRow is a quick timer as its JSON is stored. It has exactly the fields of
// app.QuickTimer: the conversions between the two do not compile otherwise.
type quickRow struct {
	ID          string           `json:"id"`
	Owner       string           `json:"owner"`
	ScheduleID  *string          `json:"schedule_id"`
	TodoID      *string          `json:"todo_id"`
	Title       *string          `json:"title"`
	Description *string          `json:"description"`
	Allocated   app.Millis       `json:"allocated_ms"`
	Status      app.QuickStatus  `json:"status"`
	Elapsed     app.Millis       `json:"elapsed_ms"`
	Since       app.Instant      `json:"since"`
	StartedAt   app.Instant      `json:"started_at"`
	PausedAt    app.Instant      `json:"paused_at"`
	EndedAt     app.Instant      `json:"ended_at"`
	History     []app.QuickPress `json:"history"`
	CreatedAt   app.Instant      `json:"created_at"`
	UpdatedAt   app.Instant      `json:"updated_at"`
}

func rowOfQuick(t *app.QuickTimer) quickRow { return quickRow(*t) }

func (l *loader) loadQuick(ctx context.Context) error {
	return each(ctx, l, "quick_timers", "SELECT id, '', 0, body FROM quick_timers ORDER BY made", func(r row, stored *quickRow) error {
		if stored.ID != r.id {
			return fmt.Errorf("the body is of %q", stored.ID)
		}
		timer := app.QuickTimer(*stored)
		l.saved.QuickTimers = append(l.saved.QuickTimers, &timer)
		return nil
	})
}

func (l *loader) loadTokens(ctx context.Context) error {
	return each(ctx, l, "tokens", "SELECT id, '', 0, body FROM tokens ORDER BY made", func(r row, token *app.Token) error {
		if token.ID != r.id {
			return fmt.Errorf("the body is of %q", token.ID)
		}
		l.saved.Tokens = append(l.saved.Tokens, token)
		return nil
	})
}
