//go:build windows || darwin

package ui

import "golang.design/x/hotkey"

// hotkeyCodes are the keys by the system's own numbers.
var hotkeyCodes = [hotkeyCount]hotkey.Key{hotkey.KeyP, hotkey.KeyN, hotkey.KeyB}

// grabHotkeys has the system hand over the global keys, and calls press from a goroutine
// of its own for each that is pressed.
func grabHotkeys(press func(hotkeyKind)) (release func(), err error) {
	var held []*hotkey.Hotkey
	release = func() {
		for _, h := range held {
			_ = h.Unregister() // only fails where it is not registered
		}
	}
	for k, code := range hotkeyCodes {
		h := hotkey.New(hotkeyModifiers, code)
		if h.Register() != nil {
			release()
			return nil, errHotkeysTaken
		}
		held = append(held, h)
		go func() {
			for range h.Keydown() {
				press(hotkeyKind(k))
			}
		}()
	}
	return release, nil
}
