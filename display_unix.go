//go:build !headless && !windows && !darwin

package main

import (
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// hasWindow reports whether an X server (Wayland's included) answers at DISPLAY.
// Asking first lets Cuewire serve without a window where the toolkit would end it.
func hasWindow() bool {
	host, rest, ok := strings.Cut(os.Getenv("DISPLAY"), ":")
	if !ok {
		return false
	}
	number, _, _ := strings.Cut(rest, ".")
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return false
	}
	if host == "" || host == "unix" {
		path := "/tmp/.X11-unix/X" + number
		return answers("unix", "@"+path) || answers("unix", path)
	}
	return answers("tcp", net.JoinHostPort(host, strconv.FormatUint(6000+n, 10)))
}

func answers(network, address string) bool {
	conn, err := net.DialTimeout(network, address, 2*time.Second)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}
