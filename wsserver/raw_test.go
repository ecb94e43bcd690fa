package wsserver

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// raw is a WebSocket client that does what it is told, right or wrong.
type raw struct {
	t testing.TB
	net.Conn
	in *bufio.Reader
}

func rawDial(t testing.TB, s *Server, path string) *raw {
	t.Helper()
	conn, err := join(strings.TrimPrefix(s.Addresses()[0], "http://"), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return &raw{t, conn, bufio.NewReader(conn)}
}

// join connects with a WebSocket handshake.
func join(address, path string) (net.Conn, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", path)
	if err != nil {
		return nil, err
	}
	var head []byte
	one := make([]byte, 1)
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		if _, err := io.ReadFull(conn, one); err != nil {
			return nil, fmt.Errorf("%w after %q", err, head)
		}
		head = append(head, one[0])
	}
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 101")) {
		return nil, fmt.Errorf("not upgraded: %q", head)
	}
	return conn, nil
}

const fin = 0x80

// frame makes a masked frame; first is the first byte of its header.
func frame(first byte, payload []byte) []byte {
	out := []byte{first}
	switch n := len(payload); {
	case n < 126:
		out = append(out, 0x80|byte(n))
	case n < 1<<16:
		out = append(out, 0x80|126, byte(n>>8), byte(n))
	default:
		out = append(out, 0x80|127)
		out = binary.BigEndian.AppendUint64(out, uint64(n))
	}
	mask := []byte{1, 2, 3, 4}
	out = append(out, mask...)
	for i, b := range payload {
		out = append(out, b^mask[i%4])
	}
	return out
}

func text(s string) []byte { return frame(fin|opText, []byte(s)) }

func closing(code int, reason string) []byte {
	return frame(fin|opClose, append([]byte{byte(code >> 8), byte(code)}, reason...))
}

func (c *raw) write(pieces ...[]byte) {
	c.t.Helper()
	if _, err := c.Write(bytes.Join(pieces, nil)); err != nil {
		c.t.Fatal(err)
	}
}

// read returns the next frame. Servers neither mask nor fragment.
func (c *raw) read() (opcode byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(c.in, head[:]); err != nil {
		return 0, nil, err
	}
	if head[0]&0xf0 != fin || head[1]&0x80 != 0 {
		c.t.Fatalf("frame header % x", head)
	}
	size := uint64(head[1])
	switch size {
	case 126:
		var n uint16
		err = binary.Read(c.in, binary.BigEndian, &n)
		size = uint64(n)
	case 127:
		err = binary.Read(c.in, binary.BigEndian, &size)
	}
	if err != nil {
		return 0, nil, err
	}
	payload = make([]byte, size)
	_, err = io.ReadFull(c.in, payload)
	return head[0] & 0xf, payload, err
}

func (c *raw) expect(opcode byte, want string) []byte {
	c.t.Helper()
	got, payload, err := c.read()
	if err != nil || got != opcode || !strings.Contains(string(payload), want) {
		c.t.Fatalf("got opcode %x, %q, %v; want %x with %q", got, payload, err, opcode, want)
	}
	return payload
}

// expectClose reads up to a close frame of the code; 0 is one without a code.
func (c *raw) expectClose(code int) {
	c.t.Helper()
	for {
		opcode, payload, err := c.read()
		if err != nil {
			c.t.Fatalf("connection ended without a close frame: %v", err)
		}
		if opcode != opClose {
			continue
		}
		got := 0
		if len(payload) >= 2 {
			got = int(binary.BigEndian.Uint16(payload))
		}
		if got != code {
			c.t.Fatalf("closed with %d %q, want %d", got, payload[min(2, len(payload)):], code)
		}
		return
	}
}

// expectEnd reads until the server has closed the TCP connection; nothing may
// come after the close frame.
func (c *raw) expectEnd() {
	c.t.Helper()
	if n, err := io.Copy(io.Discard, c.in); n != 0 || errors.Is(err, io.ErrUnexpectedEOF) {
		c.t.Fatalf("%d bytes after the close frame, %v", n, err)
	}
}

