//go:build unix

package wsserver

import (
	"errors"
	"net"
	"syscall"
)

// attempt is one write(2) that does not block.
type attempt struct {
	wire []byte
	n    int
	err  error
	call func(fd uintptr) bool // made once, so that a write allocates nothing
}

func (a *attempt) init() {
	a.call = func(fd uintptr) bool {
		for {
			a.n, a.err = syscall.Write(int(fd), a.wire)
			if a.err != syscall.EINTR {
				return true
			}
		}
	}
}

// write hands as much of wire to the kernel as it takes at once and returns how
// much that was. An error means that the connection is broken.
func (a *attempt) write(raw syscall.RawConn, wire []byte) (int, error) {
	if raw == nil {
		return 0, nil
	}
	a.wire = wire
	err := raw.Write(a.call)
	a.wire = nil
	switch {
	case err != nil:
		return 0, err
	case a.err == nil:
		return a.n, nil
	case errors.Is(a.err, syscall.EAGAIN):
		return 0, nil
	}
	return 0, a.err
}

// rawOf returns the handle for writing without blocking, nil where there is none.
func rawOf(conn net.Conn) syscall.RawConn {
	if c, ok := conn.(*net.TCPConn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			return raw
		}
	}
	return nil
}
