//go:build linux

package wsserver

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"cuewire/app"
)

// benchEvent is a fact whose frames have about 300 bytes in the dialect.
func benchEvent(dialect string) app.EventBody {
	if dialect == "palcotimer" {
		return app.TimerUpdated{RoomID: "room-1", Timer: app.TimerView{Timer: &app.Timer{ID: "t1"}}, Changes: []string{"name"}}
	}
	return app.OBSSceneChanged{CurrentScene: strings.Repeat("Interview with a guest ", 5)}
}

const burst = 16

// floor writes each message to each client with a write(2) of its own, from one thread.
type floor struct{ fds []int }

func newFloor(b testing.TB, count int) (*floor, *crowd) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	c := gather(b, l.Addr().String(), count, "raw", "-")
	f := &floor{}
	for range count {
		conn, err := l.Accept()
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.Close() })
		if err := rawOf(conn).Control(func(fd uintptr) { f.fds = append(f.fds, int(fd)) }); err != nil {
			b.Fatal(err)
		}
	}
	c.says("ready")
	return f, c
}

func (f *floor) broadcast(wire []byte) {
	for _, fd := range f.fds {
		for rest := wire; len(rest) > 0; {
			n, err := syscall.Write(fd, rest)
			if err != nil && err != syscall.EAGAIN && err != syscall.EINTR {
				panic(err)
			}
			rest = rest[max(n, 0):]
		}
	}
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func resident() int {
	debug.FreeOSMemory()
	text, _ := os.ReadFile("/proc/self/statm")
	var size, pages int
	_, _ = fmt.Sscan(string(text), &size, &pages)
	return pages * os.Getpagesize()
}

// BenchmarkFanout sends events to many clients in another process: "burst" with 16
// of them in flight, "live" one after the other, each when the one before has
// arrived everywhere. An operation is one event. Compare ns/frame and cpu-ns/frame
// with the floor's in the same run.
func BenchmarkFanout(b *testing.B) {
	for _, count := range []int{50, 1000, 10_000} {
		for _, inFlight := range []int{burst, 1} {
			mode := map[int]string{burst: "burst", 1: "live"}[inFlight]
			b.Run(fmt.Sprintf("%s/%d/floor", mode, count), func(b *testing.B) {
				f, crowd := newFloor(b, count)
				wire := seal(opText, make([]byte, 296)).wire
				measure(b, crowd, count, inFlight, func(n int) {
					for range n {
						f.broadcast(wire)
					}
				})
			})
			for dialect, path := range map[string]string{"sourcesaver": "/", "palcotimer": "/ws/ABC234?ticks=0"} {
				b.Run(fmt.Sprintf("%s/%d/%s", mode, count, dialect), func(b *testing.B) {
					core := newScripted()
					s := start(b, core)
					before := resident()
					hello := `{"action":"subscribe","events":["obs:*"]}`
					if dialect == "palcotimer" {
						hello = `{"type":"ping"}`
					}
					crowd := gather(b, s.Addresses()[0], count, path, hello)
					crowd.says("ready")
					idle := resident() - before
					body := benchEvent(dialect)
					measure(b, crowd, count, inFlight, func(n int) {
						for range n {
							core.publish(body)
						}
					})
					b.ReportMetric(float64(idle)/float64(count), "B/conn")
				})
			}
		}
	}
}

func measure(b *testing.B, crowd *crowd, count, inFlight int, send func(n int)) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu := cpuTime()
	b.ResetTimer()
	for sent := 0; sent < b.N; {
		n := min(inFlight, b.N-sent)
		send(n)
		crowd.waitFor(int64(n * count))
		sent += n
	}
	b.StopTimer()
	cpu = cpuTime() - cpu
	runtime.ReadMemStats(&after)
	frames := float64(b.N * count)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/frames, "ns/frame")
	b.ReportMetric(float64(cpu.Nanoseconds())/frames, "cpu-ns/frame")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/frames, "allocs/frame")
}
