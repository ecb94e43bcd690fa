//go:build !headless

package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// The desktop program is one of Windows' graphical kind, so that no console opens
// beside its window. Started from a console, it prints there all the same: it joins
// the console of who started it, where its output goes nowhere else already. The
// console does not wait for it: docs/install.md says how one makes it.
func init() {
	attach := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")
	const parent = ^uintptr(0) // ATTACH_PARENT_PROCESS
	haveOut, haveErr := usable(windows.STD_OUTPUT_HANDLE), usable(windows.STD_ERROR_HANDLE)
	if haveOut && haveErr {
		return
	}
	if ok, _, _ := attach.Call(parent); ok == 0 {
		return // not started from a console
	}
	screen, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return
	}
	if !haveOut {
		os.Stdout = screen
	}
	if !haveErr {
		os.Stderr = screen
	}
}

// usable reports whether a standard handle leads somewhere: a file, a pipe, a console.
func usable(which uint32) bool {
	handle, err := windows.GetStdHandle(which)
	if err != nil || handle == 0 || handle == windows.InvalidHandle {
		return false
	}
	_, err = windows.GetFileType(handle)
	return err == nil
}
