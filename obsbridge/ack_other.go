//go:build !linux && !windows

package obsbridge

import "net"

// ackAtOnce does nothing: this system has no such wish for one connection.
func ackAtOnce(conn net.Conn) net.Conn { return conn }
