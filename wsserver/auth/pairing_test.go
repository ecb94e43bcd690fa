package auth

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cuewire/app"
)

var (
	tablet = netip.MustParseAddr("192.168.1.9")
	phone  = netip.MustParseAddr("192.168.1.10")
	noon   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
)

func noLink(string) string { return "" }

func begin(t *testing.T, p *Pairings, w Wanted) (app.Pairing, string) {
	t.Helper()
	made, secret, err := p.Begin(w, noon)
	if err != nil {
		t.Fatal(err)
	}
	return made, secret
}

// wrongCode returns six digits that are not the code.
func wrongCode(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestPairingIsForOnce(t *testing.T) {
	for name, use := range map[string]func(made app.Pairing, secret string) string{
		"by digits": func(made app.Pairing, _ string) string { return made.Code },
		"by secret": func(_ app.Pairing, secret string) string { return secret },
	} {
		t.Run(name, func(t *testing.T) {
			var p Pairings
			made, secret := begin(t, &p, Wanted{Role: app.Controller, Name: "Desk"})
			given, _, err := p.Claim(use(made, secret), tablet, noon.Add(time.Minute))
			if err != nil || given.Role != app.Controller || given.Name != "Desk" || given.ID != made.ID {
				t.Fatalf("%+v, %v", given, err)
			}
			p.Settle(given.ID, "token", "Desk")
			for _, again := range []string{made.Code, secret} {
				if _, _, err := p.Claim(again, phone, noon.Add(time.Minute)); app.CodeOf(err) != app.CodeUnauthorized {
					t.Errorf("used again: %v", err)
				}
			}
			list := p.List(noon.Add(time.Minute), func(string) string { return "told" })
			if len(list) != 1 || list[0].State != app.PairingUsed || list[0].TokenID != "token" || list[0].Code != "" || list[0].Link != "" {
				t.Errorf("%+v", list)
			}
			if left := p.List(noon.Add(keepEnded), noLink); len(left) != 0 {
				t.Errorf("still told: %+v", left)
			}
		})
	}
}

func TestPairingIsClaimedOnceByMany(t *testing.T) {
	var p Pairings
	made, secret := begin(t, &p, Wanted{Role: app.Viewer})
	var all sync.WaitGroup
	var won atomic.Int32
	for i := range 32 {
		all.Go(func() {
			presented := made.Code
			if i%2 == 0 {
				presented = secret
			}
			if _, _, err := p.Claim(presented, netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), noon); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d got in", won.Load())
	}
}

func TestPairingEndsAfterTwoMinutes(t *testing.T) {
	var p Pairings
	made, secret := begin(t, &p, Wanted{Role: app.Viewer})
	for _, presented := range []string{made.Code, secret} {
		if _, _, err := p.Claim(presented, tablet, noon.Add(app.PairingLife)); app.CodeOf(err) != app.CodeUnauthorized {
			t.Errorf("too late: %v", err)
		}
	}
	if list := p.List(noon.Add(app.PairingLife), noLink); list[0].State != app.PairingExpired || list[0].Code != "" {
		t.Errorf("%+v", list)
	}
}

func TestFiveWrongTriesVoidEveryCode(t *testing.T) {
	var p Pairings
	made, secret := begin(t, &p, Wanted{Role: app.Admin})
	for i := range app.PairingTries {
		from := netip.AddrFrom4([4]byte{10, 0, byte(i), 1}) // each from elsewhere
		if _, _, err := p.Claim(wrongCode(made.Code), from, noon); app.CodeOf(err) != app.CodeUnauthorized {
			t.Fatal(err)
		}
	}
	for _, presented := range []string{made.Code, secret} {
		if _, _, err := p.Claim(presented, phone, noon); err == nil {
			t.Error("the code outlived five wrong tries")
		}
	}
	if list := p.List(noon, noLink); list[0].State != app.PairingVoid || list[0].TriesLeft != 0 {
		t.Errorf("%+v", list)
	}
}

func TestAnAddressThatGuessesHasToWait(t *testing.T) {
	var p Pairings
	for range app.PairingTries {
		_, _, _ = p.Claim("nothing", tablet, noon) // secrets count too
	}
	made, secret := begin(t, &p, Wanted{Role: app.Viewer}) // wrong secrets do not void
	_, retry, err := p.Claim(secret, tablet, noon.Add(time.Second))
	if app.CodeOf(err) != app.CodeRateLimited || retry != app.PairingLife-time.Second {
		t.Errorf("%v, %v", retry, err)
	}
	if _, _, err := p.Claim(made.Code, phone, noon.Add(time.Second)); err != nil {
		t.Errorf("another device: %v", err)
	}
	_, later := begin(t, &p, Wanted{Role: app.Viewer, Life: time.Hour})
	if _, _, err := p.Claim(later, tablet, noon.Add(app.PairingLife)); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	for i := range app.PairingTries {
		_, _, _ = p.Claim("nothing", netip.MustParseAddr("fd00::").Next(), noon.Add(time.Duration(i)))
	}
	if _, _, err := p.Claim("nothing", netip.MustParseAddr("fd00::ffff"), noon); app.CodeOf(err) != app.CodeRateLimited {
		t.Errorf("another address of the same network: %v", err)
	}
}

func TestPairingsHaveLimits(t *testing.T) {
	var p Pairings
	seen := map[string]bool{}
	for range app.MaxPairings {
		made, _ := begin(t, &p, Wanted{Role: app.Viewer})
		if seen[made.Code] || !isCode(made.Code) {
			t.Fatalf("code %q", made.Code)
		}
		seen[made.Code] = true
	}
	if _, _, err := p.Begin(Wanted{Role: app.Viewer}, noon); app.CodeOf(err) != app.CodeConflict {
		t.Errorf("one too many: %v", err)
	}
	if _, _, err := p.Begin(Wanted{Role: "king"}, noon); app.CodeOf(err) != app.CodeInvalid {
		t.Errorf("unknown role: %v", err)
	}
	if _, _, err := p.Begin(Wanted{Role: app.Viewer}, noon.Add(app.PairingLife)); err != nil {
		t.Errorf("after those have expired: %v", err)
	}
}

func TestPairingIsCanceledOrReleased(t *testing.T) {
	var p Pairings
	made, _ := begin(t, &p, Wanted{Role: app.Viewer})
	given, _, err := p.Claim(made.Code, tablet, noon)
	if err != nil {
		t.Fatal(err)
	}
	p.Release(given.ID)
	if _, _, err := p.Claim(made.Code, tablet, noon); err != nil {
		t.Errorf("after it was released: %v", err)
	}
	p.Release(given.ID)
	if err := p.Cancel(made.ID, noon); err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.Claim(made.Code, tablet, noon); err == nil {
		t.Error("a canceled code was good")
	}
	if err := p.Cancel(made.ID, noon); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("canceled twice: %v", err)
	}
}

func TestSilentSecretsHaveNoDigits(t *testing.T) {
	var p Pairings
	made, secret := begin(t, &p, Wanted{Role: app.Viewer, Silent: true, Life: time.Hour})
	if made.Code != "" || len(p.List(noon, noLink)) != 0 {
		t.Errorf("%+v is told", made)
	}
	if _, _, err := p.Claim("", tablet, noon); err == nil {
		t.Error("an empty code was good")
	}
	if _, _, err := p.Claim(secret, tablet, noon.Add(30*time.Minute)); err != nil {
		t.Error(err)
	}
}
