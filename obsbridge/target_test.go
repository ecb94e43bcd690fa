package obsbridge_test

import (
	"strings"
	"testing"

	"cuewire/app"
	"cuewire/obsbridge"
)

func TestParseTarget(t *testing.T) {
	for _, test := range []struct {
		text string
		want app.ConnectOBS
		key  string // of the error, "" for none
	}{
		{text: "obsws://192.168.1.20:4456/secret", want: app.ConnectOBS{Host: "192.168.1.20", Port: 4456, Password: "secret"}},
		{text: "obsws://studio", want: app.ConnectOBS{Host: "studio", Port: 4455}},
		{text: "obsws://studio/", want: app.ConnectOBS{Host: "studio", Port: 4455}},
		{text: " OBSWS://Studio.local:1/ ", want: app.ConnectOBS{Host: "Studio.local", Port: 1}},
		{text: "ws://localhost:65535", want: app.ConnectOBS{Host: "localhost", Port: 65535}},
		{text: "10.0.0.1", want: app.ConnectOBS{Host: "10.0.0.1", Port: 4455}},
		{text: "10.0.0.1:4444", want: app.ConnectOBS{Host: "10.0.0.1", Port: 4444}},
		{text: "obsws://[::1]:4444/p", want: app.ConnectOBS{Host: "::1", Port: 4444, Password: "p"}},
		{text: "obsws://[fe80::1%eth0]/p", want: app.ConnectOBS{Host: "fe80::1%eth0", Port: 4455, Password: "p"}},
		{text: "::1", want: app.ConnectOBS{Host: "::1", Port: 4455}},
		{text: "obsws://h:1/a%2Fb%20%25%3F", want: app.ConnectOBS{Host: "h", Port: 1, Password: "a/b %?"}},
		{text: "obsws://h:1/a/b?c#d", want: app.ConnectOBS{Host: "h", Port: 1, Password: "a/b?c#d"}},
		{text: "obsws://h:1/100%secret", key: "obs.target.password"},
		{text: "https://h:1/secret", key: "obs.target.scheme"},
		{text: "obsws://h:0/secret", key: "obs.target.port"},
		{text: "obsws://h:65536/secret", key: "obs.target.port"},
		{text: "obsws://h:port/secret", key: "obs.target.port"},
		{text: "obsws:///secret", key: "obs.target.host"},
		{text: "obsws://user:secret@h:1/", key: "obs.target.host"},
		{text: "obsws://a b/secret", key: "obs.target.host"},
		{text: "", key: "obs.target.host"},
	} {
		got, err := obsbridge.ParseTarget(test.text)
		if test.key == "" {
			if err != nil || got != test.want {
				t.Errorf("%q: got %+v, %v; want %+v", test.text, got, err, test.want)
			}
			continue
		}
		e, ok := err.(*app.Error)
		if !ok || e.Key != test.key || e.Code != app.CodeInvalid {
			t.Errorf("%q: got %v, want %s", test.text, err, test.key)
		} else if strings.Contains(e.Error(), "secret") {
			t.Errorf("%q: the error tells the password: %v", test.text, e)
		}
	}
}

func FuzzParseTarget(f *testing.F) {
	f.Add("obsws://[::1]:4444/p%20")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := obsbridge.ParseTarget(text)
		if err == nil && (got.Host == "" || got.Port < 1 || got.Port > 65535) {
			t.Errorf("%q: %+v", text, got)
		}
	})
}
