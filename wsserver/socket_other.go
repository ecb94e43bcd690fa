//go:build !unix

package wsserver

import "net"

// writeNow takes nothing: here every write goes to a goroutine.
func writeNow(int, []byte) (int, error) { return 0, nil }

func fdOf(net.Conn) int { return -1 }

// awaitInput waits until something can be read from the connection, be it its end. It
// returns at once where that is not known, as of what comes encrypted.
func awaitInput(conn net.Conn) {
	if c, ok := conn.(*net.TCPConn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			asked := false
			_ = raw.Read(func(uintptr) (there bool) { // asked anew once something is there
				there, asked = asked, true
				return there
			})
		}
	}
}
