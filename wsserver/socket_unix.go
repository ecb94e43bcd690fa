//go:build unix

package wsserver

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// writeNow hands as much of wire to the kernel as it takes at once and returns how
// much that was; -1 takes nothing. An error means that the connection is broken.
func writeNow(fd int, wire []byte) (int, error) {
	if fd < 0 {
		return 0, nil
	}
	for {
		n, err := syscall.Write(fd, wire)
		switch {
		case err == nil:
			return n, nil
		case errors.Is(err, syscall.EAGAIN):
			return 0, nil
		case !errors.Is(err, syscall.EINTR):
			return 0, err
		}
	}
}

// fdOf returns the number of a connection's file, -1 where it can't be written to
// without blocking. It is the connection's until that is closed.
func fdOf(conn net.Conn) int {
	number := -1
	if c, ok := conn.(*net.TCPConn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			_ = raw.Control(func(fd uintptr) { number = int(fd) }) // of a closed one there is none
		}
	}
	return number
}

// awaitInput waits until something can be read from the connection, be it its end. It
// returns at once where that is not known, as of what comes encrypted. It needs little
// of the stack.
func awaitInput(conn net.Conn) {
	if c, ok := conn.(*net.TCPConn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			_ = raw.Read(hasInput) // what fails here fails in reading
		}
	}
}

func hasInput(fd uintptr) bool {
	asked := [1]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := unix.Poll(asked[:], 0)
	return n > 0 || err != nil && !errors.Is(err, unix.EINTR)
}
