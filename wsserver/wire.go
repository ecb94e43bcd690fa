package wsserver

import "cuewire/app"

// The opcodes of RFC 6455 that a server sends.
const (
	opText  = 0x1
	opClose = 0x8
	opPing  = 0x9
	opPong  = 0xa
)

// packet is one WebSocket frame as it goes over the wire. It is made once and
// shared by every session that gets it; it never changes.
type packet struct {
	wire   []byte
	latest string // see app.Frame
	except string // likewise
	last   bool   // a close frame: nothing goes out after it
}

// seal makes a packet of a whole, unmasked frame.
func seal(opcode byte, payload []byte) *packet {
	wire := make([]byte, 0, len(payload)+10)
	wire = append(wire, 0x80|opcode)
	switch n := len(payload); {
	case n < 126:
		wire = append(wire, byte(n))
	case n < 1<<16:
		wire = append(wire, 126, byte(n>>8), byte(n))
	default:
		wire = append(wire, 127, byte(n>>56), byte(n>>48), byte(n>>40), byte(n>>32), byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return &packet{wire: append(wire, payload...), last: opcode == opClose}
}

// sealFrames makes packets of a dialect's frames.
func sealFrames(frames []app.Frame) []*packet {
	if len(frames) == 0 {
		return nil
	}
	packets := make([]*packet, 0, len(frames))
	for _, f := range frames {
		if f.Text != nil {
			p := seal(opText, f.Text)
			p.latest, p.except = f.Latest, f.Except
			packets = append(packets, p)
		}
		if f.Close != nil {
			return append(packets, sealClose(f.Close.Code, f.Close.Reason))
		}
	}
	return packets
}

// sealClose makes a close frame; code 0 is a close frame without a code.
func sealClose(code int, reason string) *packet {
	if code == 0 {
		return seal(opClose, nil)
	}
	return seal(opClose, append([]byte{byte(code >> 8), byte(code)}, reason[:min(len(reason), 123)]...))
}
