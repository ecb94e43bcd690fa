package obsbridge

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/andreykaipov/goobs/api/closecodes"
	"github.com/andreykaipov/goobs/api/opcodes"
	"github.com/gorilla/websocket"
)

const rpcVersion = 1

// dialTCP returns a dial function that tells when something has accepted.
func dialTCP(answered func()) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 5 * time.Second, Count: 2}}
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		if answered != nil {
			answered()
		}
		return ackAtOnce(conn), nil
	}
}

// identify does the obs-websocket handshake: Hello, Identify, Identified.
func identify(ws *websocket.Conn, password string, subscriptions int) error {
	var hello opcodes.Hello
	if err := expect(ws, 0, &hello); err != nil {
		return err
	}
	if hello.ObsWebSocketVersion == "" {
		return errNotOBS
	}
	reply := &opcodes.Identify{RPCVersion: rpcVersion, EventSubscriptions: subscriptions}
	if a := hello.Authentication; a.Challenge != "" {
		reply.Authentication = digest(digest(password+a.Salt) + a.Challenge)
	}
	ws.SetWriteDeadline(time.Now().Add(writeTime))
	if err := ws.WriteMessage(websocket.TextMessage, opcodes.Wrap(reply).Bytes()); err != nil {
		return fmt.Errorf("write to OBS: %w", err)
	}
	return expect(ws, 2, &opcodes.Identified{})
}

// expect reads one message and wants it to be of the kind op.
func expect(ws *websocket.Conn, op int, into any) error {
	_, text, err := ws.ReadMessage()
	if err != nil {
		return err
	}
	m := opcodes.Message{Op: -1}
	if json.Unmarshal(text, &m) != nil || m.Op != op || json.Unmarshal(m.D, into) != nil {
		return errNotOBS
	}
	return nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// The ends that mean something of their own.
var (
	errSessionOver = errors.New("the connection to OBS has ended")
	errNotOBS      = errors.New("what answers there is not OBS's WebSocket server")
	errSilent      = errors.New("OBS does not answer any more")
)

// refusal is OBS's answer that it will not do what was asked.
type refusal struct {
	request string
	code    int // of obs-websocket's RequestStatus
	comment string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("OBS refused %s (%d) %s", r.request, r.code, r.comment)
}

// refusedWith reports whether err is a refusal with one of the codes.
func refusedWith(err error, codes ...int) bool {
	r, ok := errors.AsType[*refusal](err)
	if !ok {
		return false
	}
	for _, code := range codes {
		if r.code == code {
			return true
		}
	}
	return false
}

// closedWith returns the code of the close frame that err tells of, or 0.
func closedWith(err error) int {
	if e, ok := errors.AsType[*websocket.CloseError](err); ok {
		return e.Code
	}
	return 0
}

func wrongPassword(err error) bool { return closedWith(err) == closecodes.AuthenticationFailed }

func kicked(err error) bool { return closedWith(err) == closecodes.SessionInvalidated }
