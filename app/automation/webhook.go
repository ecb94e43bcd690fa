package automation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"cuewire/app"
)

// The limits of webhooks.
const (
	webhookTimeout = 5 * time.Second // for one try, its answer included
	webhookTries   = 3
	webhookBody    = 64 << 10 // bytes of an answer that are read
	maxReceivers   = 32       // hosts that are called at one time
	maxCalls       = 64       // that wait for one host
)

// webhookPauses are how long a call waits before its second and third try.
var webhookPauses = [webhookTries - 1]time.Duration{time.Second, 3 * time.Second}

var (
	errReceivers = errors.New("too many receivers are being called already")
	errCalls     = errors.New("too many calls wait for this receiver already")
	errAddress   = errors.New("this is no http or https address")
)

// caller calls webhooks: those of one host in their order, one at a time, those of
// different hosts at the same time, so that a host that hangs delays nobody else.
type caller struct {
	agent  string
	failed func(ctx context.Context, host string, err error)
	client *http.Client
	pauses [webhookTries - 1]time.Duration
	calls  sync.WaitGroup // of the hosts that are being called

	mu    sync.Mutex        // guards queue
	queue map[string][]call // by host, for the hosts that are being called
}

type call struct {
	address string
	body    []byte
}

func newCaller(agent string, failed func(ctx context.Context, host string, err error)) *caller {
	return &caller{
		agent: agent, failed: failed, queue: make(map[string][]call), pauses: webhookPauses,
		client: &http.Client{
			// A transport of its own: no proxy from the environment, which would take calls
			// that are meant for the local network elsewhere.
			Transport:     &http.Transport{MaxIdleConnsPerHost: 1, IdleConnTimeout: 30 * time.Second},
			CheckRedirect: stayAtHost,
			Timeout:       webhookTimeout,
		},
	}
}

// stayAtHost lets a call be sent on within its host, unchanged.
func stayAtHost(req *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case req.URL.Host != first.URL.Host:
		return finalError{errors.New("it redirects to another host")}
	case req.Method != first.Method:
		return finalError{errors.New("its redirect would lose what is sent; it must answer 307 or 308")}
	case len(via) > 3:
		return finalError{errors.New("it redirects too often")}
	}
	return nil
}

// finalError is a failure that trying again does not help.
type finalError struct{ error }

// wait waits for the calls that are under way; no more may be added.
func (c *caller) wait() {
	c.calls.Wait()
	c.client.CloseIdleConnections()
}

// add has an address called. It never waits.
func (c *caller) add(ctx context.Context, address string, body []byte) {
	u, err := url.Parse(address)
	if err != nil || !app.ValidWebhook(address) {
		c.failed(ctx, "", errAddress)
		return
	}
	host := strings.ToLower(u.Host)
	c.mu.Lock()
	waiting, busy := c.queue[host]
	switch {
	case !busy && len(c.queue) == maxReceivers:
		err = errReceivers
	case len(waiting) == maxCalls:
		err = errCalls
	default:
		c.queue[host] = append(waiting, call{address, body})
	}
	c.mu.Unlock()
	switch {
	case err != nil:
		c.failed(ctx, host, err)
	case !busy:
		c.calls.Go(func() { c.serve(ctx, host) })
	}
}

// serve makes the calls of a host until none waits.
func (c *caller) serve(ctx context.Context, host string) {
	for {
		c.mu.Lock()
		waiting := c.queue[host]
		if len(waiting) == 0 || ctx.Err() != nil {
			delete(c.queue, host)
			c.mu.Unlock()
			return
		}
		next := waiting[0]
		c.queue[host] = waiting[1:]
		c.mu.Unlock()
		if err := c.deliver(ctx, next); err != nil && ctx.Err() == nil {
			c.failed(ctx, host, err)
		}
	}
}

// deliver makes one call, again where that may help.
func (c *caller) deliver(ctx context.Context, next call) error {
	id := uuid.NewString()
	for try := 0; ; try++ {
		err := c.post(ctx, id, next)
		if _, final := errors.AsType[finalError](err); err == nil || final || try == len(c.pauses) {
			return err
		}
		select {
		case <-time.After(c.pauses[try]):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// post makes one try. Its errors name no address: a query may hold a secret.
func (c *caller) post(ctx context.Context, id string, next call) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, next.address, bytes.NewReader(next.body))
	if err != nil {
		return finalError{errAddress}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Cuewire-Delivery", id)
	req.Header.Set("Via", "1.1 cuewire") // a call to our own address has nobody's rights, not this computer's
	answer, err := c.client.Do(req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err
		}
		return err
	}
	defer answer.Body.Close()
	// The status is the answer; the rest is read so that the connection can be used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, webhookBody))
	switch {
	case answer.StatusCode/100 == 2:
		return nil
	case answer.StatusCode >= 500:
		return fmt.Errorf("it answered %s", answer.Status)
	}
	return finalError{fmt.Errorf("it answered %s", answer.Status)}
}
