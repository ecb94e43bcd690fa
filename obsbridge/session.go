package obsbridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/andreykaipov/goobs/api"
	"github.com/andreykaipov/goobs/api/opcodes"
	"github.com/gorilla/websocket"
)

const (
	writeTime = 3 * time.Second  // for one frame
	readLimit = 64 << 20         // bytes of one message; 10,000 scene items are 8 MiB
	askTime   = 10 * time.Second // for an answer, when the caller sets no deadline

	switchingTime = 30 * time.Second // the longest that a change of scene collection is waited for
)

// session is one connection to OBS, from Identified to its end. Its methods may be
// called from any goroutine. It ends by itself on the first sign of trouble and
// stays ended.
type session struct {
	ws     *websocket.Conn
	log    *slog.Logger
	queue  *eventQueue
	counts *counts       // nil counts nothing
	done   chan struct{} // closed at the end, when err is set
	reader sync.WaitGroup
	heard  atomic.Int64 // when the last frame came, in ns since start
	start  time.Time
	// busyUntil is until when OBS may be changing its scene collection, in ns since
	// start. The reader sets it, so that not one request is made too many.
	busyUntil atomic.Int64

	writing    chan struct{} // holds a token while nobody writes
	identified chan struct{} // of 1; OBS has taken a Reidentify

	mu      sync.Mutex // guards the rest
	pending map[string]*question
	lastID  uint64
	err     error
}

// question is a request that waits for its answer.
type question struct {
	name   string
	answer chan *opcodes.RequestResponse // of 1
}

// dial connects and identifies; when ctx ends it returns at once. answered is
// called when something accepts the connection.
func dial(ctx context.Context, address, password string, subscriptions int, log *slog.Logger, answered func()) (*session, error) {
	dialer := websocket.Dialer{NetDialContext: dialTCP(answered)}
	ws, response, err := dialer.DialContext(ctx, "ws://"+address, http.Header{"User-Agent": {"Cuewire"}})
	if err != nil {
		if response != nil || errors.Is(err, websocket.ErrBadHandshake) {
			return nil, errNotOBS
		}
		return nil, fmt.Errorf("connect to OBS: %w", err)
	}
	ws.SetReadLimit(readLimit)
	stop := context.AfterFunc(ctx, func() { ws.NetConn().Close() })
	err = identify(ws, password, subscriptions)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		ws.Close()
		if ctx.Err() != nil {
			err = fmt.Errorf("%w: %w", ctx.Err(), err)
		}
		return nil, err
	}
	s := &session{
		ws: ws, log: log, queue: newEventQueue(), done: make(chan struct{}), start: time.Now(),
		writing: make(chan struct{}, 1), identified: make(chan struct{}, 1), pending: map[string]*question{},
	}
	s.writing <- struct{}{}
	ws.SetPongHandler(func(string) error { s.hear(); return nil })
	answerPing := ws.PingHandler()
	ws.SetPingHandler(func(data string) error { s.hear(); return answerPing(data) })
	s.reader.Go(s.read)
	return s, nil
}

// read takes every frame that OBS sends, until the first error: gorilla panics
// when it is asked to read on after one.
func (s *session) read() {
	for {
		kind, text, err := s.ws.ReadMessage()
		if err != nil {
			s.fail(err)
			return
		}
		s.hear()
		if kind != websocket.TextMessage {
			s.fail(errors.New("OBS sent a binary message"))
			return
		}
		if err := s.take(text); err != nil {
			s.fail(err)
			return
		}
	}
}

// take handles one message. An error means that the two sides do not understand
// each other any more.
func (s *session) take(text []byte) error {
	var m opcodes.Message
	if err := json.Unmarshal(text, &m); err != nil {
		return fmt.Errorf("OBS sent a bad message: %w", err)
	}
	switch m.Op {
	case 5:
		var e opcodes.Event
		if err := json.Unmarshal(m.D, &e); err != nil {
			return fmt.Errorf("OBS sent a bad event: %w", err)
		}
		switch e.Type {
		case "CurrentSceneCollectionChanging":
			s.busyUntil.Store(int64(time.Since(s.start) + switchingTime))
		case "CurrentSceneCollectionChanged":
			s.busyUntil.Store(0)
		}
		s.queue.push(e)
	case 7:
		var r opcodes.RequestResponse
		if err := json.Unmarshal(m.D, &r); err != nil {
			return fmt.Errorf("OBS sent a bad answer: %w", err)
		}
		return s.answer(&r)
	case 2: // Identified again, after Reidentify
		select {
		case s.identified <- struct{}{}:
		default:
		}
	default:
		return fmt.Errorf("OBS sent a message of unknown kind %d", m.Op)
	}
	return nil
}

