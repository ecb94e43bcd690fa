package auth

import "slices"

// OverlayHost is the name under which frames and streamers' own overlays are
// served: a name of this computer (RFC 6761, which browsers follow by themselves)
// that makes them of another origin, and of another site, than every page that
// controls something. Who comes by it is a viewer, whatever else is true of them.
const OverlayHost = "overlays.localhost"

// ForOverlays reports whether a request's Host is [OverlayHost].
func ForOverlays(host string) bool {
	name, _, ok := splitHost(host)
	return ok && name == OverlayHost
}

// OverlayOrigin reports whether a page of that origin was served by us under
// [OverlayHost].
func (s Site) OverlayOrigin(origin string) bool {
	name, port, ok := splitPlainOrigin(origin)
	return ok && name == OverlayHost && slices.Contains(s.OverlayPorts(), port)
}

// OverlayPorts returns the ports at which [OverlayHost] reaches us: those of the
// listeners on this computer's own addresses.
func (s Site) OverlayPorts() []uint16 {
	var ports []uint16
	for _, l := range s.Listening {
		if at := l.Addr().Unmap(); at.IsLoopback() || at.IsUnspecified() {
			ports = append(ports, l.Port())
		}
	}
	return ports
}
