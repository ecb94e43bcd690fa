package wsserver

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"cuewire/app"
)

// network is an interface of this computer by which others may reach it.
type network struct {
	net.Interface
	kind  app.NetworkKind
	addrs []netip.Addr // IPv4's first
}

// networks returns this computer's interfaces that are up and have an address that a
// browser can name, in the system's order.
func networks() []network {
	var list []network
	interfaces, _ := net.Interfaces() // none where the system does not tell
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addrs, _ := i.Addrs() // it may be gone by now
		var own []netip.Addr
		for _, a := range addrs {
			if prefix, err := netip.ParsePrefix(a.String()); err == nil {
				own = append(own, prefix.Addr().Unmap().WithZone(""))
			}
		}
		n := network{Interface: i, kind: kindOf(i.Name), addrs: reachable(netip.IPv6Unspecified(), own)[1:]}
		if len(n.addrs) > 0 {
			list = append(list, n)
		}
	}
	return list
}

// beginnings of interfaces' names on the systems that Cuewire runs on. Longer ones
// come before those that they begin with.
var beginnings = []struct {
	name string
	kind app.NetworkKind
}{
	{"wi-fi", app.NetworkWiFi},
	{"wlan", app.NetworkWiFi},
	{"wlp", app.NetworkWiFi},
	{"wlx", app.NetworkWiFi},
	{"wl", app.NetworkWiFi},
	{"vethernet", app.NetworkVirtual},
	{"veth", app.NetworkVirtual},
	{"virbr", app.NetworkVirtual},
	{"vmnet", app.NetworkVirtual},
	{"vbox", app.NetworkVirtual},
	{"docker", app.NetworkVirtual},
	{"br-", app.NetworkVirtual},
	{"bridge", app.NetworkVirtual},
	{"tun", app.NetworkVirtual},
	{"tap", app.NetworkVirtual},
	{"utun", app.NetworkVirtual},
	{"wg", app.NetworkVirtual},
	{"zt", app.NetworkVirtual},
	{"tailscale", app.NetworkVirtual},
	{"ethernet", app.NetworkCable},
	{"eth", app.NetworkCable},
	{"enp", app.NetworkCable},
	{"eno", app.NetworkCable},
	{"ens", app.NetworkCable},
	{"enx", app.NetworkCable},
}

func kindOf(name string) app.NetworkKind {
	if runtime.GOOS == "linux" {
		if _, err := os.Stat(filepath.Join("/sys/class/net", filepath.Base(name), "wireless")); err == nil {
			return app.NetworkWiFi
		}
	}
	name = strings.ToLower(name)
	for _, b := range beginnings {
		if strings.HasPrefix(name, b.name) {
			return b.kind
		}
	}
	return app.NetworkOther // "en0" of macOS may be either
}

// chosen returns the networks, and the addresses of each, that sharing on a choice
// means: an interface's name, an address, or "" for all.
func chosen(all []network, choice string) []network {
	if choice == "" {
		return all
	}
	addr, err := netip.ParseAddr(choice)
	var list []network
	for _, n := range all {
		switch {
		case n.Name == choice:
			list = append(list, n)
		case err == nil:
			for _, a := range n.addrs {
				if a == addr.Unmap() {
					n.addrs = []netip.Addr{a}
					list = append(list, n)
					break
				}
			}
		}
	}
	return list
}
