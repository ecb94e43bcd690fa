package wsserver

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// signedRequest is a request that an app's secret signed.
type signedRequest struct {
	app  *app.BroadcastApp
	body []byte
}

// signed lets a handler serve programs that sign with the secret of the app in the
// path. Wherever they run, that is who they are.
func (s *Server) signed(h func(http.ResponseWriter, *http.Request, signedRequest)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a := s.core.Snapshot().App(r.PathValue("key"))
		if a == nil {
			answerError(w, http.StatusNotFound, app.CodeNotFound, noApp)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			var tooBig *http.MaxBytesError
			if errors.As(err, &tooBig) {
				answerError(w, http.StatusRequestEntityTooLarge, "TOO_LARGE", "The body may have 1 MiB.")
			} else {
				answerError(w, http.StatusBadRequest, app.CodeInvalid, "The body could not be read.")
			}
			return
		}
		if err := auth.JudgeSigned(r, body, a, time.Now()); err != nil {
			answerError(w, http.StatusUnauthorized, app.CodeUnauthorized, err.Error())
			return
		}
		if !a.Enabled {
			answerError(w, http.StatusForbidden, app.CodeForbidden, "This app is switched off.")
			return
		}
		h(w, r, signedRequest{a, body})
	}
}

// published is an event as it comes in.
type publishedEvent struct {
	Name     string           `json:"name"`
	Data     *json.RawMessage `json:"data"`
	Channel  string           `json:"channel"`
	Channels []string         `json:"channels"`
	SocketID string           `json:"socket_id"`
	Info     string           `json:"info"`
}

var socketIDShape = regexp.MustCompile(`^\d+\.\d+$`)

// publishEvents takes one event, an array of them, or {"batch": […]}. All are
// published, or none.
func (s *Server) publishEvents(w http.ResponseWriter, r *http.Request, req signedRequest) {
	events, batch, wrong := readEvents(req.body)
	if wrong != "" {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, wrong)
		return
	}
	cmd := app.Publish{AppID: req.app.ID}
	for _, e := range events {
		m := app.ChannelMessage{Name: e.Name, Channels: e.Channels}
		if e.Channel != "" {
			m.Channels = append(m.Channels, e.Channel)
		}
		if e.Data == nil || json.Unmarshal(*e.Data, &m.Data) != nil {
			answerError(w, http.StatusBadRequest, app.CodeInvalid, "data must be a string: objects are written as JSON in it.")
			return
		}
		if len(m.Data) > app.MaxEventData {
			answerError(w, http.StatusRequestEntityTooLarge, "TOO_LARGE", "The data of an event may have 10,240 bytes.")
			return
		}
		if e.SocketID != "" {
			if !socketIDShape.MatchString(e.SocketID) {
				answerError(w, http.StatusBadRequest, app.CodeInvalid, "socket_id must be two numbers with a dot between.")
				return
			}
			if c := s.socket(e.SocketID); c != nil && c.AppID == req.app.ID {
				m.Except = c.ID
			}
		}
		cmd.Messages = append(cmd.Messages, m)
	}
	result, ok := s.do(w, r, cmd)
	if !ok {
		return
	}
	infos := make([]any, len(events))
	asked := false
	for i, e := range events {
		info := splitInfo(e.Info)
		asked = asked || len(info) > 0
		channels := map[string]any{}
		for _, name := range cmd.Messages[i].Channels {
			channels[name] = channelAttributes(result.Snapshot.Channels.Channel(req.app.ID, name), name, info)
		}
		infos[i] = map[string]any{"channels": channels}
		if batch && len(cmd.Messages[i].Channels) == 1 {
			infos[i] = channels[cmd.Messages[i].Channels[0]]
		}
	}
	switch {
	case !asked:
		answer(w, http.StatusOK, struct{}{})
	case batch:
		answer(w, http.StatusOK, map[string]any{"batch": infos})
	default:
		answer(w, http.StatusOK, infos[0])
	}
}

