package wsserver

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"cuewire/app"
	"cuewire/app/engine"
)

// In transcripts of Broadcastt stand beside the other words:
//
//	= app create JSON     makes an app, whose key is $key from then on; a second one's is $app2
//	= app update N JSON   changes the app numbered N, 1 for the first; likewise renew, delete
//	= app fill N CHANNEL  puts 100 members on a presence channel
//	= app join N CHANNEL CHANNEL_DATA   somebody comes onto a presence channel
//	= app leave N CHANNEL               and leaves it
//	= publish N JSON      what the HTTP interface would publish
//	$auth(CHANNEL) and $auth(CHANNEL DATA)   the signature that the first app gives the connection

// appCommand carries out one of these commands.
func appCommand(t *testing.T, core *engine.Engine, line string, known map[string]string) {
	t.Helper()
	fields := append(strings.SplitN(line, " ", 4), "", "", "")
	do := func(cmd app.Command) *app.Snapshot {
		t.Helper()
		result, err := core.Do(t.Context(), cmd)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		return result.Snapshot
	}
	read := func(text string, into any) {
		t.Helper()
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	}
	if fields[1] == "create" {
		var f app.AppFields
		read(strings.Join(fields[2:4], " "), &f)
		apps := do(app.CreateApp{Fields: f}).Apps
		name := "$key"
		if len(apps) > 1 {
			name = fmt.Sprint("$app", len(apps))
		}
		known[apps[len(apps)-1].Key] = name
		return
	}
	number := fields[2]
	if fields[0] == "publish" {
		number, fields[3] = fields[1], strings.TrimSpace(fields[2]+" "+fields[3])
	}
	var n int
	read(number, &n)
	id := core.Snapshot().Apps[n-1].ID
	channel, data, _ := strings.Cut(fields[3], " ")
	switch fields[0] + " " + fields[1] {
	case "app update":
		var f app.AppFields
		read(fields[3], &f)
		do(app.UpdateApp{ID: id, Fields: f})
	case "app renew":
		do(app.UpdateApp{ID: id, Renew: true})
	case "app delete":
		do(app.DeleteApp{ID: id})
	case "app fill":
		for i := range app.MaxPresenceMembers {
			user := fmt.Sprint("user-", i)
			do(app.JoinChannel{ClientID: user, AppID: id, Channel: channel, Member: &app.Member{UserID: user}})
		}
	case "app join":
		var member struct {
			UserID string          `json:"user_id"`
			Info   json.RawMessage `json:"user_info"`
		}
		read(data, &member)
		do(app.JoinChannel{ClientID: "other", AppID: id, Channel: channel, Member: &app.Member{UserID: member.UserID, Info: member.Info}})
	case "app leave":
		do(app.LeaveChannel{ClientID: "other", AppID: id, Channel: channel})
	default:
		var m app.ChannelMessage
		read(fields[3], &m)
		do(app.Publish{AppID: id, Messages: []app.ChannelMessage{m}})
	}
}

var (
	wantsAuth = regexp.MustCompile(`\$auth\((\S+?)(?: (.*?))?\)`)
	socketID  = regexp.MustCompile(`\d+\.\d+`)
)

// signChannels fills in signatures. The connection's socket id is known from its
// greeting.
func signChannels(core *engine.Engine, p peer, line string) string {
	return wantsAuth.ReplaceAllStringFunc(line, func(call string) string {
		parts := wantsAuth.FindStringSubmatch(call)
		return core.Snapshot().Apps[0].ChannelAuth(p.socket(), parts[1], parts[2])
	})
}
