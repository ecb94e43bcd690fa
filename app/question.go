package app

import "time"

// QuestionState is how far a question has come.
type QuestionState string

// The states of a question.
const (
	QuestionNew   QuestionState = "new"   // nobody has looked after it
	QuestionShown QuestionState = "shown" // on the stage's screen, as a message
	QuestionDone  QuestionState = "done"  // answered, or put aside
)

// Question is what somebody in the audience asked. Moderator and above see it.
type Question struct {
	ID        string        `json:"id"`
	RoomID    string        `json:"room_id"`
	Text      string        `json:"text"`
	Name      string        `json:"name"` // of who asked, "" for nobody's
	State     QuestionState `json:"state"`
	MessageID string        `json:"message_id"` // the message that shows it, "" before it was ever shown
	CreatedAt time.Time     `json:"created_at"`
	UpdatedAt time.Time     `json:"updated_at"`
}

// The limits of questions.
const (
	MaxQuestions      = 500 // in a room; past them the oldest that are done give way, else asking is refused
	MaxQuestionLength = 500 // characters
)

// The commands about questions. RoomID is a room's id or short code.
type (
	// AskQuestion adds a question to a room whose questions are open; CodeForbidden
	// in another.
	AskQuestion struct{ RoomID, Text, Name string }
	// SetQuestion changes a question's text (before it is shown: spelling, names) or
	// puts it to another state. QuestionShown shows it: a message with its text is made,
	// or made anew, and shown. Taken off that state the message is hidden.
	SetQuestion struct {
		RoomID, ID string
		Text       *string
		State      *QuestionState
	}
	// DeleteQuestion removes a question and the message that showed it.
	DeleteQuestion struct{ RoomID, ID string }
	// ClearQuestions removes all questions of a room that are done.
	ClearQuestions struct{ RoomID string }
)

// QuestionAction is what became of a question.
type QuestionAction string

// The actions.
const (
	QuestionCreate QuestionAction = "create"
	QuestionUpdate QuestionAction = "update"
	QuestionDelete QuestionAction = "delete"
)

// QuestionChanged is questions:create, update or delete; for moderator and above.
type QuestionChanged struct {
	Action   QuestionAction `json:"-"`
	RoomID   string         `json:"roomId"`
	Question *Question      `json:"question"`
}

// EventName returns the name on the bus.
func (e QuestionChanged) EventName() string { return "questions:" + string(e.Action) }

// The stored changes.
type (
	PutQuestion  struct{ Question *Question }
	DropQuestion struct{ ID string }
)

// Key returns which thing is written.
func (c PutQuestion) Key() string  { return "question/" + c.Question.ID }
func (c DropQuestion) Key() string { return "question/" + c.ID }

func (AskQuestion) command()    {}
func (SetQuestion) command()    {}
func (DeleteQuestion) command() {}
func (ClearQuestions) command() {}
