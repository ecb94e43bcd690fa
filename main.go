// The runtime would look each second whether the computer has more processors by now.
//
//go:debug updatemaxprocs=0

// Command cuewire is a companion for OBS Studio: stage timers, overlays and
// tablets on one wire.
package main

import (
	"os"
	_ "time/tzdata" // Windows brings no time zones
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}
