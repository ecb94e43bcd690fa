package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"sync"
	"time"

	"cuewire/app"
)

// keepEnded is how long a code that ended is still told of, from when it was made.
const keepEnded = 10 * time.Minute

// Wanted is what a one-time code is to give.
type Wanted struct {
	Role   app.Role
	Name   string        // of the device, "" to let its person choose
	Life   time.Duration // of the code, app.PairingLife unless given
	Silent bool          // a secret alone: no digits, and in no list
}

// Pairings holds the one-time codes that wait. The zero value is ready. It may be
// used from any goroutine; it keeps its secrets in memory alone.
//
// Of the waiting codes every wrong guess of digits is one try less. Secrets cannot be
// guessed; wrong ones count for the address that they come from, as wrong digits do.
type Pairings struct {
	mu    sync.Mutex // guards what follows
	list  []*pairing // in the order in which they were made
	wrong map[netip.Prefix][]time.Time
}

type pairing struct {
	app.Pairing
	secret string
	silent bool
}

// The refusals of pairing. They say nothing of which codes there are.
var (
	errCode = app.NewError(app.CodeUnauthorized, "pair.wrong",
		"This code is not right, or is not good any more. Check it, or ask for a new one.", nil)
	errManyPairings = app.NewError(app.CodeConflict, "pair.many",
		"Too many codes are waiting. Cancel one, or wait two minutes.", nil)
	errNoPairing = app.NewError(app.CodeNotFound, "pair.none", "There is no such code waiting.", nil)
)

// Begin makes a one-time code, and the secret that does the same. The error is an
// *app.Error.
func (p *Pairings) Begin(w Wanted, now time.Time) (made app.Pairing, secret string, err error) {
	if _, ok := app.ParseRole(string(w.Role)); !ok {
		return app.Pairing{}, "", app.NewError(app.CodeInvalid, "pair.role",
			"role must be viewer, agenda, moderator, operator, controller or admin.", nil)
	}
	if len([]rune(w.Name)) > app.MaxNameLength {
		return app.Pairing{}, "", app.NewError(app.CodeInvalid, "pair.nameLong", "The name is too long.", nil)
	}
	if w.Life <= 0 {
		w.Life = app.PairingLife
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forgetLocked(now)
	waiting := 0
	for _, old := range p.list {
		if old.State == app.PairingWaiting && old.silent == w.Silent {
			waiting++
		}
	}
	if most := map[bool]int{false: app.MaxPairings, true: app.MostSourceLimit}[w.Silent]; waiting >= most {
		return app.Pairing{}, "", errManyPairings
	}
	made = app.Pairing{
		ID: rand.Text()[:12], Role: w.Role, Name: w.Name, CreatedAt: now, ExpiresAt: now.Add(w.Life),
		TriesLeft: app.PairingTries, State: app.PairingWaiting,
	}
	if !w.Silent {
		if made.Code, err = p.freeCodeLocked(); err != nil {
			return app.Pairing{}, "", fmt.Errorf("make a code: %w", err)
		}
	}
	secret = rand.Text() // 130 bits
	p.list = append(p.list, &pairing{made, secret, w.Silent})
	return made, secret, nil
}

// freeCodeLocked returns six digits that no waiting code has.
func (p *Pairings) freeCodeLocked() (string, error) {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return "", err
		}
		code := fmt.Sprintf("%06d", n)
		if !slices.ContainsFunc(p.list, func(o *pairing) bool { return o.Code == code }) {
			return code, nil
		}
	}
}

