package ui

import (
	"fmt"
	"io"
	"log"
	"os"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

func init() { xgb.Logger = log.New(io.Discard, "", 0) } // it tells of every connection that ends

// grabHotkeys has the X server hand over the global keys, and calls press from a
// goroutine of its own for each that is pressed, once however long it is held.
func grabHotkeys(press func(hotkeyKind)) (release func(), err error) {
	switch {
	case os.Getenv("XDG_SESSION_TYPE") == "wayland", os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") != "":
		return nil, errHotkeysWayland
	case os.Getenv("DISPLAY") == "":
		return nil, errHotkeysNone
	}
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("connect to the X server: %w", err)
	}
	keys, err := keycodes(conn)
	if err == nil {
		err = grabKeys(conn, keys)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		listenKeys(conn, keys, press)
	}()
	return func() {
		conn.Close()
		<-done
	}, nil
}

// listenKeys returns when the connection is closed.
func listenKeys(conn *xgb.Conn, keys map[xproto.Keycode]hotkeyKind, press func(hotkeyKind)) {
	released := map[xproto.Keycode]xproto.Timestamp{}
	for {
		event, err := conn.WaitForEvent()
		switch e := event.(type) {
		case nil:
			if err == nil {
				return
			}
		case xproto.KeyReleaseEvent:
			released[e.Detail] = e.Time
		case xproto.KeyPressEvent:
			key, ours := keys[e.Detail]
			if was, ok := released[e.Detail]; ours && (!ok || was != e.Time) { // at one instant it is a key that is held
				press(key)
			}
		}
	}
}

// keycodes finds the keys that write the letters in the present layout.
func keycodes(conn *xgb.Conn) (map[xproto.Keycode]hotkeyKind, error) {
	setup := xproto.Setup(conn)
	count := byte(setup.MaxKeycode - setup.MinKeycode + 1)
	mapping, err := xproto.GetKeyboardMapping(conn, setup.MinKeycode, count).Reply()
	if err != nil {
		return nil, fmt.Errorf("ask for the keyboard's layout: %w", err)
	}
	keys := map[xproto.Keycode]hotkeyKind{}
	for k, letter := range hotkeyLetters {
		for i := range int(count) {
			if mapping.Keysyms[i*int(mapping.KeysymsPerKeycode)] == xproto.Keysym(letter) {
				keys[setup.MinKeycode+xproto.Keycode(i)] = hotkeyKind(k)
				break
			}
		}
	}
	if len(keys) < int(hotkeyCount) {
		return nil, errHotkeysNone
	}
	return keys, nil
}

// grabKeys takes the keys with Control and Alt, whether Caps Lock and Num Lock are on or
// off.
func grabKeys(conn *xgb.Conn, keys map[xproto.Keycode]hotkeyKind) error {
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	for key := range keys {
		for _, locks := range []uint16{0, xproto.ModMaskLock, xproto.ModMask2, xproto.ModMaskLock | xproto.ModMask2} {
			err := xproto.GrabKeyChecked(conn, true, root, xproto.ModMaskControl|xproto.ModMask1|locks, key, xproto.GrabModeAsync, xproto.GrabModeAsync).Check()
			if _, taken := err.(xproto.AccessError); taken {
				return errHotkeysTaken
			}
			if err != nil {
				return fmt.Errorf("take a key: %w", err)
			}
		}
	}
	return nil
}
