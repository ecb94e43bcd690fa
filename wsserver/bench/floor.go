package main

import (
	"net"
	"sync"
	"syscall"
)

// frameText is a message as ways without a vocabulary of their own send it.
func frameText(stamp string) string {
	const fill = `{"event":"timer:update","timestamp":1763786000000,"id":"018f2c5e-7b1a-7c3d-9e4f-0123456789ab","data":{"room":"main","timer":{"id":"t1","name":"Interview with a guest","speaker":"Ana","duration":600000,"running":true,"notes":"questions from the hall, then the prize"},"sent":"`
	return fill + stamp + `"}}`
}

// floor writes each message to each client with a write(2) of its own, from one
// thread: no server that has a system call for each client and message is faster.
type floor struct {
	mu  sync.Mutex // guards fds and conns
	fds []int
	all []net.Conn // kept open
}

func (f *floor) open() (audience, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return audience{}, err
	}
	go f.accept(l)
	return audience{Address: l.Addr().String()}, nil
}

func (f *floor) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		raw, err := conn.(*net.TCPConn).SyscallConn()
		if err != nil {
			return
		}
		f.mu.Lock()
		f.all = append(f.all, conn)
		_ = raw.Control(func(fd uintptr) { f.fds = append(f.fds, int(fd)) }) // shows in here
		f.mu.Unlock()
	}
}

func (f *floor) here() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.fds)
}

func (f *floor) send(stamp string) {
	text := frameText(stamp)
	wire := append([]byte{0x81, 126, byte(len(text) >> 8), byte(len(text))}, text...)
	for _, fd := range f.fds {
		for rest := wire; len(rest) > 0; {
			n, err := syscall.Write(fd, rest)
			if err != nil && err != syscall.EAGAIN && err != syscall.EINTR {
				panic(err)
			}
			rest = rest[max(n, 0):]
		}
	}
}
