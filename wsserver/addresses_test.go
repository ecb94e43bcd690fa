package wsserver

import (
	"net/netip"
	"slices"
	"testing"
)

func TestReachable(t *testing.T) {
	var own []netip.Addr
	for _, a := range []string{"127.0.0.1", "::1", "fe80::1", "192.0.2.7", "2001:db8::7", "169.254.9.9"} {
		own = append(own, netip.MustParseAddr(a))
	}
	for unspecified, want := range map[string][]string{
		"0.0.0.0": {"127.0.0.1", "192.0.2.7"},
		"::":      {"127.0.0.1", "192.0.2.7", "2001:db8::7"},
	} {
		var got []string
		for _, a := range reachable(netip.MustParseAddr(unspecified), own) {
			got = append(got, a.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v", unspecified, got)
		}
	}
}
