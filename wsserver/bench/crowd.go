package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A message is known by its stamp, wherever in it that is: '^' and the 19 digits of
// the nanosecond at which it was sent, zeros when nobody asks how long it took.
const (
	mark        = '^'
	stampLength = 20
)

func stampOf(nanos int64) string { return fmt.Sprintf("^%019d", nanos) }

// audience is many clients that connect in one way.
type audience struct {
	Address string   // "127.0.0.1:3000"
	Path    string   // "" for a bare TCP connection
	Token   string   // for the subprotocol that carries one, "" for none
	Hello   []string // what each sends once it is connected
	Joined  string   // what it then hears when it belongs to the audience, "" for nothing
	Clients int
	Stalled int // of Clients, how many never read once they have joined
}

// beCrowd is the load generator: it connects the audience, says "ready", and then
// answers each line of its input. To a number it says "done" when so many messages
// have come in all; to "took" it says how long the stamped ones took, as delays.
func beCrowd(spec string) error {
	var a audience
	if err := json.Unmarshal([]byte(spec), &a); err != nil {
		return err
	}
	if err := raiseFiles(); err != nil {
		return err
	}
	c := &crowd{reached: make(chan struct{}, 1)}
	c.target.Store(1 << 62)
	if err := c.gather(a); err != nil {
		return err
	}
	fmt.Println("ready")
	questions := make(chan string)
	go func() {
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			questions <- lines.Text()
		}
		os.Exit(0) // whoever asked is gone, perhaps while it waited for a message that is lost
	}()
	for question := range questions {
		if question == "took" {
			if err := json.NewEncoder(os.Stdout).Encode(c.delays()); err != nil {
				return err
			}
			continue
		}
		n, err := strconv.ParseInt(question, 10, 64)
		if err != nil {
			return err
		}
		c.target.Store(n)
		for c.total.Load() < n {
			<-c.reached
		}
		fmt.Println("done")
	}
	return nil
}

type crowd struct {
	total   atomic.Int64 // messages that have come
	bytes   atomic.Int64 // that have come
	target  atomic.Int64
	reached chan struct{}
	members []*member
}

// member is a client of the crowd.
type member struct {
	crowd *crowd
	conn  net.Conn
	rest  []byte // of what came last: a stamp that is not whole

	mu   sync.Mutex // guards took
	took []time.Duration
}

// gather connects the audience, some at a time, and returns when all belong to it.
func (c *crowd) gather(a audience) error {
	const atOnce = 16
	var (
		wait  sync.WaitGroup
		mu    sync.Mutex // guards errs and c.members
		errs  []error
		doors = make(chan struct{}, atOnce)
	)
	for i := range a.Clients {
		doors <- struct{}{}
		wait.Go(func() {
			defer func() { <-doors }()
			m, err := c.join(a, i < a.Stalled)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				if len(errs) < 3 { // the others most likely say the same
					errs = append(errs, err)
				}
				return
			}
			c.members = append(c.members, m)
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

func (c *crowd) join(a audience, stalled bool) (*member, error) {
	dialer := net.Dialer{Timeout: time.Minute}
	if stalled {
		dialer.Control = func(_, _ string, raw syscall.RawConn) error {
			return raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096) })
		}
	}
	conn, err := dialer.Dial("tcp", a.Address)
	if err != nil {
		return nil, err
	}
	m := &member{crowd: c, conn: conn}
	if a.Path != "" {
		if err := upgrade(conn, a); err != nil {
			return nil, err
		}
	}
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return nil, err
	}
	for _, text := range a.Hello {
		if _, err := conn.Write(maskedText(text)); err != nil {
			return nil, err
		}
	}
	buffer := make([]byte, 4<<10)
	if a.Joined != "" {
		var heard []byte
		for !bytes.Contains(heard, []byte(a.Joined)) {
			n, err := conn.Read(buffer)
			if err != nil {
				return nil, fmt.Errorf("%w after %q", err, heard)
			}
			heard = append(heard, buffer[:n]...)
		}
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return nil, err
	}
	if !stalled {
		go m.read(buffer)
	}
	return m, nil
}

