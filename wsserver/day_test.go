package wsserver

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cuewire/app"
)

// memory is a listener whose connections are pipes within the process, so that a test can
// run on a clock of its own.
type memory struct {
	mu    sync.Mutex // guards ended
	ended bool
	comes chan net.Conn
	end   chan struct{}
}

func newMemory() *memory { return &memory{comes: make(chan net.Conn), end: make(chan struct{})} }

func (m *memory) Accept() (net.Conn, error) {
	select {
	case conn := <-m.comes:
		return conn, nil
	case <-m.end:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.ended {
		m.ended = true
		close(m.end)
	}
	return nil
}

func (m *memory) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 3000} }

// dial connects as another program on this computer, or as another computer.
func (m *memory) dial(from string) net.Conn {
	here, there := net.Pipe()
	m.comes <- pipeFrom{there, &net.TCPAddr{IP: net.ParseIP(from), Port: 5}}
	return here
}

type pipeFrom struct {
	net.Conn
	peer net.Addr
}

func (p pipeFrom) RemoteAddr() net.Addr { return p.peer }

// TestADay runs the server for a day on a simulated clock, two hours without CUEWIRE_SOAK:
// clients stay, come and go in order and without a word, fall silent, are refused, send
// nonsense, and ask REST. What is in memory at the end of each hour is what was there at
// the end of the first.
func TestADay(t *testing.T) {
	hours := 2
	if os.Getenv("CUEWIRE_SOAK") != "" {
		hours = 24
	}
	synctest.Test(t, func(t *testing.T) {
		core := newScripted()
		s := listening(t, core)
		for _, l := range s.door.open {
			_ = l.Listener.Close()
		}
		m := newMemory()
		s.door.open = s.door.open[:1]
		s.door.open[0].Listener = m
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()

		for i := range 20 { // they stay
			stay(t, m, []string{"/", "/ws/ABC234"}[i%2])
		}
		var goroutines, heaps []int
		for range hours {
			for minute := range 60 {
				comeAndGo(t, m, minute)
				for range 6 {
					core.publish(app.OBSSceneChanged{CurrentScene: fmt.Sprint("scene ", minute)})
					time.Sleep(10 * time.Second)
				}
			}
			synctest.Wait()
			goroutines, heaps = append(goroutines, runtime.NumGoroutine()), append(heaps, int(heap()>>10))
			s.strangers.mu.Lock()
			if n := len(s.strangers.seen); n > 120 {
				t.Errorf("%d strangers are remembered", n)
			}
			s.strangers.mu.Unlock()
			if n := s.Load().Connections; n < 20 || n > 30 {
				t.Errorf("%d connections", n)
			}
		}
		t.Logf("after each hour: %v goroutines, %v KiB", goroutines, heaps)
		for i := range heaps {
			if goroutines[i] > goroutines[0]+10 || heaps[i] > heaps[0]*3/2+2048 {
				t.Errorf("after %d hours there are %d goroutines and %d KiB, after the first %d and %d", i+1, goroutines[i], heaps[i], goroutines[0], heaps[0])
			}
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// memoryJoin upgrades a connection.
func memoryJoin(t *testing.T, m *memory, from, path string) net.Conn {
	t.Helper()
	conn := m.dial(from)
	if err := upgradeRaw(conn, path); err != nil {
		t.Fatal(err)
	}
	return conn
}

// stay is a client that reads, and answers pings.
func stay(t *testing.T, m *memory, path string) {
	conn := memoryJoin(t, m, "127.0.0.1", path)
	if path == "/" {
		_, _ = conn.Write(maskedText(`{"action":"subscribe","events":["*","system:heartbeat"]}`))
	}
	go func() {
		in := bufio.NewReader(conn)
		for {
			first, err := in.ReadByte()
			if err == nil {
				_ = in.UnreadByte() // it was read just now
				_, err = nextPayload(in)
			}
			if err != nil {
				_ = conn.Close()
				return
			}
			if first == 0x80|opPing {
				_, _ = conn.Write([]byte{0x80 | opPong, 0x80, 0, 0, 0, 0})
			}
		}
	}()
}

// comeAndGo is what happens within a minute beside.
func comeAndGo(t *testing.T, m *memory, minute int) {
	orderly := memoryJoin(t, m, "127.0.0.1", "/")
	go func() { _, _ = io.Copy(io.Discard, orderly) }()
	_, _ = orderly.Write(closing(1000, "bye"))

	abrupt := memoryJoin(t, m, "127.0.0.1", "/ws/ABC234")
	_, _ = abrupt.Write(maskedText(`{"type":"request_state"}`)[:5])
	_ = abrupt.Close()

	nonsense := memoryJoin(t, m, "127.0.0.1", "/")
	go func() { _, _ = io.Copy(io.Discard, nonsense) }()
	_, _ = nonsense.Write(frame(fin|2, []byte("binary")))

	if minute%10 == 0 { // falls silent, and never reads
		silent := memoryJoin(t, m, "127.0.0.1", "/")
		time.AfterFunc(5*time.Minute, func() { _ = silent.Close() })
	}
	for _, from := range []string{"127.0.0.1", fmt.Sprint("192.0.2.", minute), fmt.Sprintf("2001:db8:0:%x::1", minute)} {
		ask := m.dial(from)
		go func() {
			_, _ = io.WriteString(ask, "GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		}()
		answer, _ := io.ReadAll(ask)
		if !strings.HasPrefix(string(answer), "HTTP/1.1 ") {
			t.Errorf("from %s: %q", from, answer)
		}
		_ = ask.Close()
	}
}
