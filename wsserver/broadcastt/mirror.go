package broadcastt

import (
	"encoding/json"
	"slices"
	"strings"

	"cuewire/app"
)

// mirrors returns the channels on which an event of Cuewire's bus is told, none for
// what is not for everybody: the one called like the event's namespace, "system" for
// rooms and looks, and that of the event's room.
func mirrors(ev app.Event, snap *app.Snapshot) (channels []string) {
	if app.VisibleBody(ev.Body, false) == nil {
		return nil
	}
	switch space, _, _ := strings.Cut(ev.Name(), ":"); {
	case slices.Contains(app.CoreChannels, space):
		channels = append(channels, space)
	case space == "rooms" || ev.RoomID == "":
		channels = append(channels, "system")
	}
	if gone, ok := ev.Body.(app.RoomDeleted); ok {
		return append(channels, app.CoreRoomChannel+gone.Room.ShortCode)
	}
	if room := snap.Room(ev.RoomID); room != nil {
		channels = append(channels, app.CoreRoomChannel+room.Room.ShortCode)
	}
	return channels
}

// mirror tells an event of the bus on a channel. The time stands in its data.
func (d *Dialect) mirror(ev app.Event, channel string) app.Frame {
	if d.data == nil {
		data, err := json.Marshal(app.VisibleBody(ev.Body, false))
		if err != nil {
			panic("broadcastt: " + ev.Name() + ": " + err.Error()) // a body that can't be told is a fault of ours
		}
		data = data[:len(data)-1]
		if len(data) > 1 {
			data = append(data, ',')
		}
		data = append(data, `"timestamp":"`...)
		data = ev.At.Time().UTC().AppendFormat(data, "2006-01-02T15:04:05.000Z")
		d.data = quote(string(append(data, `"}`...)))
	}
	frame := app.Frame{Text: eventText(ev.Name(), channel, d.data, "")}
	if latest := ev.Latest(); latest != "" {
		frame.Latest = channel + "\n" + latest
	}
	return frame
}
