package engine

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"cuewire/app"
)

func (t *tx) askQuestion(c app.AskQuestion) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	if !r.Room.AskOpen {
		return app.NewError(app.CodeForbidden, "error.questionsClosed", "Questions are closed at the moment.", nil)
	}
	q := &app.Question{
		ID: uuid.NewString(), RoomID: r.Room.ID, Text: strings.TrimSpace(c.Text), Name: strings.TrimSpace(c.Name),
		State: app.QuestionNew, CreatedAt: t.now.Time(), UpdatedAt: t.now.Time(),
	}
	if err := checkQuestion("text", q.Text); err != nil {
		return err
	}
	if err := checkLine("name", q.Name); err != nil {
		return err
	}
	if len(r.Questions) >= app.MaxQuestions {
		done := slices.IndexFunc(r.Questions, func(q *app.Question) bool { return q.State == app.QuestionDone })
		if done < 0 {
			return app.NewError(app.CodeConflict, "error.tooManyQuestions", "There are too many questions already. Try again later.", nil)
		}
		t.dropQuestions(i, func(k int, _ *app.Question) bool { return k == done })
	}
	next := *t.rooms[i]
	next.Questions = append(slices.Clone(next.Questions), q)
	t.replace(i, next)
	t.tellQuestion(q, app.QuestionCreate)
	return nil
}

func checkQuestion(field, v string) error {
	if utf8.RuneCountInString(v) > app.MaxQuestionLength {
		return invalid(field, "error.fieldTooLong", "{field} is too long.")
	}
	return checkMessage(field, v)
}

func (t *tx) setQuestion(c app.SetQuestion) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	was := r.Question(c.ID)
	if was == nil {
		return questionNotFound()
	}
	t.id = c.ID
	q, f := *was, fields{}
	set(&f, "text", &q.Text, c.Text, checkQuestion)
	set(&f, "state", &q.State, c.State, oneOf(app.QuestionNew, app.QuestionShown, app.QuestionDone))
	if f.err != nil || len(f.changed) == 0 {
		return f.err
	}
	switch {
	case q.State == app.QuestionShown:
		if err := t.showQuestion(i, &q); err != nil {
			return err
		}
	case was.State == app.QuestionShown && r.Playback.MessageID == was.MessageID:
		t.showMessage(i, "")
	}
	t.putQuestion(i, q)
	t.id = c.ID
	return nil
}

// showQuestion shows the message of a question, made or brought up to date, and
// takes the question shown before off the screen.
func (t *tx) showQuestion(i int, q *app.Question) error {
	room := q.RoomID
	if t.rooms[i].Message(q.MessageID) != nil {
		if err := t.updateMessage(app.UpdateMessage{RoomID: room, MessageID: q.MessageID, Fields: app.MessageFields{Text: &q.Text}}); err != nil {
			return err
		}
	} else {
		if err := t.createMessage(app.CreateMessage{RoomID: room, Fields: app.MessageFields{Text: &q.Text}}); err != nil {
			return err
		}
		q.MessageID = t.id
	}
	t.showMessage(i, q.MessageID)
	return nil
}

// settleQuestions puts aside the questions that are no longer on the screen: another
// message took their place, or none.
func (t *tx) settleQuestions(i int) {
	for _, q := range t.rooms[i].Questions {
		if q.State == app.QuestionShown && q.MessageID != t.rooms[i].Playback.MessageID {
			done := *q
			done.State = app.QuestionDone
			t.putQuestion(i, done)
		}
	}
}

func (t *tx) deleteQuestion(c app.DeleteQuestion) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	q := r.Question(c.ID)
	if q == nil {
		return questionNotFound()
	}
	if r.Message(q.MessageID) != nil {
		if err := t.deleteMessage(app.DeleteMessage{RoomID: r.Room.ID, MessageID: q.MessageID}); err != nil {
			return err
		}
	}
	t.dropQuestions(i, func(_ int, q *app.Question) bool { return q.ID == c.ID })
	t.id = c.ID
	return nil
}

func (t *tx) clearQuestions(c app.ClearQuestions) error {
	_, i, err := t.room(c.RoomID)
	if err == nil {
		t.dropQuestions(i, func(_ int, q *app.Question) bool { return q.State == app.QuestionDone })
	}
	return err
}

// dropQuestions removes the questions of the room at i for which drop says so.
func (t *tx) dropQuestions(i int, drop func(k int, q *app.Question) bool) {
	next := *t.rooms[i]
	next.Questions = make([]*app.Question, 0, len(next.Questions))
	for k, q := range t.rooms[i].Questions {
		if !drop(k, q) {
			next.Questions = append(next.Questions, q)
			continue
		}
		t.write(app.DropQuestion{ID: q.ID})
		t.tell(q.RoomID, app.QuestionChanged{Action: app.QuestionDelete, RoomID: q.RoomID, Question: q})
	}
	t.replace(i, next)
}

// putQuestion puts a changed question in its place in the room at i.
func (t *tx) putQuestion(i int, q app.Question) {
	q.UpdatedAt = t.now.Time()
	next := *t.rooms[i]
	next.Questions = slices.Clone(next.Questions)
	k := slices.IndexFunc(next.Questions, func(other *app.Question) bool { return other.ID == q.ID })
	next.Questions[k] = &q
	t.replace(i, next)
	t.tellQuestion(&q, app.QuestionUpdate)
}

func (t *tx) tellQuestion(q *app.Question, action app.QuestionAction) {
	t.write(app.PutQuestion{Question: q})
	t.tell(q.RoomID, app.QuestionChanged{Action: action, RoomID: q.RoomID, Question: q})
	t.id = q.ID
}

func questionNotFound() error {
	return app.NewError(app.CodeNotFound, "error.questionNotFound", "There is no question with this id.", nil)
}
