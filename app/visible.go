package app

import "slices"

// VisibleBody returns what others may know of an event's body, nil when nothing of
// it is left: operators and above all but what is Cuewire's own; everybody else
// neither speaker notes, webhooks, sources' scripts and the names of files nor
// questions and other clients.
// Quick timers are their owner's and controllers': who may have them handles them before.
func VisibleBody(body EventBody, operator bool) EventBody {
	switch body.(type) {
	case QuickTimerChanged, AppChanged, ChannelPublished, MemberAdded, MemberRemoved:
		return nil
	}
	if operator {
		return body
	}
	switch b := body.(type) {
	case ClientConnected, ClientUpdated, ClientDisconnected, QuestionChanged:
		return nil
	case SettingsChanged:
		b.Settings.CertFile, b.Settings.KeyFile = "", ""
		return b
	case SourceCreated:
		b.Source = b.Source.Public()
		return b
	case SourceUpdated:
		changes := slices.DeleteFunc(slices.Clone(b.Changes), func(name string) bool { return !PublicSourceField(name) })
		if len(changes) == 0 {
			return nil
		}
		b.Source, b.Changes = b.Source.Public(), changes
		return b
	case TimerCreated:
		b.Timer = b.Timer.Public()
		return b
	case TimerUpdated:
		var changes []string
		for _, field := range b.Changes {
			if PublicField(field) {
				changes = append(changes, field)
			}
		}
		if len(changes) == 0 {
			return nil
		}
		b.Timer, b.Changes = b.Timer.Public(), changes
		return b
	}
	return body
}

// Latest names the events that a newer one of makes worthless, "" for those that
// are facts: what is measured once a second, and a running timer's ticks.
func (e Event) Latest() string {
	switch body := e.Body.(type) {
	case PerformanceUpdated, OBSStatsUpdated:
		return e.Name()
	case PlaybackChanged:
		if body.Tick {
			return "tick:" + e.RoomID
		}
	}
	return ""
}
