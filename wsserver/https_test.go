package wsserver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cuewire/app"
)

// trusting is a client that trusts a certificate, given as DER, and nothing else.
func trusting(t testing.TB, der []byte) *http.Client {
	t.Helper()
	root, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(root)
	return &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots}}}
}

func fetched(t testing.TB, c *http.Client, method, url, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// secureAddress waits until HTTPS is served and returns where.
func secureAddress(t testing.TB, s *Server) (address string) {
	t.Helper()
	eventually(t, "HTTPS is served", func() bool {
		for _, a := range s.Addresses() {
			if strings.HasPrefix(a, "https://") {
				address = a
			}
		}
		return address != ""
	})
	return address
}

func TestHTTPSWithTheLocalAuthority(t *testing.T) {
	s, core, folder := realServerWith(t, nil)
	if resp, _ := call(t, s, "GET", "/trust/cuewire-authority.crt", ""); resp.StatusCode != 404 {
		t.Errorf("before: %d", resp.StatusCode)
	}
	local, off := app.HTTPSLocal, app.HTTPSOff
	mustDo(t, core, app.SetSettings{Fields: app.SettingsFields{HTTPS: &local}})
	at := secureAddress(t, s)
	resp, der := call(t, s, "GET", "/trust/cuewire-authority.crt", "", elsewhere...)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/x-x509-ca-cert" || len(resp.Header.Get("Cuewire-Fingerprint")) != 95 {
		t.Fatalf("the authority: %d %v", resp.StatusCode, resp.Header)
	}
	if r := s.Reach(); r.TrustURL == "" || r.Print != resp.Header.Get("Cuewire-Fingerprint") {
		t.Errorf("where to trust it, and what: %q, %q", r.TrustURL, r.Print)
	}
	call(t, s, "GET", "/api/sharing", "") // as documented
	c := trusting(t, []byte(der))
	if resp, text := fetched(t, c, "GET", at+"/api/settings", ""); resp.StatusCode != 200 || resp.TLS.Version < tls.VersionTLS12 {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(at, "https://"))
	if resp, _ := fetched(t, c, "GET", "https://localhost:"+port+"/api/health", ""); resp.StatusCode != 200 {
		t.Errorf("by name: %d", resp.StatusCode)
	}
	if _, err := http.Get(at + "/api/health"); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("who does not trust it: %v", err)
	}

	// A device paired over HTTPS has a cookie that goes over HTTPS alone.
	made, err := s.Pair(app.Controller, "Tablet")
	if err != nil || !strings.HasPrefix(made.Link, "https://") {
		t.Fatalf("%+v, %v", made, err)
	}
	resp, _ = fetched(t, c, "POST", at+"/pair", `{"code":"`+made.Code+`"}`, elsewhere...)
	if resp.StatusCode != 201 || len(resp.Cookies()) != 1 || !resp.Cookies()[0].Secure || !strings.HasPrefix(resp.Cookies()[0].Name, "__Host-") {
		t.Fatalf("%d %v", resp.StatusCode, resp.Cookies())
	}
	cookie := resp.Cookies()[0].Name + "=" + resp.Cookies()[0].Value
	plainCookie := "cuewire_token=" + resp.Cookies()[0].Value
	for _, test := range []struct {
		base, cookie string
		status       int
	}{{at, cookie, 200}, {at, plainCookie, 401}, {s.Addresses()[0], cookie, 401}} {
		if resp, _ := fetched(t, c, "GET", test.base+"/api/health", "", append([]string{"Cookie", test.cookie}, elsewhere...)...); resp.StatusCode != test.status {
			t.Errorf("%s with %.20s…: %d", test.base, test.cookie, resp.StatusCode)
		}
	}

	dialer := websocket.Dialer{TLSClientConfig: c.Transport.(*http.Transport).TLSClientConfig}
	header := http.Header{"Cookie": {cookie}, "Origin": {at}, "X-Forwarded-For": {"192.0.2.1"}}
	conn, resp, err := dialer.Dial("wss"+strings.TrimPrefix(at, "https")+"/ws/"+core.Snapshot().Rooms[0].Room.ShortCode+"?output=controller", header)
	if err != nil {
		t.Fatalf("wss: %v, %v", err, resp)
	}
	defer conn.Close()
	if err := conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"request_state"}`)); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	if _, text, err := conn.ReadMessage(); err != nil || !strings.Contains(string(text), `"type":"room"`) {
		t.Errorf("wss: %.100s, %v", text, err)
	}
	header.Set("Origin", s.Addresses()[0])
	if _, resp, err := dialer.Dial("wss"+strings.TrimPrefix(at, "https")+"/", header); err != nil {
		t.Errorf("our own page in clear: %v %v", resp, err)
	}
	header.Set("Origin", "https://127.0.0.1:1")
	if conn, _, err := dialer.Dial("wss"+strings.TrimPrefix(at, "https")+"/", header); err == nil {
		_ = conn.Close()
		t.Error("a foreign page over HTTPS got in")
	}
	if info, err := os.Stat(filepath.Join(folder, "authority.pem")); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v, %v", info, err)
	}

	mustDo(t, core, app.SetSettings{Fields: app.SettingsFields{HTTPS: &off}})
	if got := closeCode(t, conn); got != websocket.CloseGoingAway {
		t.Errorf("switched off: closed with %d", got)
	}
	eventually(t, "HTTPS is gone", func() bool { return len(s.Addresses()) == 1 })
}

// writeCertificate writes a certificate for localhost that vouches for itself.
func writeCertificate(t testing.TB, certFile, keyFile string, serial int64) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "given"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return der
}

func TestHTTPSWithAGivenCertificate(t *testing.T) {
	s, core, folder := realServerWith(t, nil)
	certFile, keyFile := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	given := app.HTTPSGiven
	if _, err := core.Do(t.Context(), app.SetSettings{Fields: app.SettingsFields{HTTPS: &given}}); app.CodeOf(err) != app.CodeInvalid {
		t.Errorf("no files: %v", err)
	}
	problem := func() string {
		if p := s.Reach().Problems; len(p) > 0 {
			return p[0].Key
		}
		return ""
	}
	mustDo(t, core, app.SetSettings{Fields: app.SettingsFields{HTTPS: &given, CertFile: &certFile, KeyFile: &keyFile}})
	eventually(t, "missing files are told of", func() bool { return problem() == "https.files" && len(s.Addresses()) == 1 })

	first := writeCertificate(t, certFile, keyFile, 1)
	at := secureAddress(t, s)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(at, "https://"))
	at = "https://localhost:" + port
	if resp, _ := fetched(t, trusting(t, first), "GET", at+"/api/health", ""); resp.StatusCode != 200 || problem() != "" {
		t.Errorf("%d, %s", resp.StatusCode, problem())
	}
	served := func() int64 {
		conn, err := tls.Dial("tcp", strings.TrimPrefix(at, "https://"), &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // which one is the question
		if err != nil {
			return 0
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	writeCertificate(t, certFile, keyFile, 2)
	eventually(t, "the new certificate is served", func() bool { return served() == 2 })
	if err := os.WriteFile(certFile, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, "nonsense is told of", func() bool { return problem() == "https.files" })
	if got := served(); got != 2 {
		t.Errorf("served is %d, not what was good before", got)
	}
}

// closeCode reads until the server closes, and returns with what.
func closeCode(t testing.TB, conn *websocket.Conn) int {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	for {
		_, _, err := conn.ReadMessage()
		if err == nil {
			continue
		}
		closed, ok := err.(*websocket.CloseError)
		if !ok {
			t.Fatalf("not closed in order: %v", err)
		}
		return closed.Code
	}
}