func TestRFC6455(t *testing.T) {
	s := start(t, newScripted())
	big := `{"action":"ping","timestamp":"` + strings.Repeat("x", maxMessage-32) + `"}`
	if len(big) != maxMessage {
		t.Fatalf("big has %d bytes", len(big))
	}
	const ping = `{"action":"ping"}`
	for name, test := range map[string]struct {
		send  []byte
		reply []string // "opcode:text"; then, with code
		close int      // the code it closes with; -1 for none, 0 for a close frame without a code
	}{
		"a message":                        {text(ping), []string{"1:pong"}, -1},
		"a message in fragments":           {bytes.Join([][]byte{frame(opText, []byte(ping[:3])), frame(0, []byte(ping[3:9])), frame(fin, []byte(ping[9:]))}, nil), []string{"1:pong"}, -1},
		"a message with empty fragments":   {bytes.Join([][]byte{frame(opText, nil), frame(0, nil), frame(0, []byte(ping)), frame(fin, nil)}, nil), []string{"1:pong"}, -1},
		"a ping within a message":          {bytes.Join([][]byte{frame(opText, []byte(ping[:3])), frame(fin|opPing, []byte("hi")), frame(fin, []byte(ping[3:]))}, nil), []string{"a:hi", "1:pong"}, -1},
		"several messages at once":         {bytes.Repeat(text(ping), 3), []string{"1:pong", "1:pong", "1:pong"}, -1},
		"an empty message":                 {text(""), []string{"1:INVALID_MESSAGE"}, -1},
		"a ping":                           {frame(fin|opPing, []byte("abc")), []string{"a:abc"}, -1},
		"an empty ping":                    {frame(fin|opPing, nil), []string{"a:"}, -1},
		"the longest ping":                 {frame(fin|opPing, bytes.Repeat([]byte("p"), 125)), []string{"a:" + strings.Repeat("p", 125)}, -1},
		"many pings":                       {bytes.Join([][]byte{frame(fin|opPing, []byte("1")), frame(fin|opPing, []byte("2")), frame(fin|opPing, []byte("3"))}, nil), []string{"a:1", "a:2", "a:3"}, -1},
		"a pong that nobody asked for":     {append(frame(fin|opPong, []byte("x")), text(ping)...), []string{"1:pong"}, -1},
		"a message of 65,536 bytes":        {text(big), []string{"1:pong"}, -1},
		"one of 65,537":                    {text(big + " "), nil, 1009},
		"one of 65,537 in fragments":       {append(frame(opText, []byte(big)), frame(fin, []byte(" "))...), nil, 1009},
		"one that says it has 1 TiB":       {append([]byte{fin | opText, 0x80 | 127, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4}, big+big...), nil, 1009},
		"a negative length":                {[]byte{fin | opText, 0x80 | 127, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, nil, 1002},
		"a binary message":                 {frame(fin|2, []byte(ping)), nil, 1003},
		"an empty binary message":          {frame(fin|2, nil), nil, 1003},
		"text that is not UTF-8":           {text("{\"action\":\"\xff\"}"), nil, 1007},
		"an overlong encoding":             {text("\xc0\xaf"), nil, 1007},
		"half a surrogate pair":            {text("\xed\xa0\x80"), nil, 1007},
		"UTF-8 cut off":                    {text("\xe2\x82"), nil, 1007},
		"UTF-8 cut by fragments":           {append(frame(opText, []byte("{\"action\":\"\xe2\x82")), frame(fin, []byte("\xac\"}"))...), []string{"1:Unknown action: €"}, -1},
		"no mask":                          {[]byte{fin | opText, 2, '{', '}'}, nil, 1002},
		"a reserved bit":                   {frame(fin|0x40|opText, []byte(ping)), nil, 1002},
		"another reserved bit":             {frame(fin|0x10|opPing, nil), nil, 1002},
		"a reserved opcode":                {frame(fin|3, []byte(ping)), nil, 1002},
		"a reserved control opcode":        {frame(fin|0xb, nil), nil, 1002},
		"a ping in fragments":              {frame(opPing, []byte("x")), nil, 1002},
		"a ping that is too long":          {frame(fin|opPing, bytes.Repeat([]byte("p"), 126)), nil, 1002},
		"a continuation of nothing":        {frame(fin, []byte(ping)), nil, 1002},
		"a message within a message":       {append(frame(opText, []byte("{")), text(ping)...), nil, 1002},
		"a close":                          {closing(1000, "bye"), nil, 1000},
		"a close without a code":           {frame(fin|opClose, nil), nil, 0},
		"a close with a code of one's own": {closing(4321, ""), nil, 4321},
		"going away":                       {closing(1001, ""), nil, 1001},
		"a close with a code not sent":     {closing(1005, ""), nil, 1002},
		"a close with a code not there":    {closing(999, ""), nil, 1002},
		"a close whose reason is no UTF-8": {closing(1000, "\xff"), nil, 1002},
		"a message before a close":         {append(text(ping), closing(1000, "")...), []string{"1:pong"}, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // a refused client that does not answer is waited for
			c := rawDial(t, s, "/")
			c.write(test.send)
			for _, want := range test.reply {
				opcode := want[0] - '0'
				if want[0] == 'a' {
					opcode = opPong
				}
				c.expect(opcode, want[2:])
			}
			switch test.close {
			case -1:
				c.write(text(ping), closing(1000, ""))
				c.expect(opText, "pong")
				c.expectClose(1000)
			default:
				c.expectClose(test.close)
				// What is sent from now on is read and thrown away, until our answer.
				if test.close >= 1003 && test.close <= 1009 {
					c.write(closing(test.close, ""))
				}
			}
			c.expectEndOrReset()
		})
	}
}

// expectEndOrReset is expectEnd, but what we sent and nobody read may end the
// connection with a reset.
func (c *raw) expectEndOrReset() {
	c.t.Helper()
	n, err := io.Copy(io.Discard, c.in)
	if nerr, ok := errors.AsType[net.Error](err); n != 0 || ok && nerr.Timeout() {
		c.t.Fatalf("%d bytes after the close frame, %v", n, err)
	}
}

// A client that never answers a close frame is let go of after closeWait.
func TestCloseIsNotWaitedForLong(t *testing.T) {
	s := start(t, newScripted())
	c := rawDial(t, s, "/")
	c.write(frame(fin|2, nil))
	c.expectClose(1003)
	begin := time.Now()
	c.expectEndOrReset()
	if took := time.Since(begin); took < closeWait/2 {
		t.Errorf("the connection was dropped after %v: a client that sends meanwhile would lose the code", took)
	}
	if n := s.Load().Connections; n != 0 {
		waitUntil(t, func() bool { return s.Load().Connections == 0 })
	}
}

// A client that goes on sending after we closed still learns the code.
func TestCloseReachesWhoKeepsSending(t *testing.T) {
	s := start(t, newScripted())
	c := rawDial(t, s, "/")
	c.write(frame(fin|2, nil), bytes.Repeat(text(`{"action":"ping"}`), 200))
	c.expectClose(1003)
	c.write(text(`{"action":"ping"}`), closing(1003, ""))
	c.expectEnd()
}

func waitUntil(t testing.TB, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); {
		if time.Now().After(deadline) {
			t.Fatal("it does not come about")
		}
		time.Sleep(5 * time.Millisecond) // only between looks, nothing is assumed of it
	}
}