// Claim uses a code or secret up and returns what it gives. An address that was
// wrong too often within the life of a code gets CodeRateLimited, whatever it sends, and has
// to wait for retry. Whoever cannot give what was claimed calls Release.
func (p *Pairings) Claim(presented string, from netip.Addr, now time.Time) (given app.Pairing, retry time.Duration, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forgetLocked(now)
	who := neighbourhood(from)
	if wrong := p.wrong[who]; len(wrong) >= app.PairingTries {
		return app.Pairing{}, app.PairingLife - now.Sub(wrong[0]), app.NewError(app.CodeRateLimited, "pair.often",
			"Too many wrong codes came from this device. Wait two minutes, then ask for a new code.", nil)
	}
	digits := isCode(presented)
	var found *pairing
	for _, o := range p.list { // all of them, so that the time tells nothing
		want := o.secret
		if digits {
			want = o.Code
		}
		same := subtle.ConstantTimeCompare([]byte(want), []byte(presented)) == 1
		if same && want != "" && o.State == app.PairingWaiting {
			found = o
		}
	}
	if found != nil {
		found.State = app.PairingUsed
		return found.Pairing, 0, nil
	}
	if p.wrong == nil {
		p.wrong = map[netip.Prefix][]time.Time{}
	}
	p.wrong[who] = append(p.wrong[who], now)
	if digits {
		p.wrongDigitsLocked()
	}
	return app.Pairing{}, 0, errCode
}

func (p *Pairings) wrongDigitsLocked() {
	for _, o := range p.list {
		if o.State != app.PairingWaiting || o.Code == "" {
			continue
		}
		if o.TriesLeft--; o.TriesLeft <= 0 {
			o.end(app.PairingVoid)
		}
	}
}

// Settle tells which token a claimed code has become.
func (p *Pairings) Settle(id, tokenID, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if o := p.findLocked(id); o != nil {
		o.TokenID, o.Name = tokenID, name
		o.end(app.PairingUsed)
	}
}

// Release lets a claimed code that came to nothing wait again.
func (p *Pairings) Release(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if o := p.findLocked(id); o != nil && o.TokenID == "" && o.State == app.PairingUsed {
		o.State = app.PairingWaiting
	}
}

// Cancel voids a code that waits; the error is CodeNotFound without one.
func (p *Pairings) Cancel(id string, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forgetLocked(now)
	o := p.findLocked(id)
	if o == nil || o.State != app.PairingWaiting {
		return errNoPairing
	}
	o.end(app.PairingCanceled)
	return nil
}

// List returns the codes that wait and those that ended lately, with secret's link
// from link, "" for none.
func (p *Pairings) List(now time.Time, link func(secret string) string) []app.Pairing {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forgetLocked(now)
	list := []app.Pairing{}
	for _, o := range p.list {
		if o.silent {
			continue
		}
		told := o.Pairing
		if o.State == app.PairingWaiting {
			told.Link = link(o.secret)
		}
		list = append(list, told)
	}
	return list
}

func (p *Pairings) findLocked(id string) *pairing {
	i := slices.IndexFunc(p.list, func(o *pairing) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	return p.list[i]
}

// forgetLocked ends what has expired and forgets what ended long ago.
func (p *Pairings) forgetLocked(now time.Time) {
	p.list = slices.DeleteFunc(p.list, func(o *pairing) bool {
		if o.State == app.PairingWaiting && !now.Before(o.ExpiresAt) {
			o.end(app.PairingExpired)
		}
		return o.State != app.PairingWaiting && now.Sub(o.CreatedAt) >= keepEnded
	})
	for who, times := range p.wrong {
		times = slices.DeleteFunc(times, func(at time.Time) bool { return now.Sub(at) >= app.PairingLife })
		if len(times) == 0 {
			delete(p.wrong, who)
			continue
		}
		p.wrong[who] = times
	}
}

func (o *pairing) end(state app.PairingState) {
	o.State, o.secret, o.Code = state, "", ""
}

// isCode reports whether a text is six digits.
func isCode(text string) bool {
	if len(text) != 6 {
		return false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// neighbourhood is what one device may have of addresses: one of IPv4, a network of
// 64 bits of IPv6.
func neighbourhood(a netip.Addr) netip.Prefix {
	bits := 32
	if a = a.Unmap().WithZone(""); a.Is6() {
		bits = 64
	}
	prefix, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
