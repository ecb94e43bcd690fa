//go:build !headless && (windows || darwin)

package main

// hasWindow is true: these systems always have a screen.
func hasWindow() bool { return true }