// answer brings an answer to its question. One that comes after its question was
// given up is dropped; one that nobody asked for, or of another kind than was
// asked, means that answers can no longer be trusted.
func (s *session) answer(r *opcodes.RequestResponse) error {
	id, err := strconv.ParseUint(r.ID, 10, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || id == 0 || id > s.lastID {
		return errors.New("OBS answered a request that was never made")
	}
	q, waiting := s.pending[r.ID]
	if !waiting {
		s.log.Debug("late answer from OBS dropped", "request", r.Type)
		return nil
	}
	if q.name != r.Type {
		return fmt.Errorf("OBS answered %s with %s", q.name, r.Type)
	}
	delete(s.pending, r.ID)
	q.answer <- r
	return nil
}

// ask sends a request and decodes its answer into out (nil: no answer is
// wanted). It returns when the answer is there, ctx ends or the session does; a
// refusal by OBS is a *refusal. ctx without a deadline gets askTime.
func (s *session) ask(ctx context.Context, params api.Params, out any) (err error) {
	name := params.GetRequestName()
	began := time.Now()
	defer func() { s.counts.asked(time.Since(began), err) }()
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, askTime)
		defer cancel()
	}
	s.mu.Lock()
	if s.err != nil {
		s.mu.Unlock()
		return errSessionOver
	}
	s.lastID++
	id := strconv.FormatUint(s.lastID, 10)
	q := &question{name, make(chan *opcodes.RequestResponse, 1)}
	s.pending[id] = q
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.pending, id)
		s.mu.Unlock()
	}()

	if err := s.send(ctx, &opcodes.Request{Type: name, ID: id, Data: params}); err != nil {
		return err
	}
	select {
	case r := <-q.answer:
		if !r.Status.Result {
			return &refusal{request: name, code: r.Status.Code, comment: r.Status.Comment}
		}
		if out == nil || len(r.Data) == 0 {
			return nil
		}
		if err := json.Unmarshal(r.Data, out); err != nil {
			return fmt.Errorf("%s: OBS sent an answer that cannot be read: %w", name, err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", name, ctx.Err())
	case <-s.done:
		return errSessionOver
	}
}

// subscribe changes which events come, and returns when OBS has taken it. The
// caller calls it once at a time.
func (s *session) subscribe(ctx context.Context, subscriptions int) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	select {
	case <-s.identified: // of one that was given up
	default:
	}
	if err := s.send(ctx, &opcodes.Reidentify{EventSubscriptions: subscriptions}); err != nil {
		return err
	}
	select {
	case <-s.identified:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.done:
		return errSessionOver
	}
}

// send writes one message.
func (s *session) send(ctx context.Context, op opcodes.Opcode) error {
	text := opcodes.Wrap(op).Bytes()
	select {
	case <-s.writing:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.done:
		return errSessionOver
	}
	defer func() { s.writing <- struct{}{} }()
	s.ws.SetWriteDeadline(time.Now().Add(writeTime))
	if err := s.ws.WriteMessage(websocket.TextMessage, text); err != nil {
		s.fail(fmt.Errorf("write to OBS: %w", err))
		return errSessionOver
	}
	return nil
}

// ping asks the other side for a sign of life, see silence.
func (s *session) ping() {
	if err := s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTime)); err != nil {
		s.fail(fmt.Errorf("write to OBS: %w", err))
	}
}

// busy reports whether OBS is changing its scene collection: no requests now.
func (s *session) busy() bool { return s.busyUntil.Load() > int64(time.Since(s.start)) }

func (s *session) hear() { s.heard.Store(int64(time.Since(s.start))) }

// silence returns how long nothing has come from OBS.
func (s *session) silence() time.Duration {
	return time.Since(s.start) - time.Duration(s.heard.Load())
}

// fail ends the session; the first reason stays.
func (s *session) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	s.err = err
	s.ws.NetConn().Close() // wakes the reader and a writer
	close(s.done)
}

// close says goodbye, ends the session and waits until nothing of it is left.
func (s *session) close() {
	if s.reason() == nil {
		goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		s.ws.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(100*time.Millisecond))
	}
	s.fail(errSessionOver)
	s.reader.Wait()
}

// reason returns why the session ended, nil while it lives.
func (s *session) reason() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}
