package obsbridge

import (
	"net"
	"unsafe"

	"golang.org/x/sys/windows"
)

// ackAtOnce has the system acknowledge every segment at once. OBS leaves Nagle's
// algorithm on: after one small frame it holds the next one back until the first
// is acknowledged, which otherwise takes up to 200 ms.
func ackAtOnce(conn net.Conn) net.Conn {
	const setAckFrequency = 0x98000017 // SIO_TCP_SET_ACK_FREQUENCY
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return conn
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return conn
	}
	raw.Control(func(fd uintptr) {
		every, returned := uint32(1), uint32(0)
		windows.WSAIoctl(windows.Handle(fd), setAckFrequency, (*byte)(unsafe.Pointer(&every)), 4, nil, 0, &returned, nil, 0)
	})
	return conn
}