// readEvents reads the body of a publication; batch is whether it may hold several.
func readEvents(body []byte) (events []publishedEvent, batch bool, wrong string) {
	const shape = "The body is one event, an array of events, or {\"batch\": [events]}. An event has strings \"name\" and \"data\", and \"channels\", an array of strings, or \"channel\"."
	if json.Unmarshal(body, &events) == nil && events != nil {
		batch = true
	} else {
		var one struct {
			publishedEvent
			Batch []publishedEvent `json:"batch"`
		}
		if json.Unmarshal(body, &one) != nil {
			return nil, false, shape
		}
		if events, batch = []publishedEvent{one.publishedEvent}, false; one.Batch != nil {
			events, batch = one.Batch, true
		}
	}
	if len(events) == 0 {
		return nil, batch, "The batch is empty."
	}
	return events, batch, ""
}

// socket returns the client with that socket id, or nil.
func (s *Server) socket(id string) *app.Client {
	for _, c := range s.core.Snapshot().Clients {
		if c.SocketID == id {
			return c
		}
	}
	return nil
}

// splitInfo reads a list of attributes.
func splitInfo(info string) (attributes []string) {
	for name := range strings.SplitSeq(info, ",") {
		if name = strings.TrimSpace(name); name != "" {
			attributes = append(attributes, name)
		}
	}
	return attributes
}

// channelAttributes are those asked for of a channel, which may be nil.
func channelAttributes(c *app.Channel, name string, info []string) map[string]any {
	if c == nil {
		c = &app.Channel{}
	}
	attributes := map[string]any{}
	if slices.Contains(info, "user_count") && app.KindOfChannel(name) == app.PresenceChannel {
		attributes["user_count"] = len(c.Members)
	}
	if slices.Contains(info, "subscription_count") {
		attributes["subscription_count"] = c.Subscriptions
	}
	return attributes
}

const noUserCount = "user_count is known of presence channels alone."

func (s *Server) channelList(w http.ResponseWriter, r *http.Request, req signedRequest) {
	prefix, info := r.URL.Query().Get("filter_by_prefix"), splitInfo(r.URL.Query().Get("info"))
	if slices.Contains(info, "user_count") && !strings.HasPrefix(prefix, "presence-") {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, noUserCount+" Ask with filter_by_prefix=presence-.")
		return
	}
	channels := map[string]any{}
	for _, c := range s.core.Snapshot().Channels.Occupied(req.app.ID) {
		if strings.HasPrefix(c.Name, prefix) {
			channels[c.Name] = channelAttributes(c, c.Name, info)
		}
	}
	answer(w, http.StatusOK, map[string]any{"channels": channels})
}

func (s *Server) channelInfo(w http.ResponseWriter, r *http.Request, req signedRequest) {
	name, info := r.PathValue("channel"), splitInfo(r.URL.Query().Get("info"))
	switch {
	case !app.ValidChannel(name):
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "No channel can have this name.")
		return
	case slices.Contains(info, "user_count") && app.KindOfChannel(name) != app.PresenceChannel:
		answerError(w, http.StatusBadRequest, app.CodeInvalid, noUserCount)
		return
	}
	c := s.core.Snapshot().Channels.Channel(req.app.ID, name)
	attributes := channelAttributes(c, name, info)
	attributes["occupied"] = c != nil
	answer(w, http.StatusOK, attributes)
}

func (s *Server) channelUsers(w http.ResponseWriter, r *http.Request, req signedRequest) {
	name := r.PathValue("channel")
	if !app.ValidChannel(name) || app.KindOfChannel(name) != app.PresenceChannel {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "Only presence channels know their users.")
		return
	}
	type user struct {
		ID string `json:"id"`
	}
	users := []user{}
	if c := s.core.Snapshot().Channels.Channel(req.app.ID, name); c != nil {
		for _, m := range c.Members {
			users = append(users, user{m.UserID})
		}
	}
	answer(w, http.StatusOK, map[string]any{"users": users})
}
