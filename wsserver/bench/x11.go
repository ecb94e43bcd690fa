package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// askToClose tells a window that its X was clicked: the client message
// WM_DELETE_WINDOW of the ICCCM, for which Debian's xdotool has no command. It speaks
// the X11 protocol (X Window System Protocol, release 7.7) itself, little-endian.
func askToClose(display, window string) error {
	id, err := strconv.ParseUint(window, 10, 32)
	if err != nil {
		return err
	}
	conn, err := net.Dial("unix", "/tmp/.X11-unix/X"+strings.TrimPrefix(display, ":"))
	if err != nil {
		return err
	}
	defer conn.Close()
	x := &x11{conn}
	if err := x.setUp(); err != nil {
		return err
	}
	protocols, err := x.atom("WM_PROTOCOLS")
	if err != nil {
		return err
	}
	closed, err := x.atom("WM_DELETE_WINDOW")
	if err != nil {
		return err
	}
	message := []byte{25, 0, 11, 0} // SendEvent, to no propagation, 44 bytes long
	message = words(message, uint32(id), 0)
	message = append(message, 33, 32, 0, 0) // ClientMessage of 32-bit words
	message = words(message, uint32(id), protocols, closed, 0, 0, 0, 0)
	if _, err := conn.Write(message); err != nil {
		return err
	}
	_, err = x.atom("WM_PROTOCOLS") // its answer comes when the server has passed the event on
	return err
}

func words(to []byte, values ...uint32) []byte {
	for _, v := range values {
		to = binary.LittleEndian.AppendUint32(to, v)
	}
	return to
}

type x11 struct{ net.Conn }

// setUp opens the connection without any authorization, as Xvfb takes it.
func (x *x11) setUp() error {
	if _, err := x.Write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(x, head); err != nil {
		return err
	}
	if head[0] != 1 {
		return errors.New("the X server refuses the connection")
	}
	_, err := io.CopyN(io.Discard, x, 4*int64(binary.LittleEndian.Uint16(head[6:])))
	return err
}

// atom returns the number of a name.
func (x *x11) atom(name string) (uint32, error) {
	padded := (len(name) + 3) / 4 * 4
	request := []byte{16, 0, byte(2 + padded/4), 0, byte(len(name)), 0, 0, 0} // InternAtom
	request = append(request, name...)
	request = append(request, make([]byte, padded-len(name))...)
	if _, err := x.Write(request); err != nil {
		return 0, err
	}
	reply := make([]byte, 32)
	if _, err := io.ReadFull(x, reply); err != nil {
		return 0, err
	}
	if reply[0] != 1 {
		return 0, fmt.Errorf("the X server answers %d to InternAtom", reply[0])
	}
	return binary.LittleEndian.Uint32(reply[8:]), nil
}
