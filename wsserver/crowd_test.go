package wsserver

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// audienceEnv makes the test binary a crowd of clients that read all they get:
// "ADDRESS COUNT PATH HELLO". The crowd says "ready" on its standard output when all are
// connected and greeted, and leaves when its standard input ends.
const audienceEnv = "CUEWIRE_TEST_CROWD"

func beAudience() {
	var address, path, hello string
	var count int
	if _, err := fmt.Sscan(os.Getenv(audienceEnv), &address, &count, &path, &hello); err != nil {
		fmt.Println("crowd:", err)
		os.Exit(1)
	}
	var joined sync.WaitGroup
	for range count {
		joined.Add(1)
		conn, err := join(address, path)
		if err != nil {
			fmt.Println("crowd:", err)
			os.Exit(1)
		}
		_, _ = conn.Write(maskedText(hello))
		go func() {
			greeted := false
			countFrames(conn, func(n int64) {
				if !greeted && n > 0 {
					greeted = true
					joined.Done()
				}
			})
		}()
	}
	joined.Wait()
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// join connects with a WebSocket handshake.
func join(address, path string) (net.Conn, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return conn, upgradeRaw(conn, path)
}

// upgradeRaw makes a WebSocket of a connection.
func upgradeRaw(conn net.Conn, path string) error {
	_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", path)
	if err != nil {
		return err
	}
	var head []byte
	one := make([]byte, 1)
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		if _, err := io.ReadFull(conn, one); err != nil {
			return fmt.Errorf("%w after %q", err, head)
		}
		head = append(head, one[0])
	}
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 101")) {
		return fmt.Errorf("not upgraded: %q", head)
	}
	return nil
}

func maskedText(text string) []byte {
	frame := []byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0} // a mask of zeros
	return append(frame, text...)
}

// countFrames reads frames until the connection ends and tells how many came.
func countFrames(conn net.Conn, came func(n int64)) {
	buffer := make([]byte, 0, 8<<10)
	skip := 0 // bytes of the current frame that have yet to come
	for {
		n, err := conn.Read(buffer[len(buffer):cap(buffer)])
		if err != nil {
			return
		}
		data := buffer[:len(buffer)+n]
		frames := int64(0)
		for {
			if skip > 0 {
				gone := min(skip, len(data))
				data, skip = data[gone:], skip-gone
				if skip > 0 {
					break
				}
				frames++
			}
			size, head := frameSize(data)
			if head == 0 {
				break
			}
			data, skip = data[head:], size
			if size == 0 {
				frames++
			}
		}
		buffer = append(buffer[:0], data...)
		came(frames)
	}
}

// frameSize returns the payload and header sizes of the frame that data begins
// with; 0, 0 when its header has not come in whole.
func frameSize(data []byte) (size, head int) {
	if len(data) < 2 {
		return 0, 0
	}
	switch size = int(data[1]); {
	case size < 126:
		return size, 2
	case size == 126 && len(data) >= 4:
		return int(binary.BigEndian.Uint16(data[2:])), 4
	case size == 127 && len(data) >= 10:
		return int(binary.BigEndian.Uint64(data[2:])), 10
	}
	return 0, 0
}

// crowd is many clients in a process of their own.
type crowd struct {
	t   testing.TB
	in  io.WriteCloser // that it ends with
	out *bufio.Scanner
}

func gather(t testing.TB, address string, count int, path, hello string) *crowd {
	t.Helper()
	return become(t, fmt.Sprintf("%s=%s %d %s %s", audienceEnv, strings.TrimPrefix(address, "http://"), count, path, hello))
}

// become starts the test binary anew as the crowd that the variable describes.
func become(t testing.TB, variable string) *crowd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), variable)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	return &crowd{t, in, bufio.NewScanner(out)}
}

func (c *crowd) says(word string) {
	c.t.Helper()
	if !c.out.Scan() || c.out.Text() != word {
		c.t.Fatalf("the crowd says %q, want %q", c.out.Text(), word)
	}
}
