package auth

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"cuewire/app"
)

func TestAuthorityVouchesForLocalNamesAlone(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	a, err := OpenAuthority(dir, "studio", now)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(a.certificate)
	pair, err := a.Issue([]string{"localhost", "cuewire.local", "192.168.1.5", "127.0.0.1", "fd00::5", "studio.example.com", "8.8.8.8"}, now)
	if err != nil {
		t.Fatal(err)
	}
	verify := func(leaf *x509.Certificate, name string, at time.Time) error {
		_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: at})
		return err
	}
	for _, name := range []string{"localhost", "cuewire.local", "192.168.1.5", "127.0.0.1", "fd00::5"} {
		if err := verify(pair.Leaf, name, now); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"studio.example.com", "8.8.8.8", "other.local"} {
		if err := verify(pair.Leaf, name, now); err == nil {
			t.Errorf("%s is vouched for", name)
		}
	}
	if life := pair.Leaf.NotAfter.Sub(pair.Leaf.NotBefore); life > 398*24*time.Hour || verify(pair.Leaf, "localhost", pair.Leaf.NotAfter.Add(time.Minute)) == nil {
		t.Errorf("it is good for %v", life)
	}
	// Whoever steals the key cannot pose as the rest of the internet.
	before := localNames
	localNames = []string{"com"}
	forged, err := a.Issue([]string{"bank.example.com"}, now)
	localNames = before
	if err != nil || len(forged.Leaf.DNSNames) != 1 || verify(forged.Leaf, "bank.example.com", now) == nil {
		t.Errorf("a foreign name was taken: %v", err)
	}
	if years := a.certificate.NotAfter.Sub(now).Hours() / 24 / 365; years < 9.9 || years > 10.1 {
		t.Errorf("the authority is good for %.1f years", years)
	}
}

func TestAuthorityIsKept(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	path := filepath.Join(dir, AuthorityFile)
	first, err := OpenAuthority(dir, "", now)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	again, err := OpenAuthority(dir, "", now.Add(time.Hour))
	if err != nil || again.Fingerprint() != first.Fingerprint() || len(first.Fingerprint()) != 95 {
		t.Errorf("%v, %v", again, err)
	}
	later, err := OpenAuthority(dir, "", first.certificate.NotAfter.Add(-time.Hour))
	if err != nil || later.Fingerprint() == first.Fingerprint() {
		t.Errorf("an authority about to end is still used: %v", err)
	}
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenAuthority(dir, "", now); app.CodeOf(err) != app.CodeUnavailable {
		t.Errorf("nonsense: %v", err)
	}
	if text, _ := os.ReadFile(path); string(text) != "nonsense" {
		t.Error("what could not be read was overwritten")
	}
}
