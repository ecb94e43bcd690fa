package wsserver

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// inOwnNetwork runs the test again in a process with a network of its own, which has
// nothing but a loopback interface, and reports whether this is that process.
func inOwnNetwork(t *testing.T) bool {
	t.Helper()
	const mark = "CUEWIRE_TEST_NETWORK"
	if os.Getenv(mark) != "" {
		shell(t, "ip", "link", "set", "lo", "up")
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	again := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	again.Env = append(os.Environ(), mark+"=1")
	again.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if os.Getuid() != 0 {
		again.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		again.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		again.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	out, err := again.CombinedOutput()
	if err != nil && len(out) == 0 && os.Getenv("CI") == "" {
		t.Skipf("no network of its own can be made here: %v", err)
	}
	if err != nil {
		t.Fatalf("in a network of its own: %v\n%s", err, out)
	}
	return false
}

func shell(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// device is another computer: what it does happens in a network of its own.
type device struct {
	t    testing.TB
	work chan func()
}

// plug makes a cable named ours at this end, with the address ours, to a new device
// with the address theirs. Addresses are written with their network, "10.77.0.1/24".
func plug(t *testing.T, cable, ours, theirs string) *device {
	t.Helper()
	d := &device{t, make(chan func())}
	ready := make(chan int)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			t.Errorf("a network for the device: %v", err)
		}
		ready <- unix.Gettid()
		for f := range d.work {
			f()
		}
	}()
	t.Cleanup(func() { close(d.work) })
	shell(t, "ip", "link", "add", cable, "type", "veth", "peer", "name", "there0")
	shell(t, "ip", "link", "set", "there0", "netns", strconv.Itoa(<-ready))
	shell(t, "ip", "addr", "add", ours, "dev", cable)
	shell(t, "ip", "link", "set", cable, "up")
	d.do(func() {
		shell(t, "ip", "link", "set", "lo", "up")
		shell(t, "ip", "addr", "add", theirs, "dev", "there0")
		shell(t, "ip", "link", "set", "there0", "up")
	})
	return d
}

// do runs f on the device.
func (d *device) do(f func()) {
	d.t.Helper()
	done := make(chan struct{})
	d.work <- func() {
		defer close(done)
		f()
	}
	<-done
}

// dial connects from the device to an IP address.
func (d *device) dial(ctx context.Context, network, address string) (conn net.Conn, err error) {
	d.do(func() { conn, err = new(net.Dialer).DialContext(ctx, network, address) })
	return conn, err
}

// browser asks from the device, without following redirects.
func (d *device) browser() *http.Client {
	transport := &http.Transport{DialContext: d.dial, DisableKeepAlives: true}
	return &http.Client{
		Transport: transport, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
