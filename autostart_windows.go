//go:build !headless

package main

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"golang.org/x/sys/windows/registry"
)

// What the user's programs that start with Windows are written under, and Cuewire's
// name there.
const (
	runKey   = `Software\Microsoft\Windows\CurrentVersion\Run`
	runValue = "Cuewire"
)

// On reports whether Cuewire starts with the system.
func (a autostart) On() (bool, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read what starts with Windows: %w", err)
	}
	defer key.Close()
	switch _, _, err = key.GetStringValue(runValue); {
	case errors.Is(err, registry.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read what starts with Windows: %w", err)
	}
	return true, nil
}

// Set has it start with the system, or no longer.
func (a autostart) Set(on bool) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("change what starts with Windows: %w", err)
	}
	defer key.Close()
	if on {
		parts := make([]string, len(a.command))
		for i, part := range a.command {
			parts[i] = syscall.EscapeArg(part)
		}
		err = key.SetStringValue(runValue, strings.Join(parts, " "))
	} else if err = key.DeleteValue(runValue); errors.Is(err, registry.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("change what starts with Windows: %w", err)
	}
	return nil
}
