//go:build !unix

package wsserver

import "net"

// writeNow takes nothing: here every write goes to a goroutine.
func writeNow(int, []byte) (int, error) { return 0, nil }

func fdOf(net.Conn) int { return -1 }
