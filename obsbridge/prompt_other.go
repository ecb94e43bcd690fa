//go:build !linux && !windows

package obsbridge

import "net"

// prompt returns the connection as it is.
func prompt(conn net.Conn) net.Conn { return conn }
