package e2e

import (
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// jitter passes TCP connections on to a server, as a bad network would: every
// chunk, in either direction, comes 0 to most later, each its own, in order.
type jitter struct {
	listener net.Listener
	target   string
	most     time.Duration
	wait     sync.WaitGroup

	mu    sync.Mutex // guards conns
	conns []net.Conn
}

// startJitter puts a bad network before a server ("http://127.0.0.1:PORT").
func startJitter(t *testing.T, url string, most time.Duration) *jitter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	j := &jitter{listener: listener, target: strings.TrimPrefix(url, "http://"), most: most}
	j.wait.Go(j.accept)
	t.Cleanup(func() {
		listener.Close()
		j.mu.Lock()
		for _, conn := range j.conns {
			conn.Close()
		}
		j.mu.Unlock()
		j.wait.Wait()
	})
	return j
}

// through makes Chromium go through it to http://localhost on the server's port:
// to pages and server nothing looks different.
func (j *jitter) through() (option chromedp.ExecAllocatorOption, url string) {
	_, port, _ := net.SplitHostPort(j.target)
	return chromedp.Flag("host-resolver-rules", "MAP localhost:"+port+" "+j.listener.Addr().String()), "http://localhost:" + port
}

// connections returns how many were passed on so far.
func (j *jitter) connections() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.conns) / 2
}

func (j *jitter) accept() {
	for {
		near, err := j.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", j.target)
		if err != nil {
			near.Close()
			continue
		}
		j.mu.Lock()
		j.conns = append(j.conns, near, far)
		j.mu.Unlock()
		j.wait.Go(func() { j.pump(near, far) })
		j.wait.Go(func() { j.pump(far, near) })
	}
}

type chunk struct {
	due  time.Time
	data []byte
}

// pump passes on what from says until it ends; then to hears no more.
func (j *jitter) pump(from, to net.Conn) {
	chunks := make(chan chunk, 1024)
	j.wait.Go(func() {
		defer to.Close()
		failed := false
		for c := range chunks {
			<-time.After(time.Until(c.due))
			if _, err := to.Write(c.data); err != nil && !failed {
				failed = true
				from.Close()
			}
		}
	})
	defer close(chunks)
	var last time.Time
	for {
		data := make([]byte, 32<<10)
		n, err := from.Read(data)
		if n > 0 {
			due := time.Now().Add(rand.N(j.most + 1))
			if due.Before(last) {
				due = last
			}
			last = due
			chunks <- chunk{due, data[:n]}
		}
		if err != nil {
			if err != io.EOF {
				from.Close()
			}
			return
		}
	}
}