// upgrade makes a WebSocket of a connection.
func upgrade(conn net.Conn, a audience) error {
	head := "GET " + a.Path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
	if a.Token != "" {
		head += "Sec-WebSocket-Protocol: authorization.bearer." + a.Token + "\r\n"
	}
	if _, err := io.WriteString(conn, head+"\r\n"); err != nil {
		return err
	}
	var answer []byte
	one := make([]byte, 1)
	for !bytes.HasSuffix(answer, []byte("\r\n\r\n")) {
		if _, err := io.ReadFull(conn, one); err != nil {
			return fmt.Errorf("%w after %q", err, answer)
		}
		answer = append(answer, one[0])
	}
	if !bytes.HasPrefix(answer, []byte("HTTP/1.1 101")) {
		return fmt.Errorf("not upgraded: %q", answer)
	}
	return nil
}

// maskedText is a text frame of a client's; the mask is zeros.
func maskedText(text string) []byte {
	frame := []byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}
	if len(text) > 125 {
		frame = []byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text)), 0, 0, 0, 0}
	}
	return append(frame, text...)
}

// read counts messages until the connection ends.
func (m *member) read(buffer []byte) {
	for {
		kept := copy(buffer, m.rest)
		n, err := m.conn.Read(buffer[kept:])
		if err != nil {
			return
		}
		m.crowd.bytes.Add(int64(n))
		if came := m.count(buffer[:kept+n]); m.crowd.total.Add(came) >= m.crowd.target.Load() && came > 0 {
			select {
			case m.crowd.reached <- struct{}{}:
			default:
			}
		}
	}
}

// count returns how many stamps data has, and keeps one that is not whole.
func (m *member) count(data []byte) (came int64) {
	for {
		i := bytes.IndexByte(data, mark)
		if i < 0 {
			m.rest = nil
			return came
		}
		if data = data[i:]; len(data) < stampLength {
			m.rest = append([]byte(nil), data...)
			return came
		}
		if data[1] != '0' {
			m.took1(data[1:stampLength])
		}
		data = data[stampLength:]
		came++
	}
}

func (m *member) took1(digits []byte) {
	sent := int64(0)
	for _, digit := range digits {
		sent = 10*sent + int64(digit-'0')
	}
	took := time.Duration(time.Now().UnixNano() - sent)
	m.mu.Lock()
	m.took = append(m.took, took)
	m.mu.Unlock()
}

// delays are how long messages took to arrive, in seconds, and how long they were.
type delays struct {
	P50, P99 float64
	Count    int
	Bytes    float64 // of a message with its frame, on average
}

// delays returns those of the messages since the last call.
func (c *crowd) delays() delays {
	var all []time.Duration
	for _, m := range c.members {
		m.mu.Lock()
		all = append(all, m.took...)
		m.took = m.took[:0]
		m.mu.Unlock()
	}
	d := delaysOf(all)
	if n := c.total.Load(); n > 0 {
		d.Bytes = float64(c.bytes.Load()) / float64(n)
	}
	return d
}

func delaysOf(all []time.Duration) delays {
	if len(all) == 0 {
		return delays{}
	}
	slices.Sort(all)
	at := func(p float64) float64 { return all[int(p*float64(len(all)-1))].Seconds() }
	return delays{P50: at(0.5), P99: at(0.99), Count: len(all)}
}

// gathered is a crowd in a process of its own, seen from who started it.
type gathered struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Scanner
	seen int64
}

// startCrowd starts a crowd and returns when all are there.
func startCrowd(a audience) (*gathered, error) {
	spec, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	g := &gathered{cmd: exec.Command(self, "crowd", string(spec))}
	g.cmd.Stderr = os.Stderr
	if g.in, err = g.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := g.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := g.cmd.Start(); err != nil {
		return nil, err
	}
	g.out = bufio.NewScanner(out)
	if err := g.says("ready"); err != nil {
		return nil, errors.Join(err, g.leave())
	}
	return g, nil
}

func (g *gathered) says(word string) error {
	if !g.out.Scan() || g.out.Text() != word {
		return fmt.Errorf("the crowd says %q, not %q", g.out.Text(), word)
	}
	return nil
}

// wait returns when so many more messages have come to all of the crowd together.
func (g *gathered) wait(messages int) error {
	g.seen += int64(messages)
	if _, err := fmt.Fprintln(g.in, g.seen); err != nil {
		return err
	}
	return g.says("done")
}

func (g *gathered) took() (d delays, err error) {
	if _, err = fmt.Fprintln(g.in, "took"); err != nil {
		return d, err
	}
	if !g.out.Scan() {
		return d, errors.New("the crowd is gone")
	}
	return d, json.NewDecoder(strings.NewReader(g.out.Text())).Decode(&d)
}

// leave ends all connections.
func (g *gathered) leave() error {
	_ = g.in.Close() // it ends with its input
	return g.cmd.Wait()
}
