package present

import "testing"

func TestAppAddress(t *testing.T) {
	served := []string{"http://127.0.0.1:3000", "https://show.example"}
	for _, test := range []struct {
		addresses []string
		chosen    int
		want      string
	}{
		{nil, 0, ""},
		{served, 0, "ws://127.0.0.1:3000/app/k"},
		{served, 1, "wss://show.example/app/k"},
		{served, 2, "wss://show.example/app/k"},
		{served, -1, "ws://127.0.0.1:3000/app/k"},
	} {
		if got := AppAddress(test.addresses, test.chosen, "k"); got != test.want {
			t.Errorf("%v %d: %q, want %q", test.addresses, test.chosen, got, test.want)
		}
	}
}
