package obsbridge

import (
	"net"

	"golang.org/x/sys/unix"
)

// prompt returns the connection with every byte acknowledged at once. OBS writes
// its events one by one and its system holds each back until the one before is
// acknowledged, which by default takes up to 40 ms: longer than all the rest.
func prompt(conn net.Conn) net.Conn {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return conn
	}
	return &promptConn{TCPConn: tcp}
}

// promptConn asks for prompt acknowledgement after each read: Linux forgets it.
type promptConn struct{ *net.TCPConn }

// Read implements net.Conn.
func (c *promptConn) Read(b []byte) (int, error) {
	n, err := c.TCPConn.Read(b)
	if raw, rawErr := c.SyscallConn(); err == nil && rawErr == nil {
		// Without it everything works, only later.
		_ = raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_QUICKACK, 1) })
	}
	return n, err
}
