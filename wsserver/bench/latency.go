package main

import (
	"bufio"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"cuewire/app"
)

// relayed is the floor of a command's way: a process that reads a line, makes 4 KiB
// durable where the command is, and writes a frame to each client with a write(2) of its own.
type relayed struct {
	Disk    string // file for what is made durable, "" for none
	Clients int    // to wait for
}

// beRelay serves on a free port. The first connection is the commander's.
func beRelay(spec string) error {
	var r relayed
	if err := json.Unmarshal([]byte(spec), &r); err != nil {
		return err
	}
	var disk *os.File
	if r.Disk != "" {
		var err error
		if disk, err = os.Create(r.Disk); err != nil {
			return err
		}
		defer disk.Close()
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	commander, err := l.Accept()
	if err != nil {
		return err
	}
	f := &floor{}
	go f.accept(l)
	block := make([]byte, 4096)
	lines := bufio.NewReader(commander)
	for f.here() < r.Clients {
		time.Sleep(time.Millisecond)
	}
	for n := int64(0); ; n++ {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if disk != nil {
			if _, err := disk.WriteAt(block, n%256*4096); err != nil {
				return err
			}
			if err := unix.Fdatasync(int(disk.Fd())); err != nil {
				return err
			}
		}
		f.mu.Lock()
		f.send(strings.TrimSpace(line))
		f.mu.Unlock()
	}
}

// commands sends stamped commands one after the other and returns how long each
// took to each client.
func commands(g *gathered, clients, count int, command func(stamp string) error) (delays, error) {
	step := func(stamp string) error {
		if err := command(stamp); err != nil {
			return err
		}
		return g.wait(clients)
	}
	if err := step(stampOf(0)); err != nil { // the first finds nothing warm
		return delays{}, err
	}
	for range count {
		if err := step(stampOf(time.Now().UnixNano())); err != nil {
			return delays{}, err
		}
	}
	return g.took()
}

const hallSize = 50 // clients of a show

// latency times the whole way of a command through the built program to 50 clients,
// beside a relay's.
func (b *bench) latency() error {
	p, err := b.launch(headlessName, filepath.Join(b.dir, "latency"), nil, "--headless", "--no-obs")
	if err != nil {
		return err
	}
	defer p.stop()
	var made struct{ ID, Key, Secret string }
	if err := p.call(http.MethodPost, "/api/v1/apps", map[string]string{"name": "Bench"}, &made); err != nil {
		return err
	}
	var message struct{ ID string }
	if err := p.call(http.MethodPost, "/api/v1/rooms/"+p.code+"/messages", map[string]any{"text": "-"}, &message); err != nil {
		return err
	}
	ofMessage := "/api/v1/rooms/" + p.code + "/messages/" + message.ID
	for _, kind := range []struct {
		what, disk string
		viewers    audience
		command    func(stamp string) error
	}{
		{
			"a message's text, on disk (PalcoTimer, by REST)", filepath.Join(b.dir, "relay"), p.viewers(hallSize, "&ticks=0"),
			func(stamp string) error {
				return p.call(http.MethodPut, ofMessage, map[string]any{"text": stamp, "visible": true}, nil)
			},
		},
		{
			"a channel's event, not on disk (Broadcastt, by REST)", "",
			audience{Address: p.address, Path: "/app/" + made.Key, Hello: channels.hello, Joined: channels.joined, Clients: hallSize},
			func(stamp string) error {
				body := `{"name":"timer","channel":"hall","data":"` + stamp + `"}`
				return p.send(http.MethodPost, signedPath(app.BroadcastApp{Key: made.Key, Secret: made.Secret}, "/apps/"+made.ID+"/events", body), []byte(body), nil)
			},
		},
	} {
		var p50, p99, floor50, floor99 figure
		for range b.rounds {
			ours, err := b.timeCommands(kind.viewers, kind.command)
			if err != nil {
				return fmt.Errorf("%s: %w", kind.what, err)
			}
			theirs, err := b.timeRelay(kind.disk)
			if err != nil {
				return fmt.Errorf("relay: %w", err)
			}
			p50.rounds, p99.rounds = append(p50.rounds, ours.P50*1000), append(p99.rounds, ours.P99*1000)
			floor50.rounds, floor99.rounds = append(floor50.rounds, theirs.P50*1000), append(floor99.rounds, theirs.P99*1000)
		}
		b.report.most("command to 50 clients, p99 ÷ floor: "+kind.what, "×", ratio(p99, floor99), 2)
		b.report.rows = append(b.report.rows,
			plainRow("the same, p50 ÷ floor", "×", ratio(p50, floor50)), plainRow("the same, p50", "ms", p50), plainRow("the same, p99", "ms", p99), plainRow("its floor, p99", "ms", floor99))
	}
	return nil
}

// signedPath signs a POST as Pusher's libraries do.
func signedPath(a app.BroadcastApp, path, body string) string {
	sum := md5.Sum([]byte(body))
	query := fmt.Sprintf("auth_key=%s&auth_timestamp=%d&auth_version=1.0&body_md5=%s", a.Key, time.Now().Unix(), hex.EncodeToString(sum[:]))
	return path + "?" + query + "&auth_signature=" + a.Sign("POST\n"+path+"\n"+query)
}

func (b *bench) timeCommands(a audience, command func(stamp string) error) (d delays, err error) {
	crowd, err := startCrowd(a)
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, crowd.leave()) }()
	return commands(crowd, a.Clients, b.presses, command)
}

// timeRelay is timeCommands for a relay, with a file to make durable or none.
func (b *bench) timeRelay(disk string) (d delays, err error) {
	spec, err := json.Marshal(relayed{disk, hallSize})
	if err != nil {
		return d, err
	}
	self, err := os.Executable()
	if err != nil {
		return d, err
	}
	relay := exec.CommandContext(b.ctx, self, "relay", string(spec))
	relay.Stderr = os.Stderr
	out, err := relay.StdoutPipe()
	if err != nil {
		return d, err
	}
	if err := relay.Start(); err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, relay.Wait()) }() // it ends with its commander
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return d, err
	}
	address = strings.TrimSpace(address)
	commander, err := net.Dial("tcp", address)
	if err != nil {
		return d, errors.Join(err, relay.Process.Kill())
	}
	defer commander.Close()
	return b.timeCommands(audience{Address: address, Clients: hallSize}, func(stamp string) error {
		_, err := fmt.Fprintln(commander, stamp)
		return err
	})
}
