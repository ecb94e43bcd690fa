package broadcastt

import (
	"encoding/json"

	"cuewire/app"
)

// quote returns a text as a JSON string.
func quote(text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic("broadcastt: " + err.Error()) // strings can always be encoded
	}
	return quoted
}

// eventText writes a frame. data is a JSON string already; "" stands for no channel
// and no user.
func eventText(event, channel string, data []byte, userID string) []byte {
	text := make([]byte, 0, len(data)+len(event)+len(channel)+len(userID)+64)
	text = append(append(text, `{"event":`...), quote(event)...)
	if channel != "" {
		text = append(append(text, `,"channel":`...), quote(channel)...)
	}
	text = append(append(text, `,"data":`...), data...)
	if userID != "" {
		text = append(append(text, `,"user_id":`...), quote(userID)...)
	}
	return append(text, '}')
}

// protocolFrame writes a frame of the protocol's own; data's JSON goes as a string.
func protocolFrame(event, channel string, data any) app.Frame {
	text, err := json.Marshal(data)
	if err != nil {
		panic("broadcastt: " + event + ": " + err.Error())
	}
	return app.Frame{Text: eventText(event, channel, quote(string(text)), "")}
}

// published tells a message on a channel. Broadcastt's clients read every data as
// JSON, so that other text goes to them as a JSON string.
func published(e app.ChannelPublished, channel, prefix string) app.Frame {
	data := e.Data
	if prefix == ours && !json.Valid([]byte(data)) {
		data = string(quote(data))
	}
	return app.Frame{Text: eventText(e.Name, channel, quote(data), e.UserID), Except: e.Except}
}

// internal are the events that clients keep from their users.
func internal(prefix string) string { return prefix + "_internal:" }

func memberAdded(e app.MemberAdded, prefix string) app.Frame {
	return protocolFrame(internal(prefix)+"member_added", e.Channel, struct {
		UserID string          `json:"user_id"`
		Info   json.RawMessage `json:"user_info,omitempty"`
	}{e.Member.UserID, e.Member.Info})
}

func memberRemoved(e app.MemberRemoved, prefix string) app.Frame {
	frame := protocolFrame(internal(prefix)+"member_removed", e.Channel, struct {
		UserID string `json:"user_id"`
	}{e.UserID})
	frame.Except = e.Client
	return frame
}

// presence is what a newcomer to a presence channel is told.
func presence(channel *app.Channel) any {
	list := struct {
		Count int                        `json:"count"`
		IDs   []string                   `json:"ids"`
		Hash  map[string]json.RawMessage `json:"hash"`
	}{IDs: []string{}, Hash: map[string]json.RawMessage{}}
	if channel != nil {
		list.Count = len(channel.Members)
		for _, m := range channel.Members {
			list.IDs = append(list.IDs, m.UserID)
			list.Hash[m.UserID] = m.Info
		}
	}
	return map[string]any{"presence": list}
}

// errorFrame tells what went wrong; code 0 is none. It keeps the connection.
func errorFrame(prefix string, code int, message string) app.Frame {
	return limitFrame(prefix, code, message, 0)
}

// limitFrame is errorFrame with how long to wait.
func limitFrame(prefix string, code int, message string, retry app.Millis) app.Frame {
	told := struct {
		Code       *int       `json:"code"`
		Message    string     `json:"message"`
		RetryAfter app.Millis `json:"retryAfter,omitempty"`
	}{Message: message, RetryAfter: retry}
	if code != 0 {
		told.Code = &code
	}
	return protocolFrame(prefix+":error", "", told)
}

// ending is why a connection is closed.
type ending struct {
	code    int
	message string
}

// frame tells the ending and closes: of two clients one reads the error alone, the
// other the close code alone.
func (e ending) frame(prefix string) app.Frame {
	frame := errorFrame(prefix, e.code, e.message)
	frame.Close = &app.CloseWith{Code: e.code, Reason: e.message}
	return frame
}
