package wsserver

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"

	"cuewire/app"
)

// channelAuth signs a subscription to a private or presence channel for pages on
// this computer and bearers of a token. The socket says which app it is for; who
// the user is, the token says.
func (s *Server) channelAuth(w http.ResponseWriter, r *http.Request) {
	visit := visitOf(r)
	if !visit.Local && !visit.Known {
		s.refuse(w, r, errTokenNeeded)
		return
	}
	asked, ok := s.readChannelAuth(w, r)
	if !ok {
		return
	}
	client := s.socket(asked.SocketID)
	kind := app.KindOfChannel(asked.Channel)
	switch {
	case client == nil:
		answerError(w, http.StatusForbidden, app.CodeForbidden, "There is no connection with this socket_id.")
		return
	case !app.ValidChannel(asked.Channel) || kind == app.PublicChannel:
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "channel_name must be the name of a private or presence channel.")
		return
	}
	owner := s.core.Snapshot().App(client.AppID)
	if owner == nil {
		answerError(w, http.StatusForbidden, app.CodeForbidden, "This app was deleted.")
		return
	}
	var signed struct {
		Auth string `json:"auth"`
		Data string `json:"channel_data,omitempty"`
	}
	if kind == app.PresenceChannel {
		signed.Data = memberData(visit.Subject, client)
	}
	signed.Auth = owner.ChannelAuth(client.SocketID, asked.Channel, signed.Data)
	answer(w, http.StatusOK, signed)
}

// memberData says who a connection is on presence channels: the token's subject, or
// somebody on this computer, each connection for itself.
func memberData(subject string, client *app.Client) string {
	member := struct {
		UserID string            `json:"user_id"`
		Info   map[string]string `json:"user_info"`
	}{subject, map[string]string{}}
	if subject == "" {
		member.UserID = "local-" + client.SocketID
	}
	if client.Name != "" {
		member.Info["name"] = client.Name
	}
	data, err := json.Marshal(member)
	if err != nil {
		panic("server: " + err.Error()) // strings can always be encoded
	}
	return string(data)
}

type channelAuthRequest struct {
	SocketID string `json:"socket_id"`
	Channel  string `json:"channel_name"`
}

// readChannelAuth reads JSON or a form, or answers what is wrong with it.
func (s *Server) readChannelAuth(w http.ResponseWriter, r *http.Request) (asked channelAuthRequest, ok bool) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return asked, s.readBody(w, r, &asked)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		var form url.Values
		if form, err = url.ParseQuery(string(body)); err == nil {
			return channelAuthRequest{form.Get("socket_id"), form.Get("channel_name")}, true
		}
	}
	answerError(w, http.StatusBadRequest, app.CodeInvalid, "The form could not be read.")
	return asked, false
}
