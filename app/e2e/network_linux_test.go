package e2e

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// stageAddress is this computer's address on the network of inOwnNetwork. Who
// comes by it is taken for another device: its peer address is no loopback one.
const stageAddress = "10.77.0.1"

// inOwnNetwork runs the test again in a process with a network of its own: loopback,
// and an interface stage0 with stageAddress. It reports whether this is that process.
func inOwnNetwork(t *testing.T) bool {
	t.Helper()
	const mark = "CUEWIRE_TEST_NETWORK"
	if os.Getenv(mark) != "" {
		for _, line := range []string{
			"link set lo up", "link add stage0 type veth peer name there0",
			// An address that the system gives itself a second later is a change of network, and Chromium drops what it fetches.
			"link set stage0 addrgenmode none", "link set there0 addrgenmode none", "addr add " + stageAddress + "/24 dev stage0", "link set stage0 up", "link set there0 up",
		} {
			if out, err := exec.Command("ip", strings.Fields(line)...).CombinedOutput(); err != nil {
				t.Fatalf("ip %s: %v\n%s", line, err, out)
			}
		}
		return true
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	again := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	again.Env = append(os.Environ(), mark+"=1", builtBinary+"="+path)
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
