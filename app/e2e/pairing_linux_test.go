package e2e

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// tellOnFailure has the program's log told if the test fails.
func (p *program) tellOnFailure() {
	p.t.Cleanup(func() {
		if p.t.Failed() {
			p.kill()
			p.t.Logf("the log:\n%s", p.errOut)
		}
	})
}

// tell sends JSON as a program on this computer, and decodes the answer into v.
func (p *program) tell(method, path, body string, v any) {
	p.t.Helper()
	req, err := http.NewRequest(method, p.URL+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode/100 != 2 {
		p.t.Fatalf("%s %s: %s %s %v", method, path, answer.Status, text, err)
	}
	if v != nil {
		if err := json.Unmarshal(text, v); err != nil {
			p.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
}

type reach struct {
	Addresses []struct {
		URL           string
		Local, Secure bool
	}
}

// shared waits until other devices reach the program, and returns where.
func (p *program) shared(secure bool) string {
	p.t.Helper()
	deadline := time.Now().Add(slow)
	for {
		var r reach
		p.tell("GET", "/api/sharing", "", &r)
		for _, a := range r.Addresses {
			if !a.Local && a.Secure == secure && strings.Contains(a.URL, stageAddress) {
				return a.URL
			}
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("not shared: %+v", r)
		}
		time.Sleep(20 * time.Millisecond) // asks again
	}
}

type oneTimeCode struct{ ID, Code, Link, Address string }

func (p *program) pair(role string) (made oneTimeCode) {
	p.t.Helper()
	p.tell("POST", "/api/pairing", `{"role":"`+role+`"}`, &made)
	return made
}

// paired returns the id of the newest token.
func (p *program) paired() string {
	p.t.Helper()
	var list struct{ Tokens []struct{ ID string } }
	p.tell("GET", "/api/tokens", "", &list)
	if len(list.Tokens) == 0 {
		p.t.Fatal("nothing is paired")
	}
	return list.Tokens[len(list.Tokens)-1].ID
}

const digits = `document.querySelector('#code')`

// typeCode writes digits as a person does.
func (p *tab) typeCode(code string) {
	p.t.Helper()
	p.wait(digits + ` !== null && !document.querySelector('#main').hidden && !document.querySelector('#form').hidden`)
	p.exec(digits + `.value = ` + quote(code) + `; ` + digits + `.dispatchEvent(new Event('input')); document.querySelector('#name').value = 'Tablet on stage'`)
}

// A phone gets its access with six digits, does what its role may, and loses it.
func TestPairingInABrowser(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	p := start(t, t.TempDir(), "--no-obs")
	p.tellOnFailure()
	p.tell("PUT", "/api/settings", `{"sharing":true,"shareOn":"stage0","localNameOff":true}`, nil)
	base, room := p.shared(false), p.room()
	control := "/r/" + room + "/controller"
	b := startBrowser(t, "en")

	phone := b.open(t, base+control, 390, 844, "")
	phone.tolerate("401")
	phone.wait(`document.querySelector('h1')?.textContent === 'Pair this device' && !document.querySelector('#main').hidden`)
	phone.wait(`document.querySelector("#lead")?.textContent.includes("no access to this page yet")`)
	shoot(t, phone, "pair-phone-en")
	made := p.pair("controller")
	wrong := "000000"
	if made.Code == wrong {
		wrong = "000001"
	}
	phone.typeCode(wrong)
	phone.wait(`document.querySelector("#refusal")?.textContent.includes("This code is not right")`)
	shoot(t, phone, "pair-wrong-en")
	phone.typeCode(made.Code)
	phone.tolerateOutage()
	phone.wait(`location.pathname === ` + quote(control) + ` && document.querySelector('#pair') === null && document.querySelector('#code') === null && document.readyState === 'complete'`)
	if got := eval[string](phone, `document.cookie`); got != "" {
		t.Errorf("the page reads its cookie: %s", got)
	}
	phone.wait(`document.querySelector('[data-state]')?.dataset.state === 'live'`)

	// It shows which device it is.
	var open struct {
		Clients []struct{ ID, Page, TokenID string }
	}
	deadline := time.Now().Add(slow)
	for len(open.Clients) == 0 || open.Clients[0].Page != control {
		if time.Now().After(deadline) {
			t.Fatalf("the page is not told of: %+v", open)
		}
		time.Sleep(20 * time.Millisecond) // asks again
		p.tell("GET", "/api/clients", "", &open)
	}
	if open.Clients[0].TokenID != p.paired() {
		t.Errorf("%+v", open.Clients)
	}
	p.tell("POST", "/api/clients/"+open.Clients[0].ID+"/direct", `{"do":"identify"}`, nil)
	phone.wait(`document.querySelector('#cuewire-identity')?.textContent !== undefined`)
	shoot(t, phone, "pair-identify")
	p.tell("POST", "/api/clients/"+open.Clients[0].ID+"/direct", `{"do":"redirect","path":"/r/`+room+`/agenda"}`, nil)
	phone.wait(`location.pathname === '/r/` + room + `/agenda'`)
	phone.exec(`location.assign(` + quote(control) + `)`)
	phone.wait(`location.pathname === ` + quote(control) + ` && document.querySelector('[data-state]')?.dataset.state === 'live'`)

	// Revoked, it says so, and how to go on; with another code it goes on.
	p.tell("DELETE", "/api/tokens/"+p.paired(), "", nil)
	phone.wait(`document.querySelector('h1')?.textContent === 'Access was withdrawn'`)
	shoot(t, phone, "pair-withdrawn-en")
	phone.typeCode(p.pair("controller").Code)
	phone.wait(`location.pathname === ` + quote(control) + ` && document.querySelector('[data-state]')?.dataset.state === 'live'`)

	// A role for less does not open the page, and the words say what to do.
	p.tell("DELETE", "/api/tokens/"+p.paired(), "", nil)
	phone.wait(`document.querySelector('h1')?.textContent === 'Access was withdrawn'`)
	phone.typeCode(p.pair("viewer").Code)
	phone.tolerate("403")
	phone.wait(`location.pathname === '/r/` + room + `/viewer'`)
	front := b.open(t, base+"/", 768, 1024, "")
	front.wait(`document.querySelectorAll('.room .address').length > 0`)
	if got := eval[[]string](front, `[...document.querySelectorAll('.room .address')].map((el) => el.dataset.name)`); slices.Contains(got, "controller") || !slices.Contains(got, "viewer") || front.visible("#new-room") || front.visible("#obs") {
		t.Errorf("a viewer is offered %v", got)
	}
	shoot(t, front, "front-viewer")
	refused := b.open(t, base+control, 1024, 768, "")
	refused.tolerate("403")
	refused.shows("h1", "Not allowed for this device")
	shoot(t, refused, "pair-refused-en")
	refused.exec(`document.querySelector('a').click()`)
	refused.wait(`location.pathname === '/pair' && document.querySelector('#form')?.hidden === false`)
	refused.typeCode(p.pair("controller").Code)
	refused.wait(`location.pathname === ` + quote(control))
}

// The link of a QR code pairs without a word, and its secret is not left in the address.
func TestPairingByLinkAndOverHTTPS(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	p := start(t, t.TempDir(), "--no-obs")
	p.tellOnFailure()
	p.tell("PUT", "/api/settings", `{"sharing":true,"shareOn":"stage0","localNameOff":true}`, nil)
	base, room := p.shared(false), p.room()
	made := p.pair("moderator")
	b := startBrowser(t, "pt-BR")
	tablet := b.open(t, made.Link, 1024, 768, "")
	tablet.tolerateOutage()
	tablet.wait(`location.pathname === '/r/` + room + `/moderator' && location.hash === '' && document.querySelector('[data-state]')?.dataset.state === 'live'`)
	tablet.exec(`location.assign('/pair')`)
	tablet.wait(`location.pathname === '/pair' && document.querySelector('#choices')?.hidden === false && !document.querySelector('#main').hidden`)
	tablet.shows("h1", "Este dispositivo está pareado")
	shoot(t, tablet, "pair-has-pt")
	again := b.open(t, made.Link, 390, 844, "")
	again.tolerate("401")
	again.wait(`document.querySelector("#refusal")?.textContent.includes("não vale mais")`)
	shoot(t, again, "pair-used-pt")

	p.tell("PUT", "/api/settings", `{"https":"local"}`, nil)
	secure := p.shared(true)
	trust := b.open(t, base+"/trust?lang=en", 390, 844, "")
	trust.wait(`document.querySelector('#main').hidden === false && document.querySelector('#print').textContent.length === 95`)
	shoot(t, trust, "trust-phone-en")
	wide := b.open(t, base+"/trust", 1920, 1080, "")
	wide.wait(`document.querySelector('#main').hidden === false && document.fonts.status === 'loaded'`)
	shoot(t, wide, "trust-desktop-pt")

	answer, err := http.Get(p.URL + "/trust/cuewire-authority.crt")
	if err != nil {
		t.Fatal(err)
	}
	der, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	authority, err := x509.ParseCertificate(der)
	if err != nil || !bytes.Equal(authority.Raw, der) {
		t.Fatal(err)
	}
	key := sha256.Sum256(authority.RawSubjectPublicKeyInfo)
	trusting := startBrowser(t, "en", chromedp.Flag("ignore-certificate-errors-spki-list", base64.StdEncoding.EncodeToString(key[:])))
	made = p.pair("controller")
	if !strings.HasPrefix(made.Link, secure+"/pair#") {
		t.Errorf("the link goes to %s", made.Address)
	}
	page := trusting.open(t, made.Link, 1024, 768, "")
	page.tolerateOutage()
	page.wait(`location.pathname === '/r/` + room + `/controller' && location.protocol === 'https:' && document.querySelector('[data-state]')?.dataset.state === 'live'`)
	if !eval[bool](page, `window.isSecureContext`) {
		t.Error("the page is not secure")
	}
}
