package interchange

import (
	"fmt"
	"strings"

	"cuewire/app"
)

// Problem is one thing that is wrong with a file.
type Problem struct {
	Row     int            `json:"row"`    // as the spreadsheet numbers it, 1 first; in JSON and Ontime the timer's number; 0 for the whole file
	Column  string         `json:"column"` // as the spreadsheet letters it; in JSON and Ontime the field's name; "" for the whole row
	Header  string         `json:"header"` // what the file calls the column
	Code    app.Code       `json:"code"`
	Key     string         `json:"key"`     // of the text that says it in the reader's language, with Args
	Message string         `json:"message"` // the same in English
	Args    map[string]any `json:"args,omitempty"`
}

// Place returns the key of the text that says where the problem is, with its
// arguments; "" for the whole file.
func (p Problem) Place() (key string, args map[string]any) {
	switch {
	case p.Row == 0:
		return "", nil
	case p.Column == "":
		return "interchange.atRow", map[string]any{"Row": p.Row}
	case p.Header == "":
		return "interchange.atField", map[string]any{"Row": p.Row, "Field": p.Column}
	}
	return "interchange.atCell", map[string]any{"Row": p.Row, "Column": p.Column, "Header": p.Header}
}

func (p Problem) String() string {
	switch {
	case p.Row == 0:
		return p.Message
	case p.Column == "":
		return fmt.Sprintf("row %d: %s", p.Row, p.Message)
	case p.Header == "":
		return fmt.Sprintf("timer %d, %s: %s", p.Row, p.Column, p.Message)
	}
	return fmt.Sprintf("row %d, column %s (%s): %s", p.Row, p.Column, p.Header, p.Message)
}

// ImportError tells why nothing was imported. An *app.Error is in its chain: that
// of the file's only problem, else "interchange.refused" with Count.
type ImportError struct {
	Problems []Problem // in the file's order, at most MaxProblems
	Total    int       // how many there are
	cause    error
}

// Error returns the problems in English, one a line.
func (e *ImportError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the whole as an *app.Error, with CodeInvalid.
func (e *ImportError) Unwrap() error {
	if len(e.Problems) == 1 && e.Problems[0].Row == 0 {
		p := e.Problems[0]
		return &app.Error{Code: p.Code, Key: p.Key, Message: p.Message, Args: p.Args, Err: e.cause}
	}
	return app.NewError(app.CodeInvalid, "interchange.refused",
		fmt.Sprintf("Nothing was imported: %d things in the file need to be put right.", e.Total), map[string]any{"Count": e.Total})
}

// refuse returns the error for a file that is wrong as a whole.
func refuse(key, message string, cause error) *ImportError {
	return &ImportError{Problems: []Problem{{Code: app.CodeInvalid, Key: key, Message: message}}, Total: 1, cause: cause}
}

func empty() *ImportError {
	return refuse("interchange.empty", "There is no timer in the file.", nil)
}

func unknown() *ImportError {
	return refuse("interchange.unknown", "Cuewire does not know this kind of file. Use CSV, XLSX, a rundown that Cuewire exported, or an Ontime project.", nil)
}

func oldExcel(cause error) *ImportError {
	return refuse("interchange.oldExcel", "This is an old or password-protected Excel file. Save it as .xlsx without a password.", cause)
}

func tooLarge(cause error) *ImportError {
	return refuse("interchange.tooLarge", "The file is too large. A rundown may have 10 MiB and 20,000 timers; split it.", cause)
}

func damaged(cause error) *ImportError {
	return refuse("interchange.damaged", "The file is damaged or incomplete. Save or export it again.", cause)
}

// fault is what is wrong with one value.
type fault struct {
	key     string
	message string
	args    map[string]any
}

// problems gathers what is wrong with a file.
type problems struct {
	list  []Problem
	total int
}

func (p *problems) add(row int, column, header string, f *fault) {
	if p.total++; len(p.list) < MaxProblems {
		p.list = append(p.list, Problem{
			Row: row, Column: column, Header: header, Code: app.CodeInvalid, Key: f.key, Message: f.message, Args: f.args,
		})
	}
}

func (p *problems) err() *ImportError { return &ImportError{Problems: p.list, Total: p.total} }
