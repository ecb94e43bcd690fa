package obsbridge

import (
	"net"
	"unsafe"

	"golang.org/x/sys/windows"
)

// sioTCPSetAckFrequency is SIO_TCP_SET_ACK_FREQUENCY of <mstcpip.h>.
const sioTCPSetAckFrequency = 0x98000017

// prompt returns the connection with every segment acknowledged at once. OBS
// writes its events one by one and its system holds each back until the one before
// is acknowledged, which by default takes up to 200 ms: longer than all the rest.
func prompt(conn net.Conn) net.Conn {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return conn
	}
	if raw, err := tcp.SyscallConn(); err == nil {
		// Without it everything works, only later.
		_ = raw.Control(func(fd uintptr) {
			every, got := uint32(1), uint32(0)
			_ = windows.WSAIoctl(windows.Handle(fd), sioTCPSetAckFrequency, (*byte)(unsafe.Pointer(&every)), 4, nil, 0, &got, nil, 0)
		})
	}
	return conn
}
