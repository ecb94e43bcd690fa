//go:build !linux && !windows && !darwin

package ui

func grabHotkeys(func(hotkeyKind)) (func(), error) { return nil, errHotkeysNone }
