package app

// Role is what a visitor is allowed to see and do. The values are the published
// PalcoTimer outputs, and admin.
type Role string

// The roles.
const (
	Viewer     Role = "viewer"
	Agenda     Role = "agenda"
	Moderator  Role = "moderator"
	Operator   Role = "operator"
	Controller Role = "controller"
	Admin      Role = "admin"
)

// ParseRole returns the role with that name; ok is false for any other text.
func ParseRole(name string) (role Role, ok bool) {
	switch r := Role(name); r {
	case Viewer, Agenda, Moderator, Operator, Controller, Admin:
		return r, true
	}
	return "", false
}

// rank orders the roles by power. Viewer and agenda see the same little.
func (r Role) rank() int {
	switch r {
	case Viewer, Agenda:
		return 1
	case Moderator:
		return 2
	case Operator:
		return 3
	case Controller:
		return 4
	case Admin:
		return 5
	}
	return 0
}

// Covers reports whether someone of role r may act as role other.
func (r Role) Covers(other Role) bool { return r.rank() > 0 && r.rank() >= other.rank() }

// SeesNotes reports whether the role may read speaker notes.
func (r Role) SeesNotes() bool { return r.Covers(Operator) }

// MayEdit reports whether the role may change rooms and rundowns.
func (r Role) MayEdit() bool { return r.Covers(Operator) }

// MayControl reports whether the role may do the action: controller and operator
// everything, moderator messages and display modes, viewer and agenda nothing.
func (r Role) MayControl(a Action) bool {
	switch a {
	case Blackout, StopBlackout, Flash, StopFlash, Focus, StopFocus, ShowMessage, HideMessage:
		return r.Covers(Moderator)
	}
	return r.Covers(Operator)
}
