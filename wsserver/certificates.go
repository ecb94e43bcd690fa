package wsserver

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// certificates hold what HTTPS is served with.
type certificates struct {
	folder string // of the local authority, "" for none
	now    func() time.Time

	current   atomic.Pointer[tls.Certificate]
	authority atomic.Pointer[auth.Authority] // while it is wanted

	// The arranging goroutine's own.
	config *tls.Config
	made   []string   // the names that current is for, of the local authority; nil for another's
	files  string     // which given files current comes from, as they were read; "" for none
	tried  string     // the given files that were read last
	failed *app.Error // why those are not in use, nil where they are
}

// want returns what to serve HTTPS with under the names, nil for plain HTTP alone, and
// what is wrong, nil for nothing. A certificate that is in use stays so until there
// is a better one.
func (c *certificates) want(settings app.Settings, names []string) (*tls.Config, *app.Error) {
	var failed *app.Error
	switch settings.HTTPS {
	case app.HTTPSLocal:
		failed = c.local(names)
	case app.HTTPSGiven:
		failed = c.given(settings.CertFile, settings.KeyFile)
	}
	if settings.HTTPS != app.HTTPSLocal {
		c.authority.Store(nil)
		c.made = nil
	}
	if settings.HTTPS == app.HTTPSOff {
		c.current.Store(nil)
		c.files = ""
	}
	if c.current.Load() == nil {
		return nil, failed
	}
	if c.config == nil {
		c.config = &tls.Config{
			MinVersion: tls.VersionTLS12,
			NextProtos: []string{"http/1.1"}, // what WebSockets go over
			GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
				if now := c.current.Load(); now != nil {
					return now, nil
				}
				return nil, errors.New("HTTPS was switched off")
			},
		}
	}
	return c.config, failed
}

// local has the local authority vouch for the names.
func (c *certificates) local(names []string) *app.Error {
	if c.folder == "" {
		return app.NewError(app.CodeUnavailable, "https.noFolder", "This Cuewire keeps no certificate authority.", nil)
	}
	now := c.now()
	if current := c.current.Load(); c.made != nil && slices.Equal(c.made, names) && now.Add(auth.RenewBefore).Before(current.Leaf.NotAfter) {
		return nil
	}
	computer, _ := os.Hostname() // "" where nobody knows
	authority, err := auth.OpenAuthority(c.folder, computer, now)
	var pair *tls.Certificate
	if err == nil {
		pair, err = authority.Issue(names, now)
	}
	if err != nil {
		known, ok := errors.AsType[*app.Error](err)
		if !ok {
			known = &app.Error{Code: app.CodeInternal, Key: "https.made", Message: "No certificate could be made. Cuewire's log says more.", Err: err}
		}
		return known
	}
	c.authority.Store(authority)
	c.current.Store(pair)
	c.made, c.files = slices.Clone(names), ""
	return nil
}

// given reads a person's own certificate when its files are new or have changed.
func (c *certificates) given(certFile, keyFile string) *app.Error {
	state := certFile + "\n" + keyFile + "\n" + stamp(certFile) + stamp(keyFile)
	if state != c.files && state != c.tried {
		c.tried = state
		pair, err := tls.LoadX509KeyPair(certFile, keyFile)
		if err == nil {
			c.current.Store(&pair)
			c.files, c.failed, c.made = state, nil, nil
		} else {
			c.failed = &app.Error{
				Code: app.CodeInvalid, Key: "https.files", Err: err, Args: map[string]any{"File": certFile},
				Message: "The certificate in " + certFile + " and its key cannot be used. Check that both files are PEM, belong together and may be read; Cuewire reads them again when they change.",
			}
		}
	}
	if c.failed != nil && state == c.tried {
		return c.failed
	}
	if current := c.current.Load(); current != nil && current.Leaf != nil && c.now().After(current.Leaf.NotAfter) {
		return app.NewError(app.CodeInvalid, "https.ended", "The certificate in "+certFile+" has come to its end. Put a new one in its place; Cuewire takes it at once.",
			map[string]any{"File": certFile})
	}
	return nil
}

// stamp tells two states of a file apart.
func stamp(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "missing "
	}
	return fmt.Sprintf("%d %d ", info.ModTime().UnixNano(), info.Size())
}
