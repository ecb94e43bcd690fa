//go:build !unix

package wsserver

import (
	"net"
	"syscall"
)

// attempt is a write that does not block; here every write goes to a goroutine.
type attempt struct{}

func (*attempt) init() {}

func (*attempt) write(syscall.RawConn, []byte) (int, error) { return 0, nil }

func rawOf(net.Conn) syscall.RawConn { return nil }
