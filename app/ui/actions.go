package ui

import (
	"context"
	"errors"
	"net/url"
	"time"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

const (
	minute    app.Millis = 60_000
	armedFor  app.Millis = 3_000           // how long a press waits for its second
	noticeFor app.Millis = 8_000           // how long a notice stands
	patience             = 5 * time.Second // with the core and with OBS

	connectPatience = 15 * time.Second // with an OBS that is to be connected to, or has much to do
)

// room returns the room shown, or nil.
func (w *Window) room() *app.RoomState {
	snap := w.cfg.Core.Snapshot()
	if room := snap.Room(w.View().RoomID); room != nil {
		return room
	}
	if len(snap.Rooms) > 0 {
		return snap.Rooms[0]
	}
	return nil
}

// send has the core carry out a command, after those sent before it. It returns
// at once; a refusal is told in the window.
func (w *Window) send(cmd app.Command) {
	w.carryOut(cmd, func(_ app.Result, err error) {
		if err != nil {
			w.fail("window.error.command", nil, err)
		}
	})
}

// carryOut has the core carry out a command, after those sent before it, and
// returns at once. Then is called with the core's answer, on another goroutine.
func (w *Window) carryOut(cmd app.Command, then func(app.Result, error)) {
	w.enqueue(func() { then(w.doNow(cmd)) })
}

// doNow has the core carry out a command and waits for it, so never on the UI goroutine.
func (w *Window) doNow(cmd app.Command) (app.Result, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return w.cfg.Core.Do(ctx, cmd)
}

// enqueue has something done on another goroutine, after what was enqueued before it.
func (w *Window) enqueue(do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append(w.queue, do)
	if !w.busy {
		w.busy = true
		go w.drain()
	}
}

func (w *Window) drain() {
	for {
		w.mu.Lock()
		if len(w.queue) == 0 {
			w.queue, w.busy = nil, false
			w.mu.Unlock()
			return
		}
		next := w.queue[0]
		w.queue = w.queue[1:]
		w.mu.Unlock()
		next()
	}
}

// control sends one press of the room's controls.
func (w *Window) control(action app.Action) {
	if room := w.room(); room != nil {
		w.send(app.Control{RoomID: room.Room.ID, Action: action})
	}
}

func (w *Window) addTime(d app.Millis) {
	if room := w.room(); room != nil {
		w.send(app.Control{RoomID: room.Room.ID, Action: app.AddTime, Value: &d})
	}
}

func (w *Window) pressPlay() {
	if room := w.room(); room != nil && room.Playback.State == app.Running {
		w.control(app.Pause)
		return
	}
	w.control(app.Play)
}

// pressStop stops; while the timer runs only at the second press within 3 s.
func (w *Window) pressStop() {
	room := w.room()
	if room == nil || room.Playback.State == app.Stopped {
		return
	}
	now := w.cfg.Core.Now()
	armed := false
	w.change(func(l *present.Local) {
		armed = l.StopArmed > now || room.Playback.State != app.Running
		l.StopArmed = now.Add(armedFor)
		if armed {
			l.StopArmed = 0
		}
	})
	if armed {
		w.control(app.Stop)
	}
}

// goTo makes a timer the current one; while another runs only at the second press
// within 3 s, because the show jumps.
func (w *Window) goTo(id string) {
	room := w.room()
	if room == nil || room.Playback.CurrentTimerID == id {
		return
	}
	now := w.cfg.Core.Now()
	armed := false
	w.change(func(l *present.Local) {
		armed = l.GoArmed == id && l.GoArmedTill > now || room.Playback.State != app.Running
		l.GoArmed, l.GoArmedTill = id, now.Add(armedFor)
		if armed {
			l.GoArmed, l.GoArmedTill = "", 0
		}
	})
	if armed {
		w.send(app.Control{RoomID: room.Room.ID, Action: app.GoTo, ID: id})
	}
}

// toggle switches a display mode to what it is not.
func (w *Window) toggle(mode app.Action) {
	room := w.room()
	if room == nil {
		return
	}
	p := room.Playback
	switch {
	case mode == app.Blackout && p.Blackout:
		mode = app.StopBlackout
	case mode == app.Flash && p.Flash:
		mode = app.StopFlash
	case mode == app.Focus && p.Focus:
		mode = app.StopFocus
	}
	w.control(mode)
}

// askOBS carries out a command of OBS in a goroutine; then, where it is not nil,
// is called there when OBS has answered or has not.
func (w *Window) askOBS(cmd app.OBSCommand, key string, args map[string]any, then func()) {
	go func() {
		_, err := w.doOBS(cmd, patience)
		if then != nil {
			then()
		}
		if err != nil {
			w.fail(key, args, err)
		}
	}()
}

// doOBS carries out a command of OBS and waits for it, so never on the UI goroutine.
func (w *Window) doOBS(cmd app.OBSCommand, patience time.Duration) (app.OBSAnswer, error) {
	if w.cfg.OBS == nil {
		return nil, app.NewError(app.CodeUnavailable, "window.error.noobs", "this Cuewire runs without OBS", nil)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return w.cfg.OBS.DoOBS(ctx, cmd)
}

func (w *Window) chooseAddress(i int) {
	if i >= 0 && w.address.Swap(int64(i)) != int64(i) {
		w.poke()
	}
}

func (w *Window) copyText(text string) {
	w.cfg.App.Clipboard().SetContent(text)
	w.tell("window.notice.copied", map[string]any{"Text": text})
}

func (w *Window) openURL(address string) {
	go func() { // the system's opener may take its time
		u, err := url.Parse(address)
		if err == nil {
			err = w.cfg.App.OpenURL(u)
		}
		if err != nil {
			w.fail("window.error.open", map[string]any{"Address": address}, err)
		}
	}()
}

// change changes what only this window knows, and has it shown. It may be called
// from any goroutine.
func (w *Window) change(with func(*present.Local)) {
	w.mu.Lock()
	with(&w.local)
	w.mu.Unlock()
	w.poke()
}

// tell shows a notice. It may be called from any goroutine.
func (w *Window) tell(key string, args map[string]any) { w.notify(w.wordsNow().T(key, args)) }

// tellLater shows a notice without taking the place of one that stands: it comes
// after that. It may be called from any goroutine.
func (w *Window) tellLater(key string, args map[string]any) {
	text := w.wordsNow().T(key, args)
	now := w.cfg.Core.Now()
	w.change(func(l *present.Local) { l.Later, l.LaterTill = text, max(now, l.NoticeTill).Add(noticeFor) })
}

// fail shows what did not work and why. It may be called from any goroutine.
func (w *Window) fail(key string, args map[string]any, err error) {
	words := w.wordsNow()
	full := map[string]any{"Reason": present.Reason(words, err)}
	for k, v := range args {
		full[k] = v
	}
	if !errors.Is(err, app.ErrClosed) {
		w.cfg.Log.Warn("a press in the window failed", "what", key, "error", err)
	}
	w.notify(words.T(key, full))
}

// wordsNow returns the words in the language chosen. It may be called from any
// goroutine.
func (w *Window) wordsNow() *i18n.Words {
	return w.cfg.Catalogue.In(w.language(w.cfg.Core.Snapshot().Settings))
}

func (w *Window) notify(text string) {
	now := w.cfg.Core.Now()
	w.change(func(l *present.Local) {
		l.Notice, l.NoticeTill, l.Undo, l.Later = text, now.Add(noticeFor), false, ""
	})
}

// dismissNotice ends the notice that stands.
func (w *Window) dismissNotice() {
	now := w.cfg.Core.Now()
	w.change(func(l *present.Local) {
		if l.Notice != "" && l.NoticeTill > now {
			l.Notice, l.NoticeTill, l.Undo = "", 0, false
			if l.Later != "" {
				l.LaterTill = now.Add(noticeFor)
			}
			return
		}
		l.Later, l.LaterTill = "", 0
	})
}
