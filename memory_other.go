//go:build !linux

package main

import "runtime/debug"

// giveBack returns to the system what starting took and running does not need.
func giveBack() { debug.FreeOSMemory() }
