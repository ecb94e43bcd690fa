package obsbridge

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// ackAtOnce has the system acknowledge what it has received without waiting. OBS
// leaves Nagle's algorithm on: after one small frame it holds the next one back
// until the first is acknowledged, which otherwise takes 40 ms. The system forgets
// the wish now and then, so that it is repeated after each read.
func ackAtOnce(conn net.Conn) net.Conn {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return conn
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return conn
	}
	q := &quickConn{TCPConn: tcp, raw: raw}
	q.quicken()
	return q
}

type quickConn struct {
	*net.TCPConn
	raw syscall.RawConn
}

// Read implements net.Conn.
func (c *quickConn) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	if err == nil {
		c.quicken()
	}
	return n, err
}

func (c *quickConn) quicken() {
	c.raw.Control(func(fd uintptr) { unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_QUICKACK, 1) })
}
