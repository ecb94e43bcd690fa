package alarm

import (
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// New returns an Alarm that rests. Where the system has no more descriptors it is a
// [Plain] one.
func New() Alarm {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return Plain()
	}
	a := &system{fd: fd, file: os.NewFile(uintptr(fd), "alarm"), sent: make(chan time.Time, 1)}
	go a.run()
	return a
}

// system is a timerfd.
type system struct {
	fd   int
	file *os.File
	sent chan time.Time

	mu  sync.Mutex // guards due, and is held while it sends
	due time.Time  // when to send; zero while it rests
}

func (a *system) C() <-chan time.Time { return a.sent }

func (a *system) Reset(d time.Duration) { a.set(max(d, 1)) }

func (a *system) Rest() { a.set(0) }

func (a *system) Stop() { _ = a.file.Close() } // which ends run

// set arms it to go off once after d, or disarms it for 0, and takes back what it has sent.
func (a *system) set(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.due = time.Time{}
	if d > 0 {
		a.due = time.Now().Add(d)
	}
	// It fails for values out of range only.
	_ = unix.TimerfdSettime(a.fd, 0, &unix.ItimerSpec{Value: unix.NsecToTimespec(d.Nanoseconds())}, nil)
	select {
	case <-a.sent:
	default:
	}
}

// run sends each time that the timer goes off, until it is closed.
func (a *system) run() {
	var count [8]byte
	for {
		if _, err := a.file.Read(count[:]); err != nil {
			return
		}
		a.send()
	}
}

// send sends unless the alarm has been set anew since it went off.
func (a *system) send() {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if a.due.IsZero() || now.Before(a.due) {
		return
	}
	a.due = time.Time{}
	a.sent <- now // there is room: set has taken back what was sent before
}
