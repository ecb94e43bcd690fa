package ui

import (
	"context"
	"time"

	"github.com/godbus/dbus/v5"
)

// trayHost reports whether the desktop shows tray icons: whether somebody owns
// the name that the StatusNotifierItem specification gives to such a host.
// Without one a hidden window could not be found again.
func trayHost() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	bus, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return false
	}
	defer func() { _ = bus.Close() }()
	if bus.Auth(nil) != nil || bus.Hello() != nil {
		return false
	}
	var owned bool
	err = bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, "org.kde.StatusNotifierWatcher").Store(&owned)
	return err == nil && owned
}
